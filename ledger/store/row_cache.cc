// See row_cache.h.
#include "ledger/store/row_cache.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "ledger/store/forwarding_store.h"
#include "ledger/store/passing.h"
#include "ledger/store/recent.h"

namespace fundtrail::store {
namespace {

class CachedStore final : public ForwardingStore, public PassingReader {
 public:
  CachedStore(std::unique_ptr<Store> store, std::size_t bytes)
      : ForwardingStore(std::move(store)), cache_(bytes / 8 * 7), lasts_(bytes / 8) {}

  StatusOr<std::optional<Bytes>> Get(ByteView key) const override {
    std::uint64_t writes = 0;
    {
      const std::lock_guard lock(mutex_);
      if (const auto* row = cache_.Find(key)) return *row;
      writes = writes_;
    }
    if (IsBeyondAll(key)) return std::nullopt;
    FT_ASSIGN_OR_RETURN(auto row, ForwardingStore::Get(key));
    const std::lock_guard lock(mutex_);
    // Else it may be a row that was written over meanwhile.
    if (writes == writes_) (void)cache_.Put(key, row, row.has_value() ? row->size() : 0);
    return row;
  }
  std::unique_ptr<Cursor> Scan(ByteView begin, ByteView end) const override {
    return HasNone(begin, end) ? NoRows() : ForwardingStore::Scan(begin, end);
  }
  std::unique_ptr<Cursor> ScanThrough(ByteView begin, ByteView end) const override {
    return HasNone(begin, end) ? NoRows() : store::ScanThrough(inner(), begin, end);
  }
  std::unique_ptr<Cursor> ScanAt(ByteView begin, ByteView at, ByteView end) const override {
    return HasNone(begin, end) ? NoRows() : ForwardingStore::ScanAt(begin, at, end);
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    if (HasNone(begin, end)) return std::nullopt;
    if (begin.empty() || begin.size() >= kLongest || end != PrefixEnd(begin))
      return ForwardingStore::Last(begin, end);
    std::uint64_t writes = 0;
    {
      const std::lock_guard lock(mutex_);
      if (const auto* row = lasts_.Find(begin)) return *row;
      writes = writes_;
    }
    FT_ASSIGN_OR_RETURN(auto row, ForwardingStore::Last(begin, end));
    const std::lock_guard lock(mutex_);
    if (writes != writes_) return row;  // it may be one that was written over meanwhile
    auto& lengths = lengths_[FirstByte(begin)];
    if (std::find(lengths.begin(), lengths.end(), begin.size()) == lengths.end()) {
      if (lengths.size() >= kMostLengths) return row;
      lengths.push_back(begin.size());
    }
    (void)lasts_.Put(begin, row, row.has_value() ? row->first.size() + row->second.size() : 0);
    return row;
  }

  // Readers go on meanwhile. What they remember of the old rows in that time is brought up to date then.
  Status Write(const Batch& batch) override {
    return Watched(batch, [&] { return ForwardingStore::Write(batch); });
  }
  Status WriteUnsynced(const Batch& batch) override {
    return Watched(batch, [&] { return ForwardingStore::WriteUnsynced(batch); });
  }

 private:
  // What is known of the rows of one kind.
  struct Kind {
    bool looked = false;
    std::optional<Bytes> last;  // no key is greater; nothing: there are no rows
  };
  using Row = std::optional<std::pair<Bytes, Bytes>>;
  static constexpr std::size_t kLongest = 256;  // a prefix of which the last row is kept is shorter
  static constexpr std::size_t kMostLengths =
      16;  // of prefixes of one kind: a write looks for one of each length

  static std::size_t FirstByte(ByteView key) { return static_cast<unsigned char>(key.front()); }

  // Whether the range is one of rows of which there are none.
  bool HasNone(ByteView begin, ByteView end) const {
    const auto of = KindOfRange(begin, end);
    return of.has_value() && IsSo(*of, [](const Kind& kind) { return !kind.last.has_value(); });
  }

  // Whether the key would stand after all of its kind. So it is with what is numbered in order, and is asked for before it is made.
  bool IsBeyondAll(ByteView key) const {
    if (key.empty()) return false;
    return IsSo(FirstByte(key), [&](const Kind& kind) { return !kind.last.has_value() || key > *kind.last; });
  }

  // Asks it of what is known of the rows of that kind. The first time it looks.
  template <typename Question>
  bool IsSo(std::size_t of, const Question& question) const {
    std::uint64_t writes = 0;
    {
      const std::lock_guard lock(mutex_);
      if (kinds_[of].looked) return question(kinds_[of]);
      writes = writes_;
    }
    const Bytes first(1, static_cast<char>(of));
    auto last = ForwardingStore::Last(first, PrefixEnd(first));
    if (!last.ok()) return false;  // whoever reads on is told
    Kind kind{.looked = true, .last = std::nullopt};
    if (last->has_value()) kind.last = std::move((*last)->first);
    const bool so = question(kind);
    const std::lock_guard lock(mutex_);
    if (writes == writes_) kinds_[of] = std::move(kind);
    return so;
  }

  template <typename Put>
  Status Watched(const Batch& batch, const Put& put) {
    // After an error, and after an exception, it is open whether the rows are the old ones or the new.
    absl::Cleanup failed = [this] { ForgetAll(); };
    FT_RETURN_IF_ERROR(put());
    Change(batch);
    std::move(failed).Cancel();
    return absl::OkStatus();
  }

  void ForgetAll() {
    const std::lock_guard lock(mutex_);
    ++writes_;
    cache_.Clear();
    lasts_.Clear();
    kinds_ = {};
  }

  // The rows of the batch are written.
  void Change(const Batch& batch) {
    const std::lock_guard lock(mutex_);
    ++writes_;
    for (const auto& [key, value] : batch) {
      const std::optional<Bytes>& row = value;
      cache_.Update(key, row.has_value() ? row->size() : 0, [&row] { return row; });
      if (key.empty()) continue;
      Kind& kind = kinds_[FirstByte(key)];
      // One that is deleted may have been the last: then another key is held to be, and nothing wrong follows.
      if (value.has_value() && kind.looked && (!kind.last.has_value() || *kind.last < key)) kind.last = key;
      for (const std::size_t length : lengths_[FirstByte(key)])
        if (length <= key.size()) ChangeLast(ByteView(key).substr(0, length), key, value);
    }
  }

  // The row has changed, and its key begins with that.
  void ChangeLast(ByteView prefix, const Bytes& key, const std::optional<Bytes>& value) {
    const Row* const last = lasts_.Find(prefix);
    if (last == nullptr) return;
    if (value.has_value() && (!last->has_value() || (*last)->first <= key)) {
      lasts_.Update(prefix, key.size() + value->size(), [&] { return Row(std::pair(key, *value)); });
    } else if (!value.has_value() && last->has_value() && (*last)->first == key) {
      lasts_.Forget(prefix, lasts_.HashOf(prefix));  // the one before it is not known
    }
  }

  mutable std::mutex mutex_;  // never held while the store reads or writes
  std::uint64_t writes_ = 0;
  mutable Recent<std::optional<Bytes>> cache_;
  // The last row of all whose keys begin so: sums and verdicts are kept by record, and the newest is asked for. And how long such
  // prefixes are, by their first byte.
  mutable Recent<Row> lasts_;
  mutable std::array<std::vector<std::size_t>, 256> lengths_;
  mutable std::array<Kind, 256> kinds_{};
};

}  // namespace

std::unique_ptr<Store> WithRowCache(std::unique_ptr<Store> store, std::size_t bytes) {
  return std::make_unique<CachedStore>(std::move(store), bytes);
}

}  // namespace fundtrail::store
