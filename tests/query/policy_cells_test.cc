// Cells of policies against sets of single leaves, over random trees; and the index against a comparison of every pair.
#include "ledger/query/policy_cells.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/support/entries.h"

namespace fundtrail::testing {
namespace {

using query::ItemTree;
using query::LeafAxis;
using query::LeafSpans;
using query::PolicyCells;

ItemTree RandomTree(std::mt19937_64* random, int most) {
  std::vector<ItemTree::Item> items;
  const int size = static_cast<int>((*random)() % static_cast<unsigned>(most + 1));
  for (int i = 0; i < size; ++i) {
    const bool top = i == 0 || (*random)() % 4 == 0;
    const std::string parent = top ? "" : items[(*random)() % items.size()].id;
    items.push_back({std::to_string(i), "Item " + std::to_string(i), parent});
  }
  std::sort(items.begin(), items.end(), [](const auto& one, const auto& other) { return one.id < other.id; });
  return Need(ItemTree::Make(v1::Action::kDeclarePlace, std::move(items)));
}

// The items without any below them that are in one of these; of none, all. A tree without items has one leaf, -1.
std::set<int> LeavesOf(const ItemTree& tree, const std::vector<int>& items) {
  if (tree.size() == 0) return {-1};
  std::set<int> leaves;
  for (int at = 0; at < tree.size(); ++at) {
    bool leaf = true;
    for (int other = 0; other < tree.size(); ++other) leaf = leaf && tree.parent(other) != at;
    const bool named = items.empty() ||
                       std::any_of(items.begin(), items.end(), [&](int item) { return tree.IsIn(item, at); });
    if (leaf && named) leaves.insert(at);
  }
  return leaves;
}

std::set<int> Both(const std::set<int>& one, const std::set<int>& other) {
  std::set<int> both;
  std::set_intersection(one.begin(), one.end(), other.begin(), other.end(), std::inserter(both, both.end()));
  return both;
}

std::vector<int> SomeOf(const ItemTree& tree, std::mt19937_64* random) {
  std::vector<int> items;
  for (unsigned n = (*random)() % 4; n > 0 && tree.size() > 0; --n)
    items.push_back(static_cast<int>((*random)() % static_cast<unsigned>(tree.size())));
  return items;
}

struct Model {
  std::set<int> places, categories, groups;
  std::uint64_t size() const { return places.size() * categories.size() * groups.size(); }
};

TEST_CASE("cells, what is common and the degree are those of sets of leaves") {
  const auto seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 12; ++round) {
    const ItemTree places = RandomTree(&random, 40), categories = RandomTree(&random, 12),
                   groups = RandomTree(&random, 6);
    const LeafAxis in(places), of(categories), whom(groups);
    std::vector<PolicyCells> cells;
    std::vector<Model> models;
    for (int i = 0; i < 25; ++i) {
      const auto p = SomeOf(places, &random), c = SomeOf(categories, &random), g = SomeOf(groups, &random);
      cells.push_back({in.Of(p), of.Of(c), whom.Of(g)});
      models.push_back({LeavesOf(places, p), LeavesOf(categories, c), LeavesOf(groups, g)});
      REQUIRE(query::SizeOf(cells.back().places) == static_cast<std::int64_t>(models.back().places.size()));
    }
    query::PolicyIndex index(cells, in.leaves(), of.leaves());
    for (int again = 0; again < 2; ++again) {
      for (int one = 0; one < 25; ++one) {
        std::vector<int> above;
        for (int other = one + 1; other < 25; ++other) {
          const Model both{Both(models[one].places, models[other].places),
                           Both(models[one].categories, models[other].categories),
                           Both(models[one].groups, models[other].groups)};
          const PolicyCells common = query::Common(cells[one], cells[other]);
          REQUIRE(query::SizeOf(common.places) == static_cast<std::int64_t>(both.places.size()));
          REQUIRE(query::Meet(cells[one].places, cells[other].places) == !both.places.empty());
          REQUIRE(common.empty() == (both.size() == 0));
          const std::uint64_t either = models[one].size() + models[other].size() - both.size();
          REQUIRE(query::DegreeOf(cells[one], cells[other], common) == both.size() * 10'000 / either);
          if (!both.places.empty() && !both.categories.empty()) above.push_back(other);
        }
        REQUIRE(index.CommonAbove(one) == above);
      }
    }
    // Whoever holds all of a place and a category is among those that are near it.
    for (int place = 0; place < places.size(); ++place) {
      for (int category = 0; category < categories.size(); ++category) {
        std::set<int> near;
        index.EachNear(in.Of(place), of.Of(category), [&](int policy) {
          near.insert(policy);
          return true;
        });
        const auto inner = LeavesOf(places, {place}), kinds = LeavesOf(categories, {category});
        for (int policy = 0; policy < 25; ++policy) {
          const bool holds =
              Both(inner, models[policy].places) == inner && Both(kinds, models[policy].categories) == kinds;
          REQUIRE(holds == (query::Holds(cells[policy].places, in.Of(place)) &&
                            query::Holds(cells[policy].categories, of.Of(category))));
          if (holds) REQUIRE(near.count(policy) == 1);
        }
      }
    }
  }
}

TEST_CASE("spans in any order become spans that do not touch") {
  CHECK(query::JoinedSpans({{5, 7}, {0, 2}, {2, 3}, {6, 9}, {0, 1}}) == LeafSpans{{0, 3}, {5, 9}});
  CHECK(query::JoinedSpans({}).empty());
}

TEST_CASE("the degree of the largest policies is exact") {
  constexpr int kMost = 2'000'000'000;
  const PolicyCells all{{{0, kMost}}, {{0, kMost}}, {{0, kMost}}};
  const PolicyCells half{{{0, kMost}}, {{0, kMost}}, {{0, kMost / 2}}};
  const PolicyCells one{{{7, 8}}, {{7, 8}}, {{7, 8}}};
  CHECK(query::DegreeOf(all, all, query::Common(all, all)) == 10'000);
  CHECK(query::DegreeOf(all, half, query::Common(all, half)) == 5'000);
  CHECK(query::DegreeOf(all, one, query::Common(all, one)) == 0);
}

TEST_CASE("a policy that stands in too many blocks is found all the same") {
  const int leaves = 40'000;
  std::vector<PolicyCells> cells{{{{0, leaves}}, {{0, 30}}, {{0, 1}}}};
  for (int i = 0; i < 100; ++i) cells.push_back({{{i * 400, i * 400 + 1}}, {{i % 30, i % 30 + 1}}, {{0, 1}}});
  cells.push_back({{{0, leaves}}, {{3, 4}}, {{0, 1}}});
  query::PolicyIndex index(cells, leaves, 30);
  CHECK(index.CommonAbove(0).size() == 101);
  CHECK(index.CommonAbove(1) == std::vector<int>());  // its category is 0, and the last one's is 3
  CHECK(index.CommonAbove(4) == std::vector<int>{101});
}

}  // namespace
}  // namespace fundtrail::testing
