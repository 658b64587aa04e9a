// See apportion.h.
#include "ledger/query/apportion.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "ledger/base/wide.h"

namespace fundtrail::query {

namespace {}  // namespace

std::vector<std::int64_t> Apportion(std::int64_t whole, const std::vector<std::int64_t>& weights) {
  std::vector<std::int64_t> parts(weights.size());
  Wide sum = 0;
  for (const std::int64_t weight : weights) sum += weight;
  if (sum == 0) return parts;
  std::vector<Wide> remainders(weights.size());
  std::int64_t left = whole;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Wide product = Wide(whole) * weights[i];
    parts[i] = static_cast<std::int64_t>(product / sum);
    remainders[i] = product % sum;
    left -= parts[i];
  }
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  // The remainders add up to `left` wholes, and each is less than one: none is served twice, and none that is 0.
  for (std::size_t i = 0; left > 0 && i < order.size(); ++i, --left) ++parts[order[i]];
  return parts;
}

std::vector<std::int64_t> ApportionWithin(std::int64_t whole, const std::vector<std::int64_t>& weights,
                                          const std::vector<std::int64_t>& most) {
  std::vector<std::int64_t> parts = Apportion(whole, weights), rooms;
  std::int64_t left = whole;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i] = std::min(parts[i], most[i]);
    rooms.push_back(most[i] - parts[i]);
    left -= parts[i];
  }
  if (left == 0) return parts;
  const std::vector<std::int64_t> more = Apportion(left, rooms);
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i] += more[i];
  return parts;
}

}  // namespace fundtrail::query
