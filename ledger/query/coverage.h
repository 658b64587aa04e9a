// Who is left out: needs against the money and the teams of projects. docs/coverage.md says how each figure is reckoned.
#pragma once

#include "fundtrail/v1/coverage.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// It reads each register once, and the sums of projects and of needs; never a transfer. With a place it reads what
// names that place or one below it. Not so when money stands at recipients' seats, or what was booked at a place stands
// at its successor. NOT_FOUND for a place, a category or an asset that is not there. INVALID_ARGUMENT for a day that is
// not one, more than ten levels, or an asset that must be named. OUT_OF_RANGE for a record that is not there yet, and
// for sums that do not fit in 63 bits.
StatusOr<v1::CoverageAnswer> Coverage(const View& view, const v1::CoverageRequest& request);

}  // namespace fundtrail::query
