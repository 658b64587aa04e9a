// See exit.h.
#include "cli/exit.h"

#include "ledger/model/refusal.h"

namespace fundtrail::cli {

Exit ExitFor(const Status& status) {
  if (status.ok()) return Exit::kYes;
  if (model::RefusalOf(status).has_value()) return Exit::kNo;
  switch (status.code()) {
    case absl::StatusCode::kDataLoss:  // what was read or answered is damaged, or was changed
    case absl::StatusCode::
        kFailedPrecondition:  // it is not as it would have to be: the policy's quorum is missing
      return Exit::kNo;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
      return Exit::kUsage;
    default:
      return Exit::kUnavailable;
  }
}

}  // namespace fundtrail::cli
