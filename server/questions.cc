// See questions.h.
#include "server/questions.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/model/keys.h"
#include "ledger/query/accounts.h"
#include "ledger/query/key_grants.h"
#include "ledger/query/proofs.h"
#include "ledger/query/records.h"
#include "ledger/query/registers.h"
#include "ledger/query/statement.h"
#include "ledger/query/trace.h"

namespace fundtrail::server {
namespace {

StatusOr<std::optional<Date>> Day(const char* field, const std::string& text) {
  if (text.empty()) return std::optional<Date>();
  const auto date = ParseDate(text);
  if (!date.ok()) return Annotate(date.status(), field);
  return std::optional<Date>(*date);
}

template <typename Request>
query::Paging PagingOf(const Request& request) {
  query::Paging paging;
  paging.limit = request.limit();
  paging.after = request.after();
  return paging;
}

TransferRef RefOf(const v1::TransferRef& ref) { return {RecordIndex(ref.record()), ref.line()}; }

}  // namespace

StatusOr<v1::CheckpointAnswer> Answer(const query::View& view, const v1::CheckpointRequest& /*request*/) {
  v1::CheckpointAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (view.cosigned != nullptr) *answer.mutable_cosigned() = *view.cosigned;
  return answer;
}

StatusOr<v1::ShowAnswer> Answer(const query::View& view, const v1::ShowRequest& request) {
  return query::Show(view, RefOf(request.ref()));
}

StatusOr<v1::BalanceAnswer> Answer(const query::View& view, const v1::BalanceRequest& request) {
  query::AsOf as_of;
  if (request.as_of_case() == v1::BalanceRequest::kRecord) as_of.record = request.record();
  FT_ASSIGN_OR_RETURN(as_of.date, Day("date", request.date()));
  return query::Balance(view, request.party(), request.fund(), as_of);
}

StatusOr<v1::TraceAnswer> Answer(const query::View& view, const v1::TraceRequest& request) {
  query::TraceQuestion question;
  if (request.direction() != v1::FROM && request.direction() != v1::TO)
    return absl::InvalidArgumentError("direction: FROM or TO");
  question.direction = request.direction();
  if (request.has_ref()) question.ref = RefOf(request.ref());
  question.party = request.party();
  question.fund = request.fund();
  FT_ASSIGN_OR_RETURN(question.since, Day("since", request.since()));
  FT_ASSIGN_OR_RETURN(question.until, Day("until", request.until()));
  if (request.has_as_of()) question.as_of = request.as_of();
  question.depth =
      static_cast<int>(std::min<std::uint32_t>(request.depth(), query::kMaxDepth + 1));  // more is cut
  question.min = request.min();
  question.want_tree = request.tree();
  question.want_paths = request.paths();
  if (request.path_budget() > 0) question.path_budget = request.path_budget();
  return query::Trace(view, question);
}

StatusOr<v1::LedgerKeyAnswer> Answer(const query::View& view, const v1::LedgerKeysRequest& /*request*/) {
  return query::ListLedgerKeys(view);
}

StatusOr<v1::ProveAnswer> Answer(const query::View& view, const v1::ProveRequest& request) {
  if (!request.cosigned()) return query::Prove(view, RecordIndex(request.record()));
  FT_ASSIGN_OR_RETURN(const query::View cosigned, query::AtCosigned(view));
  const std::uint64_t size = cosigned.checkpoint.size();
  if (request.record() >= size && request.record() < view.checkpoint.size()) {
    return absl::FailedPreconditionError(absl::StrCat("witnesses have cosigned the first ", size,
                                                      " records, and ", request.record(),
                                                      " is not among them yet: ask again in a moment"));
  }
  return query::Prove(cosigned, RecordIndex(request.record()));
}

StatusOr<v1::ConsistencyAnswer> Answer(const query::View& view, const v1::ConsistencyRequest& request) {
  query::View as_of = view;
  if (request.cosigned()) {
    FT_ASSIGN_OR_RETURN(as_of, query::AtCosigned(view));
  }
  const std::uint64_t size = as_of.checkpoint.size();
  return query::Consistency(as_of, request.old_size(), request.has_new_size() ? request.new_size() : size);
}

StatusOr<Pages<v1::ListAnswer>> AnswerPages(const query::View& view, const v1::ListRequest& request) {
  query::ListFilter filter;
  filter.party = request.party();
  filter.fund = request.fund();
  filter.project = request.project();
  filter.kind = request.kind();
  FT_ASSIGN_OR_RETURN(filter.from, Day("from", request.from()));
  FT_ASSIGN_OR_RETURN(filter.to, Day("to", request.to()));
  if (request.has_after()) filter.after = RefOf(request.after());
  query::Paging paging;
  paging.limit = request.limit();
  return query::List(view, filter, paging);
}

StatusOr<Pages<v1::StatementAnswer>> AnswerPages(const query::View& view,
                                                 const v1::StatementRequest& request) {
  query::StatementQuestion question;
  question.party = request.party();
  question.fund = request.fund();
  FT_ASSIGN_OR_RETURN(question.from, Day("from", request.from()));
  FT_ASSIGN_OR_RETURN(question.to, Day("to", request.to()));
  if (request.has_as_of()) question.as_of = request.as_of();
  return query::Statement(view, question, PagingOf(request));
}

StatusOr<Pages<v1::RegistersAnswer>> AnswerPages(const query::View& view,
                                                 const v1::RegistersRequest& request) {
  return query::Registers(view, request, PagingOf(request));
}

StatusOr<Pages<v1::KeyAnswer>> AnswerPages(const query::View& view, const v1::KeysRequest& request) {
  return query::ListKeys(view, request, PagingOf(request));
}

StatusOr<Pages<v1::RecordsAnswer>> AnswerPages(const query::View& view, const v1::RecordsRequest& request) {
  query::Paging paging;
  paging.limit = request.limit();
  paging.page_parts = SIZE_MAX;  // copies are large: by bytes alone
  return Pages<v1::RecordsAnswer>(
      view, paging,
      [&view, from = request.from()](v1::RecordsAnswer* page,
                                     query::Room* room) mutable -> StatusOr<std::optional<std::string>> {
        page->set_first(from);
        for (; from < view.checkpoint.size() && !room->full(); ++from) {
          FT_ASSIGN_OR_RETURN(auto record, view.rows->Get(model::keys::Record(RecordIndex(from))));
          if (!record.has_value())
            return absl::DataLossError(absl::StrCat("record ", from, " is missing; run verify"));
          room->TakePart(record->size());
          page->add_records(*std::move(record));
        }
        if (from >= view.checkpoint.size()) return std::optional<std::string>();
        return std::optional<std::string>("");  // they are numbered, and need no token
      });
}

}  // namespace fundtrail::server
