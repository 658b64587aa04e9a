// Ledger: questions, each on a snapshot and on a thread of our own, so that none waits for a writer. See services.h.
#include <cmath>

#include "absl/strings/str_cat.h"
#include "server/questions.h"
#include "server/retry.h"
#include "server/services.h"
#include "server/status.h"

namespace fundtrail::server {
namespace {

// Ends an answer that nobody waits for any more, or that takes too long. Looks at the clock once in `every` calls.
std::function<Status()> GoOn(const grpc::CallbackServerContext* context, const Rate::Seconds& now,
                             double most, int every) {
  return [context, now, most, every, start = now(), calls = 0]() mutable -> Status {
    if (++calls % every != 0) return absl::OkStatus();
    if (context->IsCancelled()) return absl::CancelledError("nobody waits for the answer");
    if (now() - start <= most) return absl::OkStatus();
    return absl::DeadlineExceededError(
        absl::StrCat("the answer takes more than ", most, " s: ask by fund, by period or with a limit"));
  };
}

// Pages, each worked out when the one before is written: a slow client holds one page and no thread.
template <typename Request, typename Reply>
class PageReactor final : public grpc::ServerWriteReactor<Reply> {
 public:
  // `slot` is given back with the reactor.
  PageReactor(const store::Store& store, Workers* workers, Request request, std::shared_ptr<void> slot,
              std::function<Status()> go_on)
      : slot_(std::move(slot)), workers_(*workers), request_(std::move(request)), rows_(store.Snapshot()) {
    auto view = query::MakeView(*rows_);
    if (!view.ok()) {
      this->Finish(ToGrpc(view.status()));
      return;
    }
    view_ = *std::move(view);
    view_.go_on = std::move(go_on);
    Next();
  }
  explicit PageReactor(Workers* workers, const Status& refused) : workers_(*workers) {
    this->Finish(ToGrpc(refused));
  }

  void OnWriteDone(bool ok) override {
    if (ok) {
      Next();
    } else {
      this->Finish(grpc::Status(grpc::StatusCode::CANCELLED, "nobody reads the answer"));
    }
  }
  void OnDone() override { delete this; }

 private:
  void Next() {
    const Status taken = workers_.Run([this] {
      const Status go_on = view_.GoOn();
      if (!go_on.ok()) {
        this->Finish(ToGrpc(go_on));
        return;
      }
      auto page = NextPage(view_, &request_);
      if (page.ok() && page->has_value()) {
        page_ = **std::move(page);
        this->StartWrite(&page_);
      } else {
        this->Finish(ToGrpc(page.status()));
      }
    });
    if (!taken.ok()) this->Finish(ToGrpc(taken));
  }

  const std::shared_ptr<void> slot_;
  Workers& workers_;
  Request request_;
  std::unique_ptr<store::Reader> rows_;
  query::View view_;
  Reply page_;
};

}  // namespace

Status LedgerService::Admit(const grpc::CallbackServerContext& context) {
  ++counts_.questions;
  const std::string peer = context.peer();
  // The command line's own process, and a socket file, are not clients of whom there are many.
  if (peer.rfind("ipv", 0) != 0) return absl::OkStatus();
  const double wait = rate_.Take(Rate::AddressOf(peer), 1);
  if (wait <= 0) return absl::OkStatus();
  ++counts_.turned_away;
  return AgainIn(std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(wait * 1'000))),
                 absl::StrCat("more than ", limits_.questions_per_second,
                              " questions a second from your address: ask again in a moment"));
}

grpc::ServerUnaryReactor* LedgerService::Refuse(grpc::CallbackServerContext* context, const Status& why) {
  auto* reactor = context->DefaultReactor();
  reactor->Finish(ToGrpc(why));
  return reactor;
}

template <typename Request, typename Reply>
grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext* context, const Request* request,
                                             Reply* answer) {
  auto* reactor = context->DefaultReactor();
  const auto work = [=, this]() -> Status {
    const auto rows = store_.Snapshot();
    FT_ASSIGN_OR_RETURN(auto view, query::MakeView(*rows));
    view.go_on = GoOn(context, now_, limits_.question_seconds, 256);
    FT_ASSIGN_OR_RETURN(*answer, Answer(view, *request));
    const std::size_t bytes = answer->ByteSizeLong();
    if (bytes <= limits_.answer_bytes) return absl::OkStatus();
    return absl::ResourceExhaustedError(absl::StrCat("the answer has ", bytes, " bytes, and at most ",
                                                     limits_.answer_bytes, " are sent: ask for less"));
  };
  Status taken = Admit(*context);
  if (taken.ok()) {
    taken = workers_.Run([=, this] {
      const Status status = work();
      if (!status.ok()) ++counts_.failed;
      reactor->Finish(ToGrpc(status));
    });
  }
  if (!taken.ok()) reactor->Finish(ToGrpc(taken));
  return reactor;
}

template <typename Request, typename Reply>
grpc::ServerWriteReactor<Reply>* LedgerService::Stream(grpc::CallbackServerContext* context,
                                                       const Request* request) {
  using Reactor = PageReactor<Request, Reply>;
  const Status admitted = Admit(*context);
  if (!admitted.ok()) return new Reactor(&workers_, admitted);
  auto slot = pages_.Take(Rate::AddressOf(context->peer()));
  if (slot == nullptr) {
    ++counts_.turned_away;
    return new Reactor(&workers_,
                       AgainIn(std::chrono::seconds(1),
                               "too many lists and copies are on their way: ask again when one is read"));
  }
  Request own = *request;
  if (own.limit() == UINT64_MAX) own.set_limit(0);
  return new Reactor(store_, &workers_, std::move(own), std::move(slot),
                     GoOn(context, now_, 100 * limits_.question_seconds, 1));
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
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::FundsRequest*,
                                                      v1::FundAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::AssetsRequest*,
                                                      v1::AssetAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*, const v1::ProveRequest*,
                                                      v1::ProveAnswer*);
template grpc::ServerUnaryReactor* LedgerService::Ask(grpc::CallbackServerContext*,
                                                      const v1::ConsistencyRequest*, v1::ConsistencyAnswer*);

}  // namespace fundtrail::server
