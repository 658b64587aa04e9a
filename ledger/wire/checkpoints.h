// Checkpoints as answers show them.
#pragma once

#include <string_view>

#include "fundtrail/v1/checkpoint.pb.h"
#include "ledger/base/status.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::wire {

// What it says, without its note.
v1::CheckpointRef ToRef(const tree::Checkpoint& checkpoint);
// The checkpoint that the note is, and the note. INVALID_ARGUMENT when it is none; signatures are not looked at.
StatusOr<v1::CheckpointRef> CheckpointOf(std::string_view note);

}  // namespace fundtrail::wire
