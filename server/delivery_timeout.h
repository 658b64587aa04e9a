// Ends a call whose client does not do its part, as taking what it is sent: memory is held for it meanwhile.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace fundtrail::server {

class DeliveryTimeout {
 public:
  // `context` is not touched once this is gone. `what`: what was not done for so long, for the client.
  DeliveryTimeout(grpc::CallbackServerContext* context, double most_seconds,
                  std::string what = "nothing of the answer was taken");
  ~DeliveryTimeout();
  DeliveryTimeout(const DeliveryTimeout&) = delete;
  DeliveryTimeout& operator=(const DeliveryTimeout&) = delete;

  // Something is being sent: from now on it has so many seconds. DEADLINE_EXCEEDED ends the call after them. Cheap: no
  // clock is set anew for each.
  void Sending();
  // It was taken, or never will be.
  void Sent();

 private:
  struct Call;
  static void Watch(const std::shared_ptr<Call>& call);
  const std::shared_ptr<Call> call_;  // the alarm's too, which may go off late
};

// A unary call whose answer is watched until its client has it. Deletes itself.
class WatchedCall final : public grpc::ServerUnaryReactor {
 public:
  WatchedCall(grpc::CallbackServerContext* context, double most_seconds) : delivery_(context, most_seconds) {}
  // `room`, when there is any, is given back with the call.
  void End(const grpc::Status& status, std::shared_ptr<void> room = nullptr) {
    room_ = std::move(room);
    delivery_.Sending();
    Finish(status);
  }
  // The same after a while, with the status as it is then. Whoever sends again as soon as it has its answer is slowed so.
  void EndLater(std::chrono::milliseconds wait, std::function<grpc::Status()> status,
                std::shared_ptr<void> room) {
    later_ = std::make_unique<grpc::Alarm>();
    later_->Set(std::chrono::system_clock::now() + wait,
                [this, status = std::move(status), room = std::move(room)](bool /*went_off*/) {
                  End(status(), room);
                });
  }
  void OnDone() override { delete this; }

 private:
  DeliveryTimeout delivery_;
  std::shared_ptr<void> room_;
  std::unique_ptr<grpc::Alarm> later_;
};

}  // namespace fundtrail::server
