// The least amount of a list of payments.
#pragma once

#include <cstdint>

#include "fundtrail/v1/transfers.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// The least amount that the question lists, in the smallest unit of its asset; 0 where it has none. INVALID_ARGUMENT for one that is no
// amount or stands without an asset, NOT_FOUND for an asset that is not there.
StatusOr<std::int64_t> LeastAmount(const View& view, const v1::ListRequest& request);

// Where the question has a least amount and no asset, and the ledger has one asset alone, that one goes without saying. For people: a
// program names it.
Status NameOnlyAsset(const View& view, v1::ListRequest* request);

}  // namespace fundtrail::query
