// See party_sums.h.
#include "ledger/query/party_sums.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "ledger/model/unrecorded.h"
#include "ledger/query/movements.h"
#include "ledger/query/payment_years.h"

namespace fundtrail::query {
namespace {

// One side of a transfer, of which the other may be in another account of the party.
struct SideOfTransfer {
  TransferRef ref;
  std::int64_t amount = 0;
  bool committed = false;
  std::size_t party = 0;  // whose account it is, among those that are asked about
};

struct AccountsInAsset {
  AccountSums sums;
  std::vector<SideOfTransfer> paid, received;
};

// Adds up the movements of one account. Of a transfer from an account to itself the payment comes right before the receipt.
class AccountAdder {
 public:
  AccountAdder(const SummedParty* party, std::size_t number, AccountSums* sums, AccountsInAsset* in_asset,
               const View& view)
      : party_(party), number_(number), sums_(*sums), in_asset_(*in_asset), view_(view) {}

  Status Take(const Movement& movement) {
    const bool inside = movement.incoming && paid_.has_value() && paid_->ref == movement.ref;
    FT_RETURN_IF_ERROR(AddPaid(inside));
    if (!movement.incoming) {
      paid_ = movement;
      return absl::OkStatus();
    }
    return Add(movement, inside);
  }
  Status Finish() { return AddPaid(false); }

 private:
  Status AddPaid(bool inside) {
    if (!paid_.has_value()) return absl::OkStatus();
    return Add(*std::exchange(paid_, std::nullopt), inside);
  }
  Status Add(const Movement& movement, bool inside) {
    SummedTransfer transfer;
    transfer.ref = movement.ref;
    transfer.row.amount = transfer.row.to_amount = movement.row.amount;
    transfer.row.stage = movement.row.stage;
    transfer.from.party = transfer.to.party = party_;
    transfer.mints = movement.mints;
    if (movement.incoming) {
      sums_.AddReceived(transfer, inside, true);
    } else {
      sums_.AddPaid(transfer, inside, true);
    }
    if (inside) return absl::OkStatus();
    auto& sides = movement.incoming ? in_asset_.received : in_asset_.paid;
    sides.push_back({movement.ref, movement.row.amount.value(), movement.row.committed(), number_});
    return view_.Grow(sizeof(SideOfTransfer));
  }

  const SummedParty* const party_;
  const std::size_t number_;
  AccountSums& sums_;
  AccountsInAsset& in_asset_;
  const View& view_;
  std::optional<Movement> paid_;  // whose receipt may come next
};

// What one account paid and another received is moved, and no payment. How much of that went from one party to another.
Wide MoveInside(AccountsInAsset* in_asset) {
  const auto by_ref = [](const SideOfTransfer& one, const SideOfTransfer& other) {
    return one.ref < other.ref;
  };
  std::sort(in_asset->received.begin(), in_asset->received.end(), by_ref);
  AccountSums& sums = in_asset->sums;
  Wide between = 0;
  for (const SideOfTransfer& side : in_asset->paid) {
    const auto other = std::lower_bound(in_asset->received.begin(), in_asset->received.end(), side, by_ref);
    if (other == in_asset->received.end() || other->ref != side.ref) continue;
    if (other->party != side.party) between += side.amount;
    const std::int64_t committed = side.committed ? side.amount : 0;
    sums.Add(-side.amount, &sums.paid);
    sums.Add(-side.amount, &sums.received);
    sums.Add(side.amount, &sums.moved);
    sums.Add(-committed, &sums.committed_paid);
    sums.Add(-committed, &sums.committed_received);
    sums.Add(committed, &sums.committed_moved);
    --sums.transfers;  // it was counted on both sides
    if (side.committed) --sums.committed_transfers;
  }
  return between;
}

// Of joined parties each has its own role: it says what moved in its accounts, and what is there.
StatusOr<SummedParty> SummedAs(const View& then, const std::string& party) {
  FT_ASSIGN_OR_RETURN(const v1::RegisterParty said, FindParty(then, party));
  SummedParty summed;
  summed.role = said.role();
  summed.inferred = said.role_inferred();
  summed.unrecorded = model::IsUnrecordedOrigin(party);
  return summed;
}

}  // namespace

StatusOr<PartySums> SumsOfParties(const View& view, const std::vector<std::string>& parties, AsOfRecord as_of,
                                  std::uint64_t most) {
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  const View then = Then(view, as_of);
  PartySums all;
  std::map<std::string, AccountsInAsset> by_asset;
  std::uint64_t movements = 0;
  absl::flat_hash_set<std::int32_t> days;
  for (std::size_t number = 0; number < parties.size(); ++number) {
    FT_ASSIGN_OR_RETURN(const auto accounts, AccountsAsked(view, parties[number], ""));
    FT_ASSIGN_OR_RETURN(const SummedParty summed, SummedAs(then, parties[number]));
    for (const model::AccountNumber account : accounts) {
      PartyAccountSums own;
      AccountsInAsset in_asset;
      AccountAdder adder(&summed, number, &own.sums, &in_asset, view);
      const auto take = [&](const Movement& movement) -> StatusOr<bool> {
        if (++movements > most)
          return absl::ResourceExhaustedError(absl::StrCat("the party has more than ", most, " movements"));
        days.insert(movement.row.date.days());
        FT_RETURN_IF_ERROR(adder.Take(movement));
        return true;
      };
      FT_RETURN_IF_ERROR(EachMovement(then, account, {{}, as_of}, take).status());
      FT_RETURN_IF_ERROR(adder.Finish());
      if (own.sums.transfers == 0) continue;
      FT_ASSIGN_OR_RETURN(own.account, DescribeAccount(then, account));
      AccountsInAsset& together = by_asset[own.account.asset()];
      together.sums += own.sums;
      together.paid.insert(together.paid.end(), in_asset.paid.begin(), in_asset.paid.end());
      together.received.insert(together.received.end(), in_asset.received.begin(), in_asset.received.end());
      FT_RETURN_IF_ERROR(view.Grow(sizeof(PartyAccountSums) + own.account.ByteSizeLong()));
      all.accounts.push_back(std::move(own));
    }
  }
  for (auto& [asset, together] : by_asset) {
    FT_ASSIGN_OR_RETURN(const auto declared, NeedAsset(view, asset));
    const Wide between = MoveInside(&together);
    all.assets.push_back({asset, declared.decimals(), together.sums, between});
  }
  all.years = YearsOf(days);
  return all;
}

}  // namespace fundtrail::query
