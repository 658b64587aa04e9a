// Places for those who take their time.
#include "server/slots.h"

#include <catch2/catch.hpp>

namespace fundtrail::testing {
namespace {

TEST_CASE("one address gets so many places, all together so many, and what is given back can be had again") {
  server::Slots slots(3, 2);
  auto first = slots.Take("a"), second = slots.Take("a");
  CHECK(first != nullptr);
  CHECK(second != nullptr);
  CHECK(slots.Take("a") == nullptr);
  auto other = slots.Take("b");
  CHECK(other != nullptr);
  CHECK(slots.Take("c") == nullptr);
  first.reset();
  CHECK(slots.Take("c") != nullptr);  // given back at once
  CHECK(slots.Take("a") != nullptr);
  const auto copy = second;
  second.reset();
  const auto again = slots.Take("a");
  CHECK(again != nullptr);
  CHECK(slots.Take("a") == nullptr);  // the copy holds its place
}

TEST_CASE("places are taken by many at a time, all or none") {
  server::Slots slots(10, 6);
  const auto most = slots.Take("a", 5);
  CHECK(slots.Take("a", 2) == nullptr);
  CHECK(slots.Take("b", 7) == nullptr);
  CHECK(slots.Take("b", SIZE_MAX) == nullptr);
  auto rest = slots.Take("b", 5);
  CHECK(rest != nullptr);
  CHECK(slots.Take("c", 1) == nullptr);
  rest.reset();
  CHECK(slots.Take("c", 5) != nullptr);
}

}  // namespace
}  // namespace fundtrail::testing
