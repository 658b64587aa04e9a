// Fields of a request as values: what a client wrote as a day, read once, where the question is answered.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/base/date.h"
#include "ledger/base/status.h"

namespace fundtrail::query {

// Value dates, both included.
struct DatePeriod {
  std::optional<Date> since, until;
  bool IsOver(Date date) const { return until.has_value() && date > *until; }
  bool HasBegun(Date date) const { return !since.has_value() || date >= *since; }
  bool operator==(const DatePeriod&) const = default;
};

// The day in a field, nothing when it is empty. INVALID_ARGUMENT, with the field's name, for a day that is not one.
StatusOr<std::optional<Date>> Day(const char* field, const std::string& text);

// A period as a client wrote it in `since` and `until`. Empty: without that bound.
struct DaysAsked {
  std::string since, until;
};
StatusOr<DatePeriod> PeriodOf(const DaysAsked& asked);
StatusOr<std::vector<DatePeriod>> PeriodsOf(const std::vector<DaysAsked>& asked);

}  // namespace fundtrail::query
