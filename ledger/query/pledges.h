// What donors pledged, what of it is assigned, and what they paid. docs/supply.md has the rule of each figure.
#pragma once

#include "fundtrail/v1/pledges.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// In pages; the view must outlive them. `paging` cuts the answer, whatever the request says of that. Of a donor it
// reads the items that name the donor; else all pledges. NOT_FOUND for a party that is not there; INVALID_ARGUMENT for
// a day that is not one; OUT_OF_RANGE for a record that is not there yet.
StatusOr<Pages<v1::PledgesAnswer>> Pledges(const View& view, const v1::PledgesRequest& request,
                                           const Paging& paging);

}  // namespace fundtrail::query
