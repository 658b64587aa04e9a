// What was made public where, and how people can take part, as a person and a spreadsheet read it.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/publicity.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

Shown Text(const v1::PublicityAnswer& answer, const Style& style);
Shown Text(const v1::OpenAnswer& answer, const Style& style);

// One line for each place: place, place_name, silent, needs, reached_by, notices, calls, web, board, meeting, radio,
// message, announcers. Cells that a spreadsheet would run have guards (sheets/csv.h), or are raw.
std::string PublicityCsv(const v1::PublicityAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
