// Who pays whom, grouped, as a person and a spreadsheet read it.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/flows.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

Shown Text(const v1::FlowsByAnswer& answer, const Style& style);
// One line for each group and asset.
std::string FlowsByCsv(const v1::FlowsByAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
