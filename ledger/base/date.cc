// See date.h.
#include "ledger/base/date.h"

#include <chrono>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"

namespace fundtrail {
namespace {

StatusOr<Date> FromCivil(int year, int month, int day, std::string_view text) {
  const std::chrono::year_month_day civil{std::chrono::year(year),
                                          std::chrono::month(static_cast<unsigned>(month)),
                                          std::chrono::day(static_cast<unsigned>(day))};
  if (!civil.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", Escaped(ClipToWidth(text, 40)), "\" is not a day of the calendar"));
  }
  const Date date(static_cast<std::int32_t>(std::chrono::sys_days(civil).time_since_epoch().count()));
  if (!IsWithinBounds(date)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the date \"", Escaped(ClipToWidth(text, 40)), "\" is outside the years 1900 to 2200"));
  }
  return date;
}

Status NotADate(std::string_view text, std::string_view format) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", Escaped(ClipToWidth(text, 40)), "\" is not a date written as ", Abseil(format)));
}

// Two digits from here on are as likely of the last century.
constexpr int kOldestShortYear = 70;

// Reads `min` to `max` digits at the front of `rest`; -1 when there are fewer.
int TakeNumber(std::string_view* rest, std::size_t min, std::size_t max) {
  int value = 0;
  std::size_t n = 0;
  while (n < max && n < rest->size() && (*rest)[n] >= '0' && (*rest)[n] <= '9') {
    value = value * 10 + ((*rest)[n++] - '0');
  }
  if (n < min) return -1;
  rest->remove_prefix(n);
  return value;
}

// `name` is how a message calls the format, which CheckDateFormat has passed.
StatusOr<Date> ParseAs(std::string_view text, std::string_view format, std::string_view name) {
  int year = 0;
  int month = 1;
  int day = 1;
  std::string_view rest = text;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      if (rest.empty() || rest.front() != format[i]) return NotADate(text, name);
      rest.remove_prefix(1);
      continue;
    }
    int* const part = format[++i] == 'm' ? &month : format[i] == 'd' ? &day : &year;
    *part = format[i] == 'Y' ? TakeNumber(&rest, 4, 4) : TakeNumber(&rest, format[i] == 'y' ? 2 : 1, 2);
    if (*part < 0) return NotADate(text, name);
    if (format[i] != 'y') continue;
    if (year >= kOldestShortYear) {
      return absl::InvalidArgumentError(absl::StrCat("\"", Escaped(ClipToWidth(text, 40)),
                                                     "\" has a year of two digits that may be 19", year,
                                                     " or 20", year));
    }
    year += 2000;
  }
  if (!rest.empty()) return NotADate(text, name);
  return FromCivil(year, month, day, text);
}

}  // namespace

StatusOr<Date> ParseDate(std::string_view text) {
  // The length leaves the month and the day no choice but two digits.
  if (text.size() != 10) return NotADate(text, "YYYY-MM-DD");
  return ParseAs(text, "%Y-%m-%d", "YYYY-MM-DD");
}

bool IsWithinBounds(Date date) {
  using std::chrono::sys_days, std::chrono::January, std::chrono::December;
  constexpr sys_days kFirst = std::chrono::year(1900) / January / 1;
  constexpr sys_days kLast = std::chrono::year(2200) / December / 31;
  return date.days() >= kFirst.time_since_epoch().count() && date.days() <= kLast.time_since_epoch().count();
}

std::string ToString(Date date) {
  const std::chrono::year_month_day civil{std::chrono::sys_days(std::chrono::days(date.days()))};
  const int year = static_cast<int>(civil.year());
  if (year >= 0 && year <= 9999) {  // an answer has thousands of them
    std::string digits = "0000-00-00";
    const auto put = [&](std::size_t last, unsigned number) {
      for (; number > 0; number /= 10) digits[last--] = static_cast<char>('0' + number % 10);
    };
    put(3, static_cast<unsigned>(year));
    put(6, static_cast<unsigned>(civil.month()));
    put(9, static_cast<unsigned>(civil.day()));
    return digits;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", year, static_cast<unsigned>(civil.month()),
                static_cast<unsigned>(civil.day()));
  return text;
}

Status CheckDateFormat(std::string_view format) {
  int years = 0;
  int months = 0;
  int days = 0;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    const char part = ++i < format.size() ? format[i] : '\0';
    int* seen = part == 'Y' || part == 'y' ? &years : part == 'm' ? &months : part == 'd' ? &days : nullptr;
    if (seen == nullptr || ++*seen > 1) {
      return absl::InvalidArgumentError(
          absl::StrCat("the date format \"", Escaped(format), "\" may have %Y or %y, %m and %d, each once"));
    }
  }
  if (years == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("the date format \"", Escaped(format), "\" does not say where the year is"));
  }
  return absl::OkStatus();
}

StatusOr<Date> ParseDateWith(std::string_view text, std::string_view format) {
  FT_RETURN_IF_ERROR(CheckDateFormat(format));
  return ParseAs(text, format, format);
}

bool IsWithinBounds(Timestamp time) {
  // Beyond these, chrono's 16-bit year would wrap round: 0000-01-01 and 9999-12-31 as days.
  constexpr std::int64_t kDay = std::int64_t{86'400} * 1'000'000, kFirst = -719'528, kLast = 2'932'896;
  return time.micros() >= kFirst * kDay && time.micros() < (kLast + 1) * kDay;
}

std::string ToString(Timestamp time) {
  using std::chrono::floor;
  const std::chrono::sys_time<std::chrono::microseconds> instant{std::chrono::microseconds(time.micros())};
  const auto midnight = floor<std::chrono::days>(instant);
  const std::chrono::year_month_day civil{midnight};
  if (!IsWithinBounds(time)) return absl::StrCat("@", time.micros());
  const std::chrono::hh_mm_ss clock{instant - midnight};
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(civil.year()),
                static_cast<unsigned>(civil.month()), static_cast<unsigned>(civil.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text;
}

Date DateOf(Timestamp time) {
  const std::chrono::sys_time<std::chrono::microseconds> instant{std::chrono::microseconds(time.micros())};
  return Date(
      static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(instant).time_since_epoch().count()));
}

std::uint32_t YearsBegun(Date first, Date day) {
  using std::chrono::year_month_day, std::chrono::sys_days, std::chrono::days;
  if (day < first) return 0;
  const year_month_day from{sys_days(days(first.days()))}, on{sys_days(days(day.days()))};
  year_month_day anniversary{on.year(), from.month(), from.day()};
  if (!anniversary.ok()) anniversary = on.year() / std::chrono::February / 28;
  const int gone = static_cast<int>(on.year()) - static_cast<int>(from.year());
  return static_cast<std::uint32_t>(anniversary <= on ? gone + 1 : gone);
}

}  // namespace fundtrail
