// What arithmetic on amounts and shares takes beside the numbers of a record: sums that cannot overflow, and basis points.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace fundtrail {

// Holds the sum of 2^64 numbers of 63 bits, and the product of any two.
__extension__ using Wide = __int128;
__extension__ using WideUnsigned = unsigned __int128;

// Shares are in basis points: this many make a whole.
inline constexpr std::int64_t kWhole = 10'000;

inline constexpr std::int64_t kMaxInt64 = std::numeric_limits<std::int64_t>::max();

// A sum as a number of 63 bits; what is more is shown as the most.
constexpr std::int64_t Capped(Wide sum) { return static_cast<std::int64_t>(std::min(sum, Wide{kMaxInt64})); }

}  // namespace fundtrail
