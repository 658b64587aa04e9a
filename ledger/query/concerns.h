// The question for concerns: who is to answer, until when, how late it is, and what came of them.
#pragma once

#include "fundtrail/v1/answers.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// In pages, by id. It reads all concerns, or those about one item, once for the counts. NOT_FOUND for a place or party
// that the ledger does not have. INVALID_ARGUMENT for another register, an id without one, an unknown state or kind,
// and a day that is not one. OUT_OF_RANGE for a record that is not there yet. The view must outlive the pages.
StatusOr<Pages<v1::ConcernsAnswer>> Concerns(const View& view, const v1::ConcernsRequest& request,
                                             const Paging& paging);

}  // namespace fundtrail::query
