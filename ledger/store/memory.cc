// See memory.h. The rows are one map, shared with the cursors and snapshots that pinned it and copied before
// a write that these must not see.
#include "ledger/store/memory.h"

#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>

namespace fundtrail::store {
namespace {

using Map = std::map<Bytes, Bytes, std::less<>>;

struct Rows {
  Map map;
  // How many cursors and snapshots look at `map`. Its own counter, since shared_ptr::use_count() orders
  // nothing: the release and acquire here make a reader's last look happen before the write that follows.
  std::atomic<int> pins{0};
};

using Pinned = std::shared_ptr<const Map>;

Pinned Pin(const std::shared_ptr<Rows>& rows) {
  rows->pins.fetch_add(1, std::memory_order_relaxed);
  return Pinned(&rows->map, [rows](const Map*) { rows->pins.fetch_sub(1, std::memory_order_release); });
}

std::optional<Bytes> GetFrom(const Map& map, ByteView key) {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

std::optional<std::pair<Bytes, Bytes>> LastOf(const Map& map, ByteView begin, ByteView end) {
  if (IsEmptyRange(begin, end)) return std::nullopt;
  const auto after = end.empty() ? map.end() : map.lower_bound(end);
  if (after == map.begin()) return std::nullopt;
  const auto last = std::prev(after);
  if (last->first < begin) return std::nullopt;
  return std::pair(last->first, last->second);
}

class MemoryCursor final : public Cursor {
 public:
  MemoryCursor(Pinned map, ByteView begin, ByteView end)
      : map_(std::move(map)),
        begin_(map_->lower_bound(begin)),
        at_(begin_),
        end_(end.empty()   ? map_->end()
             : begin < end ? map_->lower_bound(end)
                           : at_) {}

  bool Valid() const override { return at_ != end_; }
  void Next() override { ++at_; }
  void SkipTo(ByteView at) override {
    if (at <= at_->first) return;
    at_ = FirstFrom(at);
  }
  void SkipToLastBefore(ByteView at) override {
    const bool some = begin_ != end_ && begin_->first < at;
    at_ = some ? std::prev(FirstFrom(at)) : end_;
  }
  ByteView key() const override { return at_->first; }
  ByteView value() const override { return at_->second; }
  Status status() const override { return absl::OkStatus(); }

 private:
  // The first key >= at, or the end of the range.
  Map::const_iterator FirstFrom(ByteView at) const {
    return end_ != map_->end() && end_->first <= at ? end_ : map_->lower_bound(at);
  }

  Pinned map_;
  Map::const_iterator begin_;
  Map::const_iterator at_;
  Map::const_iterator end_;
};

class MemorySnapshot final : public Reader {
 public:
  explicit MemorySnapshot(Pinned map) : map_(std::move(map)) {}

  StatusOr<std::optional<Bytes>> Get(ByteView key) const override { return GetFrom(*map_, key); }
  std::unique_ptr<Cursor> Scan(ByteView begin, ByteView end) const override {
    return std::make_unique<MemoryCursor>(map_, begin, end);
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    return LastOf(*map_, begin, end);
  }

 private:
  Pinned map_;
};

class MemoryStore final : public Store {
 public:
  StatusOr<std::optional<Bytes>> Get(ByteView key) const override {
    const std::shared_lock lock(mutex_);
    return GetFrom(rows_->map, key);
  }
  std::unique_ptr<Cursor> Scan(ByteView begin, ByteView end) const override {
    return std::make_unique<MemoryCursor>(PinNow(), begin, end);
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    const std::shared_lock lock(mutex_);
    return LastOf(rows_->map, begin, end);
  }
  Status Write(const Batch& batch) override {
    const std::unique_lock lock(mutex_);
    if (rows_->pins.load(std::memory_order_acquire) != 0) {
      auto copy = std::make_shared<Rows>();
      copy->map = rows_->map;
      rows_ = std::move(copy);
    }
    for (const auto& [key, value] : batch) {
      if (value) {
        rows_->map.insert_or_assign(key, *value);
      } else {
        rows_->map.erase(key);
      }
    }
    return absl::OkStatus();
  }
  std::unique_ptr<Reader> Snapshot() const override { return std::make_unique<MemorySnapshot>(PinNow()); }

 private:
  Pinned PinNow() const {
    const std::shared_lock lock(mutex_);
    return Pin(rows_);
  }

  mutable std::shared_mutex mutex_;
  std::shared_ptr<Rows> rows_ = std::make_shared<Rows>();
};

}  // namespace

std::unique_ptr<Store> MakeMemoryStore() { return std::make_unique<MemoryStore>(); }

}  // namespace fundtrail::store
