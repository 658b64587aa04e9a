// The order of rows that need each other.
#include "ledger/sheets/row_order.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

namespace fundtrail::sheets {
namespace {

using Order = std::vector<std::uint32_t>;

TEST_CASE("row order: as given, but never before what a row needs") {
  CHECK(OrderByNeeds({0, 1, 2}, {}) == Order{0, 1, 2});
  CHECK(OrderByNeeds({0, 1, 2, 3}, {{0, 2}}) == Order{1, 2, 0, 3});
  CHECK(OrderByNeeds({0, 1, 2, 3}, {{0, 3}, {1, 0}}) == Order{2, 3, 0, 1});
  CHECK(OrderByNeeds({3, 1, 2, 0}, {{3, 0}, {1, 0}}) == Order{2, 0, 3, 1});
  CHECK(OrderByNeeds({0, 1, 2}, {{2, 0}, {2, 0}, {2, 2}}) == Order{0, 1, 2});
}

TEST_CASE("row order: rows in a circle come in their order after the others") {
  CHECK(OrderByNeeds({0, 1, 2}, {{0, 1}, {1, 0}}) == Order{2, 0, 1});
  CHECK(OrderByNeeds({0, 1, 2, 3}, {{0, 1}, {1, 0}, {2, 1}}) == Order{3, 0, 1, 2});
}

TEST_CASE("row order: every row once, and after what it needs unless there is a circle") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    const auto n = static_cast<std::uint32_t>(1 + random() % 12);
    Order order(n);
    for (std::uint32_t i = 0; i < n; ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    // A row needs only rows of a smaller number, which makes no circle.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> needs;
    for (auto k = random() % 12; k > 0 && n > 1; --k) {
      const auto one = static_cast<std::uint32_t>(1 + random() % (n - 1));
      needs.emplace_back(one, static_cast<std::uint32_t>(random() % one));
    }
    const Order result = OrderByNeeds(order, needs);
    REQUIRE(std::is_permutation(result.begin(), result.end(), order.begin(), order.end()));
    const auto place = [&](std::uint32_t row) { return std::find(result.begin(), result.end(), row); };
    for (const auto& [one, other] : needs) REQUIRE(place(other) < place(one));
    // With circles nothing is lost.
    needs.emplace_back(0, n - 1);
    const Order circular = OrderByNeeds(order, needs);
    REQUIRE(std::is_permutation(circular.begin(), circular.end(), order.begin(), order.end()));
  }
}

}  // namespace
}  // namespace fundtrail::sheets
