// The question for the newest checkpoints.
#pragma once

#include "fundtrail/v1/checkpoint.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// The view's checkpoint, and the one that witnesses cosigned, if there is one.
StatusOr<v1::CheckpointAnswer> GetCheckpoint(const View& view, const v1::CheckpointRequest& request);

}  // namespace fundtrail::query
