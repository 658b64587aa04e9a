// Which pledge could serve which need, as a person and a spreadsheet read it: the needs, why some go without, and the sums.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/match.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// Ends with what adds up.
Shown Text(const v1::MatchAnswer& answer, const v1::MatchRequest& request, const Style& style);
// One line for each part of a pledge for a need, and one with an empty pledge for what a need lacks after all. The columns:
//   need, place, place_name, category, category_name, severity, priority, people, asset, need_open, need_matched, part,
//   pledge, owner, amount
// `part` is pledge, extra or lacking.
std::string MatchCsv(const v1::MatchAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
