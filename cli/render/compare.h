// How two periods differ, as a person and a spreadsheet read it.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/compare.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

Shown Text(const v1::CompareAnswer& answer, const v1::CompareRequest& request, const Style& style);
// One line for each line and asset.
std::string CompareCsv(const v1::CompareAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
