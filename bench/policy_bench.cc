// Which of many policies overlap: how long the pairs take, of a whole country's places. Decides nothing; prints.
//
//   fundtrail_policy_bench [POLICIES]     10000 by default
//
// The places are those of a large country on 4 levels, 44,703 in all, with 100 categories in 10 trees and 20 target groups. Policies
// are made: one in a hundred holds for a province, one in ten for a county, the others for one to three townships. Only cells are
// compared; no ledger is read.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fmt/format.h"
#include "ledger/query/policy_cells.h"

namespace {

using fundtrail::query::ItemTree;
using fundtrail::query::LeafAxis;
using fundtrail::query::PolicyCells;
using Clock = std::chrono::steady_clock;

double MillisSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Levels of so many items each; the parents of each level are taken in turn.
ItemTree TreeOf(const std::vector<int>& levels) {
  std::vector<ItemTree::Item> items;
  for (std::size_t level = 0; level < levels.size(); ++level) {
    for (int i = 0; i < levels[level]; ++i) {
      const std::string parent =
          level == 0 ? "" : absl::StrCat(level - 1, ".", 100'000 + i % levels[level - 1]);
      items.push_back({absl::StrCat(level, ".", 100'000 + i), "", parent});
    }
  }
  auto tree = ItemTree::Make(fundtrail::v1::Action::kDeclarePlace, std::move(items));
  if (!tree.ok()) std::abort();
  return *std::move(tree);
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 10'000;
  const ItemTree places = TreeOf({1, 31, 2'852, 41'819}), categories = TreeOf({10, 90}),
                 groups = TreeOf({20});
  const LeafAxis in(places), of(categories), whom(groups);
  std::mt19937_64 random(7);
  const auto any = [&](const ItemTree& tree, const std::string& level, int most) {
    const int n = static_cast<int>(random() % static_cast<std::uint64_t>(most));
    return tree.Find(absl::StrCat(level, ".", 100'000 + n));
  };
  std::vector<PolicyCells> cells;
  for (int i = 0; i < count; ++i) {
    std::vector<int> where;
    if (i % 100 == 0) {
      where.push_back(any(places, "1", 31));
    } else if (i % 10 == 0) {
      where.push_back(any(places, "2", 2'852));
    } else {
      for (std::uint64_t n = random() % 3; n < 3; ++n) where.push_back(any(places, "3", 41'819));
    }
    cells.push_back({in.Of(where),
                     of.Of(std::vector<int>{any(categories, i % 10 == 0 ? "0" : "1", i % 10 == 0 ? 10 : 90)}),
                     i % 2 == 0 ? whom.All() : whom.Of(std::vector<int>{any(groups, "0", 20)})});
  }
  auto start = Clock::now();
  fundtrail::query::PolicyIndex index(cells, in.leaves(), of.leaves());
  fmt::print("index of {} policies over {} places: {:.1f} ms\n", count, places.size(), MillisSince(start));
  start = Clock::now();
  std::uint64_t compared = 0, overlaps = 0, degrees = 0;
  for (int one = 0; one < count; ++one) {
    for (const int other : index.CommonAbove(one)) {
      ++compared;
      const PolicyCells common = fundtrail::query::Common(cells[one], cells[other]);
      if (common.empty()) continue;
      ++overlaps;
      degrees += fundtrail::query::DegreeOf(cells[one], cells[other], common);
    }
  }
  fmt::print("{} pairs with a place and a category in common, {} overlap, mean degree {} bp: {:.1f} ms\n",
             compared, overlaps, overlaps == 0 ? 0 : degrees / overlaps, MillisSince(start));
  return 0;
}
