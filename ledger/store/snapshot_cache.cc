// See snapshot_cache.h and notes.h. Writes are counted. A row or a note that is kept is true of the store as it is now, and has the
// count at which it was known to be so. So it is also true of a snapshot that was taken at that count or later.
#include "ledger/store/snapshot_cache.h"

#include <array>
#include <cstdint>
#include <mutex>
#include <utility>

#include "ledger/store/forwarding_store.h"
#include "ledger/store/notes.h"
#include "ledger/store/passing.h"
#include "ledger/store/recent.h"

namespace fundtrail::store {
namespace {

constexpr std::size_t kMostBytesOfOne = 8192;  // a larger one would drive out many

class Shared {
 public:
  explicit Shared(std::size_t bytes) : rows_(bytes / 4), notes_(bytes / 4 * 3) {}

  // When a snapshot is taken: before the write of that number. While a write goes on, what it writes is in the snapshot
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
    const std::lock_guard lock(mutex_);
    const Row* const row = rows_.Find(key);
    if (row == nullptr || row->since > moment.writes) return false;
    if (moment.in_write && batch_ != nullptr && batch_->contains(key)) return false;
    *value = row->value;
    return true;
  }
  // What a snapshot of that moment has. It is kept when nothing was written since.
  void KeepRow(const Moment& moment, ByteView key, const std::optional<Bytes>& value) {
    const std::size_t bytes = value.has_value() ? value->size() : 0;
    if (bytes > kMostBytesOfOne) return;
    const std::lock_guard lock(mutex_);
    if (IsNow(moment)) rows_.Put(key, {value, writes_}, bytes);
  }

  std::shared_ptr<const Note> FindNote(const Moment& moment, ByteView key) {
    const std::lock_guard lock(mutex_);
    const Noted* const noted = notes_.Find(key);
    if (noted == nullptr || noted->since > moment.writes) return nullptr;
    if (moment.in_write && batch_ != nullptr) {
      const auto written = batch_->lower_bound(key);
      if (written != batch_->end() && ByteView(written->first).starts_with(key)) return nullptr;
    }
    return noted->note;
  }
  void KeepNote(const Moment& moment, ByteView key, bool is_prefix, std::shared_ptr<const Note> note) {
    const std::size_t bytes = note->bytes();
    if (key.empty() || bytes > kMostBytesOfOne) return;
    const std::lock_guard lock(mutex_);
    if (!IsNow(moment)) return;
    if (is_prefix) lengths_[FirstByte(key)] = key.size();
    notes_.Put(key, {std::move(note), writes_}, bytes);
  }

  void BeginWrite(const Batch& batch) {
    const std::lock_guard lock(mutex_);
    batch_ = &batch;
  }
  void EndWrite(bool is_written) {
    const std::lock_guard lock(mutex_);
    ++writes_;
    if (is_written) {
      const bool is_empty = rows_.empty() && notes_.empty();  // as where nobody asks
      for (auto row = batch_->begin(); row != batch_->end() && !is_empty; ++row)
        Change(row->first, row->second);
    } else {  // it is open whether the rows are the old ones or the new
      rows_.Clear();
      notes_.Clear();
    }
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

  static std::size_t FirstByte(ByteView key) { return static_cast<unsigned char>(key.front()); }
  // What is kept while a write goes on, of a snapshot before it, is brought up to date at its end.
  bool IsNow(const Moment& moment) const { return !moment.in_write && moment.writes == writes_; }
  void Change(const Bytes& key, const std::optional<Bytes>& value) {
    if (value.has_value() && value->size() > kMostBytesOfOne) {
      rows_.Forget(key);
    } else {
      rows_.Update(key, value.has_value() ? value->size() : 0, [&] { return Row{value, writes_}; });
    }
    if (key.empty()) return;
    notes_.Forget(key);
    const std::size_t length = lengths_[FirstByte(key)];
    if (length > 0) notes_.Forget(ByteView(key).substr(0, length));
  }

  std::mutex mutex_;
  std::uint64_t writes_ = 0;
  const Batch* batch_ = nullptr;  // that is being written
  Recent<Row> rows_;
  Recent<Noted> notes_;
  std::array<std::size_t, 256>
      lengths_{};  // of the prefixes that notes are on, by their first byte; 0: there are none
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
    shared_.BeginWrite(batch);
    Status written = put();
    shared_.EndWrite(written.ok());
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
