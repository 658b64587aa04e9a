// What is committed and not paid, as a person and a spreadsheet read it.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/committed.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

Shown Text(const v1::CommittedAnswer& answer, const Style& style);
// One line for each line and asset.
std::string CommittedCsv(const v1::CommittedAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
