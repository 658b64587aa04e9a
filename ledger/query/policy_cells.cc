// See policy_cells.h.
#include "ledger/query/policy_cells.h"

#include <algorithm>
#include <cstddef>

#include "ledger/base/wide.h"

namespace fundtrail::query {

namespace {

WideUnsigned CountOf(const PolicyCells& cells) {
  return WideUnsigned(SizeOf(cells.places)) * WideUnsigned(SizeOf(cells.categories)) *
         WideUnsigned(SizeOf(cells.groups));
}

}  // namespace

LeafSpans JoinedSpans(LeafSpans spans) {
  std::sort(spans.begin(), spans.end(), [](const LeafSpan& one, const LeafSpan& other) {
    return one.begin != other.begin ? one.begin < other.begin : one.end < other.end;
  });
  LeafSpans joined;
  for (const LeafSpan& span : spans) {
    if (!joined.empty() && span.begin <= joined.back().end) {
      joined.back().end = std::max(joined.back().end, span.end);
    } else {
      joined.push_back(span);
    }
  }
  return joined;
}

std::int64_t SizeOf(const LeafSpans& spans) {
  std::int64_t size = 0;
  for (const LeafSpan& span : spans) size += span.end - span.begin;
  return size;
}

LeafSpans Common(const LeafSpans& one, const LeafSpans& other) {
  LeafSpans common;
  for (std::size_t i = 0, j = 0; i < one.size() && j < other.size();) {
    const int begin = std::max(one[i].begin, other[j].begin);
    const int end = std::min(one[i].end, other[j].end);
    if (begin < end) common.push_back({begin, end});
    if (one[i].end < other[j].end) {
      ++i;
    } else {
      ++j;
    }
  }
  return common;
}

bool Meet(const LeafSpans& one, const LeafSpans& other) {
  for (std::size_t i = 0, j = 0; i < one.size() && j < other.size();) {
    if (std::max(one[i].begin, other[j].begin) < std::min(one[i].end, other[j].end)) return true;
    if (one[i].end < other[j].end) {
      ++i;
    } else {
      ++j;
    }
  }
  return false;
}

bool Holds(const LeafSpans& outer, LeafSpan inner) {
  const auto next = std::upper_bound(outer.begin(), outer.end(), inner.begin,
                                     [](int leaf, const LeafSpan& span) { return leaf < span.begin; });
  return next != outer.begin() && inner.end <= std::prev(next)->end;
}

LeafAxis::LeafAxis(const ItemTree& tree) : spans_(static_cast<std::size_t>(tree.size())) {
  if (tree.size() == 0) return;
  // How many leaves stand before each item, and before what comes after them all.
  std::vector<int> before(static_cast<std::size_t>(tree.size()) + 1);
  for (int item = 0; item < tree.size(); ++item)
    before[item + 1] = before[item] + (tree.end(item) == item + 1 ? 1 : 0);
  for (int item = 0; item < tree.size(); ++item) spans_[item] = {before[item], before[tree.end(item)]};
  leaves_ = before.back();
}

LeafSpans LeafAxis::Of(const std::vector<int>& items) const {
  if (items.empty()) return All();
  LeafSpans spans;
  for (const int item : items) spans.push_back(spans_[item]);
  return JoinedSpans(std::move(spans));
}

PolicyCells Common(const PolicyCells& one, const PolicyCells& other) {
  return {Common(one.places, other.places), Common(one.categories, other.categories),
          Common(one.groups, other.groups)};
}

std::uint32_t DegreeOf(const PolicyCells& one, const PolicyCells& other, const PolicyCells& common) {
  const WideUnsigned both = CountOf(common);
  const WideUnsigned either = CountOf(one) + CountOf(other) - both;
  return either == 0 ? 0 : static_cast<std::uint32_t>(both * kWhole / either);
}

PolicyIndex::PolicyIndex(const std::vector<PolicyCells>& policies, int places, int categories)
    : policies_(policies),
      place_width_(WidthOf(places, kPlaceBlocks)),
      category_width_(WidthOf(categories, kCategoryBlocks)),
      is_wide_(policies.size()),
      seen_(policies.size()) {
  std::vector<int> blocks;
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const int policy = static_cast<int>(i);
    is_wide_[i] = !BlocksOf(policies[i], &blocks);
    if (is_wide_[i]) {
      wide_.push_back(policy);
    } else {
      for (const int block : blocks) blocks_[block].push_back(policy);
    }
  }
}

bool PolicyIndex::BlocksOf(const PolicyCells& cells, std::vector<int>* blocks) const {
  // Of one axis, in order: spans that do not touch may still share a block.
  const auto along = [](const LeafSpans& spans, int width, std::vector<int>* found) {
    for (const LeafSpan& span : spans) {
      for (int block = span.begin / width; block <= (span.end - 1) / width; ++block) {
        if (found->empty() || found->back() < block) found->push_back(block);
        if (found->size() > kMaxBlocks) return;
      }
    }
  };
  std::vector<int> places, categories;
  along(cells.places, place_width_, &places);
  along(cells.categories, category_width_, &categories);
  blocks->clear();
  if (places.size() * categories.size() > kMaxBlocks) return false;
  for (const int place : places)
    for (const int category : categories) blocks->push_back(place * kCategoryBlocks + category);
  return true;
}

std::vector<int> PolicyIndex::CommonAbove(int one) {
  const PolicyCells& cells = policies_[one];
  std::vector<int> found;
  ++calls_;
  const auto compare = [&](int other) {
    if (seen_[other] == calls_) return;
    seen_[other] = calls_;
    const PolicyCells& with = policies_[other];
    if (Meet(cells.places, with.places) && Meet(cells.categories, with.categories)) found.push_back(other);
  };
  const auto above = [&](const std::vector<int>& policies) {
    for (auto at = std::upper_bound(policies.begin(), policies.end(), one); at != policies.end(); ++at)
      compare(*at);
  };
  if (is_wide_[one]) {
    for (int other = one + 1; other < static_cast<int>(policies_.size()); ++other) compare(other);
    return found;
  }
  std::vector<int> blocks;
  BlocksOf(cells, &blocks);
  for (const int block : blocks) above(blocks_.at(block));
  above(wide_);
  std::sort(found.begin(), found.end());
  return found;
}

void PolicyIndex::EachNear(LeafSpan place, LeafSpan category,
                           const std::function<bool(int policy)>& take) const {
  // A policy that holds all of both has their first leaves.
  const auto block = blocks_.find(BlockOf(place.begin, category.begin));
  if (block != blocks_.end())
    for (const int policy : block->second)
      if (!take(policy)) return;
  for (const int policy : wide_)
    if (!take(policy)) return;
}

}  // namespace fundtrail::query
