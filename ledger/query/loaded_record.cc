// See loaded_record.h.
#include "ledger/query/loaded_record.h"

#include <string>
#include <utility>

#include "ledger/model/entry.h"
#include "ledger/model/references.h"
#include "ledger/store/passing.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

StatusOr<LoadedRecord> Load(log::StoredRecord stored) {
  LoadedRecord loaded;
  loaded.bytes = std::move(stored.bytes);
  loaded.record = std::move(stored.record);
  const Bytes key = keys::Record(RecordIndex(loaded.record.index()));
  v1::Entry& entry = loaded.entry;
  if (!entry.ParseFromString(loaded.record.signed_entry().entry())) {
    return model::Damaged(key, "holds an entry that cannot be read");
  }
  loaded.lines.reserve(static_cast<std::size_t>(entry.actions_size()));
  for (int i = 0; i < entry.actions_size(); ++i) {
    if (!entry.actions(i).has_transfer()) continue;
    const auto date = model::ValueDate(entry, entry.actions(i).transfer());
    if (!date.ok()) return model::Damaged(key, "holds an entry with a date that is not a day");
    loaded.lines.push_back({i, *date});
  }
  if (static_cast<int>(loaded.lines.size()) != loaded.record.outcome().transfers_size()) {
    return model::Damaged(key, "has an outcome of other transfers");
  }
  return loaded;
}

// The transfer and its outcome are those of the line.
StatusOr<v1::TransferLine> LineOf(const LoadedRecord& loaded, std::uint32_t line, v1::Transfer transfer,
                                  v1::TransferOutcome outcome, TransferFacts* facts) {
  v1::TransferLine out;
  model::SetRef({RecordIndex(loaded.record.index()), line}, out.mutable_ref());
  *out.mutable_transfer() = std::move(transfer);
  out.set_date(fundtrail::ToString(loaded.lines[line - 1].date));
  out.set_author(loaded.entry.author());
  out.set_recorded_micros(loaded.record.recorded_micros());
  *out.mutable_outcome() = std::move(outcome);
  FT_RETURN_IF_ERROR(facts->Add(&out));
  return out;
}

}  // namespace

StatusOr<LoadedRecord> LoadRecord(const View& view, RecordIndex index) {
  FT_ASSIGN_OR_RETURN(auto stored, log::NeedRecord(*view.rows, index));
  return Load(std::move(stored));
}

StatusOr<LoadedRecord> RecordsUpwards::Get(RecordIndex index) {
  const Bytes key = keys::Record(index);
  // A list that was cut goes on with the record before, where a page ended with all of that.
  if (cursor_ == nullptr || !cursor_->Valid() || cursor_->key() > key) {
    const Bytes end = store::PrefixEnd(keys::AllOf(keys::kRecordTag));
    cursor_ = passes_ ? store::ScanThrough(*view_.rows, key, end) : view_.rows->Scan(key, end);
  } else {
    cursor_->SkipTo(key);
  }
  FT_RETURN_IF_ERROR(cursor_->status());
  if (!cursor_->Valid() || cursor_->key() != key) return model::Damaged(key, "is missing");
  FT_ASSIGN_OR_RETURN(auto stored, log::ReadRecord(index, Bytes(cursor_->value())));
  return Load(std::move(stored));
}

const v1::Transfer& TransferOf(const LoadedRecord& loaded, std::uint32_t line) {
  return loaded.entry.actions(loaded.lines[line - 1].action).transfer();
}

StatusOr<v1::TransferLine> LineOf(const LoadedRecord& loaded, std::uint32_t line, TransferFacts* facts) {
  return LineOf(loaded, line, TransferOf(loaded, line),
                loaded.record.outcome().transfers(static_cast<int>(line) - 1), facts);
}

StatusOr<v1::TransferLine> TakeLineOf(LoadedRecord* loaded, std::uint32_t line, TransferFacts* facts) {
  const int action = loaded->lines[line - 1].action, transfer = static_cast<int>(line) - 1;
  return LineOf(*loaded, line, std::move(*loaded->entry.mutable_actions(action)->mutable_transfer()),
                std::move(*loaded->record.mutable_outcome()->mutable_transfers(transfer)), facts);
}

}  // namespace fundtrail::query
