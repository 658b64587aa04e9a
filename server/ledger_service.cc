// Ledger: questions, each on a snapshot and on a thread of our own, so that none waits for a writer. See services.h.
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

// Pages, each worked out when the one before is written: a slow client holds one page and no thread.
template <typename Request, typename Reply>
class PageReactor final : public grpc::ServerWriteReactor<Reply> {
 public:
  // `slot` is given back with the reactor.
  PageReactor(const store::Store& store, Gate* gate, Request request, std::shared_ptr<void> slot,
              std::function<Status()> go_on, std::unique_ptr<Stall> stall, std::string address)
      : address_(std::move(address)),
        slot_(std::move(slot)),
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
    if (ok) {
      Next();
    } else {
      End(absl::CancelledError("nobody reads the answer"));
    }
  }
  void OnDone() override { delete this; }

 private:
  void Next() {
    const auto work = [this] {
      const Status go_on = view_.GoOn();
      if (!go_on.ok()) {
        End(go_on);
        return;
      }
      auto page = NextPage(view_, &request_);
      if (page.ok() && page->has_value()) {
        page_ = **std::move(page);
        stall_->Sending();
        this->StartWrite(&page_);
      } else {
        End(page.status());
      }
    };
    const Status taken = std::exchange(begun_, true) ? gate_.Go(address_, work) : gate_.Run(address_, work);
    if (!taken.ok()) End(taken);
  }
  void End(const Status& status) {
    gate_.Count(status);
    this->Finish(ToGrpc(status));
  }

  const std::string address_;
  bool begun_ = false;  // the first page
  const std::shared_ptr<void> slot_;
  const std::unique_ptr<Stall> stall_;  // null when refused
  Gate& gate_;
  Request request_;
  std::unique_ptr<store::Reader> rows_;
  query::View view_;
  Reply page_;
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

template <typename Request, typename Reply>
grpc::ServerWriteReactor<Reply>* LedgerService::Stream(grpc::CallbackServerContext* context,
                                                       const Request* request) {
  using Reactor = PageReactor<Request, Reply>;
  const Status admitted = gate_.Admit(*context, 1);
  if (!admitted.ok()) return new Reactor(&gate_, admitted);
  const std::string address = AddressOf(context->peer());
  auto slot = pages_.Take(address);
  if (slot == nullptr) {
    return new Reactor(&gate_,
                       AgainIn(std::chrono::seconds(1),
                               "too many lists and copies are on their way: ask again when one is read"));
  }
  const auto own = TakeOut(request);
  const Status fits = CheckQuestion(*own);
  if (!fits.ok()) return new Reactor(&gate_, fits);
  if (own->limit() == UINT64_MAX) own->set_limit(0);
  return new Reactor(store_, &gate_, std::move(*own), std::move(slot),
                     gate_.GoOn(context, 100 * limits_.question_seconds, 1),
                     std::make_unique<Stall>(context, limits_.page_seconds), address);
}

grpc::ServerWriteReactor<v1::ListAnswer>* LedgerService::List(grpc::CallbackServerContext* context,
                                                              const v1::ListRequest* request) {
  return Stream<v1::ListRequest, v1::ListAnswer>(context, request);
}

grpc::ServerWriteReactor<v1::RecordsAnswer>* LedgerService::Records(grpc::CallbackServerContext* context,
                                                                    const v1::RecordsRequest* request) {
  return Stream<v1::RecordsRequest, v1::RecordsAnswer>(context, request);
}

template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*,
                                                      const v1::CheckpointRequest*, v1::CheckpointAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::ShowRequest*,
                                                      v1::ShowAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::BalanceRequest*,
                                                      v1::BalanceAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*,
                                                      const v1::StatementRequest*, v1::StatementAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::TraceRequest*,
                                                      v1::TraceAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::PartiesRequest*,
                                                      v1::PartyAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::KeysRequest*,
                                                      v1::KeyAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*,
                                                      const v1::LedgerKeysRequest*, v1::LedgerKeyAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::FundsRequest*,
                                                      v1::FundAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::AssetsRequest*,
                                                      v1::AssetAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::ProveRequest*,
                                                      v1::ProveAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*,
                                                      const v1::ConsistencyRequest*, v1::ConsistencyAnswer*);

}  // namespace fundtrail::server
