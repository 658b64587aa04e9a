// See account_sums.h.
#include "ledger/query/account_sums.h"

#include <utility>

namespace fundtrail::query {
namespace {

// Where what an account of this party has counts.
std::int64_t* EndOf(const SummedParty& party, AccountSums* sums) {
  if (party.role == v1::ROLE_SOURCE) return &sums->returned;
  if (party.role == v1::ROLE_RECIPIENT) return party.inferred ? &sums->ends_here : &sums->reached;
  return &sums->held;
}

void CountTransfer(const SummedTransfer& transfer, AccountSums* sums) {
  ++sums->transfers;
  if (transfer.row.committed()) ++sums->committed_transfers;
}

}  // namespace

void AccountSums::AddPaid(const SummedTransfer& transfer, bool inside, bool begun) {
  const std::int64_t amount = transfer.row.amount.value();
  if (!transfer.mints) Add(-amount, EndOf(*transfer.from.party, this));
  if (!begun) {
    if (!transfer.mints) Add(-amount, &before);
    return;
  }
  const bool committed = transfer.row.committed();
  if (transfer.mints) {
    Add(amount, &brought_in);
    if (committed) Add(amount, &committed_brought_in);
    if (transfer.from.party->unrecorded) Add(amount, &unrecorded);
  }
  Add(amount, inside ? &moved : &paid);
  if (committed) Add(amount, inside ? &committed_moved : &committed_paid);
  CountTransfer(transfer, this);
}

void AccountSums::AddReceived(const SummedTransfer& transfer, bool inside, bool begun) {
  const std::int64_t amount = transfer.row.to_amount.value();
  Add(amount, EndOf(*transfer.to.party, this));
  if (!begun) Add(amount, &before);
  if (!begun || inside) return;  // what is inside counts where it is paid
  Add(amount, &received);
  if (transfer.row.committed()) Add(amount, &committed_received);
  CountTransfer(transfer, this);
}

void AccountSums::AddEnds(const AccountSums& earlier) {
  Add(earlier.held, &held);
  Add(earlier.reached, &reached);
  Add(earlier.ends_here, &ends_here);
  Add(earlier.returned, &returned);
  beyond = beyond || earlier.beyond;
}

AccountSums& AccountSums::operator+=(const AccountSums& more) {
  AddEnds(more);
  Add(more.before, &before);
  Add(more.brought_in, &brought_in);
  Add(more.unrecorded, &unrecorded);
  Add(more.received, &received);
  Add(more.paid, &paid);
  Add(more.moved, &moved);
  Add(more.committed_brought_in, &committed_brought_in);
  Add(more.committed_received, &committed_received);
  Add(more.committed_paid, &committed_paid);
  Add(more.committed_moved, &committed_moved);
  transfers += more.transfers;
  committed_transfers += more.committed_transfers;
  return *this;
}

StatusOr<v1::MoneySums> ToMessage(const AccountSums& sums) {
  if (sums.beyond)
    return absl::OutOfRangeError("a sum is more than 63 bits can count: ask by fund or by period");
  v1::MoneySums message;
  message.set_before(sums.before);
  message.set_brought_in(sums.brought_in);
  message.set_unrecorded(sums.unrecorded);
  message.set_received(sums.received);
  message.set_paid(sums.paid);
  message.set_moved(sums.moved);
  message.set_held(sums.held);
  message.set_reached(sums.reached);
  message.set_ends_here(sums.ends_here);
  message.set_returned(sums.returned);
  message.set_committed_brought_in(sums.committed_brought_in);
  message.set_committed_received(sums.committed_received);
  message.set_committed_paid(sums.committed_paid);
  message.set_committed_moved(sums.committed_moved);
  message.set_transfers(sums.transfers);
  message.set_committed_transfers(sums.committed_transfers);
  return message;
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
