// Concerns as a person and a spreadsheet read them: who is to answer, until when, and what came of them.
#pragma once

#include <string>

#include "cli/render/item_names.h"
#include "cli/render/style.h"
#include "fundtrail/v1/answers.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

Shown Text(const v1::ConcernsAnswer& answer, const Style& style, bool continued = false);

// One line for each:
//   concern, raised_by, kind, about, id, raised, state, receipt_due, receipt_late, answer_due, answered, response,
//   response_by, response_words, closed_in, satisfied, answers, escalated_to, fake_help, fake_help_due, money_back,
//   words, record, opened
// Lists are separated by spaces. Cells that a spreadsheet would run
// have guards (sheets/csv.h), or are raw.
std::string ConcernsCsvHeader();
// `names` has those of the page and of all before it.
std::string ConcernsCsvLines(const v1::ConcernsAnswer& answer, const ItemNames& names, sheets::Cells cells);

}  // namespace fundtrail::render
