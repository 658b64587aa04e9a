// For spreadsheets: amounts, and the lines of tables. Answers are JSON in json.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fundtrail/v1/checkpoint.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// Without thousands marks: "1234.00".
std::string PlainMoney(std::int64_t amount, std::uint32_t decimals);

// The first line of a table, and a line of it. At the end of each stands the checkpoint that the answer holds at: ledger, size, root.
std::string CsvTitles(std::vector<std::string> titles, sheets::Cells how = sheets::Cells::kRaw);
std::string CsvRow(std::vector<std::string> cells, const v1::CheckpointRef& as_of, sheets::Cells how);

}  // namespace fundtrail::render
