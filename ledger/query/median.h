// The middle one of some numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace fundtrail::query {

// Of an even number the lower of the two in the middle, so that it is one of them. Nothing of none.
inline std::optional<std::int32_t> LowerMedian(std::vector<std::int32_t> numbers) {
  if (numbers.empty()) return std::nullopt;
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>((numbers.size() - 1) / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  return *middle;
}

}  // namespace fundtrail::query
