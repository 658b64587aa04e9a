// The question for the records themselves, byte for byte: whoever checks or copies a ledger begins with them.
#pragma once

#include "fundtrail/v1/records.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// In pages that are cut by their bytes and by `paging.limit`; the view must outlive them. DATA_LOSS for a record that is
// missing.
StatusOr<Pages<v1::RecordsAnswer>> Records(const View& view, const v1::RecordsRequest& request,
                                           const Paging& paging);

}  // namespace fundtrail::query
