// Which places of a level have a need that was verified, and no group of a kind.
#pragma once

#include "fundtrail/v1/groups.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// It reads the places that are asked about, the needs there, and all groups. A place has a group when one of the kind
// is for that very place, goes on, and has the day in its term. One of a wider place is not its own. NOT_FOUND for a
// place that is not there; INVALID_ARGUMENT for an unknown kind or level, and for a day that is not one. OUT_OF_RANGE
// for a record that is not there yet.
StatusOr<Pages<v1::MissingGroupsAnswer>> MissingGroups(const View& view,
                                                       const v1::MissingGroupsRequest& request,
                                                       const Paging& paging);

}  // namespace fundtrail::query
