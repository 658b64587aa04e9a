// A line of many, at the end of a text.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ledger/sheets/csv.h"

namespace fundtrail::sheets {

// What CsvLine (csv.h) makes of the fields.
void AppendCsvLine(std::span<const std::string_view> fields, Cells cells, std::string* text,
                   char separator = ',');

}  // namespace fundtrail::sheets
