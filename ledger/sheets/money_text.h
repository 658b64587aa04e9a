// An amount's cell taken apart: the number, and the currency signs, codes and units beside it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/status.h"

namespace fundtrail::sheets {

struct MoneyText {
  std::string number;  // what is left, for base/decimal.h: "-1,200.00", "(5)"
  // "US$", "EUR", "元", "件": before the number and after it, spaces trimmed.
  std::vector<std::string> before, behind;
};
// `cell` is a single line. A text without a digit is all number, and has no marks. INVALID_ARGUMENT when a point may
// belong to the mark or to the number: "Rs.500".
StatusOr<MoneyText> SplitMoney(std::string_view cell);

// The currencies, by ISO 4217, that a sign or a word stands for: "$" for many, "US$" for USD alone. Letters in any
// case. Empty for a sign that is not known here.
std::vector<std::string_view> CurrenciesOf(std::string_view mark);

}  // namespace fundtrail::sheets
