// See gate.h.
#include "server/gate.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/retry.h"
#include "server/stall.h"
#include "server/status.h"

namespace fundtrail::server {
namespace {

// Less is not worth counting: a connection has at most streams_per_connection of them.
constexpr std::size_t kSmallAnswer = std::size_t{16} << 10;

// A call that holds what is being sent until it is sent.
class Call final : public grpc::ServerUnaryReactor {
 public:
  Call(grpc::CallbackServerContext* context, double page_seconds) : stall_(context, page_seconds) {}
  // `room`, when there is any, is given back with the call.
  void End(const Status& status, std::shared_ptr<void> room) {
    room_ = std::move(room);
    if (room_ != nullptr) stall_.Sending();
    Finish(ToGrpc(status));
  }
  void OnDone() override { delete this; }

 private:
  Stall stall_;
  std::shared_ptr<void> room_;
};

}  // namespace

Gate::Gate(Workers* workers, const Limits& limits, Rate::Seconds now)
    : workers_(*workers),
      per_second_(limits.questions_per_second),
      page_seconds_(limits.page_seconds),
      now_(std::move(now)),
      rate_(limits.questions_per_second, limits.question_burst, now_),
      // One answer, however large it may be, always finds room in the end.
      sending_(std::max(limits.sending_bytes, limits.answer_bytes),
               std::max(limits.sending_bytes_per_address, limits.answer_bytes)) {}

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

grpc::ServerUnaryReactor* Gate::Answer(grpc::CallbackServerContext* context, double cost, Work work) {
  auto* const call = new Call(context, page_seconds_);
  const auto end = [this, call, context](const StatusOr<std::size_t>& bytes) {
    Status status = bytes.status();
    std::shared_ptr<void> room;
    if (bytes.ok() && *bytes > kSmallAnswer) {
      room = sending_.Take(Rate::AddressOf(context->peer()), *bytes);
      if (room == nullptr) {
        status = AgainIn(std::chrono::seconds(1),
                         "too many answers are on their way that are not taken: ask again when they are");
      }
    }
    Count(status);
    call->End(status, std::move(room));
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
  return call;
}

}  // namespace fundtrail::server
