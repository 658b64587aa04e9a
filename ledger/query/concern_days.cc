// See concern_days.h.
#include "ledger/query/concern_days.h"

namespace fundtrail::query {

namespace {

// 1970-01-01 was a Thursday.
bool IsWorkingDay(Date day) { return ((day.days() + 3) % 7 + 7) % 7 < 5; }

}  // namespace

Date AfterWorkingDays(Date day, int days) {
  while (days > 0) {
    day = After(day, 1);
    if (IsWorkingDay(day)) --days;
  }
  return day;
}

v1::ConcernLine::State Waiting(Date raised, bool received, Date on) {
  if (on > After(raised, kVeryLateDays)) return v1::ConcernLine::STATE_VERY_OVERDUE;
  if (on > After(raised, kAnswerDays)) return v1::ConcernLine::STATE_OVERDUE;
  return received ? v1::ConcernLine::STATE_RECEIVED : v1::ConcernLine::STATE_OPEN;
}

}  // namespace fundtrail::query
