// Amounts as people write them, read into whole numbers of an asset's smallest unit and written back.
// All arithmetic is on integers: "6,341.39" in units of 万元 is exactly 63,413,900.00 元.
//
// What is read is digits with an optional point. Thousands commas count only in their right places: "1,200.00",
// never "12,00" or "0,200", which may be a decimal comma. For minus there is a sign, "-3.5", or the book-keeper's
// "(12.50)". Spaces may stand around it, and all these have full-width forms. No exponents, and no currency sign, which
// says what the number counts: that is for whoever knows the asset (sheets/money_text.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/base/quantity.h"
#include "ledger/base/status.h"

namespace fundtrail {

// Digits after the point that an asset may keep: for amounts, for the asset that is declared, and for import maps.
inline constexpr int kMaxDecimals = 9;
inline constexpr std::int64_t kMaxFactor = 1'000'000'000'000;

// What happens to digits that are finer than the asset's smallest unit. Zeros there are never a fault.
enum class Rounding {
  kRefuse,    // an error that says so
  kHalfEven,  // to the nearest unit, a tie to the even one: for the tails of binary floats,
              // 0.30000000000000004
};

// `decimals` (0 to 9) is how many digits of a unit the asset keeps: 2 reads "1.5" as Amount(150).
// InvalidArgument when it is not a number as above, OutOfRange when it does not fit in 63 bits.
StatusOr<Amount> ParseDecimal(std::string_view text, int decimals);

// The same for a column that counts in `factor` units, 1 to kMaxFactor: 10,000 for 万元.
StatusOr<Amount> ParseScaled(std::string_view text, int decimals, std::int64_t factor,
                             Rounding rounding = Rounding::kRefuse);

// "-1,234,567.00". ParseDecimal reads it back.
std::string FormatDecimal(Amount amount, int decimals);
// The same without commas, for files.
std::string FormatPlain(Amount amount, int decimals);

}  // namespace fundtrail
