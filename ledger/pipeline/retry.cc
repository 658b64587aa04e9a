// See retry.h.
#include "ledger/pipeline/retry.h"

#include <algorithm>
#include <string>

#include "absl/strings/cord.h"
#include "fundtrail/v1/submission.pb.h"

namespace fundtrail::pipeline {

Status AgainIn(std::chrono::milliseconds wait, std::string_view sentence) {
  v1::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(wait.count() / 1'000);
  info.mutable_retry_delay()->set_nanos(static_cast<int>(wait.count() % 1'000) * 1'000'000);
  Status status = absl::ResourceExhaustedError(std::string(sentence));
  status.SetPayload(kRetryInfo, absl::Cord(info.SerializeAsString()));
  return status;
}

std::optional<std::chrono::milliseconds> RetryDelay(const Status& status) {
  const auto payload = status.GetPayload(kRetryInfo);
  v1::RetryInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) return std::nullopt;
  const std::int64_t seconds = std::clamp<std::int64_t>(info.retry_delay().seconds(), 0, 60);
  const std::int64_t nanos = std::clamp<std::int64_t>(info.retry_delay().nanos(), 0, 999'999'999);
  return std::min(std::chrono::milliseconds(seconds * 1'000 + nanos / 1'000'000),
                  std::chrono::milliseconds(60'000));
}

}  // namespace fundtrail::pipeline
