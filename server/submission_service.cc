// Submission: entries into the pipeline, receipts out of it. See services.h.
#include <grpcpp/alarm.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/model/refusal.h"
#include "server/address.h"
#include "server/request.h"
#include "server/retry.h"
#include "server/services.h"
#include "server/stall.h"
#include "server/status.h"

namespace fundtrail::server {
namespace {

constexpr std::chrono::milliseconds kAgain{20};  // until a stream asks again whether there is room
constexpr double kBytesOfOneQuestion = 4'096;    // of a dry run's entry

v1::SubmitResult ToResult(std::uint64_t number, const StatusOr<log::Receipt>& receipt) {
  v1::SubmitResult result;
  result.set_number(number);
  if (receipt.ok()) {
    *result.mutable_receipt() = ToMessage(*receipt);
  } else {
    *result.mutable_error() = ToError(receipt.status());
  }
  return result;
}

// One stream of entries. It reads on only while fewer than a window of them wait for their result to be written, and
// ends when its client takes no results or sends nothing for long. It takes bytes and not messages, since gRPC ends a stream at a
// message that it cannot read as if the client had no more to send.
//
// gRPC is done with it when it is finished and no callback of gRPC's runs. The pipeline's thread is none of gRPC's, so
// each entry that is on its way holds the reactor too, until its result has been dealt with.
class StreamReactor final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                            public std::enable_shared_from_this<StreamReactor> {
 public:
  // `slot` is given back with the reactor; without one the stream ends at once.
  static StreamReactor* Start(SubmissionService* service, grpc::CallbackServerContext* context,
                              std::shared_ptr<void> slot) {
    std::shared_ptr<StreamReactor> reactor(new StreamReactor(service, context, std::move(slot)));
    reactor->held_by_grpc_ = reactor;
    if (reactor->slot_ != nullptr) {
      const std::lock_guard lock(reactor->mutex_);
      reactor->Read();
    } else {
      reactor->Finish(ToGrpc(AgainIn(std::chrono::seconds(1),
                                     "too many streams of entries are open: try again when one has ended")));
    }
    return reactor.get();
  }

  void OnReadDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      idle_->Sent();
      reading_ = false;
      v1::SubmitRequest request;
      if (ok && !grpc::SerializationTraits<v1::SubmitRequest>::Deserialize(&bytes_, &request).ok()) {
        end_ =
            ToGrpc(model::Refuse(v1::MALFORMED, "", absl::StrCat("message ", next_, " is no SubmitRequest")));
        ok = false;
      }
      bytes_.Clear();
      if (!ok) {
        read_all_ = true;
        FinishWhenDone();
        return;
      }
      ++waiting_;
      offered_.resize(1);
      offered_[0].signed_entry = std::move(*request.mutable_signed_entry());
      offered_[0].cancelled = [this] { return context_.IsCancelled(); };
      offered_[0].done = [self = shared_from_this(),
                          number = next_++](const StatusOr<log::Receipt>& receipt) {
        self->Result(ToResult(number, receipt));
      };
    }
    Offer();
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    stall_->Sent();
    results_.pop_front();
    --waiting_;
    writing_ = false;
    if (!ok) {  // the client is gone; what was taken goes its way
      gone_ = true;
      waiting_ -= results_.size();
      results_.clear();
      if (paused_) read_all_ = true;
      paused_ = false;
    }
    WriteNext();
    if (paused_ && waiting_ < service_.stream_window()) {
      paused_ = false;
      Read();
    } else if (reading_ && waiting_ == 0) {
      idle_->Sending();
    }
    FinishWhenDone();
  }

  void OnDone() override {
    {
      const std::lock_guard lock(mutex_);
      stall_.reset();  // the call is gone, whoever holds this still
      idle_.reset();
    }
    again_.reset();         // its function holds this
    slot_.reset();          // not with the last holder, who may outlive the service
    held_by_grpc_.reset();  // the last use of this, unless an entry holds it
  }

 private:
  StreamReactor(SubmissionService* service, grpc::CallbackServerContext* context, std::shared_ptr<void> slot)
      : slot_(std::move(slot)),
        service_(*service),
        context_(*context),
        stall_(std::in_place, context, service->limits().page_seconds),
        idle_(std::in_place, context, service->limits().stream_idle_seconds, "no entry came") {}

  // Its entries are taken in their order: while there is no room for one, those behind it are not read.
  void Offer() {
    const auto done = offered_[0].done;  // holds this, whatever becomes of the job
    const Status taken = context_.IsCancelled()
                             ? absl::CancelledError("nobody waits for it: it was not taken")
                             : service_.Take(&offered_, IfFull::kAsksAgain);
    if (RetryDelay(taken).has_value()) {
      again_ = std::make_unique<grpc::Alarm>();
      again_->Set(std::chrono::system_clock::now() + kAgain,
                  [self = shared_from_this()](bool /*went_off*/) { self->Offer(); });
      return;
    }
    if (!taken.ok()) {
      offered_.clear();
      done(taken);
    }
    const std::lock_guard lock(mutex_);
    if (waiting_ < service_.stream_window()) {
      Read();
    } else {
      paused_ = true;
    }
  }
  // These hold the mutex, but Result, which takes it.
  void Read() {
    reading_ = true;
    if (waiting_ == 0) idle_->Sending();
    StartRead(&bytes_);
  }
  void Result(const v1::SubmitResult& result) {
    const std::lock_guard lock(mutex_);
    if (gone_) {
      --waiting_;
      FinishWhenDone();
      return;
    }
    bool own = false;
    grpc::SerializationTraits<v1::SubmitResult>::Serialize(result, &results_.emplace_back(), &own);
    WriteNext();
  }
  void WriteNext() {
    if (writing_ || results_.empty()) return;
    writing_ = true;
    stall_->Sending();
    StartWrite(&results_.front());
  }
  void FinishWhenDone() {
    if (!read_all_ || waiting_ > 0 || finished_) return;
    finished_ = true;
    Finish(end_);
  }

  std::shared_ptr<StreamReactor> held_by_grpc_;
  std::shared_ptr<void> slot_;
  SubmissionService& service_;
  grpc::CallbackServerContext& context_;
  grpc::ByteBuffer bytes_;    // of the message that is read
  std::vector<Job> offered_;  // the entry that has been read, until it is taken
  std::unique_ptr<grpc::Alarm> again_;
  std::mutex mutex_;
  std::optional<Stall> stall_, idle_;
  std::deque<grpc::ByteBuffer> results_;  // the first is being written while writing_
  std::uint64_t next_ = 0;
  std::size_t waiting_ = 0;  // read, and their result not yet written
  grpc::Status end_;
  bool reading_ = false, writing_ = false, paused_ = false, read_all_ = false, gone_ = false,
       finished_ = false;
};

}  // namespace

v1::Receipt ToMessage(const log::Receipt& receipt) {
  v1::Receipt message;
  message.set_record(receipt.record.value());
  message.set_recorded_micros(receipt.recorded.micros());
  message.set_leaf_hash(std::string(receipt.leaf_hash.view()));
  message.set_repeated(receipt.repeated);
  message.set_checkpoint(receipt.checkpoint);
  return message;
}

Status SubmissionService::Take(std::vector<Job>* jobs, IfFull if_full) {
  if (pipeline_ != nullptr) return pipeline_->Submit(jobs, if_full);
  return absl::FailedPreconditionError("this ledger is open for reading only");
}

grpc::ServerUnaryReactor* SubmissionService::Submit(grpc::CallbackServerContext* context,
                                                    const v1::SubmitRequest* request, v1::Receipt* receipt) {
  auto* const call = new WatchedCall(context, limits_.page_seconds);
  std::vector<Job> jobs(1);
  jobs[0].signed_entry = std::move(*TakeOut(request)->mutable_signed_entry());
  jobs[0].cancelled = [context] { return context->IsCancelled(); };
  jobs[0].done = [call, receipt](const StatusOr<log::Receipt>& result) {
    if (result.ok()) *receipt = ToMessage(*result);
    call->End(ToGrpc(result.status()));
  };
  const Status taken = Take(&jobs);
  if (!taken.ok()) call->End(ToGrpc(taken));
  return call;
}

// The whole answer has its room before anything is taken: afterwards it could not be refused any more.
grpc::ServerUnaryReactor* SubmissionService::SubmitBatch(grpc::CallbackServerContext* context,
                                                         const v1::SubmitBatchRequest* request,
                                                         v1::SubmitBatchAnswer* answer) {
  auto* const call = new WatchedCall(context, limits_.page_seconds);
  const auto own = TakeOut(request);
  const int size = own->signed_entries_size();
  if (size == 0 || size > limits_.batch_entries) {
    call->End(ToGrpc(absl::InvalidArgumentError(absl::StrCat("signed_entries: ", size, " of them; 1 to ",
                                                             limits_.batch_entries, " go in one call"))));
    return call;
  }
  auto room = gate_.Room(*context, static_cast<std::size_t>(size) * kResultBytes);
  if (room == nullptr) {
    call->End(ToGrpc(Gate::NoRoom()));
    return call;
  }
  for (int i = 0; i < size; ++i) answer->add_results();
  auto left = std::make_shared<std::atomic<int>>(size);
  std::vector<Job> jobs(static_cast<std::size_t>(size));
  for (int i = 0; i < size; ++i) {
    Job& job = jobs[static_cast<std::size_t>(i)];
    job.signed_entry = std::move(*own->mutable_signed_entries(i));
    job.cancelled = [context] { return context->IsCancelled(); };
    job.done = [=](const StatusOr<log::Receipt>& result) {
      *answer->mutable_results(i) = ToResult(static_cast<std::uint64_t>(i), result);
      if (left->fetch_sub(1) == 1) call->End(grpc::Status::OK, room);
    };
  }
  const Status taken = Take(&jobs);
  if (!taken.ok()) call->End(ToGrpc(taken));
  return call;
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* SubmissionService::SubmitStream(
    grpc::CallbackServerContext* context) {
  return StreamReactor::Start(this, context, streams_.Take(AddressOf(context->peer())));
}

grpc::ServerUnaryReactor* SubmissionService::Try(grpc::CallbackServerContext* context,
                                                 const v1::SubmitRequest* request, v1::Record* record) {
  auto entry = std::make_shared<const std::string>(std::move(*TakeOut(request)->mutable_signed_entry()));
  // What it takes grows with the entry: signatures to check, transfers to apply.
  const double cost = 1 + static_cast<double>(entry->size()) / kBytesOfOneQuestion;
  return gate_.Answer(context, cost, [this, entry = std::move(entry), record]() -> StatusOr<std::size_t> {
    FT_ASSIGN_OR_RETURN(*record, log::TryEntry(*store_.Snapshot(), *entry, clock_, ring_));
    return record->ByteSizeLong();
  });
}

}  // namespace fundtrail::server
