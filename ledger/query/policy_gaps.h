// Which needs no policy is for: places and categories that were left out.
#pragma once

#include "fundtrail/v1/policies.pb.h"
#include "ledger/query/pages.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// The worst first. It reads all policies, the trees that they name, and needs. The view must outlive the pages.
// NOT_FOUND for a place or a category that is not there. INVALID_ARGUMENT for a day that is not one, and for a token of
// another question; OUT_OF_RANGE for a record that is not there yet.
StatusOr<Pages<v1::PolicyGapsAnswer>> PolicyGaps(const View& view, const v1::PolicyGapsRequest& request,
                                                 const Paging& paging);

}  // namespace fundtrail::query
