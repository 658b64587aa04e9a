// Ledger: questions, each on a snapshot and on a thread of our own, so that none waits for a writer. See services.h.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "server/delivery_timeout.h"
#include "server/grpc_caller.h"
#include "server/page_message.h"
#include "server/questions.h"
#include "server/request.h"
#include "server/services.h"
#include "server/status.h"

namespace fundtrail::server {
namespace {

// Pages, each worked out when the one before is written: a slow client holds one page and no thread.
template <typename Request, typename Page>
class PageReactor final : public grpc::ServerWriteReactor<Page> {
 public:
  PageReactor(QuestionDesk* desk, Request request, typename PagedAnswer<Request, Page>::Question ask,
              const pipeline::Caller& caller, std::uint64_t min_size,
              std::unique_ptr<DeliveryTimeout> delivery)
      : admission_(desk->admission),
        address_(caller.address),
        request_(std::move(request)),
        answer_(std::in_place, desk, caller.address, caller.cancelled, min_size, ask),
        delivery_(std::move(delivery)) {
    Work(admission_.Start(
        address_, [this] { SendPage(); }, [this](const Status& full) { End(full); }));
  }
  PageReactor(pipeline::QuestionAdmission* admission, const Status& refused) : admission_(*admission) {
    End(refused);
  }

  void OnWriteDone(bool ok) override {
    delivery_->Sent();
    if (!ok) {
      End(absl::CancelledError("nobody reads the answer"));
    } else if (answer_->over()) {
      End(absl::OkStatus());
    } else {
      Work(admission_.Continue(address_, [this] { SendPage(); }));
    }
  }
  void OnDone() override { delete this; }

 private:
  void Work(const Status& taken) {
    if (!taken.ok()) End(taken);
  }
  void SendPage() {
    Page* const page = message_.Fresh();
    const Status made = admission_.Bounded([&] { return answer_->Next(request_, page); });
    if (!made.ok()) {
      End(made);
      return;
    }
    delivery_->Sending();
    this->StartWrite(page);
  }
  void End(const Status& status) {
    admission_.Count(status);
    this->Finish(ToGrpc(status));
  }

  pipeline::QuestionAdmission& admission_;
  // The following are there when it was not refused.
  const std::string address_;
  const Request request_;
  std::optional<PagedAnswer<Request, Page>> answer_;
  const std::unique_ptr<DeliveryTimeout> delivery_;
  PageMessage<Page> message_;
};

}  // namespace

template <typename Request, typename Reply, typename Question>
grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext* context, const Request* request,
                                             Reply* answer, Question ask) {
  const auto own = TakeOut(request);
  const auto min_size = MinSizeOf(*context);
  return AnswerCall(&desk_.admission, context, desk_.limits.page_seconds, 1,
                    [=, this]() -> StatusOr<std::size_t> {
                      FT_RETURN_IF_ERROR(min_size.status());
                      return AnswerQuestion(
                          desk_, [context] { return context->IsCancelled(); }, desk_.limits.question_seconds,
                          *min_size, *own, answer, ask);
                    });
}

template <typename Page, typename Request, typename Question>
grpc::ServerWriteReactor<Page>* LedgerService::Stream(grpc::CallbackServerContext* context,
                                                      const Request* request, Question ask) {
  using Reactor = PageReactor<Request, Page>;
  const pipeline::Caller caller = CallerOf(context);
  const Status admitted = desk_.admission.Admit(caller.address, 1);
  if (!admitted.ok()) return new Reactor(&desk_.admission, admitted);
  const auto own = TakeOut(request);
  const Status fits = CheckQuestion(*own, desk_.limits);
  if (!fits.ok()) return new Reactor(&desk_.admission, fits);
  const auto min_size = MinSizeOf(*context);
  if (!min_size.ok()) return new Reactor(&desk_.admission, min_size.status());
  return new Reactor(&desk_, std::move(*own), ask, caller, *min_size,
                     std::make_unique<DeliveryTimeout>(context, desk_.limits.page_seconds));
}

#define UNARY(NAME, REQUEST, ANSWER)                                                              \
  grpc::ServerUnaryReactor* LedgerService::NAME(grpc::CallbackServerContext* context,             \
                                                const v1::REQUEST* request, v1::ANSWER* answer) { \
    return Ask(context, request, answer, FUNDTRAIL_ASK(NAME));                                    \
  }
// A lambda names the one function of its name that takes such a request.
#define PAGES(NAME, REQUEST, ANSWER)                                                                  \
  grpc::ServerWriteReactor<v1::ANSWER>* LedgerService::NAME(grpc::CallbackServerContext* context,     \
                                                            const v1::REQUEST* request) {             \
    return Stream<v1::ANSWER>(context, request, [](const query::View& view, const v1::REQUEST& own) { \
      return query::NAME(view, own, query::PagingOf(own));                                            \
    });                                                                                               \
  }
#include "server/questions.def"
#undef UNARY
#undef PAGES

}  // namespace fundtrail::server
