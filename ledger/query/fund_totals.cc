// See fund_totals.h.
#include "ledger/query/fund_totals.h"

#include <map>
#include <utility>

#include "ledger/base/wide.h"
#include "ledger/books/state.h"
#include "ledger/model/unrecorded.h"
#include "ledger/query/participation.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

StatusOr<std::vector<FundTotal>> TotalsThen(const View& view, const std::string& fund, std::uint64_t as_of) {
  v1::ParticipationRequest request;
  request.set_fund(fund);
  request.set_as_of(as_of);
  FT_ASSIGN_OR_RETURN(const v1::ParticipationAnswer answer, Participation(view, request));
  std::vector<FundTotal> totals;
  for (const v1::AssetParticipation& of : answer.assets())
    totals.push_back({of.asset(), of.decimals(), of.brought(), of.unrecorded(), of.reached(), of.ended(),
                      of.held(), of.with_sources(), of.sources()});
  return totals;
}

struct AssetSums {
  Wide brought = 0, unrecorded = 0, reached = 0, ended = 0, held = 0, with_sources = 0;
  std::uint64_t sources = 0;
  std::string last_source;  // accounts stand by party, so that a source's come one after another
};

void Take(const model::AccountState& account, const std::string& id, const v1::RegisterParty& party,
          AssetSums* sums) {
  const bool source = party.role() == v1::ROLE_SOURCE;
  Wide* lies = &sums->held;
  if (source) lies = &sums->with_sources;
  if (party.role() == v1::ROLE_RECIPIENT) lies = party.role_inferred() ? &sums->ended : &sums->reached;
  *lies += account.held.value();
  if (!source || account.minted.is_zero()) return;
  if (model::IsUnrecordedOrigin(id)) {
    sums->unrecorded += account.minted.value();
    return;
  }
  sums->brought += account.minted.value();
  if (std::exchange(sums->last_source, id) != id) ++sums->sources;
}

}  // namespace

StatusOr<std::vector<FundTotal>> FundTotals(const View& view, const std::string& fund, AsOfRecord as_of) {
  if (as_of.has_value()) return TotalsThen(view, fund, *as_of);
  FT_RETURN_IF_ERROR(CheckFund(view, fund));
  std::map<std::string, AssetSums> by_asset;
  std::optional<v1::RegisterParty> party;
  const Bytes all = keys::AllOf(keys::kAccountTag);
  const auto cursor = view.rows->Scan(all, store::PrefixEnd(all));
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto name, keys::ReadAccountByName(cursor->key()));
    if (name.fund != fund) continue;
    FT_ASSIGN_OR_RETURN(const std::uint64_t number, model::DecodeNumber(cursor->key(), cursor->value()));
    FT_ASSIGN_OR_RETURN(const auto state, books::GetAccountState(*view.rows, model::AccountNumber(number)));
    if (state.held.is_zero() && state.minted.is_zero()) continue;
    if (!party.has_value() || party->id() != name.party) {
      FT_ASSIGN_OR_RETURN(party, NeedParty(view, name.party));
    }
    Take(state, party->id(), *party, &by_asset[std::string(name.asset)]);
  }
  FT_RETURN_IF_ERROR(cursor->status());
  std::vector<FundTotal> totals;
  for (const auto& [asset, sums] : by_asset) {
    FT_ASSIGN_OR_RETURN(const auto said, NeedAsset(view, asset));
    FundTotal total{asset, said.decimals()};
    total.sources = sums.sources;
    for (const auto& [sum, to] : {std::pair<Wide, std::int64_t*>{sums.brought, &total.brought},
                                  {sums.unrecorded, &total.unrecorded},
                                  {sums.reached, &total.reached},
                                  {sums.ended, &total.ended},
                                  {sums.held, &total.held},
                                  {sums.with_sources, &total.with_sources}}) {
      if (sum > kMaxInt64) return absl::DataLossError("the amounts are more than 63 bits can count");
      *to = static_cast<std::int64_t>(sum);
    }
    totals.push_back(std::move(total));
  }
  return totals;
}

}  // namespace fundtrail::query
