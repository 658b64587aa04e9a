// See row_cache.h. Two generations: when the young one is full it becomes the old one, and the old one goes.
// What is asked for again in between moves to the young one.
#include "ledger/store/row_cache.h"

#include <functional>
#include <mutex>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace fundtrail::store {
namespace {

constexpr std::size_t kRowOverhead = 100;  // of a row in a hash map, about

class RowCache {
 public:
  explicit RowCache(std::size_t bytes) : half_(bytes / 2) {}

  // Null when it is not known whether there is such a row.
  const std::optional<Bytes>* Find(ByteView key) {
    const auto found = young_.find(key);
    if (found != young_.end()) return &found->second;
    const auto old = old_.find(key);
    if (old == old_.end()) return nullptr;
    auto row = std::move(old->second);
    old_.erase(old);
    return &Put(key, std::move(row));
  }

  const std::optional<Bytes>& Put(ByteView key, std::optional<Bytes> row) {
    const std::size_t size = key.size() + (row ? row->size() : 0) + kRowOverhead;
    if (bytes_ + size > half_) {
      old_ = std::exchange(young_, {});
      bytes_ = 0;
    }
    bytes_ += size;
    return young_.insert_or_assign(Bytes(key), std::move(row)).first->second;
  }

  void Update(ByteView key, const std::optional<Bytes>& row) {
    const auto found = young_.find(key);
    if (found != young_.end()) {
      found->second = row;
    } else {
      const auto old = old_.find(key);
      if (old != old_.end()) old->second = row;
    }
  }

  void Clear() {
    young_.clear();
    old_.clear();
    bytes_ = 0;
  }

 private:
  // Debian's absl has a string_view of its own, and so no hash of ByteView.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(ByteView key) const { return std::hash<ByteView>{}(key); }
  };
  using Rows = absl::flat_hash_map<Bytes, std::optional<Bytes>, Hash, std::equal_to<>>;
  const std::size_t half_;
  std::size_t bytes_ = 0;  // of the young ones, with some counted twice
  Rows young_;
  Rows old_;
};

class CachedStore final : public Store {
 public:
  CachedStore(std::unique_ptr<Store> store, std::size_t bytes) : store_(std::move(store)), cache_(bytes) {}

  StatusOr<std::optional<Bytes>> Get(ByteView key) const override {
    const std::lock_guard lock(mutex_);
    if (const auto* row = cache_.Find(key)) return *row;
    FT_ASSIGN_OR_RETURN(auto row, store_->Get(key));
    return cache_.Put(key, std::move(row));
  }
  std::unique_ptr<Cursor> Scan(ByteView begin, ByteView end) const override {
    return store_->Scan(begin, end);
  }
  std::unique_ptr<Cursor> ScanAt(ByteView begin, ByteView at, ByteView end) const override {
    return store_->ScanAt(begin, at, end);
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    return store_->Last(begin, end);
  }

  // Readers go on meanwhile. What they remember of the old rows in that time is brought up to date then.
  Status Write(const Batch& batch) override { return Written(batch, store_->Write(batch)); }
  Status WriteUnsynced(const Batch& batch) override { return Written(batch, store_->WriteUnsynced(batch)); }
  std::unique_ptr<Reader> Snapshot() const override { return store_->Snapshot(); }
  Status CopyTo(const std::string& path) const override { return store_->CopyTo(path); }

 private:
  Status Written(const Batch& batch, Status written) {
    const std::lock_guard lock(mutex_);
    // After an error it is open whether the rows are the old ones or the new.
    if (!written.ok()) cache_.Clear();
    if (written.ok()) {
      for (const auto& [key, value] : batch) cache_.Update(key, value);
    }
    return written;
  }

  const std::unique_ptr<Store> store_;
  mutable std::mutex mutex_;
  mutable RowCache cache_;
};

}  // namespace

std::unique_ptr<Store> WithRowCache(std::unique_ptr<Store> store, std::size_t bytes) {
  return std::make_unique<CachedStore>(std::move(store), bytes);
}

}  // namespace fundtrail::store
