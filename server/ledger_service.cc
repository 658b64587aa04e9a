// Ledger: questions, each on a snapshot and on a thread of our own, so that none waits for a writer. See services.h.
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/pipeline/retry.h"
#include "ledger/query/acknowledgements.h"
#include "ledger/query/balance.h"
#include "ledger/query/checkpoints.h"
#include "ledger/query/concerns.h"
#include "ledger/query/coverage.h"
#include "ledger/query/evaluations.h"
#include "ledger/query/fragmentation.h"
#include "ledger/query/groups.h"
#include "ledger/query/idle.h"
#include "ledger/query/idle_teams.h"
#include "ledger/query/key_grants.h"
#include "ledger/query/match.h"
#include "ledger/query/missing_groups.h"
#include "ledger/query/needs.h"
#include "ledger/query/open.h"
#include "ledger/query/participation.h"
#include "ledger/query/pledges.h"
#include "ledger/query/policies.h"
#include "ledger/query/policy_gaps.h"
#include "ledger/query/policy_pairs.h"
#include "ledger/query/project_money.h"
#include "ledger/query/proofs.h"
#include "ledger/query/publicity.h"
#include "ledger/query/record_bytes.h"
#include "ledger/query/records.h"
#include "ledger/query/registers.h"
#include "ledger/query/sample.h"
#include "ledger/query/search.h"
#include "ledger/query/series.h"
#include "ledger/query/standing.h"
#include "ledger/query/statement.h"
#include "ledger/query/summary.h"
#include "ledger/query/top.h"
#include "ledger/query/trace.h"
#include "ledger/query/who_answers.h"
#include "server/delivery_timeout.h"
#include "server/grpc_caller.h"
#include "server/request.h"
#include "server/services.h"
#include "server/status.h"

namespace fundtrail::server {
namespace {

// Asking again would not make it smaller.
Status TooLarge(std::size_t most) {
  return absl::ResourceExhaustedError(
      absl::StrCat("the answer has more than ", most,
                   " bytes, the most that is sent: ask by fund, by period, or for fewer paths"));
}

// Of what is kept to make pages of, as needs that are sorted.
Status TooMuchToKeep(std::size_t most) {
  return absl::ResourceExhaustedError(absl::StrCat("more than ", most,
                                                   " bytes would be kept while the answer is on its way: ask "
                                                   "for a place, a category, a fund or an asset"));
}

// A page that is a whole answer, and smaller than this, needs no place: whoever pays asks for a few parties and assets, and
// must not wait for those who read long answers slowly. As of other short answers, the bound on calls bounds them.
constexpr std::size_t kShortAnswer = std::size_t{16} << 10;

// Pages, each worked out when the one before is written: a slow client holds one page and no thread. What is read and sorted before
// the first page is bounded as an answer of one message is: in time, and in memory, which counts until the client has all pages.
template <typename Request, typename Page>
class PageReactor final : public grpc::ServerWriteReactor<Page> {
 public:
  using Question = StatusOr<query::Pages<Page>> (*)(const query::View& view, const Request& request);
  // What is asked for `address` takes its place among `slots` with the first page that needs one, and gives it back
  // with the reactor.
  PageReactor(const store::Store& store, pipeline::QuestionAdmission* admission, Request request,
              Question ask, pipeline::Slots* slots, pipeline::Caller caller, const Limits& limits,
              std::unique_ptr<DeliveryTimeout> delivery)
      : admission_(*admission),
        store_(&store),
        request_(std::move(request)),
        ask_(ask),
        slots_(slots),
        address_(std::move(caller.address)),
        cancelled_(std::move(caller.cancelled)),
        begin_seconds_(limits.question_seconds),
        most_kept_(limits.answer_bytes),
        go_on_(admission_.GoOn(cancelled_, 100 * limits.question_seconds, 1)),
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
    } else if (pages_->over()) {
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
    const Status made = admission_.Bounded([this] { return MakePage(); });
    if (!made.ok()) {
      End(made);
      return;
    }
    delivery_->Sending();
    this->StartWrite(&page_);
  }
  Status MakePage() {
    FT_RETURN_IF_ERROR(go_on_());
    if (!pages_.has_value()) FT_RETURN_IF_ERROR(Begin());
    FT_ASSIGN_OR_RETURN(page_, pages_->Next());
    if (pages_->over()) {
      rows_.reset();  // nothing looks at them any more
    } else {
      FT_RETURN_IF_ERROR(CountKept());
    }
    if (slot_ != nullptr || (pages_->over() && page_.ByteSizeLong() < kShortAnswer)) return absl::OkStatus();
    slot_ = slots_->Take(address_);
    if (slot_ != nullptr) return absl::OkStatus();
    return pipeline::AgainIn(std::chrono::seconds(1),
                             "too many long answers are on their way: ask again when one is read");
  }
  // All pages are of the ledger as it is now.
  Status Begin() {
    rows_ = store_->Snapshot();
    FT_ASSIGN_OR_RETURN(view_, query::MakeView(*rows_));
    begin_go_on_ = admission_.GoOn(cancelled_, begin_seconds_, 256);
    // Whoever asks goes on with this view, page by page.
    view_.go_on = [this] { return begin_go_on_ ? begin_go_on_() : go_on_(); };
    view_.grow = [this](std::size_t more) {
      if (!begin_go_on_) return absl::OkStatus();
      kept_ += more;
      return kept_ <= most_kept_ ? absl::OkStatus() : TooMuchToKeep(most_kept_);
    };
    FT_ASSIGN_OR_RETURN(pages_, ask_(view_, request_));
    begin_go_on_ = nullptr;
    return absl::OkStatus();
  }
  // Once, where pages follow.
  Status CountKept() {
    if (kept_ < kShortAnswer || memory_ != nullptr) return absl::OkStatus();
    memory_ = admission_.Memory(address_, kept_);
    return memory_ == nullptr ? pipeline::QuestionAdmission::NoMemory() : absl::OkStatus();
  }
  void End(const Status& status) {
    admission_.Count(status);
    this->Finish(ToGrpc(status));
  }

  pipeline::QuestionAdmission& admission_;
  // The following are there when it was not refused.
  const store::Store* const store_ = nullptr;
  const Request request_;
  const Question ask_ = nullptr;
  pipeline::Slots* const slots_ = nullptr;
  const std::string address_;
  const std::function<bool()> cancelled_;
  const double begin_seconds_ = 0;
  const std::size_t most_kept_ = 0;
  const std::function<Status()> go_on_;
  const std::unique_ptr<DeliveryTimeout> delivery_;
  // Since the first page.
  std::unique_ptr<store::Reader> rows_;
  query::View view_;
  std::optional<query::Pages<Page>> pages_;
  std::function<Status()> begin_go_on_;  // while that is worked out which comes before the first page
  std::size_t kept_ = 0;                 // bytes, since then
  std::shared_ptr<void> memory_;         // that they count in
  Page page_;
  std::shared_ptr<void> slot_;
};

}  // namespace

template <typename Request, typename Reply, typename Question>
grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext* context, const Request* request,
                                             Reply* answer, Question ask) {
  const auto own = TakeOut(request);
  return AnswerCall(&admission_, context, limits_.page_seconds, 1, [=, this]() -> StatusOr<std::size_t> {
    FT_RETURN_IF_ERROR(CheckQuestion(*own, limits_));
    auto cosigned = published_.newest();  // before the rows, which must not be behind it
    const auto rows = store_.Snapshot();
    FT_ASSIGN_OR_RETURN(auto view, query::MakeView(*rows));
    view.cosigned = std::move(cosigned);
    view.go_on = admission_.GoOn([context] { return context->IsCancelled(); }, limits_.question_seconds, 256);
    view.grow = [bytes = std::size_t{0}, most = limits_.answer_bytes](std::size_t more) mutable {
      bytes += more;
      return bytes <= most ? absl::OkStatus() : TooLarge(most);
    };
    FT_ASSIGN_OR_RETURN(*answer, ask(view, *own));
    const std::size_t bytes = answer->ByteSizeLong();
    if (bytes > limits_.answer_bytes) return TooLarge(limits_.answer_bytes);
    return bytes;
  });
}

template <typename Page, typename Request, typename Question>
grpc::ServerWriteReactor<Page>* LedgerService::Stream(grpc::CallbackServerContext* context,
                                                      const Request* request, Question ask) {
  using Reactor = PageReactor<Request, Page>;
  const pipeline::Caller caller = CallerOf(context);
  const Status admitted = admission_.Admit(caller.address, 1);
  if (!admitted.ok()) return new Reactor(&admission_, admitted);
  const auto own = TakeOut(request);
  const Status fits = CheckQuestion(*own, limits_);
  if (!fits.ok()) return new Reactor(&admission_, fits);
  return new Reactor(store_, &admission_, std::move(*own), ask, &pages_, caller, limits_,
                     std::make_unique<DeliveryTimeout>(context, limits_.page_seconds));
}

// A lambda names the one function of its name that takes such a request.
#define UNARY(NAME, REQUEST, ANSWER)                                                                    \
  grpc::ServerUnaryReactor* LedgerService::NAME(grpc::CallbackServerContext* context,                   \
                                                const v1::REQUEST* request, v1::ANSWER* answer) {       \
    return Ask(context, request, answer,                                                                \
               [](const query::View& view, const v1::REQUEST& own) { return query::NAME(view, own); }); \
  }
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
