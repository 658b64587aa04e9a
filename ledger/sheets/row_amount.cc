// See row_amount.h.
#include "ledger/sheets/row_amount.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/text.h"
#include "ledger/sheets/amount_text.h"
#include "ledger/sheets/money_text.h"

namespace fundtrail::sheets {
namespace {

constexpr std::size_t kMaxAssetText = 64;

// The marks of the fraction and of thousands exchanged.
std::string WithPoint(std::string_view number) {
  static constexpr std::pair<std::string_view, std::string_view> kMarks[] = {
      {".", ","}, {",", "."}, {"．", ","}, {"，", "."}};
  std::string out;
  while (!number.empty()) {
    const auto* const mark = std::find_if(std::begin(kMarks), std::end(kMarks), [&](const auto& pair) {
      return number.substr(0, pair.first.size()) == pair.first;
    });
    if (mark != std::end(kMarks)) {
      out.append(mark->second);
      number.remove_prefix(mark->first.size());
    } else {
      out.push_back(number[0]);
      number.remove_prefix(1);
    }
  }
  return out;
}

bool IsCode(std::string_view mark) {
  return mark.size() == 3 && std::all_of(mark.begin(), mark.end(), [](char c) {
           return absl::ascii_isupper(static_cast<unsigned char>(c));
         });
}

// Whether a sign or word beside the number says the same as the row's asset.
Status CheckMark(const ImportMap& map, const std::string& mark, const std::string& cell,
                 const std::string& asset) {
  const auto& replace = map.replace[static_cast<std::size_t>(Field::kAsset)];
  const auto replaced = replace.find(mark);
  if (absl::EqualsIgnoreCase(mark, asset) || (replaced != replace.end() && replaced->second == asset))
    return absl::OkStatus();
  const std::string shown = Escaped(ClipToWidth(cell, 40));
  const std::string sign = Escaped(ClipToWidth(mark, 20));
  std::vector<std::string> stands_for;
  const auto said = map.signs.find(mark);
  if (said != map.signs.end()) {
    stands_for = said->second;
  } else {
    for (const std::string_view code : CurrenciesOf(mark)) stands_for.emplace_back(code);
    if (stands_for.empty() && IsCode(mark)) stands_for.push_back(mark);
  }
  const auto fits = [&](const std::string& code) { return code == asset || code == "*"; };
  if (std::any_of(stands_for.begin(), stands_for.end(), fits)) return absl::OkStatus();
  if (stands_for.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", shown, "\" is not an amount: what ", sign,
                     " stands for is not known; say so under [signs] in the map"));
  }
  if (stands_for.size() > 5) {
    stands_for.resize(5);
    stands_for.emplace_back("...");
  }
  const std::string names = absl::StrJoin(stands_for, ", ");
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", shown, "\" has the sign ", sign, names == mark ? "" : absl::StrCat(" of ", names),
      ", and the row's asset is ", Escaped(asset), "; if it is right, say so under [signs] in the map"));
}

// The row's asset, when the cell of the amount may have a unit behind the number.
StatusOr<std::string> ReadUnit(const ImportMap& map, const MoneyText& money, const std::string& asset) {
  if (!map.amount_with_unit || money.behind.size() != 1) return asset;
  const std::string& unit = money.behind.front();
  const auto& replace = map.replace[static_cast<std::size_t>(Field::kAsset)];
  const auto replaced = replace.find(unit);
  if (replaced != replace.end()) return replaced->second;
  if (CurrenciesOf(unit).empty()) return unit;
  if (!asset.empty()) return asset;
  return absl::InvalidArgumentError(
      absl::StrCat(WhereOf(map, Field::kAmount), ": ", Escaped(unit),
                   " is a sign and no asset; name its asset under [replace.asset]"));
}

// What one in the cell counts: "1.5万" counts in 10,000, which is then taken off the mark. What the map says of the mark as it
// stands goes before.
StatusOr<std::int64_t> TakeFactor(const ImportMap& map, MoneyText* money, const std::string& cell) {
  const auto number = LargeNumberBehind(*money);
  if (!number.has_value()) return map.factor;
  const std::string& mark = money->behind.front();
  const auto& replace = map.replace[static_cast<std::size_t>(Field::kAsset)];
  if (map.signs.contains(mark) || replace.contains(mark)) return map.factor;
  if (map.factor != 1 && map.factor != number->factor) {
    return absl::InvalidArgumentError(absl::StrCat("\"", Escaped(ClipToWidth(cell, 40)),
                                                   "\" counts in units of ", number->factor,
                                                   ", and the map says factor = ", map.factor));
  }
  TakeLargeNumber(*number, money);
  return number->factor;
}

StatusOr<Amount> ReadNumber(const ImportMap& map, const std::string& number, std::int64_t factor, Row* row) {
  const auto read = [&](Rounding rounding) { return ParseScaled(number, row->decimals, factor, rounding); };
  StatusOr<Amount> amount = read(Rounding::kRefuse);
  if (!amount.ok() && map.rounding != Rounding::kRefuse) {
    amount = read(map.rounding);
    if (amount.ok()) row->changes.insert(Change::kRounded);
  }
  const bool clear = map.decimal_stated || factor != 1 || row->decimals >= 3;
  if (amount.ok() && !clear && MayBeThousands(number)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", Escaped(ClipToWidth(number, 40)), "\" has three digits after the point, and ",
                     Escaped(row->asset), " keeps ", row->decimals,
                     ": the point may set off thousands; say decimal = \".\" or \",\" in the map"));
  }
  return amount;
}

}  // namespace

Status ReadAmount(const ImportMap& map, const std::string& cell, const std::string& asset, Row* row) {
  if (cell.empty())
    return absl::InvalidArgumentError(absl::StrCat(WhereOf(map, Field::kAmount), " is empty"));
  auto money = SplitMoney(cell);
  if (!money.ok()) return Annotate(money.status(), WhereOf(map, Field::kAmount));
  const auto factor = TakeFactor(map, &*money, cell);
  if (!factor.ok()) return Annotate(factor.status(), WhereOf(map, Field::kAmount));
  FT_ASSIGN_OR_RETURN(row->asset, ReadUnit(map, *money, asset));
  if (row->asset.empty())
    return absl::InvalidArgumentError(absl::StrCat(WhereOf(map, Field::kAsset), " is empty"));
  if (row->asset.size() > kMaxAssetText)
    return TooLong(WhereOf(map, Field::kAsset), row->asset.size(), kMaxAssetText);
  auto decimals = map.decimals.find(row->asset);
  if (decimals == map.decimals.end()) decimals = map.decimals.find("*");
  row->decimals = decimals == map.decimals.end() ? DefaultDecimals(row->asset) : decimals->second;
  for (const auto* const marks : {&money->before, &money->behind}) {
    for (const std::string& mark : *marks) {
      const Status fits = CheckMark(map, mark, cell, row->asset);
      if (!fits.ok()) return Annotate(fits, WhereOf(map, Field::kAmount));
    }
  }
  const StatusOr<Amount> amount =
      ReadNumber(map, map.decimal_comma ? WithPoint(money->number) : money->number, *factor, row);
  if (!amount.ok()) return Annotate(amount.status(), WhereOf(map, Field::kAmount));
  if (amount->is_zero())
    return absl::InvalidArgumentError(absl::StrCat(WhereOf(map, Field::kAmount), " is zero"));
  row->amount = *amount;
  return absl::OkStatus();
}

bool IsZeroAmount(const ImportMap& map, const std::string& cell) {
  const auto money = SplitMoney(cell);
  if (!money.ok()) return false;
  const StatusOr<Amount> amount =
      ParseDecimal(map.decimal_comma ? WithPoint(money->number) : money->number, kMaxDecimals);
  return amount.ok() && amount->is_zero();
}

}  // namespace fundtrail::sheets
