// Questions with pages over the Connect protocol (connect.h). One message in an envelope asks, and each page comes in an envelope of its
// own. The last envelope says how it ended.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "ledger/base/status.h"
#include "ledger/net/http_exchange.h"
#include "ledger/net/http_message.h"
#include "ledger/pipeline/question_admission.h"
#include "server/connect_call.h"
#include "server/page_message.h"
#include "server/question_desk.h"
#include "server/questions.h"
#include "server/request.h"

namespace fundtrail::server {

// The question of a POST. Nothing when it is none; then the reply has said why: as the end of a stream once the type is one of streams.
std::shared_ptr<ConnectCall> ReadStreamCall(QuestionDesk* desk, const net::HttpRequest& request,
                                            const net::HttpExchange& reply);

// What a stream begins with; a page of it; its last envelope, which says how it ended.
net::HttpResponse StreamHead(ConnectCodec codec);
std::string Enveloped(std::string_view page);
std::string EndOfStream(const Status& end);

// Pages, each worked out when the client has the one before: a slow client holds one page and no thread.
template <typename Request, typename Page>
class ConnectStream final : public std::enable_shared_from_this<ConnectStream<Request, Page>> {
 public:
  ConnectStream(std::shared_ptr<ConnectCall> call, typename PagedAnswer<Request, Page>::Question ask)
      : call_(std::move(call)),
        admission_(call_->desk.admission),
        answer_(&call_->desk, call_->caller.address, call_->caller.cancelled, call_->min_size, ask) {}
  ~ConnectStream() {
    if (!over_) admission_.Count(absl::CancelledError("nobody reads the answer"));
  }
  ConnectStream(const ConnectStream&) = delete;
  ConnectStream& operator=(const ConnectStream&) = delete;

  void Start() {
    const Status admitted = admission_.Admit(call_->caller.address, 1);
    call_->reply.Begin(StreamHead(call_->codec),
                       [self = this->shared_from_this(), admitted] { self->More(admitted); });
  }

 private:
  // The client has all that there was. On the thread of the listener.
  void More(const Status& admitted) {
    if (over_) return;
    if (!admitted.ok()) return End(admitted);
    const auto self = this->shared_from_this();
    const Status taken = begun_ ? admission_.Continue(call_->caller.address, [self] { self->Send(); })
                                : admission_.Start(
                                      call_->caller.address, [self] { self->Send(); },
                                      [self](const Status& full) { self->End(full); });
    begun_ = true;
    if (!taken.ok()) End(taken);
  }
  void Send() {
    std::string bytes;
    const Status made = admission_.Bounded([&] { return Make(&bytes); });
    if (!made.ok()) return End(made);
    if (answer_.over()) return End(absl::OkStatus(), Enveloped(bytes));
    call_->reply.Write(Enveloped(bytes));
  }
  Status Make(std::string* bytes) {
    if (call_->caller.deadline <= std::chrono::system_clock::now())
      return absl::DeadlineExceededError("the client's deadline has come before all pages");
    if (!decoded_) {
      FT_RETURN_IF_ERROR(DecodeMessage(call_->codec, call_->message, &request_));
      FT_RETURN_IF_ERROR(CheckQuestion(request_, call_->desk.limits));
      decoded_ = true;
    }
    PageMessage<Page> message;
    Page* const page = message.Fresh();
    FT_RETURN_IF_ERROR(answer_.Next(request_, page));
    FT_ASSIGN_OR_RETURN(*bytes, EncodeMessage(call_->codec, *page));
    return absl::OkStatus();
  }
  // `last`: the page before the end, which goes with it, so that nobody asks for another in between.
  void End(const Status& end, std::string last = "") {
    if (over_.exchange(true)) return;
    admission_.Count(end);
    call_->reply.Write(last.append(EndOfStream(end)));
    call_->reply.End();
  }

  const std::shared_ptr<ConnectCall> call_;
  pipeline::QuestionAdmission& admission_;
  PagedAnswer<Request, Page> answer_;
  Request request_;
  bool begun_ = false, decoded_ = false;
  std::atomic<bool> over_{false};
};

template <typename Request, typename Page>
void AskForPages(std::shared_ptr<ConnectCall> call, typename PagedAnswer<Request, Page>::Question ask) {
  std::make_shared<ConnectStream<Request, Page>>(std::move(call), ask)->Start();
}

}  // namespace fundtrail::server
