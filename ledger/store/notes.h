// What questions worked out of rows, kept for the questions after them: rows that stand side by side need not be looked up and
// decoded again while they are the same.
#pragma once

#include <cstddef>
#include <memory>

#include "ledger/store/store.h"

namespace fundtrail::store {

// Worked out of one row, or of all rows whose keys begin with one prefix. What it has of other rows holds only where whoever finds
// it has compared. What it says never changes; it may come to say more of its rows, from many threads at once.
class Note {
 public:
  virtual ~Note() = default;
  // About how much memory it takes.
  virtual std::size_t bytes() const = 0;
};

// Of one snapshot. May be used from many threads at once.
class Notes {
 public:
  virtual ~Notes() = default;
  // The note on the row with this key, or on the rows that begin so, where they are the snapshot's; else null.
  virtual std::shared_ptr<const Note> Find(ByteView key) const = 0;
  // A note on a row, or on rows, as this snapshot has them. It is kept when none of them was written since. Notes on keys of one
  // first byte have one type, and prefixes of one first byte have one length.
  virtual void KeepOfRow(ByteView key, std::shared_ptr<const Note> note) const = 0;
  virtual void KeepOfPrefix(ByteView prefix, std::shared_ptr<const Note> note) const = 0;
};

// The notes of this reader; null when it keeps none. Snapshots of WithSnapshotCache do (snapshot_cache.h).
const Notes* NotesOf(const Reader& reader);

}  // namespace fundtrail::store
