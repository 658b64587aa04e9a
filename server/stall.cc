// See stall.h.
#include "server/stall.h"

#include <grpc/grpc.h>

#include <chrono>

#include "absl/strings/str_cat.h"

namespace fundtrail::server {

Stall::Stall(grpc::CallbackServerContext* context, double most_seconds)
    : most_seconds_(most_seconds), call_(std::make_shared<Call>()) {
  call_->context = context;
}

Stall::~Stall() {
  const std::lock_guard lock(call_->mutex);
  call_->context = nullptr;
}

void Stall::Sending() {
  std::uint64_t sending = 0;
  {
    const std::lock_guard lock(call_->mutex);
    sending = ++call_->sending;
  }
  const auto until = std::chrono::system_clock::now() +
                     std::chrono::milliseconds(static_cast<std::int64_t>(most_seconds_ * 1'000));
  alarm_ = std::make_unique<grpc::Alarm>();  // one alarm goes off once
  alarm_->Set(until, [call = call_, sending, most = most_seconds_](bool went_off) {
    const std::lock_guard lock(call->mutex);
    if (!went_off || call->context == nullptr || call->sending != sending) return;
    const std::string why = absl::StrCat("nothing of the answer was taken for ", most, " s");
    // TryCancel would not say why.
    grpc_call_cancel_with_status(call->context->c_call(), GRPC_STATUS_DEADLINE_EXCEEDED, why.c_str(),
                                 nullptr);
  });
}

void Stall::Sent() {
  {
    const std::lock_guard lock(call_->mutex);
    ++call_->sending;
  }
  alarm_.reset();
}

}  // namespace fundtrail::server
