// Places for those who take their time.
#include "ledger/pipeline/slots.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace fundtrail::testing {
namespace {

TEST_CASE("one address gets so many places, all together so many, and what is given back can be had again") {
  pipeline::Slots slots(3, 2);
  auto first = slots.Take("a"), second = slots.Take("a");
  CHECK(first != nullptr);
  CHECK(second != nullptr);
  CHECK(slots.Take("a") == nullptr);
  auto other = slots.Take("b");
  CHECK(other != nullptr);
  CHECK(slots.Take("c") == nullptr);
  first.reset();
  CHECK(slots.Take("c") != nullptr);  // given back at once
  CHECK(slots.Take("a") == nullptr);  // the last place is for who has none
  other.reset();
  CHECK(slots.Take("a") != nullptr);
  const auto copy = second;
  second.reset();
  const auto again = slots.Take("a");
  CHECK(again != nullptr);
  CHECK(slots.Take("a") == nullptr);  // the copy holds its place
}

TEST_CASE("places are taken by many at a time, all or none") {
  pipeline::Slots slots(10, 6);
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

TEST_CASE("however many addresses hold as many as they may, one that holds none finds a place") {
  pipeline::Slots slots(64, 8);
  std::vector<std::shared_ptr<void>> held;
  for (int address = 0; address < 10; ++address) {
    INFO(address);
    auto first = slots.Take(std::to_string(address));
    REQUIRE(first != nullptr);
    while (first != nullptr) {
      held.push_back(std::move(first));
      first = slots.Take(std::to_string(address));
    }
  }
  CHECK(held.size() <= 64);
}

}  // namespace
}  // namespace fundtrail::testing
