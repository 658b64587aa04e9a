// See status.h.
#include "server/status.h"

#include "ledger/model/refusal.h"

namespace fundtrail::server {

v1::Error ToError(const Status& status) {
  v1::Error error;
  error.set_code(static_cast<int>(status.code()));
  error.set_message(std::string(status.message()));
  const auto refusal = model::RefusalOf(status);
  if (refusal.has_value()) error.add_details()->PackFrom(*refusal);
  return error;
}

Status FromError(const v1::Error& error) {
  for (const auto& detail : error.details()) {
    v1::Refusal refusal;
    if (detail.Is<v1::Refusal>() && detail.UnpackTo(&refusal)) {
      return model::Refuse(refusal.code(), refusal.field(), refusal.sentence());
    }
  }
  return {static_cast<absl::StatusCode>(error.code()), error.message()};
}

grpc::Status ToGrpc(const Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const v1::Error error = ToError(status);
  return {static_cast<grpc::StatusCode>(error.code()), error.message(),
          error.details().empty() ? std::string() : error.SerializeAsString()};
}

Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  v1::Error error;
  if (!status.error_details().empty() && error.ParseFromString(status.error_details()))
    return FromError(error);
  return {static_cast<absl::StatusCode>(status.error_code()), status.error_message()};
}

}  // namespace fundtrail::server
