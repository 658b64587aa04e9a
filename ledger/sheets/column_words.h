// What people call the columns of a list of payments, in English and Chinese.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/sheets/map.h"

namespace fundtrail::sheets {

// What of a column's title is compared: in small letters, without spaces, `_`, `-`, `.`, `:` and what stands in brackets.
std::string TitleWord(std::string_view title);

// The field that a column's title names: its own name, or one of the words that are known here: "Payment date", "金额（万元）".
std::optional<Field> FieldNamed(std::string_view title);

// What the unit in a column's title counts: 10,000 for "金额（万元）", 100,000,000 for 亿元, 1 for "金额（元）" and for titles
// without a unit.
std::int64_t FactorNamed(std::string_view title);

// A word for a large number at the front of a text, as 万 of "万元".
struct LargeNumber {
  std::string_view word;
  std::int64_t factor = 1;
};
// The longest such word; nothing when the text does not begin with one.
std::optional<LargeNumber> LargeNumberAt(std::string_view text);

}  // namespace fundtrail::sheets
