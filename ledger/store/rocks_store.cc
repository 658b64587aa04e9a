// Reading and writing an open RocksDB database as a Store.
#include <rocksdb/iterator.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/store/passing.h"
#include "ledger/store/rocks_internal.h"

namespace fundtrail::store {
namespace {

rocksdb::Slice ToSlice(ByteView bytes) { return {bytes.data(), bytes.size()}; }
ByteView ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

rocksdb::ReadOptions ReadAt(const rocksdb::Snapshot* snapshot) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.verify_checksums = true;
  return options;
}

// A store that is closed leaves at most so many rows to be read again at the next opening: some 5 ms.
constexpr std::uint64_t kRowsInJournal = 1'000;

// At most, in a batch of RocksDB's: its number, and of each row what it is and two lengths.
constexpr std::size_t kBatchHead = 12, kOfEachRow = 11;

// At most about so much of a batch goes to a temporary store at a time. RocksDB has a copy of it, and puts all of it into one of its
// buffers.
constexpr std::size_t kScratchPiece = std::size_t{1} << 20;

// So many steps cost less than to seek.
constexpr int kNear = 4;

class RocksCursor final : public Cursor {
 public:
  RocksCursor(rocksdb::DB& db, const std::string& path, const rocksdb::ReadOptions& options, ByteView begin,
              ByteView end)
      : RocksCursor(path, begin, end) {
    Open(db, options);
    iterator_->Seek(begin_slice_);
  }
  // On the last key <= at, or the first.
  RocksCursor(rocksdb::DB& db, const std::string& path, const rocksdb::ReadOptions& options, ByteView begin,
              ByteView at, ByteView end)
      : RocksCursor(path, begin, end) {
    Open(db, options);
    iterator_->SeekForPrev(ToSlice(at));
    if (!iterator_->Valid() && iterator_->status().ok()) iterator_->Seek(ToSlice(at));
  }

  bool Valid() const override { return iterator_->Valid(); }
  void Next() override { iterator_->Next(); }
  void SkipTo(ByteView at) override {
    for (int step = 0; Valid() && key() < at; ++step) {
      if (step == near_) {
        near_ = 1;
        iterator_->Seek(ToSlice(at));
        return;
      }
      iterator_->Next();
    }
    near_ = kNear;
  }
  void SkipToLastBefore(ByteView at) override {
    iterator_->SeekForPrev(ToSlice(at));  // the last key <= at
    if (Valid() && key() == at) iterator_->Prev();
  }
  ByteView key() const override { return ToView(iterator_->key()); }
  ByteView value() const override { return ToView(iterator_->value()); }
  Status status() const override { return FromRocks(iterator_->status(), path_); }

 private:
  RocksCursor(const std::string& path, ByteView begin, ByteView end)
      : path_(path), begin_(begin), end_(end), begin_slice_(begin_), end_slice_(end_) {}
  void Open(rocksdb::DB& db, rocksdb::ReadOptions options) {
    if (!begin_.empty()) options.iterate_lower_bound = &begin_slice_;
    if (!end_.empty()) options.iterate_upper_bound = &end_slice_;
    iterator_.reset(db.NewIterator(options));
  }

  const std::string& path_;  // the store's
  // RocksDB keeps a pointer to the slice, and the slice one to the bytes, as long as the iterator lives.
  const Bytes begin_;
  const Bytes end_;
  const rocksdb::Slice begin_slice_;
  const rocksdb::Slice end_slice_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
  int near_ = kNear;  // the steps that SkipTo tries; fewer while they lead nowhere
};

// The reads, as of a snapshot or (null) as of now.
StatusOr<std::optional<Bytes>> GetFrom(rocksdb::DB& db, const std::string& path,
                                       const rocksdb::Snapshot* snapshot, ByteView key) {
  Bytes value;
  const rocksdb::Status status = db.Get(ReadAt(snapshot), ToSlice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return FromRocks(status, path);
  return std::optional<Bytes>(std::move(value));
}

// Whether the blocks that a scan reads are kept for the next one.
enum class Blocks { kKept, kPassing };

std::unique_ptr<Cursor> ScanOf(rocksdb::DB& db, const std::string& path, const rocksdb::Snapshot* snapshot,
                               ByteView begin, ByteView end, Blocks blocks = Blocks::kKept) {
  if (IsEmptyRange(begin, end)) return NoRows();  // RocksDB's bounds do not allow for it
  rocksdb::ReadOptions options = ReadAt(snapshot);
  options.fill_cache = blocks == Blocks::kKept;
  return std::make_unique<RocksCursor>(db, path, options, begin, end);
}

std::unique_ptr<Cursor> ScanAtOf(rocksdb::DB& db, const std::string& path, const rocksdb::Snapshot* snapshot,
                                 ByteView begin, ByteView at, ByteView end) {
  if (begin >= end) return NoRows();
  return std::make_unique<RocksCursor>(db, path, ReadAt(snapshot), begin, at, end);
}

StatusOr<std::optional<std::pair<Bytes, Bytes>>> LastOf(rocksdb::DB& db, const std::string& path,
                                                        const rocksdb::Snapshot* snapshot, ByteView begin,
                                                        ByteView end) {
  if (IsEmptyRange(begin, end)) return std::nullopt;
  const rocksdb::Slice lower = ToSlice(begin);
  const rocksdb::Slice upper = ToSlice(end);
  rocksdb::ReadOptions options = ReadAt(snapshot);
  options.iterate_lower_bound = &lower;
  if (!end.empty()) options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> iterator(db.NewIterator(options));
  iterator->SeekToLast();  // the last key below the upper bound
  if (!iterator->status().ok()) return FromRocks(iterator->status(), path);
  if (!iterator->Valid()) return std::nullopt;
  return std::pair(Bytes(ToView(iterator->key())), Bytes(ToView(iterator->value())));
}

class RocksSnapshot final : public Reader, public PassingReader {
 public:
  // A null snapshot reads a database that never changes.
  RocksSnapshot(rocksdb::DB& db, const std::string& path, const rocksdb::Snapshot* snapshot)
      : db_(db), path_(path), snapshot_(snapshot) {}
  RocksSnapshot(const RocksSnapshot&) = delete;
  RocksSnapshot& operator=(const RocksSnapshot&) = delete;
  ~RocksSnapshot() override {
    if (snapshot_ != nullptr) db_.ReleaseSnapshot(snapshot_);
  }

  StatusOr<std::optional<Bytes>> Get(ByteView key) const override {
    return GetFrom(db_, path_, snapshot_, key);
  }
  std::unique_ptr<Cursor> Scan(ByteView begin, ByteView end) const override {
    return ScanOf(db_, path_, snapshot_, begin, end);
  }
  std::unique_ptr<Cursor> ScanThrough(ByteView begin, ByteView end) const override {
    return ScanOf(db_, path_, snapshot_, begin, end, Blocks::kPassing);
  }
  std::unique_ptr<Cursor> ScanAt(ByteView begin, ByteView at, ByteView end) const override {
    return ScanAtOf(db_, path_, snapshot_, begin, at, end);
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    return LastOf(db_, path_, snapshot_, begin, end);
  }

 private:
  rocksdb::DB& db_;
  const std::string& path_;
  const rocksdb::Snapshot* const snapshot_;
};

class RocksStore final : public Store, public PassingReader {
 public:
  RocksStore(std::unique_ptr<rocksdb::DB> db, std::string path, Durability durability)
      : path_(std::move(path)), durability_(durability), db_(std::move(db)) {}

  RocksStore(const RocksStore&) = delete;
  RocksStore& operator=(const RocksStore&) = delete;
  // Whoever opens it next would read the journal again, row by row. What is in there is written as a table now, when it is more than
  // a few entries. If that fails nothing is lost.
  ~RocksStore() override {
    std::uint64_t rows = 0;
    if (durability_ != Durability::kSynced || !failure_.ok()) return;
    rocksdb::FlushOptions options;
    options.allow_write_stall = true;  // nobody writes any more: else it might wait until tables are merged
    if (db_->GetIntProperty(rocksdb::DB::Properties::kNumEntriesActiveMemTable, &rows) &&
        rows > kRowsInJournal)
      (void)db_->Flush(options);
  }

  StatusOr<std::optional<Bytes>> Get(ByteView key) const override {
    return GetFrom(*db_, path_, nullptr, key);
  }
  std::unique_ptr<Cursor> Scan(ByteView begin, ByteView end) const override {
    return ScanOf(*db_, path_, nullptr, begin, end);
  }
  std::unique_ptr<Cursor> ScanThrough(ByteView begin, ByteView end) const override {
    return ScanOf(*db_, path_, nullptr, begin, end, Blocks::kPassing);
  }
  std::unique_ptr<Cursor> ScanAt(ByteView begin, ByteView at, ByteView end) const override {
    return ScanAtOf(*db_, path_, nullptr, begin, at, end);
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    return LastOf(*db_, path_, nullptr, begin, end);
  }

  Status Write(const Batch& batch) override { return WriteBatch(batch, true); }
  Status WriteUnsynced(const Batch& batch) override { return WriteBatch(batch, false); }

  std::unique_ptr<Reader> Snapshot() const override {
    const bool fixed = durability_ == Durability::kReadOnly;
    return std::make_unique<RocksSnapshot>(*db_, path_, fixed ? nullptr : db_->GetSnapshot());
  }

  // Tables are linked where the disk can, and never change; the log is copied.
  Status CopyTo(const std::string& path) const override {
    rocksdb::Checkpoint* made = nullptr;
    rocksdb::Status status = rocksdb::Checkpoint::Create(db_.get(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> copy(made);
    if (status.ok()) status = copy->CreateCheckpoint(path);
    return FromRocks(status, path);
  }

 private:
  Status WriteBatch(const Batch& batch, bool sync) {
    if (durability_ == Durability::kReadOnly) {
      return absl::FailedPreconditionError(
          absl::StrCat("the ledger in ", path_, " is open for reading only"));
    }
    if (durability_ != Durability::kScratch) return WriteRows(batch.begin(), batch.end(), sync);
    // Nothing is left of it after a crash, and its readers look at what is being written in an overlay: it may come in pieces.
    auto piece = batch.begin();
    std::size_t bytes = 0;
    for (auto at = batch.begin(); at != batch.end(); ++at) {
      bytes += BytesOf(*at);
      if (bytes < kScratchPiece) continue;
      FT_RETURN_IF_ERROR(WriteRows(piece, std::next(at), false));
      piece = std::next(at);
      bytes = 0;
    }
    return WriteRows(piece, batch.end(), false);
  }

  // At most, as RocksDB has it.
  static std::size_t BytesOf(const Batch::value_type& row) {
    return kOfEachRow + row.first.size() + (row.second.has_value() ? row.second->size() : 0);
  }

  Status WriteRows(Batch::const_iterator from, Batch::const_iterator to, bool sync) {
    // Room for all at once: it would be copied again and again as it grows.
    std::size_t bytes = kBatchHead;
    for (auto at = from; at != to; ++at) bytes += BytesOf(*at);
    rocksdb::WriteBatch rows(bytes);
    for (auto at = from; at != to; ++at) {
      const auto& [key, value] = *at;
      const rocksdb::Status added = value ? rows.Put(key, *value) : rows.Delete(key);
      if (!added.ok()) return FromRocks(added, path_);  // too large: nothing was written yet
    }
    rocksdb::WriteOptions options;
    options.sync = sync && durability_ == Durability::kSynced;
    options.disableWAL = durability_ == Durability::kScratch;

    const std::lock_guard lock(write_mutex_);
    if (!failure_.ok()) {
      return absl::UnavailableError(
          absl::StrCat("an earlier write to ", path_, " failed, so nothing more is ",
                       "written until the ledger is opened again: ", failure_.message()));
    }
    // A failed batch may yet be in the log, and may be found there after a crash. Writing on would build on
    // sand.
    failure_ = FromRocks(db_->Write(options, &rows), path_);
    return failure_;
  }

  const std::string path_;
  const Durability durability_;
  const std::unique_ptr<rocksdb::DB> db_;
  std::mutex write_mutex_;
  Status failure_;  // of the first Write that failed
};

}  // namespace

std::unique_ptr<Store> MakeRocksStore(std::unique_ptr<rocksdb::DB> db, std::string path,
                                      Durability durability) {
  return std::make_unique<RocksStore>(std::move(db), std::move(path), durability);
}

}  // namespace fundtrail::store
