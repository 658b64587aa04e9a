// What an auditor looks for, as a person and a spreadsheet read it. No word accuses: a finding says where to look.
#pragma once

#include <cstdint>
#include <string>

#include "cli/render/item_names.h"
#include "cli/render/style.h"
#include "fundtrail/v1/findings.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// By rule, at most `top` findings of each; 0 means all. What was left out is said.
Shown Text(const v1::FindingsAnswer& answer, std::uint64_t top, const Style& style);
// One line for each finding. Cells that a spreadsheet would run have guards (sheets/csv.h), or are raw.
std::string FindingsCsvHeader();
// `names` has those of the page and of all before it.
std::string FindingsCsvLines(const v1::FindingsAnswer& answer, const ItemNames& names, sheets::Cells cells);
// The rules of this program: what each compares, its parameters, what would explain its findings.
Shown FindingRulesText(const Style& style);

}  // namespace fundtrail::render
