// The calls themselves, once and with a bound. Commands ask with retries: questions.h.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "cli/client/connection.h"
#include "cli/client/stubs.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/message.h"
#include "ledger/base/status.h"

namespace fundtrail::cli {

// Asked before anything else is done with an answer that came over the network. RESOURCE_EXHAUSTED when it takes more
// memory than any honest one: a few bytes can be a million empty parts. DATA_LOSS as CheckTexts (checks.h) has it.
Status CheckFromServer(const google::protobuf::Message& answer);
// The first of it, of the bytes that an answer takes with all that was given up while it was read.
Status CheckMemory(std::size_t bytes);
// The status of a call. That no server answered is said in plain words.
Status StatusOfCall(const grpc::Status& status);

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

// What the answer is to be of at least, in records (server/min_size.h); 0: whatever there is.
void AskForSize(grpc::ClientContext* context, std::uint64_t min_size);
// UNIMPLEMENTED when the answer says that it is of fewer: the server does not know the header.
Status CheckSize(const google::protobuf::Message& answer, std::uint64_t min_size);

// One message: CallOnce(*connection->stubs().ledger, &v1::Ledger::Stub::Show, request, most).
template <typename Stub, typename Request, typename Reply>
StatusOr<Reply> CallOnce(Stub& stub,
                         grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                         const Request& request, Waited most, std::uint64_t min_size = 0) {
  grpc::ClientContext context;
  SetDeadline(&context, most);
  AskForSize(&context, min_size);
  Reply reply;
  const grpc::Status status = (stub.*method)(&context, request, &reply);
  if (!status.ok()) return StatusOfCall(status);
  if (most > kNoLimit) FT_RETURN_IF_ERROR(CheckFromServer(reply));
  FT_RETURN_IF_ERROR(CheckSize(reply, min_size));
  return reply;
}

// Most pages are small. Blocks are large enough for the parts of a large one.
inline google::protobuf::ArenaOptions ArenaOfPage() {
  google::protobuf::ArenaOptions options;
  options.max_block_size = std::size_t{64} << 10;
  return options;
}

// A stream of pages, each given to `take`, and each waited for `most`; with `in_all`, all of them together.
template <typename Stub, typename Request, typename Page>
Status PagesOnce(Stub& stub,
                 std::unique_ptr<grpc::ClientReader<Page>> (Stub::*method)(grpc::ClientContext*,
                                                                           const Request&),
                 const Request& request, const std::function<Status(const Page&)>& take, Waited most,
                 bool in_all = false, std::uint64_t min_size = 0) {
  grpc::ClientContext context;
  AskForSize(&context, min_size);
  if (in_all) SetDeadline(&context, most);
  Watch watch(&context, most);
  watch.Begin();
  const auto reader = (stub.*method)(&context, request);
  // Each page is freed at once, with its many parts.
  google::protobuf::Arena arena(ArenaOfPage());
  Page* page = google::protobuf::Arena::CreateMessage<Page>(&arena);
  while (reader->Read(page)) {
    watch.End();
    Status taken = most > kNoLimit ? CheckMemory(arena.SpaceAllocated()) : absl::OkStatus();
    if (taken.ok() && most > kNoLimit) taken = CheckFromServer(*page);
    if (taken.ok()) taken = CheckSize(*page, min_size);
    if (taken.ok()) taken = take(*page);
    if (!taken.ok()) {
      context.TryCancel();
      (void)reader->Finish();
      return taken;
    }
    arena.Reset();
    page = google::protobuf::Arena::CreateMessage<Page>(&arena);
    watch.Begin();
  }
  const Status end = StatusOfCall(reader->Finish());
  return watch.expired() ? Silent(most) : end;
}

}  // namespace fundtrail::cli
