// See request_fields.h.
#include "ledger/query/request_fields.h"

namespace fundtrail::query {

StatusOr<std::optional<Date>> Day(const char* field, const std::string& text) {
  if (text.empty()) return std::optional<Date>();
  const auto date = ParseDate(text);
  if (!date.ok()) return Annotate(date.status(), field);
  return std::optional<Date>(*date);
}

StatusOr<DatePeriod> PeriodOf(const DaysAsked& asked) {
  DatePeriod period;
  FT_ASSIGN_OR_RETURN(period.since, Day("since", asked.since));
  FT_ASSIGN_OR_RETURN(period.until, Day("until", asked.until));
  return period;
}

StatusOr<std::vector<DatePeriod>> PeriodsOf(const std::vector<DaysAsked>& asked) {
  std::vector<DatePeriod> periods;
  for (const DaysAsked& days : asked) {
    FT_ASSIGN_OR_RETURN(const DatePeriod period, PeriodOf(days));
    periods.push_back(period);
  }
  return periods;
}

}  // namespace fundtrail::query
