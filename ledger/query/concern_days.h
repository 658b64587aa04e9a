// The days of a concern: until when it is to be received and answered, and how late it is. They are compared as dates:
// what is due on a day is late on the next one.
#pragma once

#include "fundtrail/v1/answers.pb.h"
#include "ledger/base/date.h"
#include "ledger/books/concerns.h"

namespace fundtrail::query {

inline constexpr int kReceiptWorkingDays = 2;
using books::kAnswerDays;
inline constexpr int kVeryLateDays = 40;
inline constexpr int kMakeGoodDays = 60;  // of fake help that was found right, from the ACTION on

// The day so many days later.
inline Date After(Date day, int days) { return Date(day.days() + days); }
// So many working days later: Monday to Friday. No ledger knows holidays.
Date AfterWorkingDays(Date day, int days);
// How a concern stands on that day that nobody answered and nobody closed.
v1::ConcernLine::State Waiting(Date raised, bool received, Date on);

}  // namespace fundtrail::query
