// Teams of whose project nobody heard for long.
#pragma once

#include "fundtrail/v1/duties.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// It reads all deployments, or those that name a place that is asked for, and the reports on their projects. NOT_FOUND
// for a place or a category that is not there. INVALID_ARGUMENT for a day that is not one; OUT_OF_RANGE for a record
// that is not there yet.
StatusOr<v1::IdleTeamsAnswer> IdleTeams(const View& view, const v1::IdleTeamsRequest& request);

}  // namespace fundtrail::query
