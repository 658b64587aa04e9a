// Lists of transfers: what a client does not believe.
#include <catch2/catch.hpp>
#include <cstdint>
#include <functional>
#include <vector>

#include "tests/checks/untrue.h"

namespace fundtrail::testing {
namespace {

// Two transfers, and what they come to.
v1::ListAnswer List(const std::function<void(v1::ListAnswer*)>& change) {
  v1::ListAnswer made;
  for (const std::int64_t amount : {7, 3}) {
    v1::Transfer* transfer = made.add_transfers()->mutable_transfer();
    transfer->set_asset("CNY");
    transfer->set_amount(amount);
  }
  v1::LogMoney* const money = made.add_sums();
  money->set_asset("CNY");
  money->mutable_paid()->set_transfers(2);
  money->mutable_paid()->set_amount(10);
  change(&made);
  return made;
}

TEST_CASE("a list of a project: what cannot be true of its sums is told") {
  const auto honest = List([](v1::ListAnswer*) {});
  v1::ListRequest asked;
  Untrue("it adds up, which was not asked for", honest, asked);
  asked.set_project("lunches");
  CanBeTrue(honest, asked);
  for (const auto& change : std::vector<std::function<void(v1::ListAnswer*)>>{
           [](v1::ListAnswer* made) { made->mutable_sums(0)->mutable_paid()->set_amount(11); },
           [](v1::ListAnswer* made) { made->mutable_sums(0)->mutable_paid()->set_transfers(3); },
           [](v1::ListAnswer* made) { made->mutable_sums(0)->set_asset("EUR"); }})
    Untrue("the sums are not those of the transfers", List(change), asked);
  Untrue("a sum cannot be of so many transfers",
         List([](v1::ListAnswer* made) { made->mutable_sums(0)->mutable_moved()->set_transfers(1); }), asked);
  Untrue("the sums do not stand in their order",
         List([](v1::ListAnswer* made) { *made->add_sums() = made->sums(0); }), asked);
  // Of a part of the list they may be of more, and not of less.
  CanBeTrue(List([](v1::ListAnswer* made) {
              made->set_next("9.1");
              made->mutable_sums(0)->mutable_paid()->set_transfers(5);
              made->mutable_sums(0)->mutable_paid()->set_amount(50);
            }),
            asked);
  Untrue("the sums are less than those of the transfers that are shown", List([](v1::ListAnswer* made) {
           made->set_next("9.1");
           made->mutable_sums(0)->mutable_paid()->set_amount(9);
         }),
         asked);
}

TEST_CASE("a list by asset and least amount: a transfer that does not fit is told") {
  v1::ListAnswer list;
  v1::TransferLine* const line = list.add_transfers();
  line->set_decimals(2);
  line->mutable_transfer()->set_asset("CNY");
  line->mutable_transfer()->set_amount(1'250);
  v1::ListRequest asked;
  asked.set_asset("CNY");
  asked.set_min("12.50");
  CanBeTrue(list, asked);
  asked.set_min("12.51");
  Untrue("a transfer is of less than was asked for", list, asked);
  asked.set_min("");
  asked.set_asset("EUR");
  Untrue("a transfer is in another asset than was asked for", list, asked);
}

}  // namespace
}  // namespace fundtrail::testing
