// See watch.h.
#include "cli/client/watch.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "cli/client/calls.h"
#include "cli/client/client_retry.h"
#include "cli/client/questions.h"
#include "cli/client/stubs.h"

namespace fundtrail::cli {
namespace {

constexpr Waited kToConnect{2'000};
constexpr std::chrono::seconds kWasThere{2};  // a stream that lasted so long was one

Status CheckOrder(const v1::WatchAnswer& answer, std::uint64_t* next) {
  for (const v1::WatchedRecord& record : answer.records()) {
    if (record.index() < *next) {
      return absl::DataLossError(absl::StrCat("the server's answer cannot be true: record ", record.index(),
                                              " comes again, or out of order"));
    }
    *next = record.index() + 1;
  }
  if (answer.next() < *next)
    return absl::DataLossError("the server's answer cannot be true: it goes back in the log");
  *next = answer.next();
  return absl::OkStatus();
}

}  // namespace

// One stream after another; whoever cancels ends the one that is open.
struct WatchCall::Call {
  std::mutex mutex;
  grpc::ClientContext* context = nullptr;
  bool cancelled = false;

  void Use(grpc::ClientContext* of_stream) {
    const std::lock_guard lock(mutex);
    context = of_stream;
    if (context != nullptr && cancelled) context->TryCancel();
  }
  bool IsCancelled() {
    const std::lock_guard lock(mutex);
    return cancelled;
  }
};

WatchCall::WatchCall() : call_(std::make_unique<Call>()) {}
WatchCall::~WatchCall() = default;

void WatchCall::Cancel() {
  const std::lock_guard lock(call_->mutex);
  call_->cancelled = true;
  if (call_->context != nullptr) call_->context->TryCancel();
}

// `next` goes on with the records that were taken. `refused`: `take` failed, or the answer cannot be true.
Status WatchCall::RunOnce(Connection* connection, const v1::WatchRequest& request,
                          const std::function<Status(const v1::WatchAnswer&)>& take, std::uint64_t* next,
                          bool* refused) {
  const auto watcher = v1::Watcher::NewStub(connection->stubs().channel);
  grpc::ClientContext context;
  call_->Use(&context);
  const auto reader = watcher->Watch(&context, request);
  v1::WatchAnswer answer;
  Status taken;
  while (taken.ok() && reader->Read(&answer)) {
    if (connection->own() == nullptr) taken = CheckFromServer(answer);
    if (taken.ok()) taken = CheckOrder(answer, next);
    if (taken.ok()) taken = take(answer);
    answer.Clear();
  }
  if (!taken.ok()) context.TryCancel();
  const grpc::Status end = reader->Finish();
  call_->Use(nullptr);
  *refused = !taken.ok();
  if (!taken.ok() || call_->IsCancelled()) return taken;
  return StatusOfCall(end);
}

Status WatchCall::Run(Connection* connection, const v1::WatchRequest& request,
                      const std::function<Status(const v1::WatchAnswer&)>& take) {
  bool refused = false;
  std::uint64_t next = request.from();
  if (!connection->several()) return RunOnce(connection, request, take, &next, &refused);
  // Whoever goes on at another server must know from where, even when nothing has come yet.
  v1::WatchRequest asked = request;
  if (!asked.has_from()) {
    FT_ASSIGN_OR_RETURN(const auto now, AskGetCheckpoint(connection, {}));
    next = now.as_of().size();
  }
  ClientRetry retry(connection);
  while (true) {
    asked.set_from(next);
    const auto soon = std::chrono::system_clock::now() + std::min<Waited>(kToConnect, connection->attempt());
    Status end = absl::UnavailableError("there is no connection to it");
    if (connection->stubs().channel->WaitForConnected(soon)) {
      const auto begun = std::chrono::steady_clock::now();
      end = RunOnce(connection, asked, take, &next, &refused);
      // Else servers that refuse at once would be asked for ever.
      if (next > asked.from() || std::chrono::steady_clock::now() - begun >= kWasThere) retry.Progress();
    }
    if (end.ok() || refused || call_->IsCancelled()) return refused ? end : absl::OkStatus();
    if (!retry.WaitForNext(end)) return retry.LastError(end);
  }
}

}  // namespace fundtrail::cli
