// Which policies overlap, say the same, or conflict, and how much money is at stake. docs/policies.md has the rules.
#pragma once

#include "fundtrail/v1/policies.pb.h"
#include "ledger/query/pages.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// By the ids of both. It reads all policies, the trees that they name, the duties of their leads, and projects with
// their sums; never a transfer. Pairs are found by PolicyIndex, once to count them, and once more as pages are made.
// The view must outlive the pages. NOT_FOUND for a policy, a place or a category that is not there. INVALID_ARGUMENT
// for a day or a kind that is not one, and for a token of another question. OUT_OF_RANGE for a record that is not there
// yet.
StatusOr<Pages<v1::PolicyPairsAnswer>> PolicyPairs(const View& view, const v1::PolicyPairsRequest& request,
                                                   const Paging& paging);

}  // namespace fundtrail::query
