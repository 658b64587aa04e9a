// Submission: entries into the pipeline, receipts out of it. See services.h.
#include <grpcpp/alarm.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/model/refusal.h"
#include "ledger/net/address.h"
#include "ledger/pipeline/elsewhere.h"
#include "ledger/pipeline/retry.h"
#include "server/delivery_timeout.h"
#include "server/grpc_caller.h"
#include "server/request.h"
#include "server/services.h"
#include "server/status.h"

namespace fundtrail::server {
namespace {

constexpr std::chrono::milliseconds kAgain{20};           // until a stream asks again whether there is room
constexpr std::chrono::milliseconds kLongestHeld{1'000};  // a call of an address that owes
constexpr std::chrono::milliseconds kLongest{200};  // the same, when its address owes for what was refused
constexpr double kBytesOfOneQuestion = 4'096;       // of a dry run's entry

// What a call of which nothing is taken costs, in refused entries: reading it is most of the work.
constexpr double kCostOfAny = 1, kCostOfNoRoom = 5, kBytesOfOneEntry = 4'096;

double CostOfBytes(std::size_t bytes) { return kCostOfAny + static_cast<double>(bytes) / kBytesOfOneEntry; }

// What came, out of gRPC's hands (request.h).
grpc::ByteBuffer TakeOut(const grpc::ByteBuffer* request) {
  grpc::ByteBuffer own;
  own.Swap(const_cast<grpc::ByteBuffer*>(request));
  return own;
}

template <typename Message>
Status Parse(grpc::ByteBuffer* bytes, Message* message) {
  if (grpc::SerializationTraits<Message>::Deserialize(bytes, message).ok()) return absl::OkStatus();
  return model::Refuse(v1::REFUSAL_CODE_MALFORMED, "",
                       absl::StrCat("this is not a message of type ", Message::descriptor()->name()));
}

template <typename Message>
void Write(const Message& message, grpc::ByteBuffer* bytes) {
  bool own = false;
  grpc::SerializationTraits<Message>::Serialize(message, bytes, &own);
}

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

// One stream of entries. It reads on only while fewer than a window of them wait for their result to be written. It
// ends when its client takes no results or sends nothing for long. It takes bytes and not messages. At a message that it cannot
// read gRPC ends a stream as if the client had no more to send.
//
// gRPC is done with it when it is finished and no callback of gRPC's runs. The pipeline's thread is not one of gRPC's. So
// each entry that is on its way holds the reactor too, until its result has been dealt with.
class StreamReactor final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                            public std::enable_shared_from_this<StreamReactor> {
 public:
  // `slot` is given back with the reactor; without one the stream ends at once.
  static StreamReactor* Start(SubmissionService* service, grpc::CallbackServerContext* context,
                              std::shared_ptr<void> slot) {
    std::shared_ptr<StreamReactor> reactor(new StreamReactor(service, context, std::move(slot)));
    reactor->held_by_grpc_ = reactor;
    const Status may = reactor->MayBegin();
    if (may.ok()) {
      const std::lock_guard lock(reactor->mutex_);
      reactor->Read();
    } else {
      reactor->Finish(ToGrpc(may));
    }
    return reactor.get();
  }

  void OnReadDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      idle_->Sent();
      reading_ = false;
      v1::SubmitRequest request;
      const double cost = CostOfBytes(bytes_.Length());
      if (ok && !grpc::SerializationTraits<v1::SubmitRequest>::Deserialize(&bytes_, &request).ok()) {
        end_ = ToGrpc(
            service_.NotTakenFor(WhyNotTaken::kMalformed, address_, cost,
                                 model::Refuse(v1::REFUSAL_CODE_MALFORMED, "",
                                               absl::StrCat("message ", next_, " is not a SubmitRequest"))));
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
        self->service_.Charge(self->address_, receipt.status());
        self->Result(ToResult(number, receipt));
      };
    }
    Offer();
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    delivery_->Sent();
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
      delivery_.reset();  // the call is gone, whoever holds this still
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
        address_(net::AddressOf(context->peer())),
        delivery_(std::in_place, context, service->limits().page_seconds),
        idle_(std::in_place, context, service->limits().stream_idle_seconds, "no entry came") {}

  Status MayBegin() {
    if (slot_ != nullptr) return service_.Admit(address_);
    return service_.NotTakenFor(
        WhyNotTaken::kStreams, address_, kCostOfNoRoom,
        pipeline::AgainIn(std::chrono::seconds(1),
                          "too many streams of entries are open: try again when one has ended"));
  }
  // Its entries are taken in their order: while there is no room for one, those behind it are not read.
  void Offer() {
    const auto done = offered_[0].done;  // holds this, whatever becomes of the job
    const Status taken = context_.IsCancelled()
                             ? absl::CancelledError("the client has gone: the entry was not taken")
                             : service_.Take(address_, &offered_);
    const auto delay = pipeline::RetryDelay(taken);
    if (delay.has_value() && !pipeline::ActiveIn(taken).has_value()) {
      again_ = std::make_unique<grpc::Alarm>();
      again_->Set(std::chrono::system_clock::now() + std::min(std::max(*delay / 10, kAgain), kLongest),
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
    delivery_->Sending();
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
  const std::string address_;
  grpc::ByteBuffer bytes_;              // of the message that is read
  std::vector<pipeline::Job> offered_;  // the entry that has been read, until it is taken
  std::unique_ptr<grpc::Alarm> again_;
  std::mutex mutex_;
  std::optional<DeliveryTimeout> delivery_, idle_;
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

Status SubmissionService::Take(const std::string& address, std::vector<pipeline::Job>* jobs) {
  pipeline::Pipeline* const pipeline = pipeline_;
  if (pipeline == nullptr) return why_none_();
  FT_RETURN_IF_ERROR(admission_.AdmitEntries(address));
  return pipeline->Submit(address, jobs, pipeline::IfFull::kAsksAgain);
}

Status SubmissionService::Admit(const std::string& address) {
  const Status admitted = admission_.AdmitEntries(address);
  return admitted.ok() ? admitted : NotTakenFor(WhyNotTaken::kRefusals, address, kCostOfAny, admitted);
}

Status SubmissionService::MayTake(const std::string& address, std::size_t bytes) {
  const pipeline::Pipeline* const pipeline = pipeline_;
  if (pipeline == nullptr) return why_none_();
  FT_RETURN_IF_ERROR(Admit(address));
  const Status room = pipeline->MayTake(address, bytes);
  // What never will be taken is told so with the number of its entries, when that is known.
  if (!pipeline::RetryDelay(room).has_value()) return absl::OkStatus();
  return NotTakenFor(WhyNotTaken::kQueue, address, kCostOfNoRoom, room);
}

void SubmissionService::Charge(const std::string& address, const Status& end) {
  if (model::RefusalOf(end).has_value() || absl::IsCancelled(end))
    admission_.ChargeEntries(address, kCostOfAny);
}

Status SubmissionService::NotTakenFor(WhyNotTaken why, const std::string& address, double cost,
                                      const Status& status) {
  ++not_taken_[static_cast<std::size_t>(why)];
  admission_.ChargeEntries(address, cost);
  const auto delay = pipeline::RetryDelay(status);
  if (!delay.has_value()) return status;
  const auto owed = pipeline::RetryDelay(admission_.AdmitEntries(address));
  return pipeline::AgainIn(std::max(*delay, owed.value_or(*delay)), std::string(status.message()));
}

NotTaken SubmissionService::not_taken() const {
  NotTaken counts{};
  std::copy(not_taken_.begin(), not_taken_.end(), counts.begin());
  return counts;
}

// One that nothing was taken of. While its address owes, it waits for this. Who does not wait by itself sends no more
// meanwhile than it has calls, and nothing is held for it but the call.
void SubmissionService::End(WatchedCall* call, const std::string& address, const Status& status) {
  const auto owed = pipeline::RetryDelay(admission_.AdmitEntries(address));
  const bool comes_again =
      pipeline::RetryDelay(status).has_value() && !pipeline::ActiveIn(status).has_value();
  auto place = comes_again && owed.has_value() ? held_.Take(address) : nullptr;
  if (place == nullptr) {
    call->End(ToGrpc(status));
    return;
  }
  const auto then = [this, address, words = std::string(status.message())] {
    return ToGrpc(
        pipeline::AgainIn(pipeline::RetryDelay(admission_.AdmitEntries(address)).value_or(kAgain), words));
  };
  call->EndLater(std::min(*owed, kLongestHeld), then, std::move(place));
}

// Of a call that goes away when there is no room.
Status SubmissionService::TakeAtOnce(const std::string& address, std::vector<pipeline::Job>* jobs) {
  Status taken = pipeline_.load()->Submit(address, jobs);  // it stays once it is there
  if (!pipeline::RetryDelay(taken).has_value()) return taken;
  return NotTakenFor(WhyNotTaken::kQueue, address, kCostOfNoRoom, taken);
}

grpc::ServerUnaryReactor* SubmissionService::Submit(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* answer) {
  auto* const call = new WatchedCall(context, limits_.page_seconds);
  const std::string address = net::AddressOf(context->peer());
  const auto take = [&]() -> Status {
    grpc::ByteBuffer bytes = TakeOut(request);
    const std::size_t size = bytes.Length();
    FT_RETURN_IF_ERROR(MayTake(address, size));
    v1::SubmitRequest message;
    const Status parsed = Parse(&bytes, &message);
    if (!parsed.ok()) return NotTakenFor(WhyNotTaken::kMalformed, address, CostOfBytes(size), parsed);
    std::vector<pipeline::Job> jobs(1);
    jobs[0].signed_entry = std::move(*message.mutable_signed_entry());
    jobs[0].cancelled = [context] { return context->IsCancelled(); };
    jobs[0].done = [this, call, answer, address](const StatusOr<log::Receipt>& result) {
      Charge(address, result.status());
      if (result.ok()) Write(ToMessage(*result), answer);
      call->End(ToGrpc(result.status()));
    };
    return TakeAtOnce(address, &jobs);
  };
  const Status taken = take();
  if (!taken.ok()) End(call, address, taken);
  return call;
}

// The whole answer has its room before anything is taken: afterwards it could not be refused any more.
grpc::ServerUnaryReactor* SubmissionService::SubmitBatch(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* answer) {
  auto* const call = new WatchedCall(context, limits_.page_seconds);
  const std::string address = net::AddressOf(context->peer());
  const auto take = [&]() -> Status {
    grpc::ByteBuffer bytes = TakeOut(request);
    const std::size_t size = bytes.Length();
    FT_RETURN_IF_ERROR(MayTake(address, size));
    v1::SubmitBatchRequest message;
    Status fits = Parse(&bytes, &message);
    const int entries = message.signed_entries_size();
    if (fits.ok() && (entries == 0 || entries > limits_.batch_entries)) {
      fits = absl::InvalidArgumentError(absl::StrCat("signed_entries: ", entries, " of them; 1 to ",
                                                     limits_.batch_entries, " go in one call"));
    }
    if (!fits.ok()) return NotTakenFor(WhyNotTaken::kMalformed, address, CostOfBytes(size), fits);
    auto memory = admission_.Memory(address, static_cast<std::size_t>(entries) * kResultBytes);
    if (memory == nullptr) {
      return NotTakenFor(WhyNotTaken::kAnswers, address, kCostOfNoRoom,
                         pipeline::QuestionAdmission::NoMemory());
    }
    struct Results {
      v1::SubmitBatchAnswer answer;
      std::atomic<int> left;
    };
    auto results = std::make_shared<Results>();
    results->left = entries;
    for (int i = 0; i < entries; ++i) results->answer.add_results();
    std::vector<pipeline::Job> jobs(static_cast<std::size_t>(entries));
    for (int i = 0; i < entries; ++i) {
      pipeline::Job& job = jobs[static_cast<std::size_t>(i)];
      job.signed_entry = std::move(*message.mutable_signed_entries(i));
      job.cancelled = [context] { return context->IsCancelled(); };
      job.done = [=, this](const StatusOr<log::Receipt>& result) {
        Charge(address, result.status());
        *results->answer.mutable_results(i) = ToResult(static_cast<std::uint64_t>(i), result);
        if (results->left.fetch_sub(1) > 1) return;
        Write(results->answer, answer);
        call->End(grpc::Status::OK, memory);
      };
    }
    return TakeAtOnce(address, &jobs);
  };
  const Status taken = take();
  if (!taken.ok()) End(call, address, taken);
  return call;
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* SubmissionService::SubmitStream(
    grpc::CallbackServerContext* context) {
  return StreamReactor::Start(this, context, streams_.Take(net::AddressOf(context->peer())));
}

grpc::ServerUnaryReactor* SubmissionService::Try(grpc::CallbackServerContext* context,
                                                 const v1::SubmitRequest* request, v1::Record* record) {
  auto entry = std::make_shared<const std::string>(std::move(*TakeOut(request)->mutable_signed_entry()));
  // What it takes grows with the entry: signatures to check, transfers to apply.
  const double cost = 1 + static_cast<double>(entry->size()) / kBytesOfOneQuestion;
  return AnswerCall(&admission_, context, limits_.page_seconds, cost,
                    [this, entry = std::move(entry), record]() -> StatusOr<std::size_t> {
                      FT_ASSIGN_OR_RETURN(*record, log::TryEntry(*store_.Snapshot(), *entry, clock_, ring_));
                      return record->ByteSizeLong();
                    });
}

}  // namespace fundtrail::server
