// See published_checkpoint.h.
#include "ledger/witness/published_checkpoint.h"

#include "absl/strings/str_cat.h"
#include "ledger/wire/checkpoints.h"

namespace fundtrail::witness {

Status PublishedCheckpoint::Set(std::string_view note) {
  FT_ASSIGN_OR_RETURN(auto checkpoint, wire::CheckpointOf(note));
  const std::lock_guard lock(mutex_);
  if (newest_ != nullptr && newest_->size() > checkpoint.size()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "a checkpoint of ", newest_->size(), " records is published, and this one has ", checkpoint.size()));
  }
  newest_ = std::make_shared<const v1::CheckpointRef>(std::move(checkpoint));
  return absl::OkStatus();
}

}  // namespace fundtrail::witness
