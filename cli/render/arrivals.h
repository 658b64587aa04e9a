// What arrived, as a person and a spreadsheet read it: payments to recipients, and the members of a sample.
#pragma once

#include <string>

#include "cli/render/item_names.h"
#include "cli/render/style.h"
#include "fundtrail/v1/answers.pb.h"
#include "fundtrail/v1/transfers.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// Instead of the next: "received (village)", "partly 40.00 (village)"; nothing where nobody said anything.
Shown ArrivalWords(const v1::TransferLine& line);

Shown Text(const v1::AcknowledgementsAnswer& answer, const Style& style, bool continued = false);
Shown Text(const v1::SampleAnswer& answer, const Style& style);

// One line for each payment: ref, date, recorded, to, to_name, fund, project, asset, paid, arrived, status,
// silent_days, result, by, channel, sample, arrived_on, note, record. Cells that a spreadsheet would run have guards
// (sheets/csv.h), or are raw.
std::string AcknowledgementsCsvHeader();
// `names` has those of the page and of all before it.
std::string AcknowledgementsCsvLines(const v1::AcknowledgementsAnswer& answer, const ItemNames& names,
                                     sheets::Cells cells);

}  // namespace fundtrail::render
