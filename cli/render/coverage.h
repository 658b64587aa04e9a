// Coverage as a person and a spreadsheet read it. The text ends with the sum, and no word says more than the records do.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/coverage.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// `request` says what the lines are, and which were left out.
Shown Text(const v1::CoverageAnswer& answer, const v1::CoverageRequest& request, const Style& style);
// One line for each, then one for the total:
//   kind, id, name, category, category_name, depth, every figure, state, crowded, how many cells below are in each state
// Columns that came later stand at the end. The ratio is a number:
// 0.5000; the severity is 1 to 5, or nothing. Cells that a spreadsheet would run have guards (sheets/csv.h), or are
// raw.
std::string CoverageCsv(const v1::CoverageAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
