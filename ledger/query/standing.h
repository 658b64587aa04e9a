// How a project, a programme, a policy or a party stands after all evaluations, and what of its money is frozen.
#pragma once

#include "fundtrail/v1/standing.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// INVALID_ARGUMENT when not one subject is named, or for a day that is not one. NOT_FOUND for a subject that is not
// there, or was not then; OUT_OF_RANGE for a record that is not there yet. Of a programme that is frozen it reads all
// projects.
StatusOr<v1::StandingAnswer> Standing(const View& view, const v1::StandingRequest& request);

}  // namespace fundtrail::query
