// What every question goes through: how often one address may ask, a place among those that wait, a thread, and the
// count of what became of it. Dry runs go through it too: they check signatures and apply rules. And what an address may send
// to be written that is refused.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "ledger/base/guard.h"
#include "ledger/pipeline/rate.h"
#include "ledger/pipeline/slots.h"
#include "ledger/pipeline/workers.h"
#include "server/limits.h"

namespace fundtrail::server {

class Gate {
 public:
  // `workers` must outlive it. `fault` is told of work that throws; the call it was for ends INTERNAL.
  Gate(Workers* workers, const Limits& limits, Rate::Seconds now, TellFault fault = {});

  // Answers a call: `work` runs on a thread of ours, unless the client has gone by then, and its error is the call's.
  // It answers how many bytes there are to send: they are counted until the client has them, which it must within
  // page_seconds, and are not sent when too many are on their way. `cost` is in ordinary questions.
  using Work = std::function<StatusOr<std::size_t>()>;
  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context, double cost, Work work);

  // The steps by themselves, for an answer of many pages. Whether this client may ask now:
  Status Admit(const grpc::CallbackServerContext& context, double cost);
  // Room for so many bytes of an answer until its client has them; null, and NoRoom is the call's end, when too many are
  // on their way.
  std::shared_ptr<void> Room(const grpc::CallbackServerContext& context, std::size_t bytes);
  static Status NoRoom();
  // As Workers::Run and Workers::Go: for the first page of what was admitted, and for the next ones.
  Status Run(const std::string& address, std::function<void()> work, Workers::Instead instead) {
    return workers_.Run(address, std::move(work), std::move(instead));
  }
  Status Go(const std::string& address, std::function<void()> work) {
    return workers_.Go(address, std::move(work));
  }
  // What `work` answers; when it throws, INTERNAL, and whoever is to know is told.
  template <typename Work>
  std::invoke_result_t<Work> Bounded(const Work& work) const {
    auto result = Guarded(work);
    if (absl::IsInternal(StatusOf(result)) && fault_) fault_(StatusOf(result));
    return result;
  }
  // For what is sent to be written: whether this address (AddressOf) may send now. Not while it owes for what was refused.
  Status AdmitEntries(const std::string& address);
  // So much of what it sent was refused or turned away: an entry is 1.
  void ChargeEntries(const std::string& address, double cost);
  // Each question once, when it ends and before its client learns of it. What may be asked again in a moment (AgainIn)
  // was turned away.
  void Count(const Status& end);
  // For query::View: ends an answer that nobody waits for any more, or that takes more than so many seconds. Looks once
  // in `every` calls.
  std::function<Status()> GoOn(const grpc::CallbackServerContext* context, double most_seconds,
                               int every) const;

  // Until every question has ended, or that time has come.
  void AwaitIdle(std::chrono::steady_clock::time_point until) const;

  // Each of them only grows.
  std::uint64_t answered() const { return answered_; }
  std::uint64_t failed() const { return failed_; }
  std::uint64_t turned_away() const { return turned_away_; }

 private:
  static const Status& StatusOf(const Status& status) { return status; }
  template <typename T>
  static const Status& StatusOf(const StatusOr<T>& result) {
    return result.status();
  }

  Workers& workers_;
  const double per_second_, page_seconds_;
  const Rate::Seconds now_;
  const TellFault fault_;
  Rate rate_;
  Rate refusals_;
  Slots sending_;  // bytes of answers
  std::atomic<std::uint64_t> open_{0};
  std::atomic<std::uint64_t> answered_{0}, failed_{0}, turned_away_{0};
};

}  // namespace fundtrail::server
