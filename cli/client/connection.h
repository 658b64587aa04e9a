// The way to a ledger: the services of --server, or the same services run in this process on --ledger DIR. Commands
// see no difference.
#pragma once

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "cli/context.h"
#include "fundtrail/v1/service.grpc.pb.h"
#include "server/server.h"
#include "server/status.h"

namespace fundtrail::cli {

enum class Access { kAsk, kWrite };

// No answer of a server has more bytes in one message: an honest page has some 1 MB. What is traced comes in one.
inline constexpr int kMostAnswer = 8 << 20, kMostTraced = 34 << 20;
// What one attempt of several may take. A server that is there but hangs is as good as away.
inline constexpr std::chrono::seconds kOneAttempt{30};

using Waited = std::chrono::milliseconds;
inline constexpr Waited kNoLimit{0};

class Connection {
 public:
  // INVALID_ARGUMENT when neither or both of --ledger and --server are given. With --ledger, kWrite needs to be the
  // only writer (UNAVAILABLE). Of a server, which could be anybody's, no message has more than `most_answer` bytes.
  static StatusOr<std::unique_ptr<Connection>> Open(const Context& context, Access access,
                                                    int most_answer = kMostAnswer);

  v1::Ledger::Stub& ledger() { return *ledger_; }
  v1::Submission::Stub& submission() { return *submission_; }
  // Until there is a connection, or for that long.
  void AwaitServer(std::chrono::milliseconds most);

  // A server is waited for that long (--timeout): for all answers of a command together, for each page of a stream, and
  // for each entry of an import. Begin() starts it anew; Left() is what is left of it, 0 when nothing is.
  std::chrono::seconds timeout() const { return timeout_; }
  void Begin() { left_ = timeout_; }
  Waited Left() const { return std::max(left_, Waited(0)); }
  void Spend(Waited waited) { left_ -= waited; }
  // What one attempt may take; kNoLimit with --ledger, where there is nobody to wait for.
  Waited attempt() const;
  Waited page() const { return own_ == nullptr ? Waited(timeout_) : kNoLimit; }

  // A question to a server that is away and has not answered this command yet is soon given up: more often than not its
  // address is wrong. An entry is waited for.
  bool soon_given_up() const { return access_ == Access::kAsk && !answered_; }
  void Answered() { answered_ = true; }

  // With --ledger, the server in this process; else null.
  server::Server* own() { return own_.get(); }

 private:
  Connection() = default;
  std::unique_ptr<server::Server> own_;
  std::shared_ptr<grpc::Channel> channel_;
  std::chrono::seconds timeout_{0};
  Waited left_{0};
  Access access_ = Access::kAsk;
  bool answered_ = false;
  std::unique_ptr<v1::Ledger::Stub> ledger_;
  std::unique_ptr<v1::Submission::Stub> submission_;
};

// Before anything else is done with an answer that came over the network: RESOURCE_EXHAUSTED when it takes more memory
// than any honest one, as a few bytes can be a million empty parts; DATA_LOSS as CheckTexts (checks.h) has it.
Status CheckFromServer(const google::protobuf::Message& answer);
// What a call said that failed; that nobody answered is said in plain words.
Status Told(const grpc::Status& status);

void SetDeadline(grpc::ClientContext* context, Waited most);

// Cancels a call when what is waited for does not come in time. Each wait begins with Begin() and ends with End().
class Watch {
 public:
  Watch(grpc::ClientContext* context, Waited most);  // kNoLimit: waits for ever
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  void Begin();
  void End();
  bool expired() const;

 private:
  using Clock = std::chrono::steady_clock;
  void Run();
  grpc::ClientContext& context_;
  const Waited most_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<Clock::time_point> until_;
  bool over_ = false, expired_ = false;
  std::thread thread_;
};
// What is said of a stream that was silent for so long.
Status Silent(Waited most);
// Whether that is what failed, or that no answer came in time. A server that stops a long question itself says
// DEADLINE_EXCEEDED too, and would again.
bool IsSilence(const Status& failed);

// The calls themselves, once and with a bound. Commands ask with patience: patience.h.
//
// One message: CallOnce(connection.ledger(), &v1::Ledger::Stub::Show, request, most).
template <typename Stub, typename Request, typename Reply>
StatusOr<Reply> CallOnce(Stub& stub,
                         grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                         const Request& request, Waited most) {
  grpc::ClientContext context;
  SetDeadline(&context, most);
  Reply reply;
  const grpc::Status status = (stub.*method)(&context, request, &reply);
  if (!status.ok()) return Told(status);
  if (most > kNoLimit) FT_RETURN_IF_ERROR(CheckFromServer(reply));
  return reply;
}

// A stream of pages, each given to `take`, and each waited for `most`; with `in_all`, all of them together.
template <typename Stub, typename Request, typename Page>
Status PagesOnce(Stub& stub,
                 std::unique_ptr<grpc::ClientReader<Page>> (Stub::*method)(grpc::ClientContext*,
                                                                           const Request&),
                 const Request& request, const std::function<Status(Page)>& take, Waited most,
                 bool in_all = false) {
  grpc::ClientContext context;
  if (in_all) SetDeadline(&context, most);
  Watch watch(&context, most);
  watch.Begin();
  const auto reader = (stub.*method)(&context, request);
  Page page;
  while (reader->Read(&page)) {
    watch.End();
    Status taken = most > kNoLimit ? CheckFromServer(page) : absl::OkStatus();
    if (taken.ok()) taken = take(std::move(page));
    if (!taken.ok()) {
      context.TryCancel();
      (void)reader->Finish();
      return taken;
    }
    page.Clear();
    watch.Begin();
  }
  const Status end = Told(reader->Finish());
  return watch.expired() ? Silent(most) : end;
}

}  // namespace fundtrail::cli
