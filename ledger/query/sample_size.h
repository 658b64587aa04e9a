// How many payments a sample needs, in whole numbers, so that everybody comes to the same.
#pragma once

#include <cstdint>

namespace fundtrail::query {

// n = ⌈1.5·N·t / (t + N)⌉ of N payments, at most N, with t = z²·¼ / e². Here z is the quantile of the normal distribution
// for that confidence (90, 95 or 99 of 100; 0 for another one), e the margin. The square of z is taken to 12 places: 2.705543454095,
// 3.841458820694 and 6.634896601021. The half more is for those who do not answer. 0 for a margin of 0.
std::uint64_t SampleSize(std::uint64_t of, std::uint32_t confidence, std::uint32_t margin_basis_points);

}  // namespace fundtrail::query
