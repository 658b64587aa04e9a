// Who recorded what, record by record in a few words: the question of an auditor for what came between two checkpoints.
#pragma once

#include "fundtrail/v1/log.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// The records that fit the request, the newest first unless it says otherwise. They are read one after another, and a page
// ends after some 20,000 of them, however few fit. The view must outlive the pages. INVALID_ARGUMENT for a kind, a key or a
// range that cannot be. NOT_FOUND for a party that the ledger does not have. OUT_OF_RANGE for a record that is not there
// yet, or for a sum of 64 bits.
StatusOr<Pages<v1::LogAnswer>> Log(const View& view, const v1::LogRequest& request, const Paging& paging);

}  // namespace fundtrail::query
