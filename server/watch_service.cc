// See watch_service.h.
#include "server/watch_service.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "ledger/pipeline/retry.h"
#include "ledger/query/view.h"
#include "ledger/query/watch.h"
#include "server/delivery_timeout.h"
#include "server/grpc_caller.h"
#include "server/request.h"
#include "server/status.h"

namespace fundtrail::server {
namespace {

// At any time it is one of: at work on a thread of ours, writing, waiting at the hub, or finished. Whoever takes it out of one of
// these goes on with it alone.
class WatchReactor final : public grpc::ServerWriteReactor<v1::WatchAnswer>, public WatchHub::Reader {
 public:
  WatchReactor(const store::Store& store, pipeline::QuestionAdmission* admission, WatchHub* hub,
               v1::WatchRequest request, pipeline::Caller caller, std::shared_ptr<void> slot,
               double batch_seconds, std::unique_ptr<DeliveryTimeout> delivery)
      : admission_(*admission),
        store_(&store),
        hub_(hub),
        request_(std::move(request)),
        address_(std::move(caller.address)),
        cancelled_(std::move(caller.cancelled)),
        slot_(std::move(slot)),
        batch_seconds_(batch_seconds),
        delivery_(std::move(delivery)),
        next_(request_.from()),
        begun_(request_.has_from()) {
    Took(admission_.Start(
        address_, [this] { Work(); }, [this](const Status& full) { End(full); }));
  }
  WatchReactor(pipeline::QuestionAdmission* admission, const Status& refused) : admission_(*admission) {
    End(refused);
  }

  void OnWriteDone(bool ok) override {
    delivery_->Sent();
    if (!ok) {
      End(absl::CancelledError("nobody reads the records"));
    } else {
      Took(admission_.Continue(address_, [this] { Work(); }));
    }
  }
  void OnCancel() override {
    if (hub_ != nullptr && hub_->Leave(this)) End(absl::CancelledError("nobody reads the records"));
  }
  void OnDone() override { delete this; }
  void Resume(bool closed) override {
    if (closed) {
      End(Closed());
    } else {
      Took(admission_.Continue(address_, [this] { Work(); }));
    }
  }

 private:
  static Status Closed() { return absl::UnavailableError("the server ends: watch again when it is back"); }

  void Took(const Status& taken) {
    if (!taken.ok()) End(taken);
  }
  // Finds records to write, waits for some, or ends.
  void Work() {
    while (true) {
      const std::uint64_t seals = hub_->seals();
      const Status read = admission_.Bounded([this] { return Read(); });
      if (!read.ok()) return End(read);
      if (answer_.records_size() > 0) {
        delivery_->Sending();
        this->StartWrite(&answer_);
        return;
      }
      if (next_ < answer_.as_of().size()) {
        // None of those was wanted: others have their turn first.
        return Took(admission_.Continue(address_, [this] { Work(); }));
      }
      if (request_.until_now()) return End(absl::OkStatus());
      switch (hub_->Wait(this, seals, cancelled_)) {
        case WatchHub::Waited::kWaits:
          return;  // and it may be gone already
        case WatchHub::Waited::kAgain:
          continue;
        case WatchHub::Waited::kGone:
          return End(absl::CancelledError("nobody reads the records"));
        case WatchHub::Waited::kClosed:
          return End(Closed());
      }
    }
  }
  Status Read() {
    const auto rows = store_->Snapshot();
    FT_ASSIGN_OR_RETURN(auto view, query::MakeView(*rows));
    view.go_on = admission_.GoOn(cancelled_, batch_seconds_, 256);
    if (!begun_) next_ = view.checkpoint.size();
    begun_ = true;
    FT_ASSIGN_OR_RETURN(answer_, query::WatchFrom(view, request_, next_));
    next_ = answer_.next();
    return absl::OkStatus();
  }
  void End(const Status& status) {
    admission_.Count(status);
    this->Finish(ToGrpc(status));
  }

  pipeline::QuestionAdmission& admission_;
  // The following are there when it was not refused.
  const store::Store* const store_ = nullptr;
  WatchHub* const hub_ = nullptr;
  const v1::WatchRequest request_;
  const std::string address_;
  const std::function<bool()> cancelled_;
  const std::shared_ptr<void> slot_;
  const double batch_seconds_ = 0;
  const std::unique_ptr<DeliveryTimeout> delivery_;
  std::uint64_t next_ = 0;
  bool begun_ = false;  // it is known where it begins
  v1::WatchAnswer answer_;
};

}  // namespace

grpc::ServerWriteReactor<v1::WatchAnswer>* WatchService::Watch(grpc::CallbackServerContext* context,
                                                               const v1::WatchRequest* request) {
  pipeline::Caller caller = CallerOf(context);
  const Status admitted = admission_.Admit(caller.address, 1);
  if (!admitted.ok()) return new WatchReactor(&admission_, admitted);
  const auto own = TakeOut(request);
  const Status sound = query::CheckWatch(*own);
  if (!sound.ok()) return new WatchReactor(&admission_, sound);
  auto slot = slots_.Take(caller.address);
  if (slot == nullptr) {
    return new WatchReactor(
        &admission_,
        pipeline::AgainIn(std::chrono::seconds(10), "too many watch this ledger: watch again in a while"));
  }
  return new WatchReactor(store_, &admission_, &hub_, std::move(*own), std::move(caller), std::move(slot),
                          limits_.question_seconds,
                          std::make_unique<DeliveryTimeout>(context, limits_.page_seconds));
}

}  // namespace fundtrail::server
