// See coverage_split.h.
#include "ledger/query/coverage_split.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "ledger/base/wide.h"

namespace fundtrail::query {

namespace {}  // namespace

std::vector<std::int64_t> Split(std::int64_t amount, const std::vector<CoverageShare>& shares,
                                const std::vector<std::int64_t>* most) {
  std::vector<std::int64_t> parts, remainders;
  std::int64_t left = amount;
  for (const CoverageShare& share : shares) {
    const std::int64_t points = share.basis_points;
    // amount * points / kWhole, of which the first product may not fit.
    const std::int64_t rest = amount % kWhole * points;
    parts.push_back(amount / kWhole * points + rest / kWhole);
    remainders.push_back(rest % kWhole);
    left -= parts.back();
  }
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (bool served = true; left > 0 && served;) {
    served = false;
    for (const std::size_t i : order) {
      if (left == 0) break;
      if (most != nullptr && parts[i] >= (*most)[i]) continue;
      ++parts[i];
      --left;
      served = true;
    }
  }
  return parts;
}

std::vector<BookedMoney> Book(const CoverageMoney& money, const std::vector<CoverageShare>& shares,
                              const ItemTree& tree) {
  if (shares.empty()) return {{kNoItem, false, money}};
  if (shares.size() == 1) return {{shares[0].item, false, money}};
  if (shares[0].basis_points == 0) {
    int common = shares[0].item;
    for (const CoverageShare& share : shares) common = tree.Common(common, share.item);
    return {{common, true, money}};
  }
  const auto placed = Split(money.placed, shares);
  const auto reached = Split(money.reached, shares, &placed);
  const auto committed = Split(money.committed, shares, &placed);
  std::vector<BookedMoney> parts;
  for (std::size_t i = 0; i < shares.size(); ++i)
    parts.push_back({shares[i].item, false, {placed[i], reached[i], committed[i]}});
  return parts;
}

}  // namespace fundtrail::query
