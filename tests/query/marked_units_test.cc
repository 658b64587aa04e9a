// MarkedUnits against a plain vector of booleans.
#include "ledger/query/marked_units.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

namespace fundtrail::testing {
namespace {

using query::MarkedUnits;
using Naive = std::vector<bool>;

Amount Size(const Naive& naive) { return Amount(static_cast<std::int64_t>(naive.size())); }

void Same(const MarkedUnits& marks, const Naive& naive) {
  REQUIRE(marks.length() == Size(naive));
  REQUIRE(marks.count() == Amount(std::count(naive.begin(), naive.end(), true)));
  Naive seen(naive.size(), false);
  Amount last;
  for (const auto& run : marks.Runs(naive.size() + 1)) {
    REQUIRE((run.from > last || last.is_zero()));  // runs that touch are one
    REQUIRE(run.from < run.to);
    for (auto i = run.from.value(); i < run.to.value(); ++i) seen[static_cast<std::size_t>(i)] = true;
    last = run.to;
  }
  REQUIRE(seen == naive);
}

TEST_CASE("marks cut, join, invert and count as booleans do") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  std::vector<std::pair<MarkedUnits, Naive>> all{{MarkedUnits(), {}}};
  for (int step = 0; step < 3000; ++step) {
    const auto& a = all[random() % all.size()];
    const auto& b = all[random() % all.size()];
    std::pair<MarkedUnits, Naive> made;
    switch (random() % 5) {
      case 0: {
        const auto length = random() % 20;
        const bool marked = random() % 2 == 0;
        const Amount amount(static_cast<std::int64_t>(length));
        made = {marked ? MarkedUnits::All(amount) : MarkedUnits::None(amount), Naive(length, marked)};
        break;
      }
      case 1:
        made = {a.first.Inverted(), a.second};
        made.second.flip();
        break;
      case 2: {
        const std::size_t from = random() % (a.second.size() + 1);
        const std::size_t to = from + random() % (a.second.size() - from + 1);
        made = {a.first.Slice(Amount(static_cast<std::int64_t>(from)), Amount(static_cast<std::int64_t>(to))),
                Naive(a.second.begin() + static_cast<std::ptrdiff_t>(from),
                      a.second.begin() + static_cast<std::ptrdiff_t>(to))};
        break;
      }
      default:
        if (a.second.size() + b.second.size() > 2000) continue;
        made = {a.first.Then(b.first), a.second};
        made.second.insert(made.second.end(), b.second.begin(), b.second.end());
    }
    Same(made.first, made.second);
    const std::size_t from = random() % (made.second.size() + 2);
    const auto next =
        std::find(made.second.begin() + static_cast<std::ptrdiff_t>(std::min(from, made.second.size())),
                  made.second.end(), true);
    const auto found = made.first.NextMarked(Amount(static_cast<std::int64_t>(from)));
    REQUIRE(found.has_value() == (next != made.second.end()));
    if (found.has_value()) REQUIRE(found->value() == next - made.second.begin());
    const double runs = static_cast<double>(2 * made.first.Runs(3000).size() + 1);
    REQUIRE(made.first.height() <= 1.45 * std::log2(runs + 2) + 1);
    all.push_back(std::move(made));
    if (all.size() > 200) all.erase(all.begin() + static_cast<std::ptrdiff_t>(random() % 200));
  }
}

TEST_CASE("what shares its parts costs little: 2^40 slivers are cut and counted at once") {
  MarkedUnits marks = MarkedUnits::None(Amount(1)).Then(MarkedUnits::All(Amount(1)));
  for (int i = 0; i < 40; ++i) marks = marks.Then(marks);
  CHECK(marks.length() == Amount(std::int64_t{1} << 41));
  CHECK(marks.count() == Amount(std::int64_t{1} << 40));
  const MarkedUnits part = marks.Slice(Amount(12'345), Amount(12'345'678'901));
  CHECK(part.count() == Amount((12'345'678'901 - 12'345) / 2));
  CHECK(part.height() < 64);
  CHECK(part.Runs(10).size() == 10);
}

}  // namespace
}  // namespace fundtrail::testing
