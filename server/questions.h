// Requests of the Ledger service as questions to query/, and their answers. What a request may say is checked here.
#pragma once

#include "fundtrail/v1/service.pb.h"
#include "ledger/query/pages.h"
#include "ledger/query/view.h"

namespace fundtrail::server {

StatusOr<v1::CheckpointAnswer> Answer(const query::View& view, const v1::CheckpointRequest& request);
StatusOr<v1::ShowAnswer> Answer(const query::View& view, const v1::ShowRequest& request);
StatusOr<v1::BalanceAnswer> Answer(const query::View& view, const v1::BalanceRequest& request);
StatusOr<v1::TraceAnswer> Answer(const query::View& view, const v1::TraceRequest& request);
StatusOr<v1::LedgerKeyAnswer> Answer(const query::View& view, const v1::LedgerKeysRequest& request);
StatusOr<v1::ProveAnswer> Answer(const query::View& view, const v1::ProveRequest& request);
StatusOr<v1::ConsistencyAnswer> Answer(const query::View& view, const v1::ConsistencyRequest& request);

// Those with long answers. The view must outlive the pages.
using query::Pages;
StatusOr<Pages<v1::ListAnswer>> AnswerPages(const query::View& view, const v1::ListRequest& request);
StatusOr<Pages<v1::StatementAnswer>> AnswerPages(const query::View& view,
                                                 const v1::StatementRequest& request);
StatusOr<Pages<v1::RegistersAnswer>> AnswerPages(const query::View& view,
                                                 const v1::RegistersRequest& request);
StatusOr<Pages<v1::KeyAnswer>> AnswerPages(const query::View& view, const v1::KeysRequest& request);
StatusOr<Pages<v1::RecordsAnswer>> AnswerPages(const query::View& view, const v1::RecordsRequest& request);

}  // namespace fundtrail::server
