// See money_sums.h.
#include "ledger/query/money_sums.h"

#include <algorithm>
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

// So many transfers out of memory take a fraction of a millisecond.
constexpr std::uint64_t kRowsBetweenLooks = 1'024;

// So many fit beside one another in a processor's own memory.
constexpr std::size_t kBlockTransfers = 128;

}  // namespace

StatusOr<MoneyWalk> MoneyWalk::Open(const View& view, AsOfRecord as_of, bool joined) {
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  FT_ASSIGN_OR_RETURN(auto table, TableOf(view));
  return OpenWith(view, as_of, joined, std::move(table));
}

// Null where nobody keeps one.
StatusOr<std::shared_ptr<const MoneyTable>> MoneyWalk::TableOf(const View& view) {
  if (view.money == nullptr) return std::shared_ptr<const MoneyTable>();
  return view.money->Of(view, &MoneyWalk::ReadTable);
}

// What the table has, and from the store what it does not have.
template <typename TakeRow>
Status MoneyWalk::EachRowWith(const View& view, AsOfRecord as_of, const MoneyTable* table, TakeRow&& take) {
  RecordIndex first;  // of the records that the table does not have
  if (table != nullptr) {
    const std::uint64_t end = as_of.has_value() ? std::min(table->size, *as_of + 1) : table->size;
    std::uint64_t count = 0;
    const auto each = [&](TransferRef ref, const model::TransferRow& row) -> Status {
      if (++count % kRowsBetweenLooks == 0) FT_RETURN_IF_ERROR(view.GoOn());
      return take(ref, row);
    };
    FT_RETURN_IF_ERROR(table->rows.EachBefore(end, each));
    if (table->size == view.checkpoint.size()) return absl::OkStatus();
    first = RecordIndex(table->size);
  }
  const Bytes all = keys::AllOf(keys::kTransferTag);
  const Bytes end = as_of.has_value() ? keys::Transfer({RecordIndex(*as_of + 1), 0}) : store::PrefixEnd(all);
  const auto cursor =
      view.rows->Scan(table == nullptr ? all : std::min(keys::Transfer({first, 0}), end), end);
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const TransferRef ref, keys::ReadTransfer(cursor->key()));
    FT_ASSIGN_OR_RETURN(const auto row, model::DecodeTransferRow(cursor->key(), cursor->value()));
    FT_RETURN_IF_ERROR(take(ref, row));
  }
  return cursor->status();
}

Status MoneyWalk::EachRow(const View& view, AsOfRecord as_of,
                          const std::function<Status(TransferRef, const model::TransferRow&)>& take) {
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  FT_ASSIGN_OR_RETURN(const auto table, TableOf(view));
  return EachRowWith(view, as_of, table.get(), take);
}

StatusOr<MoneyWalk> MoneyWalk::OpenWith(const View& view, AsOfRecord as_of, bool joined,
                                        std::shared_ptr<const MoneyTable> table) {
  MoneyWalk walk(view, as_of);
  walk.table_ = std::move(table);
  FT_ASSIGN_OR_RETURN(walk.joins_, Joins::Read(view, joined, as_of));
  walk.is_whole_ = walk.table_ != nullptr && walk.table_->size == view.checkpoint.size() &&
                   !as_of.has_value() && walk.joins_.empty();
  if (walk.is_whole_) {
    walk.of_ = walk.table_->accounts;
  } else {
    FT_RETURN_IF_ERROR(walk.ReadAccounts());
  }
  return walk;
}

StatusOr<std::shared_ptr<const MoneyTable>> MoneyWalk::ReadTable(const View& view,
                                                                 std::shared_ptr<const MoneyTable> before) {
  const auto table = std::make_shared<MoneyTable>();
  const std::uint64_t known = before == nullptr ? 0 : before->size;
  if (before != nullptr) table->rows = before->rows;
  FT_ASSIGN_OR_RETURN(MoneyWalk walk, OpenWith(view, std::nullopt, false, std::move(before)));
  const Status read = walk.Each([&](const SummedTransfer& transfer) -> Status {
    if (transfer.ref.record.value() < known) return absl::OkStatus();
    if (table->rows.count() == kMaxKeptTransfers) return absl::CancelledError();
    table->rows.Append(transfer.ref, transfer.row);
    return absl::OkStatus();
  });
  if (table->rows.count() == kMaxKeptTransfers && !read.ok()) return std::shared_ptr<const MoneyTable>();
  FT_RETURN_IF_ERROR(read);
  table->size = view.checkpoint.size();
  table->accounts = std::move(walk.of_);
  return table;
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
    if (of_.parties.empty() || name.party != party) {
      party = std::string(name.party);
      bodies_of_party.clear();
      // Those that stand for others are numbered too where they have no account.
      for (; standing != joins_.standing().end() && standing->first < party; ++standing)
        AddParty(standing->first);
      if (standing != joins_.standing().end() && standing->first == party) ++standing;
      WalkedParty& of = of_.parties[AddParty(party)];
      of.party.account = static_cast<std::uint32_t>(number);
      of.own = true;
    }
    if (number >= of_.accounts.size()) of_.accounts.resize(number + 1);
    WalkedAccount& account = of_.accounts[number];
    if (account.named) return model::Damaged(cursor->key(), "has the number of another account");
    account.named = true;
    account.party = static_cast<std::uint32_t>(of_.parties.size() - 1);
    account.fund = NumberOf(name.fund, &of_.funds);
    account.project = NumberOf(name.project, &projects);
    account.asset = NumberOf(name.asset, &of_.asset_numbers);
    if (account.asset == of_.assets.size()) of_.assets.emplace_back(name.asset);
    const auto [body, is_new] = bodies_of_party.try_emplace(account.asset, of_.bodies);
    if (is_new) ++of_.bodies;
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
  next.party.number = next.under = static_cast<std::uint32_t>(of_.parties.size());
  next.party.unrecorded = model::IsUnrecordedOrigin(id);
  if (!joins_.empty() && joins_.standing().count(std::string(id)) > 0)
    of_.standing.emplace(std::string(id), next.under);
  of_.parties.push_back(next);
  return next.under;
}

// Puts the accounts of joined parties under those that stand for them.
Status MoneyWalk::CountJoined() {
  for (const auto& [standing, parties] : joins_.standing()) {
    const std::uint32_t under = of_.standing.at(standing);
    std::map<std::uint32_t, std::uint32_t> bodies;  // by asset
    FT_ASSIGN_OR_RETURN(const auto its_own, AccountsOf(view_, standing, ""));
    for (const AccountNumber number : its_own)
      bodies.emplace(of_.accounts[number.value()].asset, of_.accounts[number.value()].body);
    for (const std::string& party : parties) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto accounts, AccountsOf(view_, party, ""));
      for (const AccountNumber number : accounts) {
        WalkedAccount& account = of_.accounts[number.value()];
        of_.parties[account.party].under = under;
        WalkedParty& of = of_.parties[under];
        if (!of.own) of.party.account = static_cast<std::uint32_t>(number.value());
        const auto [body, is_new] = bodies.try_emplace(account.asset, of_.bodies);
        if (is_new) ++of_.bodies;
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

// Reads the role of the party.
Status MoneyWalk::Know(WalkedParty* party) {
  WalkedParty& of = *party;
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
StatusOr<WalkedAccount*> MoneyWalk::Meet(AccountNumber number, TransferRef transfer) {
  if (number.value() >= of_.accounts.size() || !of_.accounts[number.value()].named)
    return model::Damaged(keys::Transfer(transfer), "is of an account that is not there");
  WalkedAccount& account = of_.accounts[number.value()];
  account.met = true;
  WalkedParty& own = of_.parties[account.party];
  if (!own.known) FT_RETURN_IF_ERROR(Know(&own));
  WalkedParty& under = of_.parties[own.under];
  if (!under.known) FT_RETURN_IF_ERROR(Know(&under));
  return &account;
}

StatusOr<std::optional<std::uint32_t>> MoneyWalk::PartyNumber(std::string_view party) const {
  const auto standing = of_.standing.find(joins_.StandingFor(std::string(party)));
  if (standing != of_.standing.end()) return std::optional(standing->second);
  FT_ASSIGN_OR_RETURN(const auto accounts, AccountsOf(view_, party, ""));
  for (const AccountNumber account : accounts)
    if (account.value() < of_.accounts.size()) return std::optional(of_.accounts[account.value()].party);
  return std::optional<std::uint32_t>();
}

SummedAccount MoneyWalk::Told(const WalkedAccount& account) const {
  const WalkedParty& of = of_.parties[account.party];
  return {&of.party,   &of_.parties[of.under].party, account.fund, account.asset, account.project,
          account.body};
}

Status MoneyWalk::Each(const std::function<Status(const SummedTransfer&)>& take) {
  return EachBlock([&take](std::span<const SummedTransfer> block) -> Status {
    for (const SummedTransfer& transfer : block) FT_RETURN_IF_ERROR(take(transfer));
    return absl::OkStatus();
  });
}

Status MoneyWalk::EachBlock(const std::function<Status(std::span<const SummedTransfer>)>& take) {
  std::vector<SummedTransfer> block(kBlockTransfers);
  std::size_t size = 0;
  const auto take_block = [&]() -> Status {
    const std::span<SummedTransfer> transfers = std::span(block).first(std::exchange(size, 0));
    for (const SummedTransfer& transfer : transfers) AskForParties(transfer.row);
    for (SummedTransfer& transfer : transfers) FT_RETURN_IF_ERROR(Resolve(&transfer));
    return take(transfers);
  };
  const auto add = [&](TransferRef ref, const model::TransferRow& row) -> Status {
    block[size].ref = ref;
    block[size].row = row;
    AskForAccounts(row);
    return ++size < block.size() ? absl::OkStatus() : take_block();
  };
  FT_RETURN_IF_ERROR(EachRowWith(view_, as_of_, table_.get(), add));
  FT_RETURN_IF_ERROR(take_block());
  std::set<std::uint32_t> met;  // parties that stand for others of which something moved
  for (const WalkedAccount& account : of_.accounts)
    if (account.met && of_.parties[account.party].under != account.party)
      met.insert(of_.parties[account.party].under);
  for (const auto& [standing, parties] : joins_.standing())
    if (met.count(of_.standing.at(standing)) > 0) joined_.insert(parties.begin(), parties.end());
  if (is_whole_) return absl::OkStatus();
  return as_of_.has_value() ? CheckThen() : CheckNow();
}

void MoneyWalk::EachMet(const std::function<void(const SummedAccount&)>& take) const {
  for (const WalkedAccount& account : of_.accounts)
    if (account.met) take(Told(account));
}

void MoneyWalk::AskForAccounts(const model::TransferRow& row) const {
  for (const AccountNumber number : {row.from, row.to})
    if (number.value() < of_.accounts.size()) __builtin_prefetch(&of_.accounts[number.value()]);
}

void MoneyWalk::AskForParties(const model::TransferRow& row) const {
  for (const AccountNumber number : {row.from, row.to})
    if (number.value() < of_.accounts.size())
      __builtin_prefetch(&of_.parties[of_.accounts[number.value()].party]);
}

Status MoneyWalk::Resolve(SummedTransfer* transfer) {
  const TransferRef ref = transfer->ref;
  const model::TransferRow& row = transfer->row;
  FT_ASSIGN_OR_RETURN(WalkedAccount* const from, Meet(row.from, ref));
  FT_ASSIGN_OR_RETURN(WalkedAccount* const to, Meet(row.to, ref));
  if (!row.exchange() && from->asset != to->asset)
    return model::Damaged(keys::Transfer(ref), "is no exchange, and changes the asset");
  transfer->from = Told(*from);
  transfer->to = Told(*to);
  transfer->mints = transfer->from.party->role == v1::ROLE_SOURCE && !row.sends_back();
  if (!is_whole_) {
    if (!transfer->mints) from->left -= row.amount.value();
    to->left += row.to_amount.value();
  }
  return absl::OkStatus();
}

// The rows of what accounts hold now stand in the order of their numbers.
Status MoneyWalk::CheckNow() const {
  const Bytes first = keys::AccountState(AccountNumber(0));
  const auto cursor = view_.rows->Scan(first, store::PrefixEnd(first.substr(0, 1)));
  for (std::size_t number = 0; number < of_.accounts.size(); ++number) {
    if (!of_.accounts[number].met) continue;
    FT_RETURN_IF_ERROR(view_.GoOn());
    const Bytes key = keys::AccountState(AccountNumber(number));
    if (cursor->Valid()) cursor->SkipTo(key);
    Wide held = 0;
    if (cursor->Valid() && cursor->key() == key) {
      FT_ASSIGN_OR_RETURN(const auto state, model::DecodeAccountState(key, cursor->value()));
      held = state.held.value();
    }
    if (of_.accounts[number].left != held)
      return model::Damaged(key, "does not hold what the transfers leave there");
  }
  return cursor->status();
}

Status MoneyWalk::CheckThen() const {
  for (std::size_t number = 0; number < of_.accounts.size(); ++number) {
    if (!of_.accounts[number].met) continue;
    FT_RETURN_IF_ERROR(view_.GoOn());
    FT_ASSIGN_OR_RETURN(const Amount held, HeldBy(then_, AccountNumber(number), as_of_));
    if (of_.accounts[number].left != held.value())
      return model::Damaged(keys::AccountState(AccountNumber(number)),
                            "does not hold what the transfers leave there");
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::query
