// Who sits in a group, and which places have none, as a person and a spreadsheet read it.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/groups.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// Ends with whether the group can act, in words.
Shown Text(const v1::GroupAnswer& answer, const Style& style);
// One line for each seat: seat, party, party_name, kind, role, state, from, until, acts, signed, recused, attendance,
// record. The attendance is of 10,000. Cells that a spreadsheet would run have guards (sheets/csv.h), or are raw.
std::string GroupCsv(const v1::GroupAnswer& answer, sheets::Cells cells);

// The places, and of how many they are.
Shown Text(const v1::MissingGroupsAnswer& answer, const Style& style, bool continued = false);
// One line for each place: place, place_name, needs, severity.
std::string MissingGroupsCsvHeader();
std::string MissingGroupsCsvLines(const v1::MissingGroupsAnswer& page, sheets::Cells cells);

}  // namespace fundtrail::render
