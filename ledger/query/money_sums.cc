// See money_sums.h.
#include "ledger/query/money_sums.h"

#include <limits>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/model/unrecorded.h"
#include "ledger/query/movements.h"

namespace fundtrail::query {

namespace keys = model::keys;
using model::AccountNumber;

namespace {

// The number of a name; a new one gets the next.
std::uint32_t NumberOf(std::string_view name, std::map<std::string, std::uint32_t, std::less<>>* numbers) {
  const auto found = numbers->find(name);
  if (found != numbers->end()) return found->second;
  const auto next = static_cast<std::uint32_t>(numbers->size());
  numbers->emplace(std::string(name), next);
  return next;
}

// Where what an account of this party has counts.
std::int64_t* EndOf(const SummedParty& party, AccountSums* sums) {
  if (party.role == v1::SOURCE) return &sums->returned;
  if (party.role == v1::RECIPIENT) return party.inferred ? &sums->ends_here : &sums->reached;
  return &sums->held;
}

void CountTransfer(const SummedTransfer& transfer, AccountSums* sums) {
  ++sums->transfers;
  if (transfer.row.committed()) ++sums->committed_transfers;
}

}  // namespace

StatusOr<MoneyWalk> MoneyWalk::Open(const View& view, AsOfRecord as_of, bool joined) {
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  MoneyWalk walk(view, as_of);
  FT_ASSIGN_OR_RETURN(walk.joins_, Joins::Read(view, joined, as_of));
  FT_RETURN_IF_ERROR(walk.ReadAccounts());
  return walk;
}

// Accounts stand by party, so that a party's come one after another.
Status MoneyWalk::ReadAccounts() {
  const Bytes all = keys::AllOf(keys::kAccountTag);
  const auto cursor = view_.rows->Scan(all, store::PrefixEnd(all));
  std::string party;
  auto standing = joins_.standing().begin();
  std::map<std::uint32_t, std::uint32_t> bodies_of_party;  // by asset
  Numbers projects{{"", 0}};
  std::optional<Bytes> too_large;  // the first row with a number that no such account has
  std::uint64_t accounts = 0;
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    FT_ASSIGN_OR_RETURN(const auto name, keys::ReadAccountByName(cursor->key()));
    FT_ASSIGN_OR_RETURN(const std::uint64_t number, model::DecodeNumber(cursor->key(), cursor->value()));
    if (++accounts > kMaxSummedAccounts)
      return absl::ResourceExhaustedError(absl::StrCat("the ledger has more than ", kMaxSummedAccounts,
                                                       " accounts, the most that are added up at once: "
                                                       "ask for the balance of a party"));
    if (number >= kMaxSummedAccounts) {
      if (!too_large.has_value()) too_large = Bytes(cursor->key());
      continue;
    }
    if (parties_.empty() || name.party != party) {
      party = std::string(name.party);
      bodies_of_party.clear();
      // Those that stand for others are numbered too where they have no account.
      for (; standing != joins_.standing().end() && standing->first < party; ++standing)
        AddParty(standing->first);
      if (standing != joins_.standing().end() && standing->first == party) ++standing;
      WalkedParty& of = parties_[AddParty(party)];
      of.party.account = static_cast<std::uint32_t>(number);
      of.own = true;
    }
    if (number >= accounts_.size()) accounts_.resize(number + 1);
    WalkedAccount& account = accounts_[number];
    if (account.named) return model::Damaged(cursor->key(), "has the number of another account");
    account.named = true;
    account.party = static_cast<std::uint32_t>(parties_.size() - 1);
    account.fund = NumberOf(name.fund, &fund_numbers_);
    account.project = NumberOf(name.project, &projects);
    account.asset = NumberOf(name.asset, &asset_numbers_);
    if (account.asset == assets_.size()) assets_.emplace_back(name.asset);
    const auto [body, is_new] = bodies_of_party.try_emplace(account.asset, bodies_);
    if (is_new) ++bodies_;
    account.body = body->second;
  }
  FT_RETURN_IF_ERROR(cursor->status());
  if (too_large.has_value()) return model::Damaged(*too_large, "has a number beyond all accounts");
  for (; standing != joins_.standing().end(); ++standing) AddParty(standing->first);
  return CountJoined();
}

// Its number: they are added in the order of their ids.
std::uint32_t MoneyWalk::AddParty(std::string_view id) {
  WalkedParty next;
  next.party.number = next.under = static_cast<std::uint32_t>(parties_.size());
  next.party.unrecorded = model::IsUnrecordedOrigin(id);
  if (!joins_.empty() && joins_.standing().count(std::string(id)) > 0)
    standing_.emplace(std::string(id), next.under);
  parties_.push_back(next);
  return next.under;
}

// Puts the accounts of joined parties under those that stand for them.
Status MoneyWalk::CountJoined() {
  for (const auto& [standing, parties] : joins_.standing()) {
    const std::uint32_t under = standing_.at(standing);
    std::map<std::uint32_t, std::uint32_t> bodies;  // by asset
    FT_ASSIGN_OR_RETURN(const auto its_own, AccountsOf(view_, standing, ""));
    for (const AccountNumber number : its_own)
      bodies.emplace(accounts_[number.value()].asset, accounts_[number.value()].body);
    for (const std::string& party : parties) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto accounts, AccountsOf(view_, party, ""));
      for (const AccountNumber number : accounts) {
        WalkedAccount& account = accounts_[number.value()];
        parties_[account.party].under = under;
        WalkedParty& of = parties_[under];
        if (!of.own) of.party.account = static_cast<std::uint32_t>(number.value());
        const auto [body, is_new] = bodies.try_emplace(account.asset, bodies_);
        if (is_new) ++bodies_;
        account.body = body->second;
      }
    }
  }
  return absl::OkStatus();
}

StatusOr<std::string> MoneyWalk::IdOf(const SummedParty& party) const {
  FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view_, AccountNumber(party.account)));
  return joins_.StandingFor(name.party());
}

// Reads the role of the party, once.
Status MoneyWalk::Know(std::uint32_t party) {
  WalkedParty& of = parties_[party];
  if (of.known) return absl::OkStatus();
  FT_RETURN_IF_ERROR(view_.GoOn());
  FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(then_, AccountNumber(of.party.account)));
  FT_ASSIGN_OR_RETURN(const auto said,
                      NeedParty(then_, of.own ? name.party() : joins_.StandingFor(name.party())));
  of.party.role = said.role();
  of.party.inferred = said.role_inferred();
  of.known = true;
  return absl::OkStatus();
}

// The account that a transfer names, with the role of its party.
StatusOr<MoneyWalk::WalkedAccount*> MoneyWalk::Meet(AccountNumber number, ByteView transfer) {
  if (number.value() >= accounts_.size() || !accounts_[number.value()].named)
    return model::Damaged(transfer, "is of an account that is not there");
  WalkedAccount& account = accounts_[number.value()];
  account.met = true;
  FT_RETURN_IF_ERROR(Know(account.party));
  FT_RETURN_IF_ERROR(Know(parties_[account.party].under));
  return &account;
}

StatusOr<std::optional<std::uint32_t>> MoneyWalk::PartyNumber(std::string_view party) const {
  const auto standing = standing_.find(joins_.StandingFor(std::string(party)));
  if (standing != standing_.end()) return std::optional(standing->second);
  FT_ASSIGN_OR_RETURN(const auto accounts, AccountsOf(view_, party, ""));
  for (const AccountNumber account : accounts)
    if (account.value() < accounts_.size()) return std::optional(accounts_[account.value()].party);
  return std::optional<std::uint32_t>();
}

SummedAccount MoneyWalk::Told(const WalkedAccount& account) const {
  const WalkedParty& of = parties_[account.party];
  return {&of.party, &parties_[of.under].party, account.fund, account.asset, account.project, account.body};
}

Status MoneyWalk::Each(const std::function<Status(const SummedTransfer&)>& take) {
  const Bytes all = keys::AllOf(keys::kTransferTag);
  const Bytes end =
      as_of_.has_value() ? keys::Transfer({RecordIndex(*as_of_ + 1), 0}) : store::PrefixEnd(all);
  const auto cursor = view_.rows->Scan(all, end);
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    SummedTransfer transfer;
    FT_ASSIGN_OR_RETURN(transfer.ref, keys::ReadTransfer(cursor->key()));
    FT_ASSIGN_OR_RETURN(transfer.row, model::DecodeTransferRow(cursor->key(), cursor->value()));
    FT_ASSIGN_OR_RETURN(WalkedAccount* const from, Meet(transfer.row.from, cursor->key()));
    FT_ASSIGN_OR_RETURN(WalkedAccount* const to, Meet(transfer.row.to, cursor->key()));
    if (!transfer.row.exchange() && from->asset != to->asset)
      return model::Damaged(cursor->key(), "is no exchange, and changes the asset");
    transfer.from = Told(*from);
    transfer.to = Told(*to);
    transfer.mints = transfer.from.party->role == v1::SOURCE && !transfer.row.sends_back();
    if (!transfer.mints) from->left -= transfer.row.amount.value();
    to->left += transfer.row.to_amount.value();
    FT_RETURN_IF_ERROR(take(transfer));
  }
  FT_RETURN_IF_ERROR(cursor->status());
  std::set<std::uint32_t> met;  // parties that stand for others of which something moved
  for (const WalkedAccount& account : accounts_)
    if (account.met && parties_[account.party].under != account.party)
      met.insert(parties_[account.party].under);
  for (const auto& [standing, parties] : joins_.standing())
    if (met.count(standing_.at(standing)) > 0) joined_.insert(parties.begin(), parties.end());
  return as_of_.has_value() ? CheckThen() : CheckNow();
}

// The rows of what accounts hold now stand in the order of their numbers.
Status MoneyWalk::CheckNow() const {
  const Bytes first = keys::AccountState(AccountNumber(0));
  const auto cursor = view_.rows->Scan(first, store::PrefixEnd(first.substr(0, 1)));
  for (std::size_t number = 0; number < accounts_.size(); ++number) {
    if (!accounts_[number].met) continue;
    FT_RETURN_IF_ERROR(view_.GoOn());
    const Bytes key = keys::AccountState(AccountNumber(number));
    if (cursor->Valid()) cursor->SkipTo(key);
    Wide held = 0;
    if (cursor->Valid() && cursor->key() == key) {
      FT_ASSIGN_OR_RETURN(const auto state, model::DecodeAccountState(key, cursor->value()));
      held = state.held.value();
    }
    if (accounts_[number].left != held)
      return model::Damaged(key, "does not hold what the transfers leave there");
  }
  return cursor->status();
}

Status MoneyWalk::CheckThen() const {
  for (std::size_t number = 0; number < accounts_.size(); ++number) {
    if (!accounts_[number].met) continue;
    FT_RETURN_IF_ERROR(view_.GoOn());
    FT_ASSIGN_OR_RETURN(const Amount held, HeldBy(then_, AccountNumber(number), as_of_));
    if (accounts_[number].left != held.value())
      return model::Damaged(keys::AccountState(AccountNumber(number)),
                            "does not hold what the transfers leave there");
  }
  return absl::OkStatus();
}

void AccountSums::Add(Wide amount, std::int64_t* sum) {
  constexpr Wide kMost = std::numeric_limits<std::int64_t>::max();
  constexpr Wide kLeast = std::numeric_limits<std::int64_t>::min();
  const Wide exact = *sum + amount;
  const Wide kept = exact > kMost ? kMost : exact < kLeast ? kLeast : exact;
  beyond = beyond || kept != exact;
  *sum = static_cast<std::int64_t>(kept);
}

void AccountSums::AddPaid(const SummedTransfer& transfer, bool inside, bool begun) {
  const std::int64_t amount = transfer.row.amount.value();
  const std::int64_t committed = transfer.row.committed() ? amount : 0;
  if (!transfer.mints) Add(-amount, EndOf(*transfer.from.party, this));
  if (!begun) {
    if (!transfer.mints) Add(-amount, &before);
    return;
  }
  if (transfer.mints) {
    Add(amount, &brought_in);
    Add(committed, &committed_brought_in);
    if (transfer.from.party->unrecorded) Add(amount, &unrecorded);
  }
  Add(amount, inside ? &moved : &paid);
  Add(committed, inside ? &committed_moved : &committed_paid);
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
