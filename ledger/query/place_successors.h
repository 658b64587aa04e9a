// The places of a day: what was booked at a place that others succeeded stands at its successor.
#pragma once

#include <string>
#include <vector>

#include "ledger/query/item_tree.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// Of each place of a whole tree the place that stands for it on the day. That is the place itself where none succeeds it,
// and while it is there itself. It is not there any more when it ended, or its last day is before that day. A place succeeds those
// that it names, from its own first day on. It may be succeeded again, and then the last one stands for all; one that
// ended, and that nothing succeeds, does not count. Several successors stand together: that is the lowest place that
// has them all, or kNoItem where nothing has. Where places succeed each other in a circle, what would close it does not
// count.
StatusOr<std::vector<int>> PlacesOn(const View& view, const ItemTree& places, const std::string& day,
                                    AsOfRecord as_of);

}  // namespace fundtrail::query
