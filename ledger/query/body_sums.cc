// See body_sums.h.
#include "ledger/query/body_sums.h"

#include <utility>

#include "absl/container/flat_hash_map.h"

namespace fundtrail::query {
namespace {

class BodyReader {
 public:
  BodyReader(const View& view, const BodyFilter& filter) : view_(view), filter_(filter) {}

  StatusOr<BodySums> Read() {
    FT_RETURN_IF_ERROR(EachTransfer(view_, filter_.as_of,
                                    [this](const SummedTransfer& transfer) { return Take(transfer); }));
    std::erase_if(read_.bodies, [](const BodySum& body) { return body.sums.empty(); });
    std::erase_if(read_.all, [](const auto& all) { return all.second.empty(); });
    return std::move(read_);
  }

 private:
  bool Counts(const SummedAccount& account) const {
    return (filter_.fund.empty() || account.fund == filter_.fund) &&
           (filter_.asset.empty() || account.asset == filter_.asset);
  }

  Status Take(const SummedTransfer& transfer) {
    if (filter_.period.IsOver(transfer.row.date)) return absl::OkStatus();
    const bool begun = filter_.period.HasBegun(transfer.row.date);
    const bool from = Counts(*transfer.from), to = Counts(*transfer.to);
    if ((from || to) && begun) {
      ++read_.transfers;
      if (transfer.row.committed()) ++read_.committed_transfers;
    }
    const bool same_asset = transfer.from->asset == transfer.to->asset;
    const bool inside = from && to && same_asset;
    const bool same_body = inside && transfer.from->party == transfer.to->party;
    if (from) {
      read_.all[transfer.from->asset].AddPaid(transfer, inside, begun);
      FT_ASSIGN_OR_RETURN(AccountSums* const sums, Of(*transfer.from));
      sums->AddPaid(transfer, same_body, begun);
    }
    if (to) {
      read_.all[transfer.to->asset].AddReceived(transfer, inside, begun);
      FT_ASSIGN_OR_RETURN(AccountSums* const sums, Of(*transfer.to));
      sums->AddReceived(transfer, same_body, begun);
    }
    return absl::OkStatus();
  }

  // Good until the next call.
  StatusOr<AccountSums*> Of(const SummedAccount& account) {
    const auto [found, is_new] =
        numbers_.try_emplace(std::pair(account.party, account.asset), read_.bodies.size());
    if (is_new) {
      v1::TopLine line;
      line.set_party(account.party->id);
      line.set_party_name(account.party->name);
      line.set_role(account.party->role);
      line.set_role_inferred(account.party->inferred);
      line.set_asset(account.asset);
      FT_RETURN_IF_ERROR(view_.Grow(sizeof(BodySum) + line.ByteSizeLong()));
      read_.bodies.push_back({std::move(line), {}});
    }
    return &read_.bodies[found->second].sums;
  }

  const View& view_;
  const BodyFilter& filter_;
  BodySums read_;
  absl::flat_hash_map<std::pair<const SummedParty*, std::string>, std::size_t> numbers_;
};

}  // namespace

StatusOr<BodySums> ReadBodies(const View& view, const BodyFilter& filter) {
  return BodyReader(view, filter).Read();
}

StatusOr<v1::TopLine> RankedLine(const View& view, const BodySum& body) {
  v1::TopLine line = body.line;
  FT_ASSIGN_OR_RETURN(auto sums, ToMessage(view, line.asset(), body.sums));
  line.set_decimals(sums.decimals());
  *line.mutable_sums() = std::move(*sums.mutable_sums());
  return line;
}

}  // namespace fundtrail::query
