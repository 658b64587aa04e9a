// An amount of an asset that is known, as people write it: what a cell of a list may say, and what an option may.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/sheets/column_words.h"
#include "ledger/sheets/money_text.h"

namespace fundtrail::sheets {

// "1.250": where a point sets off thousands, a thousand and more.
bool MayBeThousands(std::string_view text);

// The word for a large number behind the number: 万 of "1.5万元". Not 千 of "5千克", which counts kilograms.
std::optional<LargeNumber> LargeNumberBehind(const MoneyText& money);
// Takes the word off, so that the sign behind it is left: 元.
void TakeLargeNumber(const LargeNumber& number, MoneyText* money);

// "1,234.50", "0.5万", "5万元", "US$ 5", "5 CNY". INVALID_ARGUMENT for a sign that does not stand for the asset, for what may be two
// amounts, and for what is none.
StatusOr<Amount> ReadAmountOf(std::string_view text, const std::string& asset, int decimals);

// An amount of an asset that nobody names, written out: "30000" of "3万". What has no word for a large number stays as it is.
// INVALID_ARGUMENT for one with a currency.
StatusOr<std::string> WrittenOut(std::string_view text);

}  // namespace fundtrail::sheets
