// See seal.h.
#include "ledger/log/seal.h"

#include <cassert>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/books/apply.h"
#include "ledger/books/state.h"
#include "ledger/crypto/sha256.h"
#include "ledger/log/read_record.h"
#include "ledger/model/bounds.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"

namespace fundtrail::log {

namespace keys = model::keys;

StatusOr<std::uint32_t> RulesFor(const store::Reader& state, RecordIndex next, const v1::Entry& entry) {
  if (next > RecordIndex(0)) return books::RulesInForce(state);
  return entry.actions().empty() ? 0 : entry.actions(0).genesis().rules();
}

namespace {

bool Parse(ByteView bytes, v1::Record* record) {
  return bytes.size() <= model::kMaxRecordBytes &&
         record->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// What follows when the rules have taken the entry, and `state` has its rows. `entry_hash` is of its bytes.
StatusOr<Bytes> SealTaken(store::Overlay* state, Tip* tip, const model::DecodedEntry& decoded,
                          const Hash& entry_hash, Timestamp recorded, v1::Outcome outcome) {
  const RecordIndex index = tip->next();
  v1::Record record;
  *record.mutable_outcome() = std::move(outcome);
  record.set_index(index.value());
  record.set_recorded_micros(recorded.micros());
  record.set_previous(Bytes(tip->previous.view()));
  *record.mutable_signed_entry() = decoded.signed_entry;
  Bytes bytes = model::SerialiseDeterministic(record);
  if (bytes.size() > model::kMaxRecordBytes) {
    return model::Refuse(v1::REFUSAL_CODE_RECORD_TOO_LARGE, "",
                         absl::StrCat("the record would have ", bytes.size(), " bytes and must stay under ",
                                      model::kMaxRecordBytes + 1, ": split the entry into several"));
  }
  // Nothing below can fail: the rows of the record itself, its place in the tree, and its id.
  const Hash leaf = tree::LeafHash(bytes);
  for (const tree::Node& node : tip->tree.Append(leaf)) {
    state->Put(keys::TreeNode(node.level, node.index), Bytes(node.hash.view()));
  }
  state->Put(keys::Record(index), bytes);
  Bytes id_row = model::EncodeNumber(index.value());
  id_row.append(entry_hash.view());
  state->Put(keys::EntryId(decoded.entry.author(), decoded.entry.id()), std::move(id_row));
  tip->previous = leaf;
  tip->recorded = recorded;
  return bytes;
}

}  // namespace

StatusOr<Bytes> Seal(store::Overlay* state, Tip* tip, const model::DecodedEntry& decoded, Timestamp recorded,
                     books::Rulebook known, books::Items* items) {
  assert(tip->tree.size() == 0 || recorded > tip->recorded);
  const RecordIndex index = tip->next();
  FT_ASSIGN_OR_RETURN(const std::uint32_t version, RulesFor(*state, index, decoded.entry));
  // Whoever does not begin with genesis is refused by any rules.
  FT_ASSIGN_OR_RETURN(const auto rules, books::FindRules(known, version == 0 ? 1 : version));
  FT_ASSIGN_OR_RETURN(v1::Outcome outcome, books::Apply(state, {index, DateOf(recorded), rules},
                                                        decoded.entry, decoded.signers, items));
  const Hash entry_hash = crypto::Sha256(decoded.signed_entry.entry());
  return SealTaken(state, tip, decoded, entry_hash, recorded, std::move(outcome));
}

bool IsAt(const Judged& judged, const Tip& tip, const model::DecodedEntry& decoded) {
  return tip.tree.size() > 0 && judged.place.record == tip.next() && judged.place.before == tip.recorded &&
         judged.place.recorded > tip.recorded && judged.entry == crypto::Sha256(decoded.signed_entry.entry());
}

StatusOr<Bytes> SealJudged(store::Overlay* state, Tip* tip, const model::DecodedEntry& decoded,
                           const Judged& judged) {
  assert(IsAt(judged, *tip, decoded));
  state->Add(*judged.rows);
  // IsAt compared the hash with the entry's.
  return SealTaken(state, tip, decoded, judged.entry, judged.place.recorded, judged.outcome);
}

StatusOr<std::optional<EntryIdRow>> FindEntryId(const store::Reader& state, std::string_view author,
                                                ByteView id) {
  const Bytes key = keys::EntryId(author, id);
  FT_ASSIGN_OR_RETURN(const auto bytes, state.Get(key));
  if (!bytes.has_value()) return std::optional<EntryIdRow>();
  if (bytes->size() != 8 + Hash::kSize)
    return model::Damaged(key, absl::StrCat("has ", bytes->size(), " bytes instead of ", 8 + Hash::kSize));
  EntryIdRow row;
  row.record = RecordIndex(ReadBigEndian64(*bytes));
  FT_ASSIGN_OR_RETURN(row.entry_hash, Hash::FromBytes(ByteView(*bytes).substr(8)));
  return std::optional<EntryIdRow>(row);
}

tree::NodeReader TreeNodes(const store::Reader& state) {
  return [&state](int level, std::uint64_t index) -> StatusOr<Hash> {
    const Bytes key = keys::TreeNode(level, index);
    FT_ASSIGN_OR_RETURN(const auto bytes, state.Get(key));
    if (!bytes.has_value()) return model::Damaged(key, "is missing");
    if (bytes->size() != Hash::kSize)
      return model::Damaged(key, absl::StrCat("has ", bytes->size(), " bytes instead of ", Hash::kSize));
    return Hash::FromBytes(*bytes);
  };
}

StatusOr<Tip> LoadTip(const store::Reader& state, std::uint64_t size) {
  Tip tip;
  if (size == 0) return tip;
  const auto nodes = TreeNodes(state);
  FT_ASSIGN_OR_RETURN(tip.tree, tree::Frontier::Load(size, nodes));
  FT_ASSIGN_OR_RETURN(tip.previous, nodes(0, size - 1));
  FT_ASSIGN_OR_RETURN(const auto last, NeedRecord(state, RecordIndex(size - 1)));
  tip.recorded = Timestamp(last.record.recorded_micros());
  return tip;
}

StatusOr<StoredRecord> ReadRecord(RecordIndex index, Bytes bytes) {
  StoredRecord stored;
  FT_RETURN_IF_ERROR(ReadRecordInto(index, bytes, &stored.record));
  stored.bytes = std::move(bytes);
  return stored;
}

Status ReadRecordInto(RecordIndex index, ByteView bytes, v1::Record* record) {
  if (!Parse(bytes, record)) return model::Damaged(keys::Record(index), "cannot be read");
  if (record->index() != index.value()) return model::Damaged(keys::Record(index), "states another number");
  if (!MayBeRecorded(Timestamp(record->recorded_micros())))
    return model::Damaged(keys::Record(index), "was recorded at a time that is not one");
  return absl::OkStatus();
}

StatusOr<std::optional<StoredRecord>> FindRecord(const store::Reader& state, RecordIndex index) {
  FT_ASSIGN_OR_RETURN(auto bytes, state.Get(keys::Record(index)));
  if (!bytes.has_value()) return std::optional<StoredRecord>();
  FT_ASSIGN_OR_RETURN(auto record, ReadRecord(index, *std::move(bytes)));
  return std::optional(std::move(record));
}

StatusOr<StoredRecord> NeedRecord(const store::Reader& state, RecordIndex index) {
  FT_ASSIGN_OR_RETURN(auto record, FindRecord(state, index));
  if (!record.has_value()) return model::Damaged(keys::Record(index), "is missing");
  return *std::move(record);
}

StatusOr<v1::Record> ParseRecord(ByteView bytes) {
  v1::Record record;
  if (!Parse(bytes, &record)) return absl::DataLossError("the bytes of a record cannot be read");
  return record;
}

}  // namespace fundtrail::log
