// What every question is asked of: a snapshot of a ledger's rows, and the checkpoint that it holds at.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/account.pb.h"
#include "fundtrail/v1/checkpoint.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"
#include "ledger/store/store.h"

namespace fundtrail::query {

class KeptBodies;     // kept_bodies.h
class MoneyTables;    // money_table.h
class SearchIndexes;  // search_index.h

// Does not own the rows: they must outlive it. Many threads may ask one view, if its functions bear it.
struct View {
  const store::Reader* rows = nullptr;
  v1::CheckpointRef checkpoint;
  // The newest that witnesses cosigned, a beginning of `checkpoint`; null when none is known.
  std::shared_ptr<const v1::CheckpointRef> cosigned;
  // After this record, where a question is asked so: parties and what else has a register are shown in the version of
  // then. What was opened later is shown as it was opened.
  std::optional<std::uint64_t> as_of = std::nullopt;
  // What Search looks through, of this ledger, where somebody keeps it; it must outlive the view. Null: nobody does.
  SearchIndexes* search = nullptr;
  // Likewise what questions about all transfers walk over.
  MoneyTables* money = nullptr;
  // Likewise the sums of bodies that were asked for last.
  KeptBodies* bodies = nullptr;
  // Asked again and again while an answer is worked out. An error ends the work with it (a client that went
  // away, a question that takes too long). Empty: never.
  std::function<Status()> go_on;
  Status GoOn() const { return go_on ? go_on() : absl::OkStatus(); }
  // Told how many bytes each part of an answer that can grow has, as it goes in. An error ends the work with it, so that
  // no answer is built that is too large to be sent. Empty: never.
  std::function<Status(std::size_t bytes)> grow;
  Status Grow(std::size_t bytes) const { return grow ? grow(bytes) : absl::OkStatus(); }
};

// Reads the checkpoint that the rows hold at; DATA_LOSS when there is none.
StatusOr<View> MakeView(const store::Reader& rows);
// The view as of the checkpoint that witnesses cosigned. FAILED_PRECONDITION when there is none. For proofs alone: all
// other rows are as they are now.
StatusOr<View> AtCosigned(const View& view);

// The same view, which must outlive it, with names and roles as of a record; nothing: as they are now.
View Then(const View& view, std::optional<std::uint64_t> as_of);

// Lookups that most answers share. NOT_FOUND with a sentence when the ledger has no such thing.
StatusOr<v1::RegisterParty> FindParty(const View& view, std::string_view id);
Status CheckFund(const View& view, std::string_view fund);
StatusOr<v1::DeclareAsset> FindAsset(const View& view, std::string_view code);
StatusOr<model::TransferRow> FindTransfer(const View& view, TransferRef ref);
// Of what other rows name, and that must be there: DATA_LOSS, with the row in words, when it is not.
StatusOr<v1::RegisterParty> NeedParty(const View& view, std::string_view id);
StatusOr<v1::DeclareAsset> NeedAsset(const View& view, std::string_view code);
StatusOr<v1::AccountName> NeedAccountName(const View& view, model::AccountNumber account);
StatusOr<model::TransferRow> NeedTransfer(const View& view, TransferRef ref);
// The accounts of one party, of one fund when `fund` is not empty, by number.
StatusOr<std::vector<model::AccountNumber>> AccountsOf(const View& view, std::string_view party,
                                                       std::string_view fund);
// An account as answers show it.
v1::Account Described(const v1::AccountName& name, const v1::RegisterParty& party, std::uint32_t decimals);
StatusOr<v1::Account> DescribeAccount(const View& view, model::AccountNumber account);

}  // namespace fundtrail::query
