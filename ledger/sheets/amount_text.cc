// See amount_text.h.
#include "ledger/sheets/amount_text.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ledger/base/decimal.h"
#include "ledger/base/text.h"

namespace fundtrail::sheets {
namespace {

bool StandsFor(const std::string& mark, const std::string& asset) {
  const auto codes = CurrenciesOf(mark);
  return absl::EqualsIgnoreCase(mark, asset) || std::find(codes.begin(), codes.end(), asset) != codes.end();
}

// A number's full-width signs as ASCII.
std::string NarrowNumber(std::string_view text) {
  return absl::StrReplaceAll(Abseil(text), {{"０", "0"},
                                            {"１", "1"},
                                            {"２", "2"},
                                            {"３", "3"},
                                            {"４", "4"},
                                            {"５", "5"},
                                            {"６", "6"},
                                            {"７", "7"},
                                            {"８", "8"},
                                            {"９", "9"},
                                            {"．", "."},
                                            {"，", ","}});
}

// The number with the point as the mark of thousands.
std::string WithoutPoint(std::string_view text) {
  std::string number = NarrowNumber(text);
  number.erase(std::remove(number.begin(), number.end(), '.'), number.end());
  return number;
}

}  // namespace

bool MayBeThousands(std::string_view text) {
  const std::string number = NarrowNumber(text);
  const std::size_t first = number.find_first_of("0123456789");
  const std::size_t last = number.find_last_of("0123456789");
  if (first == std::string::npos || number[first] == '0') return false;
  const std::string digits = number.substr(first, last + 1 - first);
  const std::size_t point = digits.find('.');
  return point >= 1 && point <= 3 && digits.size() == point + 4 &&
         digits.find_first_not_of("0123456789", point + 1) == std::string::npos &&
         digits.find_first_not_of("0123456789") == point;
}

std::optional<LargeNumber> LargeNumberBehind(const MoneyText& money) {
  if (money.behind.size() != 1) return std::nullopt;
  const std::string_view mark = money.behind.front();
  const auto number = LargeNumberAt(mark);
  constexpr std::int64_t kThousand = 1000;
  const bool kilo = number.has_value() && number->factor == kThousand &&
                    CurrenciesOf(mark.substr(number->word.size())).empty();
  return kilo ? std::nullopt : number;
}

void TakeLargeNumber(const LargeNumber& number, MoneyText* money) {
  std::string& mark = money->behind.front();
  mark.erase(0, number.word.size());
  mark.erase(0, mark.find_first_not_of(' '));
  if (mark.empty()) money->behind.clear();
}

StatusOr<Amount> ReadAmountOf(std::string_view text, const std::string& asset, int decimals) {
  // As a cell: wide spaces are spaces. What hides or reorders text stays, and is refused.
  const bool clean = CountHidden(text).value_or(1) == 0;
  FT_ASSIGN_OR_RETURN(MoneyText money, SplitMoney(clean ? SingleLine(text) : std::string(text)));
  std::int64_t factor = 1;
  if (const auto large = LargeNumberBehind(money); large.has_value()) {
    factor = large->factor;
    TakeLargeNumber(*large, &money);
  }
  const std::string shown = Escaped(ClipToWidth(text, 40));
  for (const auto* const marks : {&money.before, &money.behind}) {
    for (const std::string& mark : *marks) {
      if (StandsFor(mark, asset)) continue;
      return absl::InvalidArgumentError(absl::StrCat("\"", shown, "\" says ", Escaped(ClipToWidth(mark, 20)),
                                                     ", which is no sign of the asset ", Escaped(asset)));
    }
  }
  FT_ASSIGN_OR_RETURN(const Amount amount, ParseScaled(money.number, decimals, factor));
  constexpr int kDigitsOfThousand = 3;
  if (factor != 1 || decimals >= kDigitsOfThousand || !MayBeThousands(money.number)) return amount;
  const auto thousands = ParseDecimal(WithoutPoint(money.number), decimals);
  if (!thousands.ok()) return amount;
  return absl::InvalidArgumentError(absl::StrCat("\"", shown, "\" may be ", FormatDecimal(amount, decimals),
                                                 " or ", FormatDecimal(*thousands, decimals),
                                                 ": write one of them"));
}

StatusOr<std::string> WrittenOut(std::string_view text) {
  FT_ASSIGN_OR_RETURN(MoneyText money, SplitMoney(text));
  const auto large = LargeNumberBehind(money);
  if (large.has_value()) TakeLargeNumber(*large, &money);
  if (!money.before.empty() || !money.behind.empty())
    return absl::InvalidArgumentError(
        absl::StrCat("\"", Escaped(ClipToWidth(text, 40)),
                     "\" names a currency, and the amount is of any asset: write the number alone"));
  if (!large.has_value()) return std::string(text);
  const std::string number = NarrowNumber(money.number);
  const std::size_t point = number.find('.');
  const std::size_t digits = point == std::string::npos ? 0 : number.size() - point - 1;
  const int decimals = static_cast<int>(std::min<std::size_t>(digits, kMaxDecimals));
  FT_ASSIGN_OR_RETURN(const Amount amount, ParseScaled(number, decimals, large->factor));
  return FormatPlain(amount, decimals);
}

}  // namespace fundtrail::sheets
