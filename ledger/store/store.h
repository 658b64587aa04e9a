// An ordered key-value store behind one small interface, so that nothing of the engine leaks out.
//
// Keys and values are bytes; keys sort as unsigned bytes. Readers and snapshots may be used from many
// threads at once, a Cursor from one. Two implementations: RocksDB (rocks.h) and memory (memory.h);
// Overlay (overlay.h) lays uncommitted writes over any Reader.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/container/btree_map.h"
#include "ledger/base/bytes.h"
#include "ledger/base/status.h"

namespace fundtrail::store {

// Walks keys of one range upwards. Made by Reader::Scan; must not outlive its reader.
class Cursor {
 public:
  virtual ~Cursor() = default;
  // False outside the range, and after a read error: status() tells which.
  virtual bool Valid() const = 0;
  virtual void Next() = 0;
  // Goes on to the first key >= at. Stays where it is when that key is at or after it. Needs Valid().
  virtual void SkipTo(ByteView at);
  // Goes to the last key < at of the range, from wherever it stands: up or down, and from outside the range too. It is not
  // Valid() when there is none. It costs one look, where Reader::Last makes a cursor for each.
  virtual void SkipToLastBefore(ByteView at) = 0;
  // key() and value() need Valid(); the views last until the next call on this cursor.
  virtual ByteView key() const = 0;
  virtual ByteView value() const = 0;
  virtual Status status() const = 0;
};

// Over nothing.
std::unique_ptr<Cursor> NoRows();

class Reader {
 public:
  virtual ~Reader() = default;
  // The value, or nothing when there is no such key; an error only when the engine fails.
  virtual StatusOr<std::optional<Bytes>> Get(ByteView key) const = 0;
  // The keys k with begin <= k < end, in order; all from `begin` on when `end` is empty. The cursor stands on the first
  // of them.
  virtual std::unique_ptr<Cursor> Scan(ByteView begin, ByteView end) const = 0;
  // The same range, but the cursor stands on the last key <= at, or on the first of all when every key is
  // greater. That is what covers `at`, and what follows. Needs begin <= at < end, and an end.
  virtual std::unique_ptr<Cursor> ScanAt(ByteView begin, ByteView at, ByteView end) const;
  // The last key k of such a range and its value, or nothing.
  virtual StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const = 0;
};

// Writes that belong together: key -> value, or nothing to delete the key.
using Batch = absl::btree_map<Bytes, std::optional<Bytes>, std::less<>>;

class Store : public Reader {
 public:
  // Applies the whole batch or none of it, and returns OK only when it is on the disk (synced).
  // After an error the state is the one before or, if the failure came late, the one after: reopen.
  virtual Status Write(const Batch& batch) = 0;
  // The state as it is now, whatever is written later. Must not outlive the store.
  virtual std::unique_ptr<Reader> Snapshot() const = 0;
  // A store of its own in `path`, which must not exist, with the state as it is now; reading and writing go on
  // meanwhile. It is on the disk when this returns OK; after an error nothing is left in `path`. A store that is in no
  // files refuses.
  virtual Status CopyTo(const std::string& path) const;
  // As Write, but a power cut may take it, and with it all that was written later: what is left is a beginning of what was
  // written. For rows that can be made again. A store that cannot is as with Write.
  virtual Status WriteUnsynced(const Batch& batch) { return Write(batch); }
};

// The smallest key that is greater than every key starting with `prefix`. Empty, as the end of a range has it, when
// there is none since `prefix` is all 0xff.
Bytes PrefixEnd(ByteView prefix);
// The first byte of all keys in the range, when they have the same. A ledger's rows of one kind do.
std::optional<unsigned char> KindOfRange(ByteView begin, ByteView end);
// Whether a range has no keys, and its `end` is one.
inline bool IsEmptyRange(ByteView begin, ByteView end) { return !end.empty() && begin >= end; }

}  // namespace fundtrail::store
