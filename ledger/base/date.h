// Dates, and instants in microseconds, as types that do not mix. Both are UTC: a ledger has no time zone.
// A date is a day of the Gregorian calendar from 1900-01-01 to 2200-12-31; what is outside is refused as a
// slip.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/base/status.h"

namespace fundtrail {

// Days since 1970-01-01.
class Date {
 public:
  constexpr Date() = default;
  explicit constexpr Date(std::int32_t days) : days_(days) {}
  constexpr std::int32_t days() const { return days_; }
  friend constexpr auto operator<=>(Date, Date) = default;

 private:
  std::int32_t days_ = 0;
};

// Microseconds since 1970-01-01T00:00:00Z.
class Timestamp {
 public:
  constexpr Timestamp() = default;
  explicit constexpr Timestamp(std::int64_t micros) : micros_(micros) {}
  constexpr std::int64_t micros() const { return micros_; }
  friend constexpr auto operator<=>(Timestamp, Timestamp) = default;

 private:
  std::int64_t micros_ = 0;
};

// Strictly "YYYY-MM-DD".
StatusOr<Date> ParseDate(std::string_view text);
// Whether it is one that ParseDate can give.
bool IsWithinBounds(Date date);
std::string ToString(Date date);
// How many years began from `first` to `day`, both included: 0 before `first`, 1 on it, 2 on its first anniversary. The
// anniversary of a 29 February is the 28th where the year has no 29th.
std::uint32_t YearsBegun(Date first, Date day);

// `format` has %Y (four digits), %m and %d (one or two digits), %y (two digits) and other signs that must be there as
// they are. A %y is of 2000 to 2069; 70 to 99 are refused, since they may be of either century. A month or day that the format
// does not name is the first. Nothing may follow.
StatusOr<Date> ParseDateWith(std::string_view text, std::string_view format);
// Whether ParseDateWith can use it: it names the year, each part once, and nothing else after a %.
Status CheckDateFormat(std::string_view format);

// "2026-11-24T10:00:00.000000Z". Total: an instant outside the years 0000 to 9999 is written as "@" and its
// micros.
std::string ToString(Timestamp time);
// Whether it is an instant of the years 0000 to 9999, which ToString can write as a date and a time.
bool IsWithinBounds(Timestamp time);
// The day in UTC on which it falls.
Date DateOf(Timestamp time);

}  // namespace fundtrail
