// See loaded_record.h.
#include "ledger/query/loaded_record.h"

#include <string>
#include <utility>

#include "ledger/log/read_record.h"
#include "ledger/model/entry.h"
#include "ledger/model/references.h"
#include "ledger/store/passing.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// All of the line but its transfer and its outcome, which it has.
Status FillLine(const LoadedRecord& loaded, std::uint32_t line, TransferFacts* facts, v1::TransferLine* out) {
  model::SetRef({RecordIndex(loaded.record->index()), line}, out->mutable_ref());
  out->set_date(fundtrail::ToString(loaded.lines[line - 1].date));
  out->set_author(loaded.entry->author());
  out->set_recorded_micros(loaded.record->recorded_micros());
  return facts->Add(out);
}

}  // namespace

StatusOr<Bytes> BytesOf(const View& view, RecordIndex index) {
  const Bytes key = keys::Record(index);
  FT_ASSIGN_OR_RETURN(auto bytes, view.rows->Get(key));
  if (!bytes.has_value()) return model::Damaged(key, "is missing");
  return *std::move(bytes);
}

Status LoadRecord(RecordIndex index, ByteView bytes, google::protobuf::Arena* arena, LoadedRecord* loaded) {
  loaded->bytes = bytes.size();
  loaded->record = google::protobuf::Arena::CreateMessage<v1::Record>(arena);
  loaded->entry = google::protobuf::Arena::CreateMessage<v1::Entry>(arena);
  loaded->lines.clear();
  FT_RETURN_IF_ERROR(log::ReadRecordInto(index, bytes, loaded->record));
  const Bytes key = keys::Record(index);
  const v1::Entry& entry = *loaded->entry;
  if (!loaded->entry->ParseFromString(loaded->record->signed_entry().entry())) {
    return model::Damaged(key, "holds an entry that cannot be read");
  }
  loaded->lines.reserve(static_cast<std::size_t>(entry.actions_size()));
  for (int i = 0; i < entry.actions_size(); ++i) {
    if (!entry.actions(i).has_transfer()) continue;
    const auto date = model::ValueDate(entry, entry.actions(i).transfer());
    if (!date.ok()) return model::Damaged(key, "holds an entry with a date that is not a day");
    loaded->lines.push_back({i, *date});
  }
  if (static_cast<int>(loaded->lines.size()) != loaded->record->outcome().transfers_size()) {
    return model::Damaged(key, "has an outcome of other transfers");
  }
  return absl::OkStatus();
}

Status LoadRecord(const View& view, RecordIndex index, google::protobuf::Arena* arena, LoadedRecord* loaded) {
  FT_ASSIGN_OR_RETURN(const Bytes bytes, BytesOf(view, index));
  return LoadRecord(index, bytes, arena, loaded);
}

Status RecordsUpwards::Get(RecordIndex index, google::protobuf::Arena* arena, LoadedRecord* loaded) {
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
  return LoadRecord(index, cursor_->value(), arena, loaded);
}

const v1::Transfer& TransferOf(const LoadedRecord& loaded, std::uint32_t line) {
  return loaded.entry->actions(loaded.lines[line - 1].action).transfer();
}

StatusOr<v1::TransferLine> LineOf(const LoadedRecord& loaded, std::uint32_t line, TransferFacts* facts) {
  v1::TransferLine out;
  *out.mutable_transfer() = TransferOf(loaded, line);
  *out.mutable_outcome() = loaded.record->outcome().transfers(static_cast<int>(line) - 1);
  FT_RETURN_IF_ERROR(FillLine(loaded, line, facts, &out));
  return out;
}

Status TakeLineOf(LoadedRecord* loaded, std::uint32_t line, TransferFacts* facts, v1::TransferLine* out) {
  const int action = loaded->lines[line - 1].action, transfer = static_cast<int>(line) - 1;
  *out->mutable_transfer() = std::move(*loaded->entry->mutable_actions(action)->mutable_transfer());
  *out->mutable_outcome() = std::move(*loaded->record->mutable_outcome()->mutable_transfers(transfer));
  return FillLine(*loaded, line, facts, out);
}

}  // namespace fundtrail::query
