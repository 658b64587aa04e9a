// See status.h.
#include "server/status.h"

#include "absl/strings/cord.h"
#include "ledger/model/refusal.h"
#include "ledger/pipeline/elsewhere.h"
#include "ledger/pipeline/retry.h"

namespace fundtrail::server {
namespace {

// It travels in headers, in which gRPC takes 16 kB at most and uses three bytes for one of another script.
constexpr std::size_t kMaxStatusBytes = 1'000;

// Names that were asked for stand in sentences, and may be of any length.
std::string Shortened(std::string text) {
  if (text.size() <= kMaxStatusBytes) return text;
  std::size_t end = kMaxStatusBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not within a character
  return text.substr(0, end) + "…";
}

}  // namespace

v1::Error ToError(const Status& status) {
  v1::Error error;
  error.set_code(static_cast<int>(status.code()));
  error.set_message(Shortened(std::string(status.message())));
  auto refusal = model::RefusalOf(status);
  if (refusal.has_value()) {
    refusal->set_field(Shortened(refusal->field()));
    refusal->set_sentence(Shortened(refusal->sentence()));
    error.add_details()->PackFrom(*refusal);
  }
  for (const char* const type : {pipeline::kRetryInfo, pipeline::kErrorInfo}) {
    const auto payload = status.GetPayload(type);
    if (!payload.has_value()) continue;
    auto* const detail = error.add_details();
    detail->set_type_url(type);
    detail->set_value(std::string(*payload));
  }
  return error;
}

Status FromError(const v1::Error& error) {
  Status status(static_cast<absl::StatusCode>(error.code()), error.message());
  for (const auto& detail : error.details()) {
    v1::Refusal refusal;
    if (detail.Is<v1::Refusal>() && detail.UnpackTo(&refusal)) {
      return model::Refuse(refusal.code(), refusal.field(), refusal.sentence());
    }
    for (const char* const type : {pipeline::kRetryInfo, pipeline::kErrorInfo})
      if (detail.type_url() == type) status.SetPayload(type, absl::Cord(detail.value()));
  }
  return status;
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
