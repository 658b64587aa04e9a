// Sealing: how an accepted entry becomes the next record. The ledger seals to append, and a verifier seals
// again, on a store of its own, and compares byte by byte: both run this code.
#pragma once

#include <cstdint>
#include <optional>

#include "fundtrail/v1/record.pb.h"
#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/books/items.h"
#include "ledger/books/rules.h"
#include "ledger/model/entry.h"
#include "ledger/store/overlay.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::log {

// Where the log stands: everything that the next record is chained to.
struct Tip {
  tree::Frontier tree;  // its size is the next record's index
  Hash previous;        // leaf hash of the last record; zero when there is none
  Timestamp recorded;   // of the last record
  RecordIndex next() const { return RecordIndex(tree.size()); }
};

// Where a record stands, for whoever judges its entry before its turn comes.
struct Place {
  RecordIndex record;
  Timestamp before;    // when the record before it was recorded
  Timestamp recorded;  // later than that
};

// An entry that the rules were asked about before its turn came, for one place, on the rows that are before it
// (books::GrowingEntry): what they made of it. At any other place it means nothing, and they are asked again.
struct Judged {
  Place place;
  Hash entry;  // of its bytes, as they are signed
  v1::Outcome outcome;
  const store::Batch* rows = nullptr;  // of the books: whoever judged keeps them until the entry is answered
};

// Applies the entry, makes the record, extends the tree. On success `state` has every row of it (record, tree nodes,
// books, entry id) and `tip` is after it. On a refusal, or an error of the store, `tip` is as it was and what
// came into `state` is to be discarded or taken back (books/apply.h). `recorded` must be later than the last record's. RECORD_TOO_LARGE when the record would
// not fit; UNIMPLEMENTED when it is judged by rules that are not `known`. `items` is what is known of items from the entries
// before; may be null.
StatusOr<Bytes> Seal(store::Overlay* state, Tip* tip, const model::DecodedEntry& decoded, Timestamp recorded,
                     books::Rulebook known = books::KnownRules(), books::Items* items = nullptr);
// The same with what the rules made of the entry at this very place (IsAt): `state` gets the rows.
StatusOr<Bytes> SealJudged(store::Overlay* state, Tip* tip, const model::DecodedEntry& decoded,
                           const Judged& judged);
// Whether it was judged for the place after this tip, which is not the first, and is of this entry.
bool IsAt(const Judged& judged, const Tip& tip, const model::DecodedEntry& decoded);

// The version of the rules that judge the record that this entry would be as the next: genesis names its own. 0: it is the
// first, and no genesis. The entry need not have its form.
StatusOr<std::uint32_t> RulesFor(const store::Reader& state, RecordIndex next, const v1::Entry& entry);

// The row under keys::EntryId: which record took this entry, and the hash of its bytes.
struct EntryIdRow {
  RecordIndex record;
  Hash entry_hash;
};
StatusOr<std::optional<EntryIdRow>> FindEntryId(const store::Reader& state, std::string_view author,
                                                ByteView id);

// The tip of a store: from its last record and its tree nodes. Of an empty store, the beginning.
StatusOr<Tip> LoadTip(const store::Reader& state, std::uint64_t size);

// The stored nodes of the tree, for proofs. A node that is missing is DATA_LOSS. `state` must outlive it.
tree::NodeReader TreeNodes(const store::Reader& state);

// Reads a record back. MALFORMED bytes are DATA_LOSS: records are the ledger's own.
StatusOr<v1::Record> ParseRecord(ByteView bytes);
// Of a store: the record under that key, which states its number, and a time that is one. Nothing when it is not there;
// DATA_LOSS, naming it, when it is another.
struct StoredRecord {
  Bytes bytes;  // the leaf of the log
  v1::Record record;
};
StatusOr<std::optional<StoredRecord>> FindRecord(const store::Reader& state, RecordIndex index);
// The same where other rows say that it is there: DATA_LOSS when it is not.
StatusOr<StoredRecord> NeedRecord(const store::Reader& state, RecordIndex index);
// The record that its row has, which somebody else read as one of many.
StatusOr<StoredRecord> ReadRecord(RecordIndex index, Bytes bytes);
// Whether a record may state it: the year that ToString writes has four digits.
inline bool MayBeRecorded(Timestamp time) { return IsWithinBounds(time); }

}  // namespace fundtrail::log
