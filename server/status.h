// Errors on the wire: absl's codes are gRPC's; a refusal, how long to wait, and who else takes entries travel in the details of
// google.rpc.Status. The one place that maps them, both ways.
#pragma once

#include <grpcpp/support/status.h>

#include "fundtrail/v1/submission.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::server {

grpc::Status ToGrpc(const Status& status);
// Of a call that failed, as the ledger itself would have said it.
Status FromGrpc(const grpc::Status& status);

// Inside an answer, for one entry of many. OK is no error.
v1::Error ToError(const Status& status);
Status FromError(const v1::Error& error);

}  // namespace fundtrail::server
