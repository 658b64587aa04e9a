// See checkpoints.h.
#include "ledger/query/checkpoints.h"

namespace fundtrail::query {

StatusOr<v1::CheckpointAnswer> GetCheckpoint(const View& view, const v1::CheckpointRequest& /*request*/) {
  v1::CheckpointAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (view.cosigned != nullptr) *answer.mutable_cosigned() = *view.cosigned;
  return answer;
}

}  // namespace fundtrail::query
