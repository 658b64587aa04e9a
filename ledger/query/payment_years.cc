// See payment_years.h.
#include "ledger/query/payment_years.h"

#include <cstddef>

#include "ledger/base/date.h"
#include "ledger/query/money_sums.h"

namespace fundtrail::query {

std::set<std::string> YearsOf(const absl::flat_hash_set<std::int32_t>& days) {
  constexpr std::size_t kLetters = 4;
  std::set<std::string> years;
  for (const std::int32_t day : days) years.insert(fundtrail::ToString(Date(day)).substr(0, kLetters));
  return years;
}

StatusOr<std::set<std::string>> PaymentYears(const View& view, AsOfRecord as_of) {
  absl::flat_hash_set<std::int32_t> days;  // a date is made a text once
  FT_RETURN_IF_ERROR(MoneyWalk::EachRow(view, as_of, [&days](TransferRef, const model::TransferRow& row) {
    days.insert(row.date.days());
    return absl::OkStatus();
  }));
  return YearsOf(days);
}

}  // namespace fundtrail::query
