// The hits of a search, as a person and a spreadsheet read them.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/search.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// With what was looked at, and what was not.
Shown Text(const v1::SearchAnswer& answer, const v1::SearchRequest& request, const Style& style);
// One line for each hit. Cells that a spreadsheet would run have guards (sheets/csv.h), or are raw.
std::string SearchCsvHeader();
std::string SearchCsvLines(const v1::SearchAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
