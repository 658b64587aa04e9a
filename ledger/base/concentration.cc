// See concentration.h.
#include "ledger/base/concentration.h"

#include <algorithm>

#include "ledger/base/quantity.h"
#include "ledger/base/wide.h"

namespace fundtrail {

namespace {

// 1,000 * part / whole, rounded down. Needs part < whole < 2^126: the product may not fit, so it is built bit by bit.
WideUnsigned Thousandths(WideUnsigned part, WideUnsigned whole) {
  WideUnsigned quotient = 0, rest = 0;
  for (int bit = 9; bit >= 0; --bit) {  // 1,000 has ten bits
    quotient *= 2;
    rest = rest * 2 + ((1'000 >> bit) % 2 == 1 ? part : 0);
    while (rest >= whole) {
      rest -= whole;
      ++quotient;
    }
  }
  return quotient;
}

}  // namespace

std::optional<Concentration> ConcentrationOf(const std::vector<std::int64_t>& parts) {
  std::int64_t sum = 0, largest = 0;
  WideUnsigned squares = 0;  // no larger than the square of the sum
  for (const std::int64_t part : parts) {
    if (part < 0 || !AddTo(&sum, part)) return std::nullopt;
    largest = std::max(largest, part);
    squares += static_cast<WideUnsigned>(part) * static_cast<WideUnsigned>(part);
  }
  if (sum == 0) return std::nullopt;
  const WideUnsigned square = static_cast<WideUnsigned>(sum) * static_cast<WideUnsigned>(sum);
  Concentration concentration;
  concentration.effective =
      static_cast<std::int64_t>(square / squares * 1'000 + Thousandths(square % squares, squares));
  concentration.largest =
      static_cast<std::int64_t>(static_cast<WideUnsigned>(largest) * 10'000 / static_cast<WideUnsigned>(sum));
  return concentration;
}

}  // namespace fundtrail
