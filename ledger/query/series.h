// How money came and went over time: by day, month or year, of a party, of a fund or of the whole ledger.
#pragma once

#include <vector>

#include "fundtrail/v1/series.pb.h"
#include "ledger/query/request_fields.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// It reads every transfer (money_sums.h), and keeps a line for each asset and period in which one counts. What moves
// between the accounts that were asked for is neither received nor paid. Each line begins with what the one before
// ended with.
//
// NOT_FOUND for a party, a fund, an asset or a programme that is not there. INVALID_ARGUMENT for a day that is not one, or a wrong
// kind of period. OUT_OF_RANGE for a record that is not there yet, and for a sum that does not fit in 63 bits.
StatusOr<v1::SeriesAnswer> Series(const View& view, const v1::SeriesRequest& request);
// The same question in several periods, in the place of its own days: the transfers are read once for all of them.
StatusOr<std::vector<v1::SeriesAnswer>> SeriesOfPeriods(const View& view, const v1::SeriesRequest& request,
                                                        const std::vector<DaysAsked>& periods);

}  // namespace fundtrail::query
