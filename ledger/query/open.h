// How people can take part: calls in force, needs of which something is open, and projects that lack money.
// docs/publicity.md has the rules.
#pragma once

#include "fundtrail/v1/publicity.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// It reads notices, needs, projects and sums, and never a transfer. NOT_FOUND for a place or a category that is not
// there. INVALID_ARGUMENT for a day that is not one; OUT_OF_RANGE for a record that is not there yet.
StatusOr<v1::OpenAnswer> Open(const View& view, const v1::OpenRequest& request);

}  // namespace fundtrail::query
