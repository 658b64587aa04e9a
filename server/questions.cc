// See questions.h.
#include "server/questions.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/model/keys.h"
#include "ledger/query/accounts.h"
#include "ledger/query/proofs.h"
#include "ledger/query/records.h"
#include "ledger/query/registers.h"
#include "ledger/query/trace.h"

namespace fundtrail::server {
namespace {

StatusOr<std::optional<Date>> Day(const char* field, const std::string& text) {
  if (text.empty()) return std::optional<Date>();
  const auto date = ParseDate(text);
  if (!date.ok()) return Annotate(date.status(), field);
  return std::optional<Date>(*date);
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

StatusOr<v1::StatementAnswer> Answer(const query::View& view, const v1::StatementRequest& request) {
  FT_ASSIGN_OR_RETURN(const auto from, Day("from", request.from()));
  FT_ASSIGN_OR_RETURN(const auto to, Day("to", request.to()));
  return query::Statement(view, request.party(), request.fund(), from, to);
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

StatusOr<v1::PartyAnswer> Answer(const query::View& view, const v1::PartiesRequest& request) {
  switch (request.which_case()) {
    case v1::PartiesRequest::kId:
      return query::ShowParty(view, request.id());
    case v1::PartiesRequest::kRoot:
      return query::PartyTree(view, request.root());
    default:
      return query::ListParties(view);
  }
}

StatusOr<v1::KeyAnswer> Answer(const query::View& view, const v1::KeysRequest& request) {
  return query::ListKeys(view, request.party(), request.public_key());
}

StatusOr<v1::LedgerKeyAnswer> Answer(const query::View& view, const v1::LedgerKeysRequest& /*request*/) {
  return query::ListLedgerKeys(view);
}

StatusOr<v1::FundAnswer> Answer(const query::View& view, const v1::FundsRequest& /*request*/) {
  return query::ListFunds(view);
}

StatusOr<v1::AssetAnswer> Answer(const query::View& view, const v1::AssetsRequest& /*request*/) {
  return query::ListAssets(view);
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

StatusOr<std::optional<v1::ListAnswer>> NextPage(const query::View& view, v1::ListRequest* request) {
  if (request->limit() == UINT64_MAX) return std::optional<v1::ListAnswer>();  // the page before was the last
  query::ListFilter filter;
  filter.party = request->party();
  filter.fund = request->fund();
  filter.project = request->project();
  filter.kind = request->kind();
  FT_ASSIGN_OR_RETURN(filter.from, Day("from", request->from()));
  FT_ASSIGN_OR_RETURN(filter.to, Day("to", request->to()));
  const std::uint64_t wanted = request->limit() == 0 ? kPageTransfers : request->limit();
  filter.limit = std::min<std::uint64_t>(wanted, kPageTransfers);
  filter.bytes = kPageBytes;
  if (request->has_after()) filter.after = RefOf(request->after());
  FT_ASSIGN_OR_RETURN(auto answer, query::List(view, filter));
  const auto given = static_cast<std::uint64_t>(answer.transfers_size());
  const bool more = !answer.next().empty() && (request->limit() == 0 || request->limit() > given);
  if (more) {
    *request->mutable_after() = answer.transfers(answer.transfers_size() - 1).ref();
    if (request->limit() != 0) request->set_limit(request->limit() - given);
    answer.clear_next();
  } else {
    request->set_limit(UINT64_MAX);
  }
  return std::optional<v1::ListAnswer>(std::move(answer));
}

StatusOr<std::optional<v1::RecordsAnswer>> NextPage(const query::View& view, v1::RecordsRequest* request) {
  v1::RecordsAnswer answer;
  answer.set_first(request->from());
  std::size_t bytes = 0;
  while (request->from() < view.checkpoint.size() && request->limit() != UINT64_MAX && bytes < kPageBytes) {
    FT_ASSIGN_OR_RETURN(auto record, view.rows->Get(model::keys::Record(RecordIndex(request->from()))));
    if (!record.has_value())
      return absl::DataLossError(absl::StrCat("record ", request->from(), " is missing; run verify"));
    bytes += record->size();
    answer.add_records(*std::move(record));
    request->set_from(request->from() + 1);
    if (request->limit() != 0) request->set_limit(request->limit() == 1 ? UINT64_MAX : request->limit() - 1);
  }
  if (answer.records().empty()) return std::optional<v1::RecordsAnswer>();
  *answer.mutable_as_of() = view.checkpoint;
  return std::optional<v1::RecordsAnswer>(std::move(answer));
}

}  // namespace fundtrail::server
