// See body_sums.h.
#include "ledger/query/body_sums.h"

#include <utility>

namespace fundtrail::query {
namespace {

class BodyReader {
 public:
  BodyReader(MoneyWalk* walk, const BodyFilter& filter)
      : walk_(*walk),
        filter_(filter),
        fund_(walk->FundNumber(filter.fund)),
        asset_(walk->AssetNumber(filter.asset)),
        totals_(walk->assets().size()) {
    read_.bodies.resize(walk->bodies());
    read_.assets = walk->assets();
  }

  StatusOr<BodySums> Read() {
    FT_RETURN_IF_ERROR(walk_.Each([this](const SummedTransfer& transfer) {
      Take(transfer);
      return absl::OkStatus();
    }));
    read_.joins = walk_.joins();
    read_.joined = walk_.joined();
    std::erase_if(read_.bodies, [](const BodySum& body) { return body.sums.empty(); });
    for (std::size_t asset = 0; asset < totals_.size(); ++asset)
      if (!totals_[asset].empty()) read_.all.emplace(read_.assets[asset], totals_[asset]);
    return std::move(read_);
  }

 private:
  bool Counts(const SummedAccount& account) const {
    return (filter_.fund.empty() || account.fund == fund_) &&
           (filter_.asset.empty() || account.asset == asset_);
  }

  void Take(const SummedTransfer& transfer) {
    if (filter_.period.IsOver(transfer.row.date)) return;
    const bool begun = filter_.period.HasBegun(transfer.row.date);
    const bool from = Counts(transfer.from), to = Counts(transfer.to);
    if ((from || to) && begun) {
      ++read_.transfers;
      if (transfer.row.committed()) ++read_.committed_transfers;
    }
    const bool inside = from && to && transfer.from.asset == transfer.to.asset;
    const bool same_body = from && to && transfer.from.body == transfer.to.body;
    if (from) {
      totals_[transfer.from.asset].AddPaid(transfer, inside, begun);
      Of(transfer.from)->AddPaid(transfer, same_body, begun);
    }
    if (to) {
      totals_[transfer.to.asset].AddReceived(transfer, inside, begun);
      Of(transfer.to)->AddReceived(transfer, same_body, begun);
    }
  }

  AccountSums* Of(const SummedAccount& account) {
    BodySum& body = read_.bodies[account.body];
    body.party = *account.under;
    body.asset = account.asset;
    return &body.sums;
  }

  MoneyWalk& walk_;
  const BodyFilter& filter_;
  const std::optional<std::uint32_t> fund_, asset_;  // nothing: no account has it
  std::vector<AccountSums> totals_;                  // by asset
  BodySums read_;
};

}  // namespace

StatusOr<BodySums> ReadBodies(const View& view, const BodyFilter& filter) {
  FT_ASSIGN_OR_RETURN(MoneyWalk walk, MoneyWalk::Open(view, filter.as_of, filter.joined));
  return BodyReader(&walk, filter).Read();
}

StatusOr<std::string> PartyOf(const View& view, const Joins& joins, const BodySum& body) {
  FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view, model::AccountNumber(body.party.account)));
  return joins.StandingFor(name.party());
}

StatusOr<v1::TopLine> RankedLine(const View& view, AsOfRecord as_of, const Joins& joins,
                                 const std::string& asset, const BodySum& body) {
  FT_ASSIGN_OR_RETURN(const std::string id, PartyOf(view, joins, body));
  FT_ASSIGN_OR_RETURN(const auto party, NeedParty(Then(view, as_of), id));
  v1::TopLine line;
  line.set_party(id);
  line.set_party_name(party.name());
  line.set_role(body.party.role);
  line.set_role_inferred(body.party.inferred);
  line.set_asset(asset);
  FT_ASSIGN_OR_RETURN(auto sums, ToMessage(view, asset, body.sums));
  line.set_decimals(sums.decimals());
  *line.mutable_sums() = std::move(*sums.mutable_sums());
  return line;
}

}  // namespace fundtrail::query
