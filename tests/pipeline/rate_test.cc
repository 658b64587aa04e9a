// How often one address may ask.
#include "ledger/pipeline/rate.h"

#include <catch2/catch.hpp>

namespace fundtrail::testing {
namespace {

TEST_CASE("an address may ask in bursts, and on average so often; else it is told when it may") {
  double now = 0;
  pipeline::Rate rate(2, 4, [&] { return now; });
  for (int i = 0; i < 4; ++i) CHECK(rate.Take("a", 1) == 0);
  CHECK(rate.Take("a", 1) == 0.5);
  CHECK(rate.Take("a", 3) == 1.5);
  CHECK(rate.Take("b", 3) == 0);
  CHECK(rate.Take("b", 1) == 0);
  CHECK(rate.Take("b", 1) > 0);
  now = 0.5;
  CHECK(rate.Take("a", 1) == 0);
  CHECK(rate.Take("a", 1) == 0.5);
  now = 100;
  for (int i = 0; i < 4; ++i) CHECK(rate.Take("a", 1) == 0);
  CHECK(rate.Take("a", 1) > 0);
  CHECK(rate.Take("c", 1'000) == 0);  // dearer than all that one may have at once: all of that
  CHECK(rate.Take("c", 1'000) == 2);
}

TEST_CASE("what costs only when it is done is owed, more and more up to ten seconds, and then nothing is") {
  double now = 0;
  pipeline::Rate rate(2, 4, [&] { return now; });
  CHECK(rate.Owes("a") == 0);
  rate.Charge("a", 4);
  CHECK(rate.Owes("a") == 0);
  rate.Charge("a", 3);
  CHECK(rate.Owes("a") == 1.5);
  rate.Charge("a", 1);
  CHECK(rate.Owes("a") == 2);
  CHECK(rate.Owes("b") == 0);
  now = 1;
  CHECK(rate.Owes("a") == 1);
  for (int i = 0; i < 100; ++i) rate.Charge("a", 1'000);
  CHECK(rate.Owes("a") == pipeline::Rate::kMaxOwedSeconds);
  now = 11;
  CHECK(rate.Owes("a") == 0);
  rate.Charge("a", 1);  // nothing is saved yet
  CHECK(rate.Owes("a") == 0.5);
  now = 100;
  rate.Charge("a", 4);
  CHECK(rate.Owes("a") == 0);
}

}  // namespace
}  // namespace fundtrail::testing
