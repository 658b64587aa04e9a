// See watch.h.
#include "cli/client/watch.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "cli/client/calls.h"
#include "cli/client/stubs.h"

namespace fundtrail::cli {
namespace {

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

struct WatchCall::Call {
  grpc::ClientContext context;
  std::atomic<bool> cancelled{false};
};

WatchCall::WatchCall() : call_(std::make_unique<Call>()) {}
WatchCall::~WatchCall() = default;

void WatchCall::Cancel() {
  call_->cancelled = true;
  call_->context.TryCancel();
}

Status WatchCall::Run(Connection* connection, const v1::WatchRequest& request,
                      const std::function<Status(const v1::WatchAnswer&)>& take) {
  const auto watcher = v1::Watcher::NewStub(connection->stubs().channel);
  const auto reader = watcher->Watch(&call_->context, request);
  v1::WatchAnswer answer;
  std::uint64_t next = request.from();
  Status taken;
  while (taken.ok() && reader->Read(&answer)) {
    if (connection->own() == nullptr) taken = CheckFromServer(answer);
    if (taken.ok()) taken = CheckOrder(answer, &next);
    if (taken.ok()) taken = take(answer);
    answer.Clear();
  }
  if (!taken.ok()) call_->context.TryCancel();
  const grpc::Status end = reader->Finish();
  if (!taken.ok() || call_->cancelled) return taken;
  return StatusOfCall(end);
}

}  // namespace fundtrail::cli
