// Which policies are in force, and which of those who answer for them have accepted.
#pragma once

#include "fundtrail/v1/policies.pb.h"
#include "ledger/query/pages.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// By id, those that hold for a part of what is asked for, or more. It reads all policies, the trees that they name, the
// duties of those who answer, and projects. The view must outlive the pages. NOT_FOUND for a place or a category that
// is not there. INVALID_ARGUMENT for a day that is not one, and for a token of another question; OUT_OF_RANGE for a
// record that is not there yet.
StatusOr<Pages<v1::PoliciesAnswer>> Policies(const View& view, const v1::PoliciesRequest& request,
                                             const Paging& paging);

}  // namespace fundtrail::query
