// What is committed and not paid: by payer, recipient, fund or project, or over the years.
#pragma once

#include "fundtrail/v1/committed.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// It reads every transfer (money_sums.h), and keeps a sum for each line. A transfer of the stage COMMITTED commits; one that sends
// it back with the same stage takes it back from the lines that it was committed in; and one that sends that back commits anew.
// An exchange counts in the asset that is received. Each line adds up: before + committed - taken back = open.
//
// NOT_FOUND for a party, a fund or an asset that is not there; INVALID_ARGUMENT for a day that is not one, or a wrong kind of
// line. OUT_OF_RANGE for a record that is not there yet, and for a sum that does not fit in 63 bits.
StatusOr<v1::CommittedAnswer> Committed(const View& view, const v1::CommittedRequest& request);

}  // namespace fundtrail::query
