// See elsewhere.h.
#include "ledger/pipeline/elsewhere.h"

#include <chrono>

#include "absl/strings/cord.h"
#include "fundtrail/v1/submission.pb.h"
#include "ledger/pipeline/retry.h"

namespace fundtrail::pipeline {

namespace {

constexpr char kReason[] = "NOT_ACTIVE", kDomain[] = "fundtrail", kAddress[] = "address";
constexpr std::size_t kMaxAddress = 300;

}  // namespace

Status NotActive(const std::string& address, std::string_view sentence) {
  v1::ErrorInfo info;
  info.set_reason(kReason);
  info.set_domain(kDomain);
  if (!address.empty()) (*info.mutable_metadata())[kAddress] = address;
  Status status = absl::UnavailableError(std::string(sentence));
  status.SetPayload(kErrorInfo, absl::Cord(info.SerializeAsString()));
  const auto again = AgainIn(std::chrono::seconds(1), "").GetPayload(kRetryInfo);
  if (again.has_value()) status.SetPayload(kRetryInfo, *again);
  return status;
}

std::optional<std::string> ActiveIn(const Status& status) {
  const auto payload = status.GetPayload(kErrorInfo);
  v1::ErrorInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload)) || info.reason() != kReason ||
      info.domain() != kDomain)
    return std::nullopt;
  const auto found = info.metadata().find(kAddress);
  if (found == info.metadata().end() || found->second.size() > kMaxAddress) return std::string();
  return found->second;
}

}  // namespace fundtrail::pipeline
