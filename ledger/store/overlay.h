// Writes that are not yet in the store, laid over a Reader as if they were. A batch of entries is applied to an overlay
// and reaches the store in one Write. Overlays nest, so that one entry that is refused leaves no trace.
#pragma once

#include <bitset>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "ledger/store/store.h"

namespace fundtrail::store {

// Where rows go that an overlay lays aside, to be read again by their keys alone (Overlay::LayAside).
class RowsAside {
 public:
  virtual ~RowsAside() = default;
  // Nothing: the key is deleted. Get tells what goes wrong here.
  virtual void Take(ByteView key, const std::optional<Bytes>& value) = 0;
  virtual StatusOr<std::optional<Bytes>> Get(ByteView key) const = 0;
};

// Reads see the pending rows first, then `base`; a pending delete hides the row of the base.
//
// Cursors: Scan looks at the pending rows where they lie. Any change of this overlay, or of an overlay under it,
// ends the use of every cursor made before. A change is Put, Delete, TakeBack, LieOn, TakePending, Discard, or MergeInto from or
// into it.
//
// Threads: many may read while none writes; a writer needs the overlay for itself.
class Overlay final : public Reader {
 public:
  // `base` must outlive the overlay.
  explicit Overlay(const Reader& base) : base_(&base) {}
  Overlay(const Overlay&) = delete;
  Overlay& operator=(const Overlay&) = delete;

  void Put(Bytes key, Bytes value);
  // The key need not exist.
  void Delete(Bytes key);
  // All of them.
  void Add(Batch batch);

  StatusOr<std::optional<Bytes>> Get(ByteView key) const override;
  std::unique_ptr<Cursor> Scan(ByteView begin, ByteView end) const override;
  // Asks the base once, and once more for each base row at the end of the range that a pending delete hides.
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override;

  // A trial: from Try on what is pending can be made as it was, by TakeBack, until Keep ends the trial. One at a time, and nothing
  // may be moved out of the overlay or dropped meanwhile. It costs less than an overlay over this one. TakeBack ends the use
  // of cursors too.
  void Try();
  void Keep();
  void TakeBack();

  // From now on rows of these kinds, by the first byte of their keys, are laid aside as they come: they are no longer pending, and
  // to read them here is INTERNAL. For rows that nobody reads before they are taken.
  using Aside = std::vector<std::pair<Bytes, std::optional<Bytes>>>;
  void LayAside(std::string_view kinds);
  // The same of rows that are read before: each comes to `rows` too, which Get asks. To read them otherwise is INTERNAL. `rows` must
  // outlive the overlay, and is the same for all kinds.
  void LayAside(std::string_view kinds, RowsAside* rows);
  std::size_t aside() const { return aside_.size(); }
  // In the order in which they came.
  Aside TakeAside() { return std::exchange(aside_, {}); }

  // What is pending under that key: null when nothing is, or a delete. The base is not asked. It lasts until the next change.
  const Bytes* FindPending(ByteView key) const;

  // From now on it lies on another base, which reads as the one before did: that was an overlay, and its rows are written now.
  void LieOn(const Reader& base) { base_ = &base; }

  // What Store::Write needs to make the base read as this overlay does.
  const Batch& pending() const { return pending_; }
  // The bytes of its keys and values.
  std::size_t bytes() const { return bytes_; }
  // Of a base that has none of the rows that are deleted: their deletes are no longer pending.
  void DropDeletes();
  // Moves the pending rows out, or into the overlay that this one lies on (`parent` must be the base), or
  // drops them. Afterwards this overlay is empty and may be used again.
  Batch TakePending();
  void MergeInto(Overlay* parent);
  void Discard();

 private:
  void Set(Bytes key, std::optional<Bytes> value);
  void PutAside(Bytes key, std::optional<Bytes> value);
  void Remember(ByteView key);
  void Forget();
  // Whether any row may be pending in the range.
  bool MayHave(ByteView begin, ByteView end) const;
  // Whether rows of this kind are laid aside. Mostly none are.
  bool IsAside(ByteView key) const {
    return lays_aside_ && !key.empty() && aside_kinds_.test(static_cast<unsigned char>(key.front()));
  }
  bool IsReadAside(ByteView key) const { return read_kinds_.test(static_cast<unsigned char>(key.front())); }
  // Whether a range may have such rows.
  bool HasAside(ByteView begin, ByteView end) const;

  const Reader* base_;
  Batch pending_;
  std::size_t bytes_ = 0;
  // Hashes of all pending keys, and maybe of others. Most looks are for rows of the base: they end here, and not at the end
  // of a way down the tree.
  absl::flat_hash_set<std::size_t> hashes_;
  std::bitset<256> kinds_;  // likewise their first bytes
  // While something is tried: the keys that changed, in order, each with what was pending.
  struct Before {
    Bytes key;
    bool was_pending;
    std::optional<Bytes> value;
  };
  bool tries_ = false;
  std::vector<Before> before_;
  bool lays_aside_ = false;
  std::bitset<256> aside_kinds_;
  std::bitset<256> read_kinds_;  // those of them that are in rows_aside_
  RowsAside* rows_aside_ = nullptr;
  Aside aside_;
};

}  // namespace fundtrail::store
