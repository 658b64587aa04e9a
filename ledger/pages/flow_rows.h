// Who pays whom as rows of a table: of all parties, by what groups them, and of one party.
#pragma once

#include <string>

#include "fundtrail/v1/flows.pb.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

// A group has two sides, or one: a payment has one year.
bool HasTwoSides(v1::FlowsByRequest::By by);
Table FlowsTable(const Asking& asking, const std::string& caption, v1::FlowsByRequest::By by);
void AddFlow(const Asking& asking, v1::FlowsByRequest::By by, const v1::FlowsByLine& line, Table* flows);
// What all groups of an asset have together.
Table FlowTotalsTable(const Asking& asking, const v1::FlowsByAnswer& answer);

// Who paid the party the most, and whom it paid the most. Nothing of a party with too many payments for its page, and where nobody did.
StatusOr<Html> LargestPartners(const Asking& asking, const std::string& party, bool joined);

}  // namespace fundtrail::pages
