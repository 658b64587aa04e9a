// See party_records.h.
#include "ledger/query/party_records.h"

#include <algorithm>
#include <memory>
#include <set>

#include "ledger/query/movements.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// The records on one account's statement.
class RecordsOfAccount {
 public:
  explicit RecordsOfAccount(std::unique_ptr<store::Cursor> rows) : rows_(std::move(rows)) {}
  // Where it stands; nothing at the end.
  StatusOr<std::optional<RecordIndex>> Now() const {
    if (!rows_->Valid()) {
      FT_RETURN_IF_ERROR(rows_->status());
      return std::optional<RecordIndex>();
    }
    FT_ASSIGN_OR_RETURN(const auto on, keys::ReadStatement(rows_->key()));
    return std::optional(on.ref.record);
  }
  Status PassOver(RecordIndex record) {
    while (true) {
      FT_ASSIGN_OR_RETURN(const auto now, Now());
      if (now != record) return absl::OkStatus();
      rows_->Next();
    }
  }

 private:
  std::unique_ptr<store::Cursor> rows_;
};

}  // namespace

StatusOr<bool> EachRecordOf(const View& view, const std::vector<std::string>& parties, RecordIndex first,
                            RecordIndex end, const TakeRecordIndex& take) {
  std::vector<RecordsOfAccount> statements;
  for (const std::string& party : parties) {
    FT_ASSIGN_OR_RETURN(const auto accounts, AccountsOf(view, party, ""));
    for (const auto account : accounts) {
      FT_RETURN_IF_ERROR(view.GoOn());
      statements.emplace_back(view.rows->Scan(keys::Statement(account, {first, 0}, model::Side::kOut),
                                              store::PrefixEnd(keys::StatementOf(account))));
    }
  }
  while (true) {
    std::optional<RecordIndex> next;
    for (RecordsOfAccount& statement : statements) {
      FT_ASSIGN_OR_RETURN(const auto at, statement.Now());
      if (at.has_value()) next = next.has_value() ? std::min(*next, *at) : *at;
    }
    if (!next.has_value() || *next >= end) return true;
    FT_ASSIGN_OR_RETURN(const bool more, take(*next));
    if (!more) return false;
    for (RecordsOfAccount& statement : statements) FT_RETURN_IF_ERROR(statement.PassOver(*next));
  }
}

StatusOr<bool> EachRecordWithTransfers(const View& view, const std::vector<std::string>& parties,
                                       RecordIndex end, const TakeRecordIndex& take) {
  if (!parties.empty()) return EachRecordOf(view, parties, RecordIndex(0), end, take);
  const auto rows = view.rows->Scan(keys::AllOf(keys::kTransferTag), keys::Transfer({end, 0}));
  while (rows->Valid()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const TransferRef ref, keys::ReadTransfer(rows->key()));
    FT_ASSIGN_OR_RETURN(const bool more, take(ref.record));
    if (!more) return false;
    rows->SkipTo(keys::Transfer({RecordIndex(ref.record.value() + 1), 0}));
  }
  FT_RETURN_IF_ERROR(rows->status());
  return true;
}

StatusOr<RecordIndex> FirstWithTransfers(const View& view, RecordIndex first, RecordIndex end) {
  const auto rows = view.rows->Scan(keys::TransfersOf(first), keys::Transfer({end, 0}));
  FT_RETURN_IF_ERROR(rows->status());
  if (!rows->Valid()) return end;
  FT_ASSIGN_OR_RETURN(const TransferRef ref, keys::ReadTransfer(rows->key()));
  return ref.record;
}

StatusOr<std::optional<std::uint64_t>> CountTransfers(const View& view,
                                                      const std::vector<std::string>& parties,
                                                      RecordIndex end, std::uint64_t most) {
  const std::optional<std::uint64_t> too_many;
  std::uint64_t looked = 0;
  if (parties.empty()) {
    const auto rows = view.rows->Scan(keys::AllOf(keys::kTransferTag), keys::Transfer({end, 0}));
    for (; rows->Valid(); rows->Next()) {
      FT_RETURN_IF_ERROR(view.GoOn());
      if (++looked > most) return too_many;
    }
    FT_RETURN_IF_ERROR(rows->status());
    return std::optional(looked);
  }
  std::set<TransferRef> refs;  // one between two of the accounts is on both statements
  for (const std::string& party : parties) {
    FT_ASSIGN_OR_RETURN(const auto accounts, AccountsOf(view, party, ""));
    for (const auto account : accounts) {
      const auto rows =
          view.rows->Scan(keys::StatementOf(account), keys::Statement(account, {end, 0}, model::Side::kOut));
      for (; rows->Valid(); rows->Next()) {
        FT_RETURN_IF_ERROR(view.GoOn());
        if (++looked > most) return too_many;
        FT_ASSIGN_OR_RETURN(const auto on, keys::ReadStatement(rows->key()));
        refs.insert(on.ref);
      }
      FT_RETURN_IF_ERROR(rows->status());
    }
  }
  return std::optional<std::uint64_t>(refs.size());
}

}  // namespace fundtrail::query
