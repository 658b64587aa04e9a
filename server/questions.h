// Requests of the Ledger service as questions to query/, and their answers. What a request may say is checked here.
#pragma once

#include <functional>

#include "fundtrail/v1/service.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::server {

StatusOr<v1::CheckpointAnswer> Answer(const query::View& view, const v1::CheckpointRequest& request);
StatusOr<v1::ShowAnswer> Answer(const query::View& view, const v1::ShowRequest& request);
StatusOr<v1::BalanceAnswer> Answer(const query::View& view, const v1::BalanceRequest& request);
StatusOr<v1::StatementAnswer> Answer(const query::View& view, const v1::StatementRequest& request);
StatusOr<v1::TraceAnswer> Answer(const query::View& view, const v1::TraceRequest& request);
StatusOr<v1::PartyAnswer> Answer(const query::View& view, const v1::PartiesRequest& request);
StatusOr<v1::KeyAnswer> Answer(const query::View& view, const v1::KeysRequest& request);
StatusOr<v1::LedgerKeyAnswer> Answer(const query::View& view, const v1::LedgerKeysRequest& request);
StatusOr<v1::FundAnswer> Answer(const query::View& view, const v1::FundsRequest& request);
StatusOr<v1::AssetAnswer> Answer(const query::View& view, const v1::AssetsRequest& request);
StatusOr<v1::ProveAnswer> Answer(const query::View& view, const v1::ProveRequest& request);
StatusOr<v1::ConsistencyAnswer> Answer(const query::View& view, const v1::ConsistencyRequest& request);

// The next page of a stream, and `*request` changed so that it asks for the one behind it; nothing at the end.
inline constexpr std::size_t kPageTransfers = 500;
inline constexpr std::size_t kPageBytes = std::size_t{1}
                                          << 20;  // no more than the part with which this is reached
StatusOr<std::optional<v1::ListAnswer>> NextPage(const query::View& view, v1::ListRequest* request);
StatusOr<std::optional<v1::RecordsAnswer>> NextPage(const query::View& view, v1::RecordsRequest* request);

}  // namespace fundtrail::server
