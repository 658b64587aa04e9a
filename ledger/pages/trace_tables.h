// The tables of a trace, on pages and in files: where it ends, from hand to hand, and the payments on the way.
#pragma once

#include <string>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

Table EndsTable(const Asking& asking, v1::Direction direction);
void AddEnds(const Asking& asking, v1::Direction direction, const v1::AssetTrace& trace, Table* table);
Table FlowsTable(const Asking& asking, const std::string& caption);
void AddFlows(const Asking& asking, const v1::AssetTrace& trace, Table* table);

// Flows and ends in one file: the column `what` tells them apart. Of several receipts each has its ends too, in columns of their own,
// so that no sum of a column counts money twice.
Table TraceFile(const Asking& asking, const v1::TraceAnswer& answer);

// The payments that moved the money, each once, in the order of the log: what a browser can check. Not all of them where the paths
// stopped at their budget, which is said.
StatusOr<Html> PaymentsOnTheWay(const Asking& asking, const v1::TraceAnswer& answer);

}  // namespace fundtrail::pages
