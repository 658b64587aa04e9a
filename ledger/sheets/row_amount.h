// How much a row of a spreadsheet pays, and of what, from its two cells by an import map. Inside sheets/: others use rows.h.
#pragma once

#include <string>

#include "ledger/base/status.h"
#include "ledger/sheets/map.h"
#include "ledger/sheets/row.h"

namespace fundtrail::sheets {

// Sets the row's amount, asset and decimals, from the cells of the amount and of the asset; the second may be empty where
// the first has a unit. An error names the field.
Status ReadAmount(const ImportMap& map, const std::string& cell, const std::string& asset, Row* row);
// Whether the cell of an amount is zero, of whatever asset.
bool IsZeroAmount(const ImportMap& map, const std::string& cell);

}  // namespace fundtrail::sheets
