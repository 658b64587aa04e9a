// See gate.h.
#include "server/gate.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/retry.h"
#include "server/status.h"

namespace fundtrail::server {

Gate::Gate(Workers* workers, const Limits& limits, Rate::Seconds now)
    : workers_(*workers),
      per_second_(limits.questions_per_second),
      now_(std::move(now)),
      rate_(limits.questions_per_second, limits.question_burst, now_) {}

Status Gate::Admit(const grpc::CallbackServerContext& context, double cost) {
  const std::string peer = context.peer();
  // The command line's own process, and a socket file, are not clients of whom there are many.
  if (peer.rfind("ipv", 0) != 0) return absl::OkStatus();
  const double wait = rate_.Take(Rate::AddressOf(peer), cost);
  if (wait <= 0) return absl::OkStatus();
  return AgainIn(std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(wait * 1'000))),
                 absl::StrCat("more than ", per_second_,
                              " questions a second from your address: ask again in a moment"));
}

void Gate::Count(const Status& end) {
  ++(end.ok() ? answered_ : RetryDelay(end).has_value() ? turned_away_ : failed_);
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

grpc::ServerUnaryReactor* Gate::Answer(grpc::CallbackServerContext* context, double cost,
                                       std::function<Status()> work) {
  auto* const reactor = context->DefaultReactor();
  const auto end = [this, reactor](const Status& status) {
    Count(status);
    reactor->Finish(ToGrpc(status));
  };
  Status taken = Admit(*context, cost);
  if (taken.ok()) {
    taken = workers_.Run([context, end, work = std::move(work)] {
      // It may have waited long.
      if (context->IsCancelled()) {
        end(absl::CancelledError("nobody waits for the answer"));
      } else if (context->deadline() <= std::chrono::system_clock::now()) {
        end(absl::DeadlineExceededError("its turn came after the client's deadline"));
      } else {
        end(work());
      }
    });
  }
  if (!taken.ok()) end(taken);
  return reactor;
}

}  // namespace fundtrail::server
