// A trace as a person reads it. Each text ends with the sum: what was asked is what ended.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/answer.pb.h"
#include "ledger/exchange/csv.h"

namespace fundtrail::render {

std::string TraceTree(const v1::TraceAnswer& answer, const Style& style);
std::string TraceFlows(const v1::TraceAnswer& answer, const Style& style);
std::string TracePaths(const v1::TraceAnswer& answer, const Style& style);
// One line a flow, and one an end: what,from,from_name,to,to_name,fund,asset,amount,payments,first,last. Cells
// that a spreadsheet would run have guards (exchange/csv.h), or are raw.
std::string TraceCsv(const v1::TraceAnswer& answer, exchange::Cells cells);

}  // namespace fundtrail::render
