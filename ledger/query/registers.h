// The question that shows every register: single items, all versions of one, all items, or a tree.
#pragma once

#include "fundtrail/v1/registers.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// In pages; the view must outlive them. `paging` cuts the answer, whatever the request says of that. INVALID_ARGUMENT
// for a register that does not exist, or a question that asks for two things at once. NOT_FOUND for an id; OUT_OF_RANGE
// for a record that is not there yet.
StatusOr<Pages<v1::RegistersAnswer>> Registers(const View& view, const v1::RegistersRequest& request,
                                               const Paging& paging);

}  // namespace fundtrail::query
