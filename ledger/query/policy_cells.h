// The cells of policies: each place, category and target group that has none below it. How much two policies have in common,
// and which of many have anything in common, without comparing every pair. Plain structs in, plain structs out: nothing
// here knows a ledger.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "ledger/query/item_tree.h"

namespace fundtrail::query {

// Leaves of a tree by their numbers: from `begin` to before `end`.
struct LeafSpan {
  int begin = 0;
  int end = 0;
  friend bool operator==(const LeafSpan&, const LeafSpan&) = default;
};
// In order, none empty, and no two of them touch.
using LeafSpans = std::vector<LeafSpan>;

// Of spans in any order.
LeafSpans JoinedSpans(LeafSpans spans);
std::int64_t SizeOf(const LeafSpans& spans);
LeafSpans Common(const LeafSpans& one, const LeafSpans& other);
// Whether they have a leaf in common.
bool Meet(const LeafSpans& one, const LeafSpans& other);
// Whether all of `inner` is in `outer`.
bool Holds(const LeafSpans& outer, LeafSpan inner);

// The leaves of one tree, numbered from 0 in its order: what is below an item is one span. A tree without items is one leaf,
// which stands for everything.
class LeafAxis {
 public:
  LeafAxis() = default;
  explicit LeafAxis(const ItemTree& tree);
  int leaves() const { return leaves_; }
  LeafSpans All() const { return {{0, leaves_}}; }
  // Of an item with all below it.
  LeafSpan Of(int item) const { return spans_[item]; }
  // Of several items; of none, all.
  LeafSpans Of(const std::vector<int>& items) const;

 private:
  int leaves_ = 1;
  std::vector<LeafSpan> spans_;  // of each item
};

struct PolicyCells {
  LeafSpans places, categories, groups;
  bool empty() const { return places.empty() || categories.empty() || groups.empty(); }
};
PolicyCells Common(const PolicyCells& one, const PolicyCells& other);
// Of the cells of both, in basis points of the cells of either, rounded down. `common` is Common of both.
std::uint32_t DegreeOf(const PolicyCells& one, const PolicyCells& other, const PolicyCells& common);

// The places and the categories of many policies, found by blocks of leaves. A policy stands in each block that it has
// a leaf of, or among the wide ones when these would be too many.
class PolicyIndex {
 public:
  // The policies must outlive it, and stay as they are. `places` and `categories`: how many leaves there are.
  PolicyIndex(const std::vector<PolicyCells>& policies, int places, int categories);
  // The policies with a higher number than `one` that have a place and a category in common with it: in order, each once.
  std::vector<int> CommonAbove(int one);
  // Each policy that may hold all of the place and all of the category: all that do are among them. Until `take` answers
  // false.
  void EachNear(LeafSpan place, LeafSpan category, const std::function<bool(int policy)>& take) const;

 private:
  static constexpr int kPlaceBlocks = 512, kCategoryBlocks = 16;
  static constexpr std::size_t kMaxBlocks = 64;  // of a policy that is not wide
  static int WidthOf(int leaves, int blocks) { return (leaves + blocks - 1) / blocks; }
  int BlockOf(int place, int category) const {
    return place / place_width_ * kCategoryBlocks + category / category_width_;
  }
  bool BlocksOf(const PolicyCells& cells, std::vector<int>* blocks) const;

  const std::vector<PolicyCells>& policies_;
  const int place_width_, category_width_;
  absl::flat_hash_map<int, std::vector<int>> blocks_;  // each in order
  std::vector<int> wide_;                              // in order
  std::vector<bool> is_wide_;
  std::vector<std::uint64_t> seen_;  // of each policy, the last call that compared it
  std::uint64_t calls_ = 0;
};

}  // namespace fundtrail::query
