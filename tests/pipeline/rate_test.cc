// How often one address may ask.
#include "server/rate.h"

#include <catch2/catch.hpp>

namespace fundtrail::testing {
namespace {

TEST_CASE("an address may ask in bursts, and on average so often; else it is told when it may") {
  double now = 0;
  server::Rate rate(2, 4, [&] { return now; });
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

}  // namespace
}  // namespace fundtrail::testing
