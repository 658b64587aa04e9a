// See question_admission.h.
#include "ledger/pipeline/question_admission.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/pipeline/retry.h"

namespace fundtrail::pipeline {
namespace {

// Less is not worth counting: a connection has at most streams_per_connection of them.
constexpr std::size_t kSmallAnswer = std::size_t{16} << 10;

// The command line's own process, and a socket file, are not clients of whom there are many.
bool IsBounded(const std::string& address) { return address.rfind("ipv", 0) == 0; }

std::chrono::milliseconds Milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1'000)));
}

}  // namespace

QuestionAdmission::QuestionAdmission(Workers* workers, const AdmissionLimits& limits,
                                     std::size_t largest_answer, Rate::Seconds now, TellFault fault)
    : workers_(*workers),
      per_second_(limits.questions_per_second),
      now_(std::move(now)),
      fault_(std::move(fault)),
      rate_(limits.questions_per_second, limits.question_burst, now_),
      refusals_(limits.refusals_per_second, limits.refusal_burst, now_),
      sending_(std::max(limits.sending_bytes, largest_answer),
               std::max(limits.sending_bytes_per_address, largest_answer)) {}

Status QuestionAdmission::Admit(const std::string& address, double cost) {
  ++open_;
  if (!IsBounded(address)) return absl::OkStatus();
  const double wait = rate_.Take(address, cost);
  if (wait <= 0) return absl::OkStatus();
  return AgainIn(Milliseconds(wait),
                 absl::StrCat("more than ", per_second_,
                              " questions a second from your address: ask again in a moment"));
}

Status QuestionAdmission::AdmitEntries(const std::string& address) {
  const double wait = IsBounded(address) ? refusals_.Owes(address) : 0;
  if (wait <= 0) return absl::OkStatus();
  return AgainIn(Milliseconds(wait),
                 "too much of what came from your address was refused: send it again in a moment");
}

void QuestionAdmission::ChargeEntries(const std::string& address, double cost) {
  if (IsBounded(address)) refusals_.Charge(address, cost);
}

std::shared_ptr<void> QuestionAdmission::Memory(const std::string& address, std::size_t bytes) {
  return sending_.Take(address, bytes);
}

void QuestionAdmission::Count(const Status& end) {
  --open_;
  ++(end.ok() ? answered_ : RetryDelay(end).has_value() ? turned_away_ : failed_);
}

void QuestionAdmission::AwaitIdle(std::chrono::steady_clock::time_point until) const {
  while (open_ > 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

Status QuestionAdmission::NoMemory() {
  return AgainIn(std::chrono::seconds(1),
                 "too many answers are on their way that are not taken: ask again when they are");
}

std::function<Status()> QuestionAdmission::GoOn(std::function<bool()> cancelled, double most_seconds,
                                                int every) const {
  return [cancelled = std::move(cancelled), now = now_, most_seconds, every, start = now_(),
          calls = 0]() mutable -> Status {
    if (++calls % every != 0) return absl::OkStatus();
    if (cancelled()) return absl::CancelledError("nobody waits for the answer");
    if (now() - start <= most_seconds) return absl::OkStatus();
    return absl::DeadlineExceededError(absl::StrCat("the answer takes more than ", most_seconds,
                                                    " s: ask by fund, by period or with a limit"));
  };
}

void QuestionAdmission::Answer(const Caller& caller, double cost, Work work, Done done) {
  AnswerLater(
      caller, cost, [this, work = std::move(work)](const End& end) { end(Bounded(work)); }, std::move(done));
}

void QuestionAdmission::AnswerLater(const Caller& caller, double cost, LateWork work, Done done) {
  // Work that throws is ended below, though it may have told somebody whom to call.
  const auto ended = std::make_shared<std::atomic<bool>>(false);
  const End end = [this, ended, address = caller.address,
                   done = std::move(done)](const StatusOr<std::size_t>& bytes) {
    if (ended->exchange(true)) return;
    Status status = bytes.status();
    std::shared_ptr<void> memory;
    if (bytes.ok() && *bytes > kSmallAnswer) {
      memory = Memory(address, *bytes);
      if (memory == nullptr) {
        status = NoMemory();
      }
    }
    Count(status);
    done(status, std::move(memory));
  };
  Status taken = Admit(caller.address, cost);
  if (taken.ok()) {
    const auto in_turn = [this, caller, end, work = std::move(work)] {
      // It may have waited long.
      if (caller.cancelled()) {
        end(absl::CancelledError("nobody waits for the answer"));
      } else if (caller.deadline <= std::chrono::system_clock::now()) {
        end(absl::DeadlineExceededError("its turn came after the client's deadline"));
      } else {
        const Status begun = Bounded([&] {
          work(end);
          return absl::OkStatus();
        });
        if (!begun.ok()) end(begun);
      }
    };
    taken = workers_.Start(caller.address, in_turn, [end](const Status& full) { end(full); });
  }
  if (!taken.ok()) end(taken);
}

}  // namespace fundtrail::pipeline
