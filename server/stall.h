// Ends a call whose client does not take what it is sent: a page and a snapshot are held for it meanwhile.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <memory>
#include <mutex>

namespace fundtrail::server {

class Stall {
 public:
  // `context` is not touched once this is gone.
  Stall(grpc::CallbackServerContext* context, double most_seconds);
  ~Stall();
  Stall(const Stall&) = delete;
  Stall& operator=(const Stall&) = delete;

  // Something is being sent: from now on it has so many seconds. DEADLINE_EXCEEDED ends the call after them.
  void Sending();
  // It was taken, or never will be.
  void Sent();

 private:
  struct Call {
    std::mutex mutex;
    grpc::CallbackServerContext* context;  // null: the call is over
    std::uint64_t sending = 0;             // changes when something is sent, and when it was
  };

  const double most_seconds_;
  const std::shared_ptr<Call> call_;  // the alarm's too, which may go off late
  std::unique_ptr<grpc::Alarm> alarm_;
};

}  // namespace fundtrail::server
