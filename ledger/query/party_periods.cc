// See party_periods.h.
#include "ledger/query/party_periods.h"

#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"
#include "ledger/query/movements.h"

namespace fundtrail::query {
namespace {

constexpr int kMonths = 12;
constexpr std::size_t kDigitsOfYear = 4, kMonthAt = 5, kMonthDigits = 2;

struct Moved {
  Wide brought_in = 0, received = 0, passed_on = 0, change = 0;
  void operator+=(const Moved& more) {
    brought_in += more.brought_in;
    received += more.received;
    passed_on += more.passed_on;
    change += more.change;
  }
};
using ByPeriod = std::map<int, Moved>;

void Take(const Movement& movement, ByPeriod* months) {
  Moved& of = (*months)[MonthOf(movement.row.date)];
  const std::int64_t amount = movement.row.amount.value();
  (movement.incoming ? of.received : of.passed_on) += amount;
  if (movement.mints) of.brought_in += amount;
  of.change += movement.change();
}

std::int64_t Shown(Wide sum) { return sum < 0 ? -Capped(-sum) : Capped(sum); }

PartyAsset Told(const ByPeriod& months) {
  PartyAsset told;
  told.by_year = static_cast<std::size_t>(months.rbegin()->first - months.begin()->first) >= kMaxMonths;
  const int each = told.by_year ? kMonths : 1;
  ByPeriod periods;
  for (const auto& [month, moved] : months) periods[month / each] += moved;
  Wide held = 0;
  for (int at = periods.begin()->first; at <= periods.rbegin()->first; ++at) {
    const auto found = periods.find(at);
    const Moved moved = found == periods.end() ? Moved() : found->second;
    held += moved.change;
    told.periods.push_back(
        {told.by_year ? absl::StrCat(at) : absl::StrFormat("%04d-%02d", at / kMonths, at % kMonths + 1),
         Shown(moved.brought_in), Shown(moved.received), Shown(moved.passed_on), Shown(held)});
  }
  return told;
}

}  // namespace

int MonthOf(Date date) {
  const std::string day = fundtrail::ToString(date);
  int year = 0, month = 0;
  if (!absl::SimpleAtoi(Abseil(std::string_view(day).substr(0, kDigitsOfYear)), &year) ||
      !absl::SimpleAtoi(Abseil(std::string_view(day).substr(kMonthAt, kMonthDigits)), &month))
    return 0;
  return year * kMonths + month - 1;
}

StatusOr<std::vector<PartyAsset>> PartyPeriods(const View& view, const std::string& party,
                                               const std::string& asset, AsOfRecord as_of) {
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  FT_ASSIGN_OR_RETURN(const auto accounts, AccountsAsked(view, party, ""));
  const View then = Then(view, as_of);
  std::map<std::string, ByPeriod> by_asset;
  for (const model::AccountNumber account : accounts) {
    FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view, account));
    if (!asset.empty() && name.asset() != asset) continue;
    const auto take = [&](const Movement& movement) -> StatusOr<bool> {
      Take(movement, &by_asset[name.asset()]);
      return true;
    };
    FT_RETURN_IF_ERROR(EachMovement(then, account, {{}, as_of}, take).status());
  }
  std::vector<PartyAsset> assets;
  for (const auto& [code, months] : by_asset) {
    FT_ASSIGN_OR_RETURN(const auto said, NeedAsset(view, code));
    PartyAsset told = Told(months);
    told.asset = code;
    told.decimals = said.decimals();
    assets.push_back(std::move(told));
  }
  return assets;
}

}  // namespace fundtrail::query
