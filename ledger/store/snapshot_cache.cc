// See snapshot_cache.h and notes.h. Writes are counted. A row or a note that is kept is true of the store as it is now, and has a
// count at which it was true already. So it is also true of a snapshot that was taken at that count or later.
//
// What is kept lies in parts, each under a lock of its own, so that whoever asks hardly waits for whoever brings it up to date. What
// it was worked out of may be some writes old: it is kept where none of its rows was written since.
#include "ledger/store/snapshot_cache.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "ledger/store/forwarding_store.h"
#include "ledger/store/notes.h"
#include "ledger/store/passing.h"
#include "ledger/store/recent.h"

namespace fundtrail::store {
namespace {

constexpr std::size_t kMostBytesOfOne = 8192;  // a larger one would drive out many
constexpr std::size_t kParts = 16;
constexpr std::size_t kPlaces = std::size_t{1} << 17;  // 1 MB; a large write has some 20,000 rows

// The write that a row was written by last. Two keys may share a place: then one seems to be written later than it was.
class LastWrites {
 public:
  // One thread at a time, before the write. Others may look meanwhile.
  void Mark(std::size_t hash, std::uint64_t write) {
    if (own_ == nullptr) {  // a store that is only read has none
      own_ = std::make_unique<Places>();
      places_.store(own_.get(), std::memory_order_release);
    }
    (*own_)[hash % kPlaces].store(write, std::memory_order_relaxed);
  }
  std::uint64_t Of(std::size_t hash) const {
    const Places* const places = places_.load(std::memory_order_acquire);
    return places == nullptr ? 0 : (*places)[hash % kPlaces].load(std::memory_order_relaxed);
  }

 private:
  using Places = std::array<std::atomic<std::uint64_t>, kPlaces>;
  std::unique_ptr<Places> own_;
  std::atomic<const Places*> places_{nullptr};
};

class Shared {
 public:
  explicit Shared(std::size_t bytes) {
    for (std::size_t part = 0; part < kParts; ++part)
      parts_.emplace_back(bytes / 4 / kParts, bytes / 4 * 3 / kParts);
  }

  // When a snapshot is taken: before the write of the next number. While a write goes on, what it writes is in the snapshot
  // or not.
  struct Moment {
    std::uint64_t writes = 0;
    bool in_write = false;
  };

  // `take` takes the snapshot.
  template <typename Take>
  Moment Now(const Take& take) {
    const std::lock_guard lock(mutex_);
    take();
    return {writes_, batch_ != nullptr};
  }

  // Whether it is known what the row was at that moment; it is put into `value` then.
  bool FindRow(const Moment& moment, ByteView key, std::optional<Bytes>* value) {
    const Hashed hashed = Of(key);
    const std::lock_guard lock(hashed.part.mutex);
    const Row* const row = hashed.part.rows.Find(key, hashed.hash);
    if (row == nullptr || row->since > moment.writes || IsBeingWritten(moment, hashed, key, false))
      return false;
    *value = row->value;
    return true;
  }
  // What a snapshot of that moment has. It is kept when it was not written since.
  void KeepRow(const Moment& moment, ByteView key, const std::optional<Bytes>& value) {
    const std::size_t bytes = value.has_value() ? value->size() : 0;
    if (bytes > kMostBytesOfOne) return;
    BeginToKeep();
    const Hashed hashed = Of(key);
    const std::lock_guard lock(hashed.part.mutex);
    if (!IsTheSameNow(moment, hashed, key, false)) return;
    hashed.part.rows.Put(key, {value, moment.writes}, bytes);
  }

  std::shared_ptr<const Note> FindNote(const Moment& moment, ByteView key) {
    const Hashed hashed = Of(key);
    const std::lock_guard lock(hashed.part.mutex);
    const Noted* const noted = hashed.part.notes.Find(key, hashed.hash);
    if (noted == nullptr || noted->since > moment.writes || IsBeingWritten(moment, hashed, key, true))
      return nullptr;
    return noted->note;
  }
  void KeepNote(const Moment& moment, ByteView key, bool is_prefix, std::shared_ptr<const Note> note) {
    const std::size_t bytes = note->bytes();
    if (key.empty() || bytes > kMostBytesOfOne) return;
    BeginToKeep();
    if (is_prefix && moment.writes < LearnLength(key)) return;
    const Hashed hashed = Of(key);
    const std::lock_guard lock(hashed.part.mutex);
    if (!IsTheSameNow(moment, hashed, key, true)) return;
    hashed.part.notes.Put(key, {std::move(note), moment.writes}, bytes);
  }

  void BeginWrite(const Batch& batch) {
    {
      const std::lock_guard lock(mutex_);
      batch_ = &batch;
      marked_lengths_ = lengths_;
      if (!keeps_.load(std::memory_order_relaxed)) {  // as where nobody asks
        marked_since_.store(writes_ + 1, std::memory_order_relaxed);
        return;
      }
    }
    const std::uint64_t write = writes_ + 1;  // no other thread changes it
    EachKey(batch, [&](ByteView /*key*/, std::size_t hash, const std::optional<Bytes>* /*value*/) {
      last_writes_.Mark(hash, write);
    });
  }

  void EndWrite(bool is_written) {
    {
      const std::lock_guard lock(mutex_);
      // It is open whether the rows are the old ones or the new: nothing is kept of what was read until now.
      if (!is_written) marked_since_.store(writes_ + 1, std::memory_order_relaxed);
    }
    if (!is_written) {
      for (Part& part : parts_) {
        const std::lock_guard lock(part.mutex);
        part.rows.Clear();
        part.notes.Clear();
      }
    } else if (keeps_.load(std::memory_order_acquire)) {
      Change();
    }
    const std::lock_guard lock(mutex_);
    ++writes_;
    batch_ = nullptr;
  }

 private:
  struct Row {
    std::optional<Bytes> value;  // nothing: there is no such row
    std::uint64_t since = 0;
  };
  struct Noted {
    std::shared_ptr<const Note> note;
    std::uint64_t since = 0;
  };
  struct Part {
    Part(std::size_t row_bytes, std::size_t note_bytes) : rows(row_bytes), notes(note_bytes) {}
    std::mutex mutex;
    Recent<Row> rows;
    Recent<Noted> notes;
  };
  struct Hashed {
    std::size_t hash;
    Part& part;
  };

  static std::size_t FirstByte(ByteView key) { return static_cast<unsigned char>(key.front()); }

  Part& PartOf(std::size_t hash) { return parts_[(hash >> 32) % kParts]; }
  Hashed Of(ByteView key) {
    const std::size_t hash = Recent<Row>::HashOf(key);
    return {hash, PartOf(hash)};
  }

  // From the first on, writes are marked.
  void BeginToKeep() {
    if (keeps_.load(std::memory_order_acquire)) return;
    const std::lock_guard lock(mutex_);
    keeps_.store(true, std::memory_order_release);
  }

  // That prefixes of the key's first byte are as long as the key. Answers from which moment on notes on them are kept: all writes
  // after it have marks for them.
  std::uint64_t LearnLength(ByteView key) {
    const std::lock_guard lock(mutex_);
    const std::size_t first = FirstByte(key);
    if (lengths_[first] != key.size()) {
      lengths_[first] = key.size();
      prefixes_since_[first] = batch_ != nullptr ? writes_ + 1 : writes_;
    }
    return prefixes_since_[first];
  }

  // Under the part's lock, so that what is kept there is changed before the write is over, or is not kept.
  bool IsBeingWritten(const Moment& moment, const Hashed& hashed, ByteView key, bool is_prefix) const {
    if (!moment.in_write || last_writes_.Of(hashed.hash) <= moment.writes) return false;
    const std::lock_guard lock(mutex_);
    return writes_ == moment.writes && batch_ != nullptr && IsInBatch(key, is_prefix);
  }
  bool IsTheSameNow(const Moment& moment, const Hashed& hashed, ByteView key, bool is_prefix) const {
    if (moment.writes < marked_since_.load(std::memory_order_acquire)) return false;
    if (last_writes_.Of(hashed.hash) <= moment.writes) return true;
    const std::lock_guard lock(mutex_);
    return writes_ == moment.writes && batch_ != nullptr && !IsInBatch(key, is_prefix);
  }
  bool IsInBatch(ByteView key, bool is_prefix) const {
    const auto found = batch_->lower_bound(key);
    if (found == batch_->end()) return false;
    return is_prefix ? ByteView(found->first).starts_with(key) : ByteView(found->first) == key;
  }

  // `take` gets each key of the batch, and each prefix of one that notes may be on, with its hash; a prefix without a value.
  template <typename Take>
  void EachKey(const Batch& batch, const Take& take) const {
    ByteView last;
    for (const auto& [key, value] : batch) {
      take(key, Recent<Row>::HashOf(key), &value);
      const std::size_t length = key.empty() ? 0 : marked_lengths_[FirstByte(key)];
      if (length == 0) continue;
      const ByteView prefix = ByteView(key).substr(0, length);
      if (prefix == last) continue;
      last = prefix;
      take(prefix, Recent<Row>::HashOf(prefix), nullptr);
    }
  }

  // What is kept of the rows of the batch, which are written.
  void Change() {
    const std::uint64_t write = writes_ + 1;
    EachKey(*batch_, [&](ByteView key, std::size_t hash, const std::optional<Bytes>* value) {
      Part& part = PartOf(hash);
      const std::lock_guard lock(part.mutex);
      part.notes.Forget(key, hash);
      if (value == nullptr) return;
      if (value->has_value() && (*value)->size() > kMostBytesOfOne) {
        part.rows.Forget(key, hash);
      } else {
        part.rows.Update(key, hash, value->has_value() ? (*value)->size() : 0, [&] {
          return Row{*value, write};
        });
      }
    });
  }

  mutable std::mutex mutex_;  // of the following; taken after that of a part
  std::uint64_t writes_ = 0;
  const Batch* batch_ = nullptr;  // that is being written
  // Of the prefixes that notes are on, by their first byte; 0: there are none.
  std::array<std::size_t, 256> lengths_{};
  std::array<std::uint64_t, 256> prefixes_since_{};

  std::array<std::size_t, 256>
      marked_lengths_{};            // as the write that goes on knows them; of the writing thread alone
  std::atomic<bool> keeps_{false};  // whether anything was ever to be kept
  std::atomic<std::uint64_t> marked_since_{0};  // of an older moment it is not known what was written since
  LastWrites last_writes_;
  std::deque<Part> parts_;  // kParts
};

class SharingSnapshot final : public Reader, public Notes, public PassingReader {
 public:
  SharingSnapshot(std::unique_ptr<Reader> snapshot, Shared* shared, Shared::Moment moment)
      : snapshot_(std::move(snapshot)), shared_(*shared), moment_(moment) {}

  StatusOr<std::optional<Bytes>> Get(ByteView key) const override {
    std::optional<Bytes> value;
    if (shared_.FindRow(moment_, key, &value)) return value;
    FT_ASSIGN_OR_RETURN(value, snapshot_->Get(key));
    shared_.KeepRow(moment_, key, value);
    return value;
  }
  std::unique_ptr<Cursor> Scan(ByteView begin, ByteView end) const override {
    return snapshot_->Scan(begin, end);
  }
  std::unique_ptr<Cursor> ScanThrough(ByteView begin, ByteView end) const override {
    return store::ScanThrough(*snapshot_, begin, end);
  }
  std::unique_ptr<Cursor> ScanAt(ByteView begin, ByteView at, ByteView end) const override {
    return snapshot_->ScanAt(begin, at, end);
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    return snapshot_->Last(begin, end);
  }
  std::shared_ptr<const Note> Find(ByteView key) const override { return shared_.FindNote(moment_, key); }
  void KeepOfRow(ByteView key, std::shared_ptr<const Note> note) const override {
    shared_.KeepNote(moment_, key, false, std::move(note));
  }
  void KeepOfPrefix(ByteView prefix, std::shared_ptr<const Note> note) const override {
    shared_.KeepNote(moment_, prefix, true, std::move(note));
  }

 private:
  const std::unique_ptr<Reader> snapshot_;
  Shared& shared_;
  const Shared::Moment moment_;
};

class SharingStore final : public ForwardingStore {
 public:
  SharingStore(std::unique_ptr<Store> store, std::size_t bytes)
      : ForwardingStore(std::move(store)), shared_(bytes) {}

  Status Write(const Batch& batch) override {
    return Watched(batch, [&] { return ForwardingStore::Write(batch); });
  }
  Status WriteUnsynced(const Batch& batch) override {
    return Watched(batch, [&] { return ForwardingStore::WriteUnsynced(batch); });
  }
  std::unique_ptr<Reader> Snapshot() const override {
    std::unique_ptr<Reader> snapshot;
    const Shared::Moment moment = shared_.Now([&] { snapshot = ForwardingStore::Snapshot(); });
    return std::make_unique<SharingSnapshot>(std::move(snapshot), &shared_, moment);
  }

 private:
  template <typename Put>
  Status Watched(const Batch& batch, const Put& put) {
    absl::Cleanup thrown = [&] { shared_.EndWrite(false); };  // nobody may look at the batch any more
    shared_.BeginWrite(batch);
    Status written = put();
    shared_.EndWrite(written.ok());
    std::move(thrown).Cancel();
    return written;
  }

  mutable Shared shared_;
};

}  // namespace

const Notes* NotesOf(const Reader& reader) { return dynamic_cast<const Notes*>(&reader); }

std::unique_ptr<Store> WithSnapshotCache(std::unique_ptr<Store> store, std::size_t bytes) {
  return std::make_unique<SharingStore>(std::move(store), bytes);
}

}  // namespace fundtrail::store
