// What every question goes through, whichever protocol it came by. It checks how often one address may ask, gives a
// place in the queue and a thread, and counts what became of the question. Dry runs go through it too: they check
// signatures and apply rules. And what an address may send to be written that is refused.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "ledger/base/guard.h"
#include "ledger/pipeline/rate.h"
#include "ledger/pipeline/slots.h"
#include "ledger/pipeline/workers.h"

namespace fundtrail::pipeline {

// Whoever asks.
struct Caller {
  std::string address;  // as AddressOf has it
  std::function<bool()>
      cancelled;  // whether nobody waits any more; from any thread, until the call has ended
  std::chrono::system_clock::time_point deadline = std::chrono::system_clock::time_point::max();
};

struct AdmissionLimits {
  double questions_per_second = 200;  // of one address, on average; a dry run is 1 and 1 more for each 4 KiB
  double question_burst = 200;        // at once: less than what may wait, so that one address leaves room
  // Of what one address sends to be written, so much may be refused or turned away: an entry is 1. Who owes more waits.
  double refusals_per_second = 200;
  double refusal_burst = 5'000;
  // Of single answers that their clients have not taken yet; those of less than 16 KiB are not counted.
  std::size_t sending_bytes = std::size_t{256} << 20;
  std::size_t sending_bytes_per_address = std::size_t{64} << 20;
};

class QuestionAdmission {
 public:
  // `workers` must outlive it. One answer of `largest_answer` bytes always finds memory in the end. `fault` is told of work
  // that throws; the call it was for ends INTERNAL.
  QuestionAdmission(Workers* workers, const AdmissionLimits& limits, std::size_t largest_answer,
                    Rate::Seconds now, TellFault fault = {});

  // Answers a call: `work` runs on a thread of ours, unless the caller has gone by then, and its error is the call's.
  // It answers how many bytes there are to send. They are counted until `memory` is given back, and are not sent when
  // too many are on their way. `cost` is in ordinary questions.
  using Work = std::function<StatusOr<std::size_t>()>;
  // Called once, from any thread and perhaps before Answer returns: the call has ended. What carries the answer holds
  // `memory`, which may be null, until its client has it.
  using Done = std::function<void(const Status& end, std::shared_ptr<void> memory)>;
  void Answer(const Caller& caller, double cost, Work work, Done done);
  // The same for work whose answer may come later, and from another thread: it is handed what to call once with what Work answers.
  using End = std::function<void(const StatusOr<std::size_t>& bytes)>;
  using LateWork = std::function<void(const End& end)>;
  void AnswerLater(const Caller& caller, double cost, LateWork work, Done done);

  // The steps by themselves, for an answer of many pages. Whether this address may ask now:
  Status Admit(const std::string& address, double cost);
  // Memory for so many bytes of an answer until its client has them. Null, and NoMemory is the call's end, when too
  // many are on their way.
  std::shared_ptr<void> Memory(const std::string& address, std::size_t bytes);
  static Status NoMemory();
  // As Workers::Start and Workers::Continue: for the first page of what was admitted, and for the next ones.
  Status Start(const std::string& address, std::function<void()> work, Workers::Instead instead) {
    return workers_.Start(address, std::move(work), std::move(instead));
  }
  Status Continue(const std::string& address, std::function<void()> work) {
    return workers_.Continue(address, std::move(work));
  }
  // What `work` answers; when it throws, INTERNAL, and whoever is to know is told.
  template <typename Work>
  std::invoke_result_t<Work> Bounded(const Work& work) const {
    auto result = Guarded(work);
    if (absl::IsInternal(StatusOf(result)) && fault_) fault_(StatusOf(result));
    return result;
  }
  // For what is sent to be written: whether this address may send now. Not while it owes for what was refused.
  Status AdmitEntries(const std::string& address);
  // So much of what it sent was refused or turned away: an entry is 1.
  void ChargeEntries(const std::string& address, double cost);
  // Each question once, when it ends and before its client learns of it. What may be asked again in a moment (AgainIn)
  // was turned away.
  void Count(const Status& end);
  // For query::View: ends an answer that nobody waits for any more (Caller::cancelled), or that takes more than so many
  // seconds. Looks once in `every` calls.
  std::function<Status()> GoOn(std::function<bool()> cancelled, double most_seconds, int every) const;

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
  const double per_second_;
  const Rate::Seconds now_;
  const TellFault fault_;
  Rate rate_;
  Rate refusals_;
  Slots sending_;  // bytes of answers
  std::atomic<std::uint64_t> open_{0};
  std::atomic<std::uint64_t> answered_{0}, failed_{0}, turned_away_{0};
};

}  // namespace fundtrail::pipeline
