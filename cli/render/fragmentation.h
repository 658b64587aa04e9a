// In how many hands help lies, as a person and a spreadsheet read it.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/fragmentation.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// A line for each kind, with those that have the most money.
Shown Text(const v1::FragmentationAnswer& answer, const Style& style);
// One line for each part of each kind, which has the figures of its kind too: kind, count, effective, largest, id,
// name, amount. A kind with no part has one line without an id. Cells that a spreadsheet would run have guards
// (sheets/csv.h), or are raw.
std::string FragmentationCsv(const v1::FragmentationAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
