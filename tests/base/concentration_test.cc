// The effective number of parts, and the largest share: whole numbers, up to the largest sums.
#include "ledger/base/concentration.h"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

namespace fundtrail {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST_CASE("the effective number is that of equal parts which lie in as many hands") {
  struct Row {
    std::vector<std::int64_t> parts;
    Concentration is;
  };
  const std::vector<Row> rows = {
      {{5}, {1'000, 10'000}},
      {{5, 5}, {2'000, 5'000}},
      {{5, 5, 5}, {3'000, 3'333}},
      {{5, 0}, {1'000, 10'000}},
      {{3, 1}, {1'600, 7'500}},              // 16 / 10
      {{2, 1}, {1'800, 6'666}},              // 9 / 5
      {{99, 1}, {1'020, 9'900}},             // 10,000 / 9,802 = 1.0202
      {{1, 1, 1, 1, 1, 2}, {5'444, 2'857}},  // 49 / 9
      {{kMost}, {1'000, 10'000}},
      {{kMost - 1, 1}, {1'000, 9'999}},
      {{kMost / 2, kMost / 2}, {2'000, 5'000}},
      {{kMost / 3, kMost / 3, kMost / 3}, {3'000, 3'333}},
      {{kMost / 4 * 3, kMost / 4}, {1'600, 7'500}},
  };
  for (const Row& row : rows) {
    INFO(row.parts.front() << " of " << row.parts.size());
    const auto concentration = ConcentrationOf(row.parts);
    REQUIRE(concentration.has_value());
    CHECK(concentration->effective == row.is.effective);
    CHECK(concentration->largest == row.is.largest);
  }
  const auto many = ConcentrationOf(std::vector<std::int64_t>(100'000, 7));
  REQUIRE(many.has_value());
  CHECK(*many == Concentration{100'000'000, 0});
}

TEST_CASE("of nothing, of less than nothing and of too much there is none") {
  CHECK_FALSE(ConcentrationOf({}).has_value());
  CHECK_FALSE(ConcentrationOf({0, 0}).has_value());
  CHECK_FALSE(ConcentrationOf({5, -1}).has_value());
  CHECK_FALSE(ConcentrationOf({kMost, 1}).has_value());
}

}  // namespace
}  // namespace fundtrail
