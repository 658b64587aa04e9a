// An amount in proportion to weights: whole parts that add up.
#include "ledger/query/apportion.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

namespace fundtrail::testing {
namespace {

using Numbers = std::vector<std::int64_t>;

TEST_CASE("an amount is divided by largest remainder, and of equal remainders the first is served first") {
  struct Row {
    std::int64_t whole;
    Numbers weights, parts;
  };
  const std::vector<Row> rows = {
      {10, {1, 1}, {5, 5}},
      {11, {1, 1}, {6, 5}},
      {3, {1, 9}, {0, 3}},
      {7, {1, 9}, {1, 6}},
      {5, {1, 1, 1, 1}, {2, 1, 1, 1}},
      {0, {4, 6}, {0, 0}},
      {4, {0, 4, 0}, {0, 4, 0}},
      {0, {0, 0}, {0, 0}},
      {0, {}, {}},
      {INT64_MAX, {INT64_MAX}, {INT64_MAX}},
      {INT64_MAX, {INT64_MAX, INT64_MAX}, {INT64_MAX / 2 + 1, INT64_MAX / 2}},
  };
  for (const Row& row : rows) {
    INFO(row.whole << " by " << ::Catch::Detail::stringify(row.weights));
    CHECK(query::Apportion(row.whole, row.weights) == row.parts);
  }
}

TEST_CASE("random weights: parts add up, and none is above its weight") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 2'000; ++round) {
    Numbers weights(1 + random() % 6);
    for (auto& weight : weights) weight = random() % 20;
    const std::int64_t all = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
    if (all == 0) continue;
    const auto whole = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(all + 1));
    const Numbers parts = query::Apportion(whole, weights);
    REQUIRE(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}) == whole);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      REQUIRE(parts[i] >= whole * weights[i] / all);
      REQUIRE(parts[i] <= weights[i]);
    }
  }
}

}  // namespace
}  // namespace fundtrail::testing
