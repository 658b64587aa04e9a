// The newest payments of a party: those at the end of the list of all of its payments, whatever accounts they moved in.
#include "ledger/query/newest_payments.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "ledger/query/list.h"
#include "tests/support/entries.h"
#include "tests/support/viewed_ledger.h"

namespace fundtrail::testing {
namespace {

// The end of the list, the newest first.
std::vector<v1::TransferLine> Naive(const query::View& view, const std::string& party, std::size_t most,
                                    std::optional<std::uint64_t> as_of) {
  v1::ListRequest request;
  request.set_party(party);
  if (as_of.has_value()) request.set_as_of(*as_of);
  auto pages = Need(query::List(view, request, {}));
  std::vector<v1::TransferLine> all;
  while (!pages.over()) {
    const auto page = Need(pages.Next());
    for (const v1::TransferLine& line : page.transfers()) all.insert(all.begin(), line);
  }
  if (all.size() > most) all.resize(most);
  return all;
}

TEST_CASE("the newest payments of a party are the last of its list, then and now") {
  ViewedLedger paid;
  paid.Do({Party("county", "root", v1::ROLE_RECIPIENT), Fund("school", "root"), Asset("USD")});
  paid.Do({Pay("donor", "ministry", 100'000, v1::TRANSFER_KIND_DONATION)});
  v1::Action dollars = Pay("donor", "ministry", 50'000, v1::TRANSFER_KIND_DONATION);
  dollars.mutable_transfer()->set_asset("USD");
  paid.Do({dollars});
  for (int i = 0; i < 12; ++i) {
    v1::Action other = Pay("ministry", "village", 10 + i);
    if (i % 3 == 0) other.mutable_transfer()->set_asset("USD");
    paid.Do({Pay("ministry", "county", 100 + i), other});
    if (i % 4 == 0) paid.Do({Reclassify("ministry", "school", 7)});  // in two of its accounts
  }
  const query::View view = paid.view();
  for (const char* party : {"ministry", "donor", "village", "root"}) {
    for (const std::size_t most : {1UL, 5UL, 100UL}) {
      for (const std::optional<std::uint64_t>& as_of :
           {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(7),
            std::optional<std::uint64_t>(4)}) {
        INFO(party << " " << most << " " << as_of.value_or(999));
        const auto newest = Need(query::NewestPayments(view, {party}, most, as_of));
        const auto naive = Naive(view, party, most, as_of);
        REQUIRE(newest.size() == naive.size());
        for (std::size_t i = 0; i < newest.size(); ++i)
          CHECK(google::protobuf::util::MessageDifferencer::Equals(newest[i], naive[i]));
      }
    }
  }
  CHECK(Need(query::NewestPayments(view, {"ministry", "village"}, 2, std::nullopt)).size() == 2);
  CHECK(query::NewestPayments(view, {"nobody"}, 1, std::nullopt).status().code() ==
        absl::StatusCode::kNotFound);
  CHECK(query::NewestPayments(view, {"ministry"}, 1, 1'000).status().code() == absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace fundtrail::testing
