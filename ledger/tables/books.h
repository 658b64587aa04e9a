// What the tables and the journal read of a ledger: its accounts and assets, kept while they are asked for again and again.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/log/seal.h"
#include "ledger/model/rows.h"
#include "ledger/query/view.h"

namespace fundtrail::tables {

// One transfer of a record, as its author wrote it and as the books have it.
struct Move {
  TransferRef ref;
  const v1::Transfer* said = nullptr;
  const v1::TransferOutcome* outcome = nullptr;
  model::TransferRow row;
  v1::AccountName from, to;
};

// A record with its entry. The entry's n-th transfer has the n-th outcome.
struct ReadRecord {
  log::StoredRecord stored;
  v1::Entry entry;
};

class Books {
 public:
  // The view must outlive it.
  explicit Books(const query::View& view) : view_(view) {}

  const query::View& view() const { return view_; }

  // The decimals of an asset; nothing when the ledger has no such asset.
  StatusOr<std::optional<int>> DecimalsOf(const std::string& asset);
  // "1234.00", of an asset that must be there.
  StatusOr<std::string> Money(Amount amount, const std::string& asset);
  // Of an account; of the last kMaxKept of them without a look.
  StatusOr<v1::AccountName> NameOf(model::AccountNumber account);

  StatusOr<ReadRecord> Read(RecordIndex record);
  // DATA_LOSS when the books have another transfer there than the record.
  StatusOr<Move> MoveOf(const ReadRecord& record, std::uint32_t line, const v1::Transfer& said);

  // Every account in the order of numbers, with its line.
  Status EachAccount(const std::function<Status(model::AccountNumber account, const v1::AccountName& name,
                                                const model::AccountState& state)>& take);

 private:
  const query::View& view_;
  std::map<std::string, int> decimals_;
  std::map<model::AccountNumber, v1::AccountName> names_;
};

}  // namespace fundtrail::tables
