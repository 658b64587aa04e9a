// See distance.h.
#include "ledger/base/distance.h"

#include <algorithm>
#include <array>

namespace fundtrail {

std::size_t Distance(std::string_view one, std::string_view other) {
  one = one.substr(0, kMaxComparedText);
  other = other.substr(0, kMaxComparedText);
  // The rows of the table for the last two bytes of `one`, and for the present one.
  std::array<std::array<std::size_t, kMaxComparedText + 1>, 3> rows{};
  for (std::size_t j = 0; j <= other.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& two_above = rows[(i + 1) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t changed = above[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
      row[j] = std::min({changed, above[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
      if (swapped) row[j] = std::min(row[j], two_above[j - 2] + 1);
    }
  }
  return rows[one.size() % 3][other.size()];
}

}  // namespace fundtrail
