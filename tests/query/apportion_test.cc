// An amount in proportion to weights: whole parts that add up.
#include "ledger/query/apportion.h"

#include <algorithm>
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

TEST_CASE("no part is above its most, and what is too much goes where there is room") {
  struct Row {
    std::int64_t whole;
    Numbers weights, most, parts;
  };
  const std::vector<Row> rows = {
      {10, {1, 1}, {5, 5}, {5, 5}},
      {10, {1, 1}, {9, 9}, {5, 5}},
      {10, {1, 0}, {4, 9}, {4, 6}},
      {50, {11, 89}, {5, 45}, {5, 45}},
      {9, {6, 1, 1, 1}, {3, 2, 4, 2}, {3, 2, 3, 1}},  // 3 of 6 go to rooms of 1, 3 and 1
      {6, {0, 0}, {4, 8}, {2, 4}},                    // without weights, as there is room
      {0, {1, 2}, {0, 0}, {0, 0}},
      {0, {}, {}, {}},
      {INT64_MAX, {1, 0}, {1, INT64_MAX}, {1, INT64_MAX - 1}},
  };
  for (const Row& row : rows) {
    INFO(row.whole << " by " << ::Catch::Detail::stringify(row.weights));
    CHECK(query::ApportionWithin(row.whole, row.weights, row.most) == row.parts);
  }
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 2'000; ++round) {
    Numbers weights(1 + random() % 6), most(weights.size());
    for (auto& weight : weights) weight = random() % 20;
    for (auto& each : most) each = random() % 20;
    const std::int64_t all = std::accumulate(most.begin(), most.end(), std::int64_t{0});
    const auto whole = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(all + 1));
    const Numbers parts = query::ApportionWithin(whole, weights, most);
    REQUIRE(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}) == whole);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      REQUIRE(parts[i] >= 0);
      REQUIRE(parts[i] <= most[i]);
    }
    // Where all fits as it is, it stays so.
    const Numbers plain = query::Apportion(whole, weights);
    if (std::accumulate(plain.begin(), plain.end(), std::int64_t{0}) == whole &&
        std::equal(plain.begin(), plain.end(), most.begin(),
                   [](std::int64_t part, std::int64_t bound) { return part <= bound; }))
      REQUIRE(parts == plain);
  }
}

}  // namespace
}  // namespace fundtrail::testing
