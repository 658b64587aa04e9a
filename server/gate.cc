// See gate.h.
#include "server/gate.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/net/address.h"
#include "ledger/pipeline/retry.h"
#include "server/stall.h"
#include "server/status.h"

namespace fundtrail::server {
namespace {

// Less is not worth counting: a connection has at most streams_per_connection of them.
constexpr std::size_t kSmallAnswer = std::size_t{16} << 10;

// One answer, however large it may be, always finds room in the end.
std::size_t Largest(const Limits& limits) {
  return std::max(limits.answer_bytes, static_cast<std::size_t>(limits.batch_entries) * kResultBytes);
}

// The command line's own process, and a socket file, are not clients of whom there are many.
bool IsBounded(const std::string& address) { return address.rfind("ipv", 0) == 0; }

std::chrono::milliseconds Milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1'000)));
}

}  // namespace

Gate::Gate(Workers* workers, const Limits& limits, Rate::Seconds now, TellFault fault)
    : workers_(*workers),
      per_second_(limits.questions_per_second),
      page_seconds_(limits.page_seconds),
      now_(std::move(now)),
      fault_(std::move(fault)),
      rate_(limits.questions_per_second, limits.question_burst, now_),
      refusals_(limits.refusals_per_second, limits.refusal_burst, now_),
      sending_(std::max(limits.sending_bytes, Largest(limits)),
               std::max(limits.sending_bytes_per_address, Largest(limits))) {}

Status Gate::Admit(const grpc::CallbackServerContext& context, double cost) {
  ++open_;
  const std::string address = AddressOf(context.peer());
  if (!IsBounded(address)) return absl::OkStatus();
  const double wait = rate_.Take(address, cost);
  if (wait <= 0) return absl::OkStatus();
  return AgainIn(Milliseconds(wait),
                 absl::StrCat("more than ", per_second_,
                              " questions a second from your address: ask again in a moment"));
}

Status Gate::AdmitEntries(const std::string& address) {
  const double wait = IsBounded(address) ? refusals_.Owes(address) : 0;
  if (wait <= 0) return absl::OkStatus();
  return AgainIn(Milliseconds(wait),
                 "too much of what came from your address was refused: send it again in a moment");
}

void Gate::ChargeEntries(const std::string& address, double cost) {
  if (IsBounded(address)) refusals_.Charge(address, cost);
}

std::shared_ptr<void> Gate::Room(const grpc::CallbackServerContext& context, std::size_t bytes) {
  return sending_.Take(AddressOf(context.peer()), bytes);
}

void Gate::Count(const Status& end) {
  --open_;
  ++(end.ok() ? answered_ : RetryDelay(end).has_value() ? turned_away_ : failed_);
}

void Gate::AwaitIdle(std::chrono::steady_clock::time_point until) const {
  while (open_ > 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

Status Gate::NoRoom() {
  return AgainIn(std::chrono::seconds(1),
                 "too many answers are on their way that are not taken: ask again when they are");
}

std::function<Status()> Gate::GoOn(const grpc::CallbackServerContext* context, double most_seconds,
                                   int every) const {
  return [context, now = now_, most_seconds, every, start = now_(), calls = 0]() mutable -> Status {
    if (++calls % every != 0) return absl::OkStatus();
    if (context->IsCancelled()) return absl::CancelledError("nobody waits for the answer");
    if (now() - start <= most_seconds) return absl::OkStatus();
    return absl::DeadlineExceededError(absl::StrCat("the answer takes more than ", most_seconds,
                                                    " s: ask by fund, by period or with a limit"));
  };
}

grpc::ServerUnaryReactor* Gate::Answer(grpc::CallbackServerContext* context, double cost, Work work) {
  auto* const call = new WatchedCall(context, page_seconds_);
  const auto end = [this, call, context](const StatusOr<std::size_t>& bytes) {
    Status status = bytes.status();
    std::shared_ptr<void> room;
    if (bytes.ok() && *bytes > kSmallAnswer) {
      room = Room(*context, *bytes);
      if (room == nullptr) {
        status = NoRoom();
      }
    }
    Count(status);
    call->End(ToGrpc(status), std::move(room));
  };
  Status taken = Admit(*context, cost);
  if (taken.ok()) {
    const auto in_turn = [this, context, end, work = std::move(work)] {
      // It may have waited long.
      if (context->IsCancelled()) {
        end(absl::CancelledError("nobody waits for the answer"));
      } else if (context->deadline() <= std::chrono::system_clock::now()) {
        end(absl::DeadlineExceededError("its turn came after the client's deadline"));
      } else {
        end(Bounded(work));
      }
    };
    taken = workers_.Run(AddressOf(context->peer()), in_turn, [end](const Status& full) { end(full); });
  }
  if (!taken.ok()) end(taken);
  return call;
}

}  // namespace fundtrail::server
