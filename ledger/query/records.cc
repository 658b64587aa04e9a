// See records.h.
#include "ledger/query/records.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ledger/model/references.h"
#include "ledger/query/item_names.h"
#include "ledger/query/loaded_record.h"
#include "ledger/query/transfer_facts.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::query {

namespace keys = model::keys;

struct LineReader::Kept {
  explicit Kept(const View& view) : facts(view) {}

  TransferFacts facts;
  google::protobuf::Arena arena;
  absl::flat_hash_map<std::uint64_t, LoadedRecord> records;
  std::size_t bytes = 0;  // of these
};

StatusOr<v1::TransferLine> LineReader::Get(TransferRef ref) {
  if (kept_ == nullptr) kept_ = std::make_shared<Kept>(view_);
  auto found = kept_->records.find(ref.record.value());
  if (found == kept_->records.end()) {
    FT_ASSIGN_OR_RETURN(const Bytes bytes, BytesOf(view_, ref.record));
    if (kept_->bytes + bytes.size() > kMaxKeptRecordBytes) ForgetRecords();
    LoadedRecord loaded;
    FT_RETURN_IF_ERROR(LoadRecord(ref.record, bytes, &kept_->arena, &loaded));
    kept_->bytes += bytes.size();
    found = kept_->records.emplace(ref.record.value(), std::move(loaded)).first;
  }
  const LoadedRecord& loaded = found->second;
  if (ref.line == 0 || ref.line > loaded.lines.size()) {
    return model::Damaged(keys::Transfer(ref), "is not in its record");
  }
  return LineOf(loaded, ref.line, &kept_->facts);
}

void LineReader::ForgetRecords() {
  if (kept_ == nullptr) return;
  kept_->records.clear();
  kept_->arena.Reset();
  kept_->bytes = 0;
}

StatusOr<v1::ShowAnswer> Show(const View& view, const v1::ShowRequest& request) {
  const TransferRef ref = model::RefOf(request.ref());
  if (ref.record.value() >= view.checkpoint.size()) {
    return absl::NotFoundError(absl::StrCat("this ledger has no record ", ref.record.value(), "; it has ",
                                            view.checkpoint.size(), ", counted from 0"));
  }
  FT_ASSIGN_OR_RETURN(const Bytes bytes, BytesOf(view, ref.record));
  google::protobuf::Arena arena;
  LoadedRecord loaded;
  FT_RETURN_IF_ERROR(LoadRecord(ref.record, bytes, &arena, &loaded));
  v1::ShowAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  answer.set_index(loaded.record->index());
  answer.set_recorded_micros(loaded.record->recorded_micros());
  answer.set_leaf_hash(std::string(tree::LeafHash(bytes).view()));
  answer.set_previous(loaded.record->previous());
  *answer.mutable_signers() = loaded.entry->signers();
  *answer.mutable_entry() = *loaded.entry;
  if (ref.line > loaded.lines.size()) {
    return absl::NotFoundError(absl::StrCat("record ", ref.record.value(), " has no transfer ", ref.line));
  }
  ItemNames names;
  TransferFacts facts(view);
  for (std::uint32_t line = 1; line <= loaded.lines.size(); ++line) {
    if (ref.line != 0 && line != ref.line) continue;
    FT_ASSIGN_OR_RETURN(*answer.add_transfers(), LineOf(loaded, line, &facts));
    FT_RETURN_IF_ERROR(
        names.Add(view, answer.transfers(answer.transfers_size() - 1), answer.mutable_names()).status());
  }
  return answer;
}

}  // namespace fundtrail::query
