// See delivery_timeout.h. There is one alarm a call. When it goes off it looks how long the present message has been on its way.
// It is set again for the rest.
#include "server/delivery_timeout.h"

#include <grpc/grpc.h>
#include <grpcpp/alarm.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace fundtrail::server {

using Clock = std::chrono::steady_clock;

struct DeliveryTimeout::Call {
  Call(grpc::CallbackServerContext* of, double seconds, std::string words)
      : most(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1'000))),
        what(std::move(words)),
        context(of) {}

  const std::chrono::milliseconds most;
  const std::string what;
  std::mutex mutex;
  grpc::CallbackServerContext* context;    // null: the call is over
  std::optional<Clock::time_point> since;  // when what is on its way was sent
  std::unique_ptr<grpc::Alarm> alarm;      // null: none is set
};

DeliveryTimeout::DeliveryTimeout(grpc::CallbackServerContext* context, double most_seconds, std::string what)
    : call_(std::make_shared<Call>(context, most_seconds, std::move(what))) {}

DeliveryTimeout::~DeliveryTimeout() {
  std::unique_ptr<grpc::Alarm> alarm;  // goes after the lock, which its function takes
  const std::lock_guard lock(call_->mutex);
  call_->context = nullptr;
  alarm = std::move(call_->alarm);
}

void DeliveryTimeout::Sending() {
  const std::lock_guard lock(call_->mutex);
  call_->since = Clock::now();
  if (call_->alarm == nullptr) Watch(call_);
}

void DeliveryTimeout::Sent() {
  const std::lock_guard lock(call_->mutex);
  call_->since.reset();
}

// Holding the mutex.
void DeliveryTimeout::Watch(const std::shared_ptr<Call>& call) {
  const auto left = call->most - (Clock::now() - *call->since);
  call->alarm = std::make_unique<grpc::Alarm>();  // one goes off once
  call->alarm->Set(std::chrono::system_clock::now() + left, [call](bool went_off) {
    std::unique_ptr<grpc::Alarm> over;  // goes after the lock
    const std::lock_guard lock(call->mutex);
    if (!went_off || call->context == nullptr) return;
    over = std::move(call->alarm);
    if (!call->since.has_value()) return;
    if (Clock::now() - *call->since < call->most) {
      Watch(call);
      return;
    }
    const std::string why =
        absl::StrCat(call->what, " for ", static_cast<double>(call->most.count()) / 1'000, " s");
    // TryCancel would not say why.
    grpc_call_cancel_with_status(call->context->c_call(), GRPC_STATUS_DEADLINE_EXCEEDED, why.c_str(),
                                 nullptr);
  });
}

}  // namespace fundtrail::server
