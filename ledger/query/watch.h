// Which records whoever watches a ledger is given, some at a time. It reads records alone, and keeps nothing between
// two calls.
#pragma once

#include <cstdint>
#include <string>

#include "fundtrail/v1/watch.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// INVALID_ARGUMENT for an unknown kind of action.
Status CheckWatch(const v1::WatchRequest& request);
// Whether an action of an entry by that author has all that the request says.
bool WatchWants(const v1::WatchRequest& request, const v1::Action& action, const std::string& author);
// The records from `from` on that the request wants. They go on until there is no more, the answer has some 64 KiB and one
// record, or many were looked at. The answer's `next` is where to go on; where it is the size of the view's checkpoint, all
// were looked at. The request is sound. DATA_LOSS for a record that cannot be read.
StatusOr<v1::WatchAnswer> WatchFrom(const View& view, const v1::WatchRequest& request, std::uint64_t from);

}  // namespace fundtrail::query
