// See body_sums.h.
#include "ledger/query/body_sums.h"

#include <map>
#include <utility>

#include "ledger/query/group_names.h"

namespace fundtrail::query {
namespace {

class BodyReader {
 public:
  BodyReader(const View& view, const MoneyWalk& walk, const BodyFilter& filter, const DatePeriod& period)
      : view_(view),
        walk_(walk),
        filter_(filter),
        period_(period),
        names_(view, walk, filter.as_of),
        fund_(walk.FundNumber(filter.fund)),
        asset_(walk.AssetNumber(filter.asset)),
        totals_(walk.assets().size()) {
    if (!filter.groups()) read_.bodies.resize(walk.bodies());
    read_.assets = walk.assets();
  }

  Status Take(const SummedTransfer& transfer) {
    if (period_.IsOver(transfer.row.date)) return absl::OkStatus();
    const bool begun = period_.HasBegun(transfer.row.date);
    const bool from = Counts(transfer.from), to = Counts(transfer.to);
    if ((from || to) && begun) {
      ++read_.transfers;
      if (transfer.row.committed()) ++read_.committed_transfers;
    }
    const bool inside = from && to && transfer.from.asset == transfer.to.asset;
    std::size_t payer = 0, payee = 0;
    if (from) {
      FT_ASSIGN_OR_RETURN(payer, BodyOf(transfer.from, transfer.row.from));
    }
    if (to) {
      FT_ASSIGN_OR_RETURN(payee, BodyOf(transfer.to, transfer.row.to));
    }
    const bool same_body = from && to && payer == payee;
    if (from) {
      totals_[transfer.from.asset].AddPaid(transfer, inside, begun);
      read_.bodies[payer].sums.AddPaid(transfer, same_body, begun);
    }
    if (to) {
      totals_[transfer.to.asset].AddReceived(transfer, inside, begun);
      read_.bodies[payee].sums.AddReceived(transfer, same_body, begun);
    }
    return absl::OkStatus();
  }

  // After the walk, once.
  BodySums Answer() {
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
           (filter_.asset.empty() || account.asset == asset_) &&
           (!filter_.groups() || filter_.role == v1::ROLE_UNSPECIFIED || account.under->role == filter_.role);
  }

  // Among read_.bodies: that of the account's party, or the group where it counts.
  StatusOr<std::size_t> BodyOf(const SummedAccount& account, model::AccountNumber number) {
    if (!filter_.groups()) {
      BodySum& body = read_.bodies[account.body];
      body.party = *account.under;
      body.asset = account.asset;
      return account.body;
    }
    std::string group;
    if (filter_.of == v1::TopRequest::PROGRAMMES) {
      FT_ASSIGN_OR_RETURN(group, names_.Programme(number));
    } else {
      FT_ASSIGN_OR_RETURN(group, names_.Kind(*account.under));
    }
    const auto [found, is_new] = groups_.try_emplace({account.asset, group}, read_.bodies.size());
    if (is_new) {
      FT_RETURN_IF_ERROR(view_.Grow(sizeof(BodySum)));
      BodySum& body = read_.bodies.emplace_back();
      body.group = std::move(group);
      body.asset = account.asset;
    }
    return found->second;
  }

  const View& view_;
  const MoneyWalk& walk_;
  const BodyFilter& filter_;
  const DatePeriod period_;
  GroupNames names_;
  const std::optional<std::uint32_t> fund_, asset_;                      // nothing: no account has it
  std::vector<AccountSums> totals_;                                      // by asset
  std::map<std::pair<std::uint32_t, std::string>, std::size_t> groups_;  // by asset and id
  BodySums read_;
};

}  // namespace

StatusOr<BodySums> ReadBodies(const View& view, const BodyFilter& filter) {
  FT_ASSIGN_OR_RETURN(auto read, ReadBodiesOfPeriods(view, filter, {filter.period}));
  return std::move(read.front());
}

StatusOr<std::vector<BodySums>> ReadBodiesOfPeriods(const View& view, const BodyFilter& filter,
                                                    const std::vector<DatePeriod>& periods) {
  FT_ASSIGN_OR_RETURN(MoneyWalk walk, MoneyWalk::Open(view, filter.as_of, filter.joined));
  std::vector<BodyReader> readers;
  readers.reserve(periods.size());
  for (const DatePeriod& period : periods) readers.emplace_back(view, walk, filter, period);
  const auto take = [&readers](const SummedTransfer& transfer) -> Status {
    for (BodyReader& reader : readers) FT_RETURN_IF_ERROR(reader.Take(transfer));
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(walk.Each(take));
  std::vector<BodySums> read;
  for (BodyReader& reader : readers) read.push_back(reader.Answer());
  return read;
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

StatusOr<v1::TopLine> GroupLine(const View& view, AsOfRecord as_of, v1::TopRequest::Of of,
                                const std::string& asset, const BodySum& group) {
  v1::TopLine line;
  line.set_party(group.group);
  if (of == v1::TopRequest::PROGRAMMES && !group.group.empty()) {
    FT_ASSIGN_OR_RETURN(const auto item, ItemThen(view, v1::Action::kOpenProgramme, group.group, as_of));
    if (item.has_value()) line.set_party_name(item->action().open_programme().name());
  }
  line.set_asset(asset);
  FT_ASSIGN_OR_RETURN(auto sums, ToMessage(view, asset, group.sums));
  line.set_decimals(sums.decimals());
  *line.mutable_sums() = std::move(*sums.mutable_sums());
  return line;
}

}  // namespace fundtrail::query
