// The way to a ledger: the services of --server, or the same services run in this process on --ledger DIR. Commands
// see no difference.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>

#include "cli/context.h"
#include "cli/render/pages.h"
#include "fundtrail/v1/service.grpc.pb.h"
#include "server/server.h"
#include "server/status.h"

namespace fundtrail::cli {

enum class Access { kAsk, kWrite };

// What a call may take.
inline constexpr std::chrono::seconds kNoLimit{0};
// What one attempt of several may take. A server that is there but hangs is as good as away.
inline constexpr std::chrono::seconds kOneAttempt{30};

class Connection {
 public:
  // INVALID_ARGUMENT when neither or both of --ledger and --server are given. With --ledger, kWrite needs to be the
  // only writer (UNAVAILABLE). Of a server, which could be anybody's, no answer has more than `most_answer` bytes.
  static StatusOr<std::unique_ptr<Connection>> Open(const Context& context, Access access,
                                                    int most_answer = 256 << 20);

  v1::Ledger::Stub& ledger() { return *ledger_; }
  v1::Submission::Stub& submission() { return *submission_; }
  // The ledger's name, from its checkpoint.
  StatusOr<std::string> Name();

  // Until there is a connection, or for that long.
  void AwaitServer(std::chrono::milliseconds most);

  // How long a server is waited for that is away, full or silent (--timeout); and what one attempt of that may take.
  std::chrono::seconds timeout() const { return timeout_; }
  std::chrono::seconds attempt() const;

  // With --ledger, the server in this process; else null.
  server::Server* own() { return own_.get(); }

 private:
  Connection() = default;
  std::unique_ptr<server::Server> own_;
  std::shared_ptr<grpc::Channel> channel_;
  std::chrono::seconds timeout_{0};
  std::unique_ptr<v1::Ledger::Stub> ledger_;
  std::unique_ptr<v1::Submission::Stub> submission_;
};

// What a call said that failed; that nobody answered is said in plain words.
Status Told(const grpc::Status& status);

void SetDeadline(grpc::ClientContext* context, std::chrono::seconds most);

// One call: Call(connection.ledger(), &v1::Ledger::Stub::Show, request).
template <typename Stub, typename Request, typename Reply>
StatusOr<Reply> Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                     const Request& request, std::chrono::seconds most = kNoLimit) {
  grpc::ClientContext context;
  SetDeadline(&context, most);
  Reply reply;
  const grpc::Status status = (stub.*method)(&context, request, &reply);
  if (!status.ok()) return Told(status);
  return reply;
}

// The proof of a record under the newest checkpoint that witnesses cosigned. When they have not come to the record:
// FAILED_PRECONDITION if it `must_be_cosigned`, else the proof under the latest.
StatusOr<v1::ProveAnswer> ProveRecord(Connection* connection, std::uint64_t record, bool must_be_cosigned);

// A stream of pages, each given to `take`.
template <typename Stub, typename Request, typename Page>
Status Pages(Stub& stub,
             std::unique_ptr<grpc::ClientReader<Page>> (Stub::*method)(grpc::ClientContext*, const Request&),
             const Request& request, const std::function<Status(Page)>& take,
             std::chrono::seconds most = kNoLimit) {
  grpc::ClientContext context;
  SetDeadline(&context, most);
  const auto reader = (stub.*method)(&context, request);
  Page page;
  while (reader->Read(&page)) {
    Status taken = take(std::move(page));
    if (taken.ok()) continue;
    context.TryCancel();
    (void)reader->Finish();
    return taken;
  }
  return Told(reader->Finish());
}

// The same as one answer, where all of it is wanted at once. A server, which could be anybody's, sends no more than
// `most_bytes` of it.
inline constexpr std::size_t kMostWhole = std::size_t{1} << 30;
Status CountBytes(std::size_t more, std::size_t most_bytes, std::size_t* bytes);
template <typename Stub, typename Request, typename Page>
StatusOr<Page> Whole(Stub& stub,
                     std::unique_ptr<grpc::ClientReader<Page>> (Stub::*method)(grpc::ClientContext*,
                                                                               const Request&),
                     const Request& request, std::chrono::seconds most = kNoLimit,
                     std::size_t most_bytes = kMostWhole) {
  Page whole;
  std::size_t bytes = 0;
  const std::function<Status(Page)> take = [&](const Page& page) -> Status {
    FT_RETURN_IF_ERROR(CountBytes(page.ByteSizeLong(), most_bytes, &bytes));
    render::AddPage(page, &whole);
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(Pages(stub, method, request, take, most));
  return whole;
}

}  // namespace fundtrail::cli
