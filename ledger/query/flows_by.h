// Who pays whom, grouped by parties, places, programmes, funds, projects, years or kinds of transfers.
#pragma once

#include <vector>

#include "fundtrail/v1/flows.pb.h"
#include "ledger/query/request_fields.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// It reads every transfer (money_sums.h), by places their records too, and keeps a sum for each group and asset. Each transfer
// counts in one group, so that the groups of an asset add up to its total.
//
// NOT_FOUND for a fund or an asset that is not there; INVALID_ARGUMENT for a day that is not one, or a wrong kind of group.
// OUT_OF_RANGE for a record that is not there yet, and for a sum that does not fit in 63 bits. RESOURCE_EXHAUSTED when the ledger
// has more than kMaxSummedAccounts.
StatusOr<v1::FlowsByAnswer> FlowsBy(const View& view, const v1::FlowsByRequest& request);
// The same question in several periods, in the place of its own days: the transfers are read once for all of them.
StatusOr<std::vector<v1::FlowsByAnswer>> FlowsByOfPeriods(const View& view, const v1::FlowsByRequest& request,
                                                          const std::vector<DaysAsked>& periods);

}  // namespace fundtrail::query
