// See row_order.h.
#include "ledger/sheets/row_order.h"

#include <algorithm>
#include <cstddef>
#include <queue>
#include <unordered_map>

namespace fundtrail::sheets {

std::vector<std::uint32_t> OrderByNeeds(std::vector<std::uint32_t> order,
                                        const std::vector<std::pair<std::uint32_t, std::uint32_t>>& needs) {
  if (needs.empty()) return order;
  // From here on a row is its place in `order`, so that "soonest" is "smallest".
  std::vector<std::uint32_t> place(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;  // (needed, who needs it)
  for (const auto& [one, other] : needs) {
    if (one != other) edges.emplace_back(place[other], place[one]);
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  std::unordered_map<std::uint32_t, std::uint32_t> missing;
  for (const auto& [needed, needer] : edges) ++missing[needer];

  std::vector<std::uint32_t> result;
  result.reserve(order.size());
  std::vector<bool> taken(order.size());
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready;
  const auto take = [&](std::uint32_t first) {
    ready.push(first);
    while (!ready.empty()) {
      const std::uint32_t row = ready.top();
      ready.pop();
      taken[row] = true;
      result.push_back(order[row]);
      const auto begin = std::lower_bound(edges.begin(), edges.end(), std::pair(row, std::uint32_t{0}));
      for (auto edge = begin; edge != edges.end() && edge->first == row; ++edge) {
        // Those still ahead in the order come up by themselves; those passed over are taken up now.
        if (--missing[edge->second] == 0 && edge->second < first && !taken[edge->second])
          ready.push(edge->second);
      }
    }
  };
  const auto waits = [&](std::uint32_t row) {
    const auto found = missing.find(row);
    return found != missing.end() && found->second > 0;
  };
  for (std::uint32_t row = 0; row < order.size(); ++row) {
    if (!waits(row)) take(row);
  }
  for (std::uint32_t row = 0; row < order.size(); ++row) {
    if (!taken[row]) take(row);
  }
  return result;
}

}  // namespace fundtrail::sheets
