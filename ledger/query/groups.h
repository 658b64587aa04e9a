// Who sits in a group, which kinds of members it lacks, and who comes when it acts.
#pragma once

#include "fundtrail/v1/groups.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// It reads the group's seats, at most 256, and all of its acts. NOT_FOUND for a group that is not there;
// INVALID_ARGUMENT for a day that is not one; OUT_OF_RANGE for a record that is not there yet.
StatusOr<v1::GroupAnswer> Group(const View& view, const v1::GroupRequest& request);

}  // namespace fundtrail::query
