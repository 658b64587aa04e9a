// See money_sums.h.
#include "ledger/query/money_sums.h"

#include <limits>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/model/unrecorded.h"
#include "ledger/query/movements.h"

namespace fundtrail::query {

namespace keys = model::keys;
using model::AccountNumber;

namespace {

struct WalkedAccount {
  SummedAccount account;
  Wide left = 0;  // what the transfers leave there
};

// The accounts and parties that the walk has met. Both maps leave their values where they are.
class WalkedAccounts {
 public:
  WalkedAccounts(const View& view, AsOfRecord as_of) : then_(Then(view, as_of)), as_of_(as_of) {}

  StatusOr<WalkedAccount*> Of(AccountNumber number) {
    const auto [found, is_new] = accounts_.try_emplace(number.value());
    if (!is_new) return &found->second;
    FT_RETURN_IF_ERROR(then_.GoOn());
    FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(then_, number));
    FT_ASSIGN_OR_RETURN(found->second.account.party, PartyOf(name.party()));
    found->second.account.fund = name.fund();
    found->second.account.project = name.project();
    found->second.account.asset = name.asset();
    FT_RETURN_IF_ERROR(
        then_.Grow(sizeof(WalkedAccount) + name.fund().size() + name.project().size() + name.asset().size()));
    return &found->second;
  }

  Status Check() const {
    for (const auto& [number, walked] : accounts_) {
      FT_RETURN_IF_ERROR(then_.GoOn());
      FT_ASSIGN_OR_RETURN(const Amount held, HeldBy(then_, AccountNumber(number), as_of_));
      if (walked.left == held.value()) continue;
      return model::Damaged(keys::AccountState(AccountNumber(number)),
                            "does not hold what the transfers leave there");
    }
    return absl::OkStatus();
  }

 private:
  StatusOr<const SummedParty*> PartyOf(const std::string& id) {
    const auto [found, is_new] = parties_.try_emplace(id);
    if (!is_new) return &found->second;
    FT_ASSIGN_OR_RETURN(const auto party, NeedParty(then_, id));
    found->second = {id, party.name(), party.role(), party.role_inferred()};
    FT_RETURN_IF_ERROR(then_.Grow(sizeof(SummedParty) + 2 * id.size() + party.name().size()));
    return &found->second;
  }

  const View then_;
  const AsOfRecord as_of_;
  std::unordered_map<std::uint64_t, WalkedAccount> accounts_;
  std::unordered_map<std::string, SummedParty> parties_;
};

// Where what an account of this party has counts.
Wide* EndOf(const SummedParty& party, AccountSums* sums) {
  if (party.role == v1::SOURCE) return &sums->returned;
  if (party.role == v1::RECIPIENT) return party.inferred ? &sums->ends_here : &sums->reached;
  return &sums->held;
}

void CountTransfer(const SummedTransfer& transfer, AccountSums* sums) {
  ++sums->transfers;
  if (transfer.row.committed()) ++sums->committed_transfers;
}

}  // namespace

Status EachTransfer(const View& view, AsOfRecord as_of,
                    const std::function<Status(const SummedTransfer&)>& take) {
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  WalkedAccounts accounts(view, as_of);
  const Bytes all = keys::AllOf(keys::kTransferTag);
  const Bytes end = as_of.has_value() ? keys::Transfer({RecordIndex(*as_of + 1), 0}) : store::PrefixEnd(all);
  const auto cursor = view.rows->Scan(all, end);
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    SummedTransfer transfer;
    FT_ASSIGN_OR_RETURN(transfer.ref, keys::ReadTransfer(cursor->key()));
    FT_ASSIGN_OR_RETURN(transfer.row, model::DecodeTransferRow(cursor->key(), cursor->value()));
    FT_ASSIGN_OR_RETURN(WalkedAccount* const from, accounts.Of(transfer.row.from));
    FT_ASSIGN_OR_RETURN(WalkedAccount* const to, accounts.Of(transfer.row.to));
    if (!transfer.row.exchange() && from->account.asset != to->account.asset)
      return model::Damaged(cursor->key(), "is no exchange, and changes the asset");
    transfer.from = &from->account;
    transfer.to = &to->account;
    transfer.mints = from->account.party->role == v1::SOURCE && !transfer.row.sends_back();
    if (!transfer.mints) from->left -= transfer.row.amount.value();
    to->left += transfer.row.to_amount.value();
    FT_RETURN_IF_ERROR(take(transfer));
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return accounts.Check();
}

void AccountSums::AddPaid(const SummedTransfer& transfer, bool inside, bool begun) {
  const std::int64_t amount = transfer.row.amount.value();
  const std::int64_t committed = transfer.row.committed() ? amount : 0;
  if (!transfer.mints) *EndOf(*transfer.from->party, this) -= amount;
  if (!begun) {
    if (!transfer.mints) before -= amount;
    return;
  }
  if (transfer.mints) {
    brought_in += amount;
    committed_brought_in += committed;
    if (model::IsUnrecordedOrigin(transfer.from->party->id)) unrecorded += amount;
  }
  (inside ? moved : paid) += amount;
  (inside ? committed_moved : committed_paid) += committed;
  CountTransfer(transfer, this);
}

void AccountSums::AddReceived(const SummedTransfer& transfer, bool inside, bool begun) {
  const std::int64_t amount = transfer.row.to_amount.value();
  *EndOf(*transfer.to->party, this) += amount;
  if (!begun) before += amount;
  if (!begun || inside) return;  // what is inside counts where it is paid
  received += amount;
  if (transfer.row.committed()) committed_received += amount;
  CountTransfer(transfer, this);
}

AccountSums& AccountSums::operator+=(const AccountSums& more) {
  before += more.before;
  brought_in += more.brought_in;
  unrecorded += more.unrecorded;
  received += more.received;
  paid += more.paid;
  moved += more.moved;
  held += more.held;
  reached += more.reached;
  ends_here += more.ends_here;
  returned += more.returned;
  committed_brought_in += more.committed_brought_in;
  committed_received += more.committed_received;
  committed_paid += more.committed_paid;
  committed_moved += more.committed_moved;
  transfers += more.transfers;
  committed_transfers += more.committed_transfers;
  return *this;
}

StatusOr<v1::MoneySums> ToMessage(const AccountSums& sums) {
  v1::MoneySums message;
  bool fits = true;
  const auto said = [&fits](Wide sum) {
    fits = fits && sum <= std::numeric_limits<std::int64_t>::max() &&
           sum >= std::numeric_limits<std::int64_t>::min();
    return static_cast<std::int64_t>(sum);
  };
  message.set_before(said(sums.before));
  message.set_brought_in(said(sums.brought_in));
  message.set_unrecorded(said(sums.unrecorded));
  message.set_received(said(sums.received));
  message.set_paid(said(sums.paid));
  message.set_moved(said(sums.moved));
  message.set_held(said(sums.held));
  message.set_reached(said(sums.reached));
  message.set_ends_here(said(sums.ends_here));
  message.set_returned(said(sums.returned));
  message.set_committed_brought_in(said(sums.committed_brought_in));
  message.set_committed_received(said(sums.committed_received));
  message.set_committed_paid(said(sums.committed_paid));
  message.set_committed_moved(said(sums.committed_moved));
  message.set_transfers(sums.transfers);
  message.set_committed_transfers(sums.committed_transfers);
  if (fits) return message;
  return absl::OutOfRangeError("a sum is more than 63 bits can count: ask by fund or by period");
}

StatusOr<v1::AssetSums> ToMessage(const View& view, const std::string& asset, const AccountSums& sums) {
  v1::AssetSums message;
  message.set_asset(asset);
  FT_ASSIGN_OR_RETURN(const auto declared, NeedAsset(view, asset));
  message.set_decimals(declared.decimals());
  auto said = ToMessage(sums);
  if (!said.ok()) return Annotate(said.status(), "in " + asset);
  *message.mutable_sums() = *std::move(said);
  return message;
}

}  // namespace fundtrail::query
