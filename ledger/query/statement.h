// Statements of a party's accounts, in pages as bookkeepers keep them: each is brought forward from the one before.
#pragma once

#include "fundtrail/v1/statement.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// The movements of each account with a value date in the period, in the order of the log. held_before + total_in -
// total_out = held_after, on each page for the part that it shows. Of a SOURCE, payments out bring in what they pay and
// change nothing in what it holds. An account without lines has a statement too, if it was there `as_of`. `paging` cuts
// the answer, whatever the request says of that; the view must outlive the pages. With all below a party, or of a programme, each
// line says whether the other side is stated too. NOT_FOUND for a party, fund or programme that the ledger does not have,
// OUT_OF_RANGE for a record that is not there yet, RESOURCE_EXHAUSTED for more than 1,000 parties or 100,000 accounts.
StatusOr<Pages<v1::StatementAnswer>> Statement(const View& view, const v1::StatementRequest& request,
                                               const Paging& paging);

}  // namespace fundtrail::query
