// The money of one project: what was put in, where it lies, how far the project has come, and what it reached.
#pragma once

#include "fundtrail/v1/project.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// General money, when the request names no project: then neither its state nor who holds it is shown, and there are no
// results. NOT_FOUND for a project that is not there, or was not then. INVALID_ARGUMENT for a day that is not one;
// OUT_OF_RANGE for a record that is not there yet. As of a record it is not said since when money is held.
StatusOr<v1::ProjectMoneyAnswer> ProjectMoney(const View& view, const v1::ProjectMoneyRequest& request);

}  // namespace fundtrail::query
