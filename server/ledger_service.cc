// Ledger: questions, each on a snapshot and on a thread of our own, so that none waits for a writer. See services.h.
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/address.h"
#include "server/questions.h"
#include "server/request.h"
#include "server/retry.h"
#include "server/services.h"
#include "server/stall.h"
#include "server/status.h"

namespace fundtrail::server {
namespace {

// Asking again would not make it smaller.
Status TooLarge(std::size_t most) {
  return absl::ResourceExhaustedError(
      absl::StrCat("the answer has more than ", most,
                   " bytes, the most that is sent: ask by fund, by period, or for fewer paths"));
}

// A page that is a whole answer, and smaller than this, needs no place: whoever pays asks for a few parties and assets, and
// must not wait for those who read long answers slowly. As of other short answers, the bound on calls bounds them.
constexpr std::size_t kShortAnswer = std::size_t{16} << 10;

// Pages, each worked out when the one before is written: a slow client holds one page and no thread.
template <typename Request, typename Page>
class PageReactor final : public grpc::ServerWriteReactor<Page> {
 public:
  // A place among those that are being sent, given back with the reactor; or null.
  using TakeSlot = std::function<std::shared_ptr<void>(const std::string& address)>;
  PageReactor(const store::Store& store, Gate* gate, Request request, std::string address, TakeSlot take_slot,
              std::function<Status()> go_on, std::unique_ptr<Stall> stall)
      : address_(std::move(address)),
        take_slot_(std::move(take_slot)),
        stall_(std::move(stall)),
        gate_(*gate),
        request_(std::move(request)),
        rows_(store.Snapshot()) {
    auto view = query::MakeView(*rows_);
    if (!view.ok()) {
      End(view.status());
      return;
    }
    view_ = *std::move(view);
    view_.go_on = std::move(go_on);
    Next();
  }
  PageReactor(Gate* gate, const Status& refused) : gate_(*gate) { End(refused); }

  void OnWriteDone(bool ok) override {
    stall_->Sent();
    if (!ok) {
      End(absl::CancelledError("nobody reads the answer"));
    } else if (pages_->over()) {
      End(absl::OkStatus());
    } else {
      Next();
    }
  }
  void OnDone() override { delete this; }

 private:
  void Next() {
    const auto work = [this] {
      const Status made = MakePage();
      if (!made.ok()) {
        End(made);
        return;
      }
      stall_->Sending();
      this->StartWrite(&page_);
    };
    const Status taken = pages_.has_value() ? gate_.Go(address_, work) : gate_.Run(address_, work);
    if (!taken.ok()) End(taken);
  }
  Status MakePage() {
    FT_RETURN_IF_ERROR(view_.GoOn());
    if (!pages_.has_value()) {
      FT_ASSIGN_OR_RETURN(pages_, AnswerPages(view_, request_));
    }
    FT_ASSIGN_OR_RETURN(page_, pages_->Next());
    if (pages_->over()) rows_.reset();  // nothing looks at them any more
    if (slot_ != nullptr || (pages_->over() && page_.ByteSizeLong() < kShortAnswer)) return absl::OkStatus();
    slot_ = take_slot_(address_);
    if (slot_ != nullptr) return absl::OkStatus();
    return AgainIn(std::chrono::seconds(1),
                   "too many long answers are on their way: ask again when one is read");
  }
  void End(const Status& status) {
    gate_.Count(status);
    this->Finish(ToGrpc(status));
  }

  const std::string address_;
  const TakeSlot take_slot_;
  std::shared_ptr<void> slot_;          // since the first page that needs it
  const std::unique_ptr<Stall> stall_;  // null when refused
  Gate& gate_;
  const Request request_;
  std::unique_ptr<store::Reader> rows_;
  query::View view_;
  std::optional<query::Pages<Page>> pages_;  // since the first page
  Page page_;
};

}  // namespace

template <typename Request, typename Reply>
grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext* context, const Request* request,
                                             Reply* answer) {
  const auto own = TakeOut(request);
  return gate_.Answer(context, 1, [=, this]() -> StatusOr<std::size_t> {
    FT_RETURN_IF_ERROR(CheckQuestion(*own));
    auto cosigned = published_.newest();  // before the rows, which must not be behind it
    const auto rows = store_.Snapshot();
    FT_ASSIGN_OR_RETURN(auto view, query::MakeView(*rows));
    view.cosigned = std::move(cosigned);
    view.go_on = gate_.GoOn(context, limits_.question_seconds, 256);
    view.grow = [bytes = std::size_t{0}, most = limits_.answer_bytes](std::size_t more) mutable {
      bytes += more;
      return bytes <= most ? absl::OkStatus() : TooLarge(most);
    };
    FT_ASSIGN_OR_RETURN(*answer, Answer(view, *own));
    const std::size_t bytes = answer->ByteSizeLong();
    if (bytes > limits_.answer_bytes) return TooLarge(limits_.answer_bytes);
    return bytes;
  });
}

grpc::ServerUnaryReactor* LedgerService::Trace(grpc::CallbackServerContext* context,
                                               const v1::TraceRequest* request, v1::TraceAnswer* answer) {
  if (request->path_budget() <= limits_.trace_paths) return Ask(context, request, answer);
  return gate_.Answer(context, 1, [most = limits_.trace_paths] {
    return absl::InvalidArgumentError(absl::StrCat("path_budget: at most ", most));
  });
}

template <typename Page, typename Request>
grpc::ServerWriteReactor<Page>* LedgerService::Stream(grpc::CallbackServerContext* context,
                                                      const Request* request) {
  using Reactor = PageReactor<Request, Page>;
  const Status admitted = gate_.Admit(*context, 1);
  if (!admitted.ok()) return new Reactor(&gate_, admitted);
  const auto own = TakeOut(request);
  const Status fits = CheckQuestion(*own);
  if (!fits.ok()) return new Reactor(&gate_, fits);
  return new Reactor(
      store_, &gate_, std::move(*own), AddressOf(context->peer()),
      [this](const std::string& address) { return pages_.Take(address); },
      gate_.GoOn(context, 100 * limits_.question_seconds, 1),
      std::make_unique<Stall>(context, limits_.page_seconds));
}

grpc::ServerWriteReactor<v1::ListAnswer>* LedgerService::List(grpc::CallbackServerContext* context,
                                                              const v1::ListRequest* request) {
  return Stream<v1::ListAnswer>(context, request);
}

grpc::ServerWriteReactor<v1::StatementAnswer>* LedgerService::Statement(grpc::CallbackServerContext* context,
                                                                        const v1::StatementRequest* request) {
  return Stream<v1::StatementAnswer>(context, request);
}

grpc::ServerWriteReactor<v1::PartyAnswer>* LedgerService::Parties(grpc::CallbackServerContext* context,
                                                                  const v1::PartiesRequest* request) {
  return Stream<v1::PartyAnswer>(context, request);
}

grpc::ServerWriteReactor<v1::KeyAnswer>* LedgerService::Keys(grpc::CallbackServerContext* context,
                                                             const v1::KeysRequest* request) {
  return Stream<v1::KeyAnswer>(context, request);
}

grpc::ServerWriteReactor<v1::FundAnswer>* LedgerService::Funds(grpc::CallbackServerContext* context,
                                                               const v1::FundsRequest* request) {
  return Stream<v1::FundAnswer>(context, request);
}

grpc::ServerWriteReactor<v1::AssetAnswer>* LedgerService::Assets(grpc::CallbackServerContext* context,
                                                                 const v1::AssetsRequest* request) {
  return Stream<v1::AssetAnswer>(context, request);
}

grpc::ServerWriteReactor<v1::RecordsAnswer>* LedgerService::Records(grpc::CallbackServerContext* context,
                                                                    const v1::RecordsRequest* request) {
  return Stream<v1::RecordsAnswer>(context, request);
}

template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*,
                                                      const v1::CheckpointRequest*, v1::CheckpointAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::ShowRequest*,
                                                      v1::ShowAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::BalanceRequest*,
                                                      v1::BalanceAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::TraceRequest*,
                                                      v1::TraceAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*,
                                                      const v1::LedgerKeysRequest*, v1::LedgerKeyAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::ProveRequest*,
                                                      v1::ProveAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*,
                                                      const v1::ConsistencyRequest*, v1::ConsistencyAnswer*);

}  // namespace fundtrail::server
