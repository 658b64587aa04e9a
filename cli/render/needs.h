// Needs as a person and a spreadsheet read them: how severe, what is asked for, what came and what is open. The text
// ends with what all of them come to, and with what is left out.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/needs.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// `request` says which were left out.
Shown Text(const v1::NeedsAnswer& answer, const v1::NeedsRequest& request, const Style& style);

// One line for each:
//   need, owner, place, place_name, category, category_name, target_group, severity, priority, people, quantity, unit,
//   asset, years, asked, direct, by_projects, committed, open, state, found, from, until, recurring, record, opened,
//   beyond, assigned
// Of a need without an asset the sums are empty. `beyond` says yes where more came
// than can be counted: then what came and what is open are empty. Cells that a spreadsheet would run have guards
// (sheets/csv.h), or are raw.
std::string NeedsCsvHeader();
std::string NeedsCsvLines(const v1::NeedsAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
