// The sums of many accounts at once, by one walk over all transfers: what Summary, Top and Series are made of.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fundtrail/v1/sums.pb.h"
#include "ledger/base/wide.h"
#include "ledger/query/account_sums.h"
#include "ledger/query/joins.h"
#include "ledger/query/money_accounts.h"
#include "ledger/query/money_table.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// How many accounts a ledger may have to be walked. An account takes about 50 bytes while the walk lasts. A body, which is a
// party in one asset, takes about 200 where bodies are told apart. A project takes about 100 while accounts are read.
inline constexpr std::uint64_t kMaxSummedAccounts = 2'000'000;

// How the walk goes. First it reads the accounts, by their names, and gives numbers to parties, funds, projects and assets. Then
// it reads each transfer once, in the order of the log. Last it compares, of each account, what the transfers leave there with
// what the account holds by its own rows. So it takes time in proportion to accounts and transfers. What it keeps is bounded by
// kMaxSummedAccounts, and is no part of an answer: view.Grow hears nothing of it.
//
// Where the view has tables (money_table.h), transfers come out of memory. Of the ledger as it is now, with nobody joined, accounts do
// too; all was compared when the table was made.
class MoneyWalk {
 public:
  // Reads the accounts. With `joined`, those of joined parties count under the party that stands for them. The view must outlive the
  // walk. OUT_OF_RANGE for a record that is not there yet; RESOURCE_EXHAUSTED when
  // there are more than kMaxSummedAccounts; DATA_LOSS when a row cannot be read.
  static StatusOr<MoneyWalk> Open(const View& view, AsOfRecord as_of, bool joined = false);

  // Every transfer as of the record; once. DATA_LOSS when an account does not hold what the transfers leave there, or a row cannot
  // be read. Then nothing that was taken is of use.
  Status Each(const std::function<Status(const SummedTransfer&)>& take);
  // The same, some hundreds at a time: for whoever adds to sums that lie far apart in memory, and asks for them beforehand.
  Status EachBlock(const std::function<Status(std::span<const SummedTransfer>)>& take);
  // After that, each account that something moved to, or from, in the order of their numbers.
  void EachMet(const std::function<void(const SummedAccount&)>& take) const;

  // Every transfer as of the record by itself, in the order of the log: nothing is known of its accounts, and nothing is compared.
  static Status EachRow(const View& view, AsOfRecord as_of,
                        const std::function<Status(TransferRef, const model::TransferRow&)>& take);

  // The table of the view's size: what `before` has is taken from there. Null when there are more than kMaxKeptTransfers. For MoneyTables.
  static StatusOr<std::shared_ptr<const MoneyTable>> ReadTable(const View& view,
                                                               std::shared_ptr<const MoneyTable> before);

  // In the order of their numbers.
  const std::vector<std::string>& assets() const { return of_.assets; }
  std::uint32_t bodies() const { return of_.bodies; }
  // Who stands for whom, and the id of a party in whose name accounts count.
  const Joins& joins() const { return joins_; }
  StatusOr<std::string> IdOf(const SummedParty& party) const;
  // After Each: the parties that had money then and stand under another one, and those beside them.
  const std::set<std::string>& joined() const { return joined_; }
  // Of the next three, nothing when no account has it: then nothing moved there. That of a party is of the one that stands for it.
  StatusOr<std::optional<std::uint32_t>> PartyNumber(std::string_view party) const;
  std::optional<std::uint32_t> FundNumber(const std::string& fund) const { return Find(of_.funds, fund); }
  std::optional<std::uint32_t> AssetNumber(const std::string& asset) const {
    return Find(of_.asset_numbers, asset);
  }

 private:
  using Numbers = WalkedAccounts::Numbers;
  MoneyWalk(const View& view, AsOfRecord as_of) : view_(view), then_(Then(view, as_of)), as_of_(as_of) {}
  static std::optional<std::uint32_t> Find(const Numbers& numbers, const std::string& name) {
    const auto found = numbers.find(name);
    return found == numbers.end() ? std::nullopt : std::optional(found->second);
  }
  static StatusOr<std::shared_ptr<const MoneyTable>> TableOf(const View& view);
  template <typename TakeRow>
  static Status EachRowWith(const View& view, AsOfRecord as_of, const MoneyTable* table, TakeRow&& take);
  static StatusOr<MoneyWalk> OpenWith(const View& view, AsOfRecord as_of, bool joined,
                                      std::shared_ptr<const MoneyTable> table);
  Status ReadAccounts();
  // Accounts and parties of a block's transfers lie anywhere: the processor hears of all before the first is looked at.
  void AskForAccounts(const model::TransferRow& row) const;
  void AskForParties(const model::TransferRow& row) const;
  // Its accounts, by its row.
  Status Resolve(SummedTransfer* transfer);
  std::uint32_t AddParty(std::string_view id);
  Status CountJoined();
  Status Know(WalkedParty* party);
  StatusOr<WalkedAccount*> Meet(model::AccountNumber number, TransferRef transfer);
  SummedAccount Told(const WalkedAccount& account) const;
  Status CheckNow() const;
  Status CheckThen() const;

  const View& view_;
  const View then_;
  const AsOfRecord as_of_;
  WalkedAccounts of_;
  Joins joins_;
  std::set<std::string> joined_;
  std::shared_ptr<const MoneyTable> table_;  // null: every transfer is read from the store
  bool is_whole_ = false;                    // the accounts are the table's, and so are all transfers
};

}  // namespace fundtrail::query
