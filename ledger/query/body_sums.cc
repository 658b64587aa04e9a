// See body_sums.h.
#include "ledger/query/body_sums.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

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

  // The sums of the bodies that pay one another lie anywhere: all are asked for before the first is added to.
  Status Take(std::span<const SummedTransfer> transfers) {
    if (!filter_.groups()) {
      for (const SummedTransfer& transfer : transfers) {
        __builtin_prefetch(&read_.bodies[transfer.from.body].sums);
        __builtin_prefetch(&read_.bodies[transfer.to.body].sums);
      }
    }
    for (const SummedTransfer& transfer : transfers) FT_RETURN_IF_ERROR(Add(transfer));
    return absl::OkStatus();
  }

  // After the walk, once.
  BodySums Answer() {
    read_.joins = walk_.joins();
    read_.joined = walk_.joined();
    if (!filter_.groups()) {
      walk_.EachMet([this](const SummedAccount& account) {
        BodySum& body = read_.bodies[account.body];
        body.party = *account.under;
        body.asset = account.asset;
      });
    }
    std::erase_if(read_.bodies, [](const BodySum& body) { return body.sums.empty(); });
    for (std::size_t asset = 0; asset < totals_.size(); ++asset)
      if (!totals_[asset].empty()) read_.all.emplace(read_.assets[asset], totals_[asset]);
    return std::move(read_);
  }

 private:
  static constexpr std::uint32_t kNotMet = UINT32_MAX;

  Status Add(const SummedTransfer& transfer) {
    if (period_.IsOver(transfer.row.date)) return absl::OkStatus();
    const bool begun = period_.HasBegun(transfer.row.date);
    const bool from = Counts(transfer.from), to = Counts(transfer.to);
    if ((from || to) && begun) {
      ++read_.transfers;
      if (transfer.row.committed()) ++read_.committed_transfers;
    }
    const bool inside = from && to && transfer.from.asset == transfer.to.asset;
    std::uint32_t payer = transfer.from.body, payee = transfer.to.body;
    if (filter_.groups()) {
      if (from) {
        FT_ASSIGN_OR_RETURN(payer, GroupOf(transfer.from, transfer.row.from));
      }
      if (to) {
        FT_ASSIGN_OR_RETURN(payee, GroupOf(transfer.to, transfer.row.to));
      }
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

  bool Counts(const SummedAccount& account) const {
    return (filter_.fund.empty() || account.fund == fund_) &&
           (filter_.asset.empty() || account.asset == asset_) &&
           (!filter_.groups() || filter_.role == v1::ROLE_UNSPECIFIED || account.under->role == filter_.role);
  }

  // Among read_.bodies: the group where the account counts. Each account is asked about once.
  StatusOr<std::uint32_t> GroupOf(const SummedAccount& account, model::AccountNumber number) {
    if (number.value() >= group_of_.size()) group_of_.resize(number.value() + 1, kNotMet);
    std::uint32_t& known = group_of_[number.value()];
    if (known != kNotMet) return known;
    std::string group;
    if (filter_.of == v1::TopRequest::OF_PROGRAMMES) {
      FT_ASSIGN_OR_RETURN(group, names_.Programme(number));
    } else {
      FT_ASSIGN_OR_RETURN(group, names_.Kind(*account.under));
    }
    const auto [found, is_new] =
        groups_.try_emplace({account.asset, group}, static_cast<std::uint32_t>(read_.bodies.size()));
    if (is_new) {
      FT_RETURN_IF_ERROR(view_.Grow(sizeof(BodySum)));
      BodySum& body = read_.bodies.emplace_back();
      body.group = std::move(group);
      body.asset = account.asset;
    }
    known = found->second;
    return known;
  }

  const View& view_;
  const MoneyWalk& walk_;
  const BodyFilter& filter_;
  const DatePeriod period_;
  GroupNames names_;
  const std::optional<std::uint32_t> fund_, asset_;                        // nothing: no account has it
  std::vector<AccountSums> totals_;                                        // by asset
  std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> groups_;  // by asset and id
  std::vector<std::uint32_t> group_of_;                                    // by account
  BodySums read_;
};

}  // namespace

StatusOr<std::vector<BodySums>> ReadBodiesOfPeriods(const View& view, const BodyFilter& filter,
                                                    const std::vector<DatePeriod>& periods) {
  FT_ASSIGN_OR_RETURN(MoneyWalk walk, MoneyWalk::Open(view, filter.as_of, filter.joined));
  std::vector<BodyReader> readers;
  readers.reserve(periods.size());
  for (const DatePeriod& period : periods) readers.emplace_back(view, walk, filter, period);
  const auto take = [&readers](std::span<const SummedTransfer> transfers) -> Status {
    for (BodyReader& reader : readers) FT_RETURN_IF_ERROR(reader.Take(transfers));
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(walk.EachBlock(take));
  std::vector<BodySums> read;
  read.reserve(readers.size());
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
  if (of == v1::TopRequest::OF_PROGRAMMES && !group.group.empty()) {
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
