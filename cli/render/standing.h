// How something stands after all evaluations, the evaluations themselves, and who takes part, as a person and a
// spreadsheet read it. "No further payment recorded" is never called "reached".
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/standing.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// The verdict in words, each group's, and what is frozen.
Shown Text(const v1::StandingAnswer& answer, const Style& style);

Shown Text(const v1::EvaluationsAnswer& answer, const Style& style, bool continued = false);
// One line for each: evaluation, group, group_name, subject, subject_id, method, method_version, total, grade, verdict,
// stands, counts_as, improve_by, valid_until, annulled, open_appeals, old, day, record, report. Cells that a
// spreadsheet would run have guards (sheets/csv.h), or are raw.
std::string EvaluationsCsvHeader();
std::string EvaluationsCsvLines(const v1::EvaluationsAnswer& answer, sheets::Cells cells);

Shown Text(const v1::ParticipationAnswer& answer, const Style& style);

}  // namespace fundtrail::render
