// The sums of many accounts at once, by one walk over all transfers: what Summary, Top and Series are made of.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/sums.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/wide.h"
#include "ledger/query/joins.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// How many accounts a ledger may have to be walked. An account takes about 50 bytes while the walk lasts. A body, which is a
// party in one asset, takes about 200 where bodies are told apart. A project takes about 100 while accounts are read.
inline constexpr std::uint64_t kMaxSummedAccounts = 2'000'000;

// A party with what sums tell apart. It has no texts: there may be a million.
struct SummedParty {
  std::uint32_t number = 0;   // parties that have accounts, in the order of their ids
  std::uint32_t account = 0;  // one of its accounts, or of those under it: MoneyWalk::IdOf says whose it is
  v1::Role role = v1::ROLE_UNSPECIFIED;
  bool inferred = false;    // the role
  bool unrecorded = false;  // stands for an origin that nobody recorded
};

// Numbers of the walk, not of the ledger. The parties live as long as the walk.
struct SummedAccount {
  const SummedParty* party = nullptr;  // the account's own: its role says what moved and what is there
  const SummedParty* under = nullptr;  // where it counts: the party that stands for it, or itself
  std::uint32_t fund = 0, asset = 0;
  std::uint32_t project = 0;  // 0: none
  std::uint32_t body = 0;     // those that count under one party in one asset share it
};

struct SummedTransfer {
  TransferRef ref;
  model::TransferRow row;
  SummedAccount from, to;
  bool mints = false;  // a SOURCE's payment, of money that it brings in
};

// How the walk goes. First it reads the accounts, by their names, and gives numbers to parties, funds, projects and assets. Then
// it reads each transfer once, in the order of the log. Last it compares, of each account, what the transfers leave there with
// what the account holds by its own rows. So it takes time in proportion to accounts and transfers. What it keeps is bounded by
// kMaxSummedAccounts, and is no part of an answer: view.Grow hears nothing of it.
class MoneyWalk {
 public:
  // Reads the accounts. With `joined`, those of joined parties count under the party that stands for them. The view must outlive the
  // walk. OUT_OF_RANGE for a record that is not there yet; RESOURCE_EXHAUSTED when
  // there are more than kMaxSummedAccounts; DATA_LOSS when a row cannot be read.
  static StatusOr<MoneyWalk> Open(const View& view, AsOfRecord as_of, bool joined = false);

  // Every transfer as of the record; once. DATA_LOSS when an account does not hold what the transfers leave there, or a row cannot
  // be read. Then nothing that was taken is of use.
  Status Each(const std::function<Status(const SummedTransfer&)>& take);

  // In the order of their numbers.
  const std::vector<std::string>& assets() const { return assets_; }
  std::uint32_t bodies() const { return bodies_; }
  // Who stands for whom, and the id of a party in whose name accounts count.
  const Joins& joins() const { return joins_; }
  StatusOr<std::string> IdOf(const SummedParty& party) const;
  // After Each: the parties that had money then and stand under another one, and those beside them.
  const std::set<std::string>& joined() const { return joined_; }
  // Of the next three, nothing when no account has it: then nothing moved there. That of a party is of the one that stands for it.
  StatusOr<std::optional<std::uint32_t>> PartyNumber(std::string_view party) const;
  std::optional<std::uint32_t> FundNumber(const std::string& fund) const { return Find(fund_numbers_, fund); }
  std::optional<std::uint32_t> AssetNumber(const std::string& asset) const {
    return Find(asset_numbers_, asset);
  }

 private:
  using Numbers = std::map<std::string, std::uint32_t, std::less<>>;
  struct WalkedAccount {
    Wide left = 0;  // what the transfers leave there
    std::uint32_t party = 0, fund = 0, asset = 0, project = 0, body = 0;
    bool named = false;  // there is such an account
    bool met = false;    // a transfer went to it, or from it
  };
  struct WalkedParty {
    SummedParty party;
    bool known = false;       // its role was read
    bool own = false;         // the account is its own
    std::uint32_t under = 0;  // where its accounts count: itself, or another one
  };

  MoneyWalk(const View& view, AsOfRecord as_of) : view_(view), then_(Then(view, as_of)), as_of_(as_of) {}
  static std::optional<std::uint32_t> Find(const Numbers& numbers, const std::string& name) {
    const auto found = numbers.find(name);
    return found == numbers.end() ? std::nullopt : std::optional(found->second);
  }
  Status ReadAccounts();
  std::uint32_t AddParty(std::string_view id);
  Status CountJoined();
  Status Know(std::uint32_t party);
  StatusOr<WalkedAccount*> Meet(model::AccountNumber number, ByteView transfer);
  SummedAccount Told(const WalkedAccount& account) const;
  Status CheckNow() const;
  Status CheckThen() const;

  const View& view_;
  const View then_;
  const AsOfRecord as_of_;
  std::vector<WalkedAccount> accounts_;  // by their numbers
  std::vector<WalkedParty> parties_;
  Joins joins_;
  std::set<std::string> joined_;
  Numbers standing_;  // the parties that stand for others
  Numbers fund_numbers_, asset_numbers_;
  std::vector<std::string> assets_;
  std::uint32_t bodies_ = 0;
};

// Value dates, both included.
struct DatePeriod {
  std::optional<Date> since, until;
  bool IsOver(Date date) const { return until.has_value() && date > *until; }
  bool HasBegun(Date date) const { return !since.has_value() || date >= *since; }
};

// MoneySums as they are added up. A sum that does not fit in 63 bits stays at the most or at the least, and is `beyond` for good:
// ToMessage refuses it.
struct AccountSums {
  std::int64_t before = 0, brought_in = 0, unrecorded = 0, received = 0, paid = 0, moved = 0;
  std::int64_t held = 0, reached = 0, ends_here = 0, returned = 0;
  std::int64_t committed_brought_in = 0, committed_received = 0, committed_paid = 0, committed_moved = 0;
  std::uint64_t transfers = 0, committed_transfers = 0;
  bool beyond = false;

  // The side that pays, or the side that receives, of a transfer which is one of theirs. `inside`: the other side is too, and in
  // the same asset. `begun`: the period has begun; what came before it counts in `before` alone.
  void AddPaid(const SummedTransfer& transfer, bool inside, bool begun);
  void AddReceived(const SummedTransfer& transfer, bool inside, bool begun);
  Wide there() const { return Wide{held} + reached + ends_here + returned; }
  // Nothing moved, and nothing is there or was.
  bool empty() const { return transfers == 0 && before == 0 && there() == 0 && !beyond; }
  // Adds to one of the sums.
  void Add(Wide amount, std::int64_t* sum);
  // What is there at the end of other sums, which come before these.
  void AddEnds(const AccountSums& earlier);
  // Each field by itself.
  AccountSums& operator+=(const AccountSums& more);
};

// OUT_OF_RANGE when a sum does not fit in 63 bits.
StatusOr<v1::MoneySums> ToMessage(const AccountSums& sums);
// The same with the asset and its decimals.
StatusOr<v1::AssetSums> ToMessage(const View& view, const std::string& asset, const AccountSums& sums);

}  // namespace fundtrail::query
