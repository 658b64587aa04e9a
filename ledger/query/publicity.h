// What was made public where: notices, calls and channels of each place, and the places with a need that no call reached.
// The page docs/publicity.md says how each figure is reckoned.
#pragma once

#include "fundtrail/v1/publicity.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// It reads all notices, the places asked for, and the needs there; never a transfer. NOT_FOUND for a place or a
// category that is not there. INVALID_ARGUMENT for a day that is not one, or too many days; OUT_OF_RANGE for a record
// that is not there yet.
StatusOr<v1::PublicityAnswer> Publicity(const View& view, const v1::PublicityRequest& request);

}  // namespace fundtrail::query
