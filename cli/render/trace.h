// A trace as a person reads it. Each text ends with the sum: what was asked is what ended.
// Money that is committed and not paid is told wherever there is any, and else no word is said of it.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/trace.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

Shown TraceTree(const v1::TraceAnswer& answer, const Style& style);
Shown TraceFlows(const v1::TraceAnswer& answer, const Style& style);
Shown TracePaths(const v1::TraceAnswer& answer, const Style& style);
// One line a flow, and one an end: what,from,from_name,to,to_name,fund,asset,amount,transfers,first,last,
// committed,project,ended,ledger,size,root,method. `amount` is of flows, and counts money at each hop. `ended` is of ends, and
// adds up to what was asked. Where they were asked for, there are receipt,receipt_ended with the ends of each receipt, and
// ended_pro_rata with each end by the second method. Cells that a spreadsheet would run have guards (sheets/csv.h), or are raw.
std::string TraceCsv(const v1::TraceAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
