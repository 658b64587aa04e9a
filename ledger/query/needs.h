// Which needs are there, and how far is each met: the most severe first. docs/needs.md has the rule of each figure.
#pragma once

#include "fundtrail/v1/needs.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// In pages; the view must outlive them. `paging` cuts the answer, whatever the request says of that. It reads needs,
// what was said about them, what was paid for them and the sums of projects, once, and never a transfer. NOT_FOUND for
// a place, a category or a need. INVALID_ARGUMENT for a day or a state that is not one, and for single needs with a
// scope or states. OUT_OF_RANGE for a record that is not there yet; RESOURCE_EXHAUSTED when more than 250,000 needs
// would have to be sorted. All of that is done here, before the first page: each need that is kept is told to
// View::Grow.
StatusOr<Pages<v1::NeedsAnswer>> Needs(const View& view, const v1::NeedsRequest& request,
                                       const Paging& paging);

}  // namespace fundtrail::query
