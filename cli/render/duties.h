// Who answers for a place and a category, and which teams are idle, as a person and a spreadsheet read it. No word says more
// than the records do.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/duties.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// Ends with the verdict, in words.
Shown Text(const v1::WhoAnswersAnswer& answer, const Style& style);
// One line for each duty: duty, party, party_name, role, acceptance, accepted_in, place, category, programme, project, from,
// until, record, owner. Cells that a spreadsheet would run have guards (sheets/csv.h), or are raw.
std::string WhoAnswersCsv(const v1::WhoAnswersAnswer& answer, sheets::Cells cells);

// The teams, and how many could not be judged.
Shown Text(const v1::IdleTeamsAnswer& answer, const Style& style);
// One line for each team: deployment, party, party_name, project, place, category, since, reported, quiet_days, record.
std::string IdleTeamsCsv(const v1::IdleTeamsAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
