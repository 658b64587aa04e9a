// See date_text.h.
#include "ledger/sheets/date_text.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/text.h"

namespace fundtrail::sheets {
namespace {

constexpr std::size_t kMaxDateText = 64;

constexpr std::string_view kMonthNames[] = {"january",   "february", "march",    "april",
                                            "may",       "june",     "july",     "august",
                                            "september", "october",  "november", "december"};
constexpr std::string_view kDayNames[] = {"sunday",   "monday", "tuesday", "wednesday",
                                          "thursday", "friday", "saturday"};
constexpr std::string_view kOrdinals[] = {"st", "nd", "rd", "th"};
constexpr std::string_view kMidnights[] = {" 00:00",          " 0:00",      " 00:00:00",      "t00:00:00",
                                           " 00:00:00+00:00", "t00:00:00z", "t00:00:00+00:00"};

// A run of digits, a run of ASCII letters, or one other character.
struct DatePart {
  std::string text;
  bool number = false;
  bool word = false;
};

std::vector<DatePart> PartsOf(std::string_view text) {
  std::vector<DatePart> parts;
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    DatePart part;
    part.number = absl::ascii_isdigit(first);
    part.word = absl::ascii_isalpha(first);
    std::size_t end = at + 1;
    const auto belongs = [&](unsigned char c) {
      if (part.number) return absl::ascii_isdigit(c);
      if (part.word) return absl::ascii_isalpha(c);
      return (c & 0xc0) == 0x80;
    };
    while (end < text.size() && belongs(static_cast<unsigned char>(text[end]))) ++end;
    part.text = text.substr(at, end - at);
    if (part.text != " ") parts.push_back(std::move(part));
    at = end;
  }
  return parts;
}

// The cell in small letters, without what says midnight.
std::string DayText(std::string_view cell) {
  std::string text = absl::AsciiStrToLower(Abseil(cell));
  for (const std::string_view midnight : kMidnights) {
    if (text.size() <= midnight.size()) continue;
    const std::size_t front = text.size() - midnight.size();
    if (text.compare(front, midnight.size(), midnight.data(), midnight.size()) != 0) continue;
    text.resize(front);
    break;
  }
  return text;
}

bool IsYear(const DatePart& part) { return part.number && part.text.size() == 4; }
bool IsDayOrMonth(const DatePart& part) { return part.number && part.text.size() <= 2; }
int NumberOf(const DatePart& part) {
  int number = 0;
  for (const char c : part.text) number = number * 10 + (c - '0');
  return number;
}

// The number from 0 of the name that the word is, or is the first three letters of ("sept" too).
template <std::size_t N>
std::optional<int> NamedBy(const DatePart& part, const std::string_view (&names)[N]) {
  if (!part.word || part.text.size() < 3) return std::nullopt;
  for (std::size_t i = 0; i < N; ++i) {
    const bool whole = part.text == names[i];
    const bool short_form = part.text.size() <= 4 && names[i].substr(0, part.text.size()) == part.text;
    if (whole || short_form) return static_cast<int>(i);
  }
  return std::nullopt;
}

struct Civil {
  int year = 0;
  int month = 0;
  int day = 0;
  std::optional<int> weekday;  // from Sunday, when the cell names one
};

// "2026-1-5", "2026年1月5日", "20260105".
std::optional<Civil> YearFirst(const std::vector<DatePart>& parts) {
  if (parts.size() == 1 && parts[0].number && parts[0].text.size() == 8) {
    const std::string& text = parts[0].text;
    const auto part = [&](std::size_t at, std::size_t size) {
      return NumberOf({text.substr(at, size), true, false});
    };
    return Civil{part(0, 4), part(4, 2), part(6, 2), std::nullopt};
  }
  if (parts.size() < 5 || !IsYear(parts[0]) || !IsDayOrMonth(parts[2]) || !IsDayOrMonth(parts[4]))
    return std::nullopt;
  const Civil read{NumberOf(parts[0]), NumberOf(parts[2]), NumberOf(parts[4]), std::nullopt};
  const std::string& mark = parts[1].text;
  const bool same = mark == parts[3].text && (mark == "-" || mark == "/" || mark == ".");
  if (parts.size() == 5 && same) return read;
  const bool chinese = mark == "年" && parts[3].text == "月";
  const bool closed = parts.size() == 6 && (parts[5].text == "日" || parts[5].text == "号");
  if (chinese && closed) return read;
  return std::nullopt;
}

// "Friday, April 29, 2022": a name for the month, so that the numbers tell themselves apart.
std::optional<Civil> WithMonthName(const std::vector<DatePart>& parts) {
  Civil read;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const DatePart& part = parts[i];
    if (part.text == "," || part.text == "." || part.text == "-" || part.text == "/") continue;
    if (const auto month = NamedBy(part, kMonthNames); month.has_value() && read.month == 0) {
      read.month = *month + 1;
    } else if (const auto day = NamedBy(part, kDayNames); day.has_value() && !read.weekday.has_value()) {
      read.weekday = day;
    } else if (IsYear(part) && read.year == 0) {
      read.year = NumberOf(part);
    } else if (IsDayOrMonth(part) && read.day == 0) {
      read.day = NumberOf(part);
      const bool ordinal = i + 1 < parts.size() && std::find(std::begin(kOrdinals), std::end(kOrdinals),
                                                             parts[i + 1].text) != std::end(kOrdinals);
      if (ordinal) ++i;
    } else {
      return std::nullopt;
    }
  }
  if (read.month == 0 || read.year == 0 || read.day == 0) return std::nullopt;
  return read;
}

StatusOr<Date> DateOf(const Civil& read, std::string_view cell) {
  const std::string shown = Escaped(ClipToWidth(cell, 40));
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", read.year, read.month, read.day);
  auto date = ParseDate(text);
  if (!date.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", shown, "\" is not a day of the calendar from 1900 to 2200"));
  }
  if (!read.weekday.has_value()) return date;
  constexpr std::int32_t kThursday = 4;  // 1970-01-01
  const std::int32_t weekday = ((date->days() + kThursday) % 7 + 7) % 7;
  if (weekday == *read.weekday) return date;
  std::string name(kDayNames[static_cast<std::size_t>(weekday)]);
  name[0] = absl::ascii_toupper(static_cast<unsigned char>(name[0]));
  return absl::InvalidArgumentError(
      absl::StrCat("\"", shown, "\" names another weekday: ", ToString(*date), " is a ", name));
}

}  // namespace

std::vector<std::string> YearLastFormats(std::string_view cell) {
  std::vector<std::string> formats;
  if (cell.size() > kMaxDateText) return formats;
  const std::vector<DatePart> parts = PartsOf(DayText(cell));
  const bool form = parts.size() == 5 && IsDayOrMonth(parts[0]) && IsDayOrMonth(parts[2]) &&
                    parts[1].text == parts[3].text &&
                    (parts[1].text == "/" || parts[1].text == "-" || parts[1].text == ".") &&
                    parts[4].number && (parts[4].text.size() == 4 || parts[4].text.size() == 2);
  if (!form) return formats;
  const std::string& mark = parts[1].text;
  const std::string year = parts[4].text.size() == 4 ? "%Y" : "%y";
  const int first = NumberOf(parts[0]), second = NumberOf(parts[2]);
  const auto fits = [](int day, int month) { return day >= 1 && day <= 31 && month >= 1 && month <= 12; };
  if (fits(first, second)) formats.push_back(absl::StrCat("%d", mark, "%m", mark, year));
  if (fits(second, first)) formats.push_back(absl::StrCat("%m", mark, "%d", mark, year));
  return formats;
}

StatusOr<std::optional<Date>> ReadClearDate(std::string_view text) {
  // As most programs write it.
  constexpr std::size_t kIso = 10;
  if (text.size() == kIso && text[4] == '-' && text[7] == '-') {
    const auto date = ParseDate(text);
    if (date.ok()) return std::optional(*date);
  }
  if (text.size() > kMaxDateText) return std::optional<Date>();
  const std::vector<DatePart> parts = PartsOf(DayText(text));
  std::optional<Civil> read = YearFirst(parts);
  if (!read.has_value()) read = WithMonthName(parts);
  if (!read.has_value()) return std::optional<Date>();
  FT_ASSIGN_OR_RETURN(const Date date, DateOf(*read, text));
  return std::optional(date);
}

StatusOr<Date> ParseClearDate(std::string_view cell) {
  FT_ASSIGN_OR_RETURN(const auto date, ReadClearDate(cell));
  if (date.has_value()) return *date;
  const std::string shown = Escaped(ClipToWidth(cell, 40));
  const std::vector<std::string> formats = YearLastFormats(cell);
  if (formats.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", shown,
        "\" is not a date of a clear form, as 2026-01-05, 2026/1/5, 2026年1月5日 or 5 January 2026; "
        "write it so, or say its form under date_formats in the map"));
  }
  const std::string say = absl::StrJoin(formats, " or ", [](std::string* out, const std::string& format) {
    absl::StrAppend(out, "date_formats = [\"", format, "\"]");
  });
  return absl::InvalidArgumentError(
      absl::StrCat("\"", shown, "\" does not say by itself which number is the day and which the month; say ",
                   say, " in the map, for all rows"));
}

}  // namespace fundtrail::sheets
