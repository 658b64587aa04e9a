// See sample_size.h.
#include "ledger/query/sample_size.h"

#include <algorithm>

#include "ledger/base/wide.h"

namespace fundtrail::query {

namespace {

// z² · 10^12.
std::uint64_t SquareOfQuantile(std::uint32_t confidence) {
  switch (confidence) {
    case 90:
      return 2'705'543'454'095;
    case 95:
      return 3'841'458'820'694;
    case 99:
      return 6'634'896'601'021;
    default:
      return 0;
  }
}

// More payments than any ledger has; below it no product overflows.
constexpr std::uint64_t kMaxCounted = std::uint64_t{1} << 62;

}  // namespace

std::uint64_t SampleSize(std::uint64_t of, std::uint32_t confidence, std::uint32_t margin_basis_points) {
  const std::uint64_t square = SquareOfQuantile(confidence);
  if (square == 0 || margin_basis_points == 0 || margin_basis_points > 10'000) return 0;
  const std::uint64_t n = std::min(of, kMaxCounted);
  // t = square / parts.
  const std::uint64_t parts = std::uint64_t{40'000} * margin_basis_points * margin_basis_points;
  const WideUnsigned above = WideUnsigned{3} * n * square;
  const WideUnsigned below = WideUnsigned{2} * (WideUnsigned{square} + WideUnsigned{parts} * n);
  return static_cast<std::uint64_t>(std::min<WideUnsigned>((above + below - 1) / below, n));
}

}  // namespace fundtrail::query
