// How the money of one project is split over its places and its categories. Parts are whole numbers that add up exactly.
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/query/item_tree.h"

namespace fundtrail::query {

struct CoverageMoney {
  std::int64_t placed = 0;
  std::int64_t reached = 0;    // of `placed`
  std::int64_t committed = 0;  // of `placed`
};

// A place or a category of a project. All of a project have basis points, 10,000 together, or none has any.
struct CoverageShare {
  int item = kNoItem;
  std::uint32_t basis_points = 0;
};

// By largest remainder; of equal remainders the first is served first. Needs shares with basis points. With `most`, no
// part is above its number there: those must leave room for the amount, and for each part's whole share.
std::vector<std::int64_t> Split(std::int64_t amount, const std::vector<CoverageShare>& shares,
                                const std::vector<std::int64_t>* most = nullptr);

// A part of the money, and where it is booked.
struct BookedMoney {
  int item = kNoItem;  // none: the project names none, or several that have nothing in common
  bool undivided =
      false;  // it is for several, and nobody said how much for which: `item` is the lowest that has them all
  CoverageMoney money;
};
// Over the places or the categories of one project, which stand by id.
std::vector<BookedMoney> Book(const CoverageMoney& money, const std::vector<CoverageShare>& shares,
                              const ItemTree& tree);

}  // namespace fundtrail::query
