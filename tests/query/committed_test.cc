// What is committed and not paid, against a naive sum of what was signed.
#include "ledger/query/committed.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <tuple>

#include "tests/support/random_ledger.h"

namespace fundtrail::testing {
namespace {

using By = v1::CommittedRequest;
using Sums = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  // committed, taken back, open

// By asset and id, as the entries say it.
std::map<std::pair<std::string, std::string>, Sums> Naive(const RandomLedger& game, By::By by) {
  std::map<std::uint64_t, v1::Transfer> signed_in;
  for (const auto& one : game.made) signed_in[one.record] = one.transfer;
  std::map<std::pair<std::string, std::string>, Sums> sums;
  for (const auto& one : game.made) {
    const v1::Transfer& transfer = one.transfer;
    if (transfer.stage() != v1::STAGE_COMMITTED) continue;
    bool back = false;
    for (const v1::Transfer* at = &transfer; at->has_returns(); at = &signed_in.at(at->returns().record()))
      back = !back;
    const std::string payer = back ? transfer.to() : transfer.from(),
                      payee = back ? transfer.from() : transfer.to();
    const bool exchange = transfer.kind() == v1::TRANSFER_KIND_EXCHANGE;
    const std::string asset = exchange ? transfer.to_asset() : transfer.asset();
    const std::int64_t amount = exchange ? transfer.to_amount() : transfer.amount();
    const std::string id = by == By::BY_RECIPIENT ? payee
                           : by == By::BY_PROJECT ? ""
                           : by == By::BY_YEAR    ? transfer.value_date().substr(0, 4)
                                                  : payer;
    auto& [committed, taken_back, open] = sums[{asset, id}];
    (back ? taken_back : committed) += amount;
    open = committed - taken_back;
  }
  return sums;
}

TEST_CASE("what is committed and not paid is what was signed, less what was taken back") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  const RandomLedger game(seed, false);
  for (const auto by : {By::BY_PAYER, By::BY_RECIPIENT, By::BY_PROJECT, By::BY_YEAR}) {
    v1::CommittedRequest request;
    request.set_by(by);
    const auto answer = Need(query::Committed(game.view(), request));
    const auto naive = Naive(game, by);
    REQUIRE(answer.lines_size() == static_cast<int>(naive.size()));
    std::int64_t open = 0;
    for (const auto& line : answer.lines()) {
      INFO(line.id());
      const auto& [committed, taken_back, open_then] = naive.at({line.asset(), line.id()});
      CHECK(line.sums().committed() == committed);
      CHECK(line.sums().taken_back() == taken_back);
      CHECK(line.sums().before() + committed - taken_back == line.sums().open());
      if (by != By::BY_YEAR) CHECK(line.sums().open() == open_then);
      if (by == By::BY_YEAR) CHECK(line.sums().before() == open);
      open = line.sums().open();
    }
    // Whatever the lines are, the total is the same.
    if (answer.totals().empty()) continue;
    request.set_by(By::BY_FUND);
    CHECK(Need(query::Committed(game.view(), request)).totals(0).sums().SerializeAsString() ==
          answer.totals(0).sums().SerializeAsString());
  }
}

TEST_CASE("commitments by hand: what was open before, what was taken back, and what a taking back undid") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  std::uint64_t id = 100;
  const auto append = [&](v1::Action action, const std::string& day) {
    action.mutable_transfer()->set_value_date(day);
    Need(ledger->AppendOne(SignedBytes(Entry("root", ++id, {action}), {1}), clock.Read()).status());
  };
  append(Committed(Pay("donor", "ministry", 100)), "2024-05-01");                    // 1.1
  append(Committed(Returning(Pay("ministry", "donor", 60), Ref(1))), "2025-05-01");  // 2.1
  append(Pay("donor", "ministry", 60), "2025-05-01");                                // 3.1
  append(Committed(Returning(Pay("donor", "ministry", 10), Ref(2), v1::TRANSFER_KIND_REVERSAL)),
         "2026-05-01");  // 4.1
  const query::View view = Need(query::MakeView(ledger->store()));
  const auto lines = [&](const v1::CommittedRequest& request) {
    std::vector<std::string> said;
    const auto answer = Need(query::Committed(view, request));
    for (const auto& line : answer.lines())
      said.push_back(absl::StrCat(line.id(), ": ", line.sums().before(), " + ", line.sums().committed(),
                                  " - ", line.sums().taken_back(), " = ", line.sums().open()));
    return said;
  };
  using Said = std::vector<std::string>;
  v1::CommittedRequest request;
  CHECK(lines(request) == Said{"donor: 0 + 110 - 60 = 50"});
  request.set_by(By::BY_RECIPIENT);
  CHECK(lines(request) == Said{"ministry: 0 + 110 - 60 = 50"});
  request.set_by(By::BY_YEAR);
  CHECK(lines(request) ==
        Said{"2024: 0 + 100 - 0 = 100", "2025: 100 + 0 - 60 = 40", "2026: 40 + 10 - 0 = 50"});
  request.set_since("2025-01-01");
  request.set_until("2025-12-31");
  CHECK(lines(request) == Said{"2025: 100 + 0 - 60 = 40"});
  request.set_by(By::BY_FUND);
  CHECK(lines(request) == Said{"flood: 100 + 0 - 60 = 40"});
  // Nothing moved in the year: what was open before is told all the same.
  request.set_by(By::BY_YEAR);
  request.set_since("2027-01-01");
  request.clear_until();
  CHECK(lines(request) == Said{": 50 + 0 - 0 = 50"});
  request.Clear();
  request.set_party("village");
  CHECK(lines(request).empty());
}

TEST_CASE("what cannot be asked of commitments is refused") {
  const RandomLedger game(3, false, 5);
  const query::View view = game.view();
  v1::CommittedRequest request;
  request.set_party("nobody");
  CHECK(absl::IsNotFound(query::Committed(view, request).status()));
  request.Clear();
  request.set_fund("none");
  CHECK(absl::IsNotFound(query::Committed(view, request).status()));
  request.Clear();
  request.set_asset("ZZZ");
  CHECK(absl::IsNotFound(query::Committed(view, request).status()));
  request.Clear();
  request.set_since("soon");
  CHECK(absl::IsInvalidArgument(query::Committed(view, request).status()));
  request.Clear();
  request.set_by(static_cast<By::By>(99));
  CHECK(absl::IsInvalidArgument(query::Committed(view, request).status()));
  request.Clear();
  request.set_as_of(9'999);
  CHECK(absl::IsOutOfRange(query::Committed(view, request).status()));
}

}  // namespace
}  // namespace fundtrail::testing
