// Who holds money that is not passed on, as a person and a spreadsheet read it.
#pragma once

#include <string>

#include "cli/render/item_names.h"
#include "cli/render/style.h"
#include "fundtrail/v1/idle.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

Shown Text(const v1::IdleAnswer& answer, const v1::IdleRequest& request, const Style& style);
// One line for each account, or for each party and asset. Cells that a spreadsheet would run have guards
// (sheets/csv.h), or are raw.
std::string IdleCsvHeader();
// `names` has those of the page and of all before it.
std::string IdleCsvLines(const v1::IdleAnswer& answer, const ItemNames& names, sheets::Cells cells);

}  // namespace fundtrail::render
