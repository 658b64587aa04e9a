// A ledger at a glance: how much was brought in and where it lies, who gave and got the most, and what is new.
#pragma once

#include "fundtrail/v1/summary.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// It reads every transfer (money_sums.h) and every item of the registers. INVALID_ARGUMENT for more than 100 donors,
// recipients and transfers. OUT_OF_RANGE for a record that is not there yet, and for a sum that does not fit in 63
// bits.
StatusOr<v1::SummaryAnswer> Summary(const View& view, const v1::SummaryRequest& request);

}  // namespace fundtrail::query
