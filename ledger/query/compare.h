// How two periods differ: bodies, payers and payees, or period by period.
#pragma once

#include "fundtrail/v1/compare.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// Asks the same question for both periods, of the same view (top.h, flows_by.h, series.h), and puts the answers side by side. The
// transfers are read once for both.
// What has no amount in either is left out. Of a series, the n-th day, month or year of one period is compared with the n-th of the
// other. Each line and each total adds up.
//
// INVALID_ARGUMENT where a day is missing or is not one, where no question is asked, and for `limit` or `after`. Else the errors
// of the question itself. OUT_OF_RANGE also for a sum or a difference that does not fit in 63 bits.
StatusOr<v1::CompareAnswer> Compare(const View& view, const v1::CompareRequest& request);

}  // namespace fundtrail::query
