// Dates of which the form is clear by itself, as people and spreadsheets write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/date.h"
#include "ledger/base/status.h"

namespace fundtrail::sheets {

// How a map names these forms, beside formats as "%d/%m/%Y".
inline constexpr std::string_view kClearDates = "auto";

// `text` is a single line. What is read:
//   2026-01-05, 2026/1/5, 2026.1.5, 20260105   the year first
//   2026年1月5日, 2026年1月5号
//   5 January 2026, Jan. 5, 2026, 5-Jan-2026     English names of months, whole or of three letters, in any case
//   Friday, April 29, 2022                       a weekday, which must be that of the day
//   2026-01-05 00:00:00, 2026-01-05T00:00:00Z    midnight, which spreadsheets add
// INVALID_ARGUMENT for a day that is not in the calendar and for another day's weekday. Nothing for all else. "01/02/2026" may
// be two days and is never read. Neither is "13/02/2026": its neighbours may be in doubt, and all rows of a file are to be read
// alike.
StatusOr<std::optional<Date>> ReadClearDate(std::string_view text);

// The same of a cell in a file: INVALID_ARGUMENT for all else, with what to say in a map.
StatusOr<Date> ParseClearDate(std::string_view cell);

// The formats in which the year stands last that read the cell: for "01/02/2026" two, for "13/02/2026" one, for other
// cells none.
std::vector<std::string> YearLastFormats(std::string_view cell);

}  // namespace fundtrail::sheets
