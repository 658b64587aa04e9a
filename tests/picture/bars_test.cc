// Bars, steps and tiles: sums, marks of the axis, and what each refuses.
#include <catch2/catch.hpp>
#include <limits>
#include <random>

#include "ledger/base/decimal.h"
#include "ledger/base/wide.h"
#include "ledger/picture/bar.h"
#include "ledger/picture/steps.h"
#include "ledger/picture/tiles.h"
#include "tests/picture/golden.h"
#include "tests/picture/markup.h"
#include "tests/support/hostile_values.h"

namespace fundtrail::picture {
namespace {

using testing::BrokenRule;
using testing::CaptionFor;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST_CASE("shares of 100 are together 100") {
  const Words words;
  CHECK(Shares({1, 1, 1}, 3, words) == std::vector<std::string>{"33.34", "33.33", "33.33"});
  CHECK(Shares({kMost}, kMost, words) == std::vector<std::string>{"100.00"});
  CHECK(Shares({0, 1, kMost - 1}, kMost, words) ==
        std::vector<std::string>{"0.00", "less than 0.01", "100.00"});
  std::mt19937_64 random(3);
  for (int i = 0; i < 200; ++i) {
    std::vector<std::int64_t> amounts;
    std::int64_t whole = 0;
    for (auto parts = 1 + random() % 7; parts > 0; --parts) {
      amounts.push_back(static_cast<std::int64_t>(random() % (std::uint64_t{1} << (random() % 59))));
      whole += amounts.back();
    }
    if (whole == 0) continue;
    std::int64_t sum = 0;
    const auto shares = Shares(amounts, whole, words);
    REQUIRE(shares.size() == amounts.size());
    for (std::size_t n = 0; n < shares.size(); ++n) {
      const auto share = ParseDecimal(shares[n], 2);
      if (share.ok()) sum += share->value();
      // Each is right to a hundredth.
      const auto exact = static_cast<std::int64_t>(Wide{amounts[n]} * kWhole / whole);
      REQUIRE(std::abs((share.ok() ? share->value() : 0) - exact) <= 1);
    }
    REQUIRE(sum == kWhole);
  }
}

TEST_CASE("a bar that is no whole is refused") {
  const auto ages = [](const std::vector<Part>& parts) {
    const auto bar = BarOfAges(parts, {"CNY", 2}, CaptionFor("q", "s"));
    if (bar.ok()) CHECK(BrokenRule(bar->str()) == "");
    return bar.ok() ? "drawn" : std::string(bar.status().message());
  };
  CHECK(ages({{"a", 1}}) == "drawn");
  CHECK(ages({{"a", kMost}, {"b", 0}}) == "drawn");
  CHECK(ages({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}}) == "drawn");
  CHECK(ages({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 1}}) == "a bar of ages has one to four parts");
  CHECK(ages({}) == "a bar of ages has one to four parts");
  CHECK(ages({{"a", 2}, {"b", -1}}) == "no picture: a part is below zero");
  const std::string no_whole = "no picture: the parts are nothing, or more than 63 bits can count";
  CHECK(ages({{"a", 0}}) == no_whole);
  CHECK(ages({{"a", kMost}, {"b", 1}}) == no_whole);

  v1::AssetTrace trace = testing::TraceOf(v1::DIRECTION_FROM, testing::CirclingWays());
  trace.set_held(trace.held() - 1);
  CHECK(BarOfEnds(trace, {}).status().message() == "no picture: what ended is not what was asked");
}

TEST_CASE("marks of an axis take in what is drawn, with 0") {
  CHECK(Marks(0, 0) == std::vector<std::int64_t>{0, 1});
  CHECK(Marks(0, 10) == std::vector<std::int64_t>{0, 2, 4, 6, 8, 10});
  CHECK(Marks(3, 47) == std::vector<std::int64_t>{0, 10, 20, 30, 40, 50});
  CHECK(Marks(-1, 1) == std::vector<std::int64_t>{-1, 0, 1});
  CHECK(Marks(-30, -5) == std::vector<std::int64_t>{-30, -20, -10, 0});
  std::mt19937_64 random(11);
  const auto any = [&] {
    const auto number = static_cast<std::int64_t>(random() >> (random() % 64));
    return number;
  };
  for (int i = 0; i < 2000; ++i) {
    const std::int64_t one = any(), other = any();
    const auto marks = Marks(std::min(one, other), std::max(one, other));
    INFO(one << " " << other);
    REQUIRE(marks.size() >= 2);
    REQUIRE(marks.size() <= 7);
    REQUIRE(marks.front() <= std::max(std::min({one, other, std::int64_t{0}}), -kMost));
    REQUIRE(marks.back() >= std::max({one, other, std::int64_t{0}}));
    REQUIRE(std::find(marks.begin(), marks.end(), 0) != marks.end());
    REQUIRE(std::adjacent_find(marks.begin(), marks.end(), std::greater_equal<>()) == marks.end());
  }
}

TEST_CASE("steps have an amount for each period, and stay in their box whatever it is") {
  const auto steps = [](const std::vector<std::string>& periods, const std::vector<Series>& lines) {
    const auto drawn = Steps(periods, lines, {"CNY", 2}, CaptionFor("q", "s"));
    if (drawn.ok()) CHECK(BrokenRule(drawn->str()) == "");
    return drawn.ok() ? "drawn" : std::string(drawn.status().message());
  };
  CHECK(steps({"2026-01"}, {{"held", {5}}}) == "drawn");
  CHECK(steps({"2026-01"}, {{"held", {0}}}) == "drawn");
  CHECK(steps({"a", "b"},
              {{"in", {kMost, -kMost}}, {"out", {0, std::numeric_limits<std::int64_t>::min()}}}) == "drawn");
  CHECK(steps(std::vector<std::string>(500, "2026-01"), {{"held", std::vector<std::int64_t>(500, 7)}}) ==
        "drawn");
  const std::string shape = "a picture of steps has periods, and one to four lines";
  CHECK(steps({}, {{"held", {}}}) == shape);
  CHECK(steps({"a"}, {}) == shape);
  CHECK(steps({"a"}, std::vector<Series>(5, {"held", {1}})) == shape);
  CHECK(steps({"a", "b"}, {{"held", {1}}}) == "a line of steps has an amount for each period");
}

TEST_CASE("tiles are the items of the first level, and what has no tile is counted") {
  v1::CoverageAnswer answer;
  const auto add = [&](v1::CoverageLine::Kind kind, std::uint32_t depth, const std::string& id) {
    auto* line = answer.add_lines();
    line->set_kind(kind);
    line->set_depth(depth);
    line->set_id(id);
    line->set_state(v1::COVERAGE_STATE_VACUUM);
    line->set_crowded(id == "b");
  };
  add(v1::CoverageLine::KIND_ITEM, 0, "a");
  add(v1::CoverageLine::KIND_ITEM, 1, "below");
  add(v1::CoverageLine::KIND_ITEM, 0, "b");
  add(v1::CoverageLine::KIND_UNSPECIFIED, 0, "");
  const auto tiles = TilesOf(answer);
  REQUIRE(tiles.size() == 2);
  CHECK(tiles[0].id == "a");
  CHECK(tiles[1].crowded);
  const std::string svg = Tiles(tiles, CaptionFor("q", "s")).svg.str();
  CHECK(BrokenRule(svg) == "");
  CHECK(svg.find(">help needed, nothing there<") != std::string::npos);
  CHECK(svg.find(">×2: two or more implement there for the same people<") != std::string::npos);

  const auto many = [](std::size_t count) {
    return Tiles(std::vector<Tile>(count, {"x", "y", v1::COVERAGE_STATE_COVERED, false}),
                 CaptionFor("q", "s"))
        .svg.str();
  };
  CHECK(many(kMaxTiles).find(" others<") == std::string::npos);
  CHECK(many(kMaxTiles + 1).find(">2 others<") != std::string::npos);
  CHECK(many(5000).find(">4905 others<") != std::string::npos);
  CHECK(BrokenRule(many(5000)) == "");
  CHECK(BrokenRule(many(0)) == "");

  v1::CoverageAnswer hostile;
  testing::Fill(&hostile, testing::HostileValues{testing::kControls + "<&\"'>", 0, 20, 4});
  const std::string shown = Tiles(TilesOf(hostile), CaptionFor("q", "s")).svg.str();
  CHECK(shown.find("FAKE") != std::string::npos);
  CHECK(BrokenRule(shown) == "");
  CHECK(testing::Obeyed(shown).empty());
}

}  // namespace
}  // namespace fundtrail::picture
