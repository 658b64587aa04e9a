// See overlay.h.
#include "ledger/store/overlay.h"

#include <cassert>
#include <functional>
#include <iterator>

namespace fundtrail::store {
namespace {

// Walks two ordered ranges as one; where both have a key the pending row stands for it.
class MergedCursor final : public Cursor {
 public:
  // Not an empty range.
  MergedCursor(const Batch& pending, const Reader& base, ByteView begin, ByteView end)
      : begin_(begin),
        end_(end),
        all_pending_(pending),
        pending_begin_(pending.lower_bound(begin)),
        pending_end_(end.empty() ? pending.end() : pending.lower_bound(end)),
        pending_(pending_begin_),
        reader_(base),
        base_(base.Scan(begin, end)) {
    Settle();
  }

  bool Valid() const override { return from_ != From::kNowhere; }
  void Next() override {
    Step();
    Settle();
  }
  void SkipToLastBefore(ByteView at) override {
    // All that is pending from `limit` on is >= at, or was looked at and is a delete.
    auto limit = PendingFrom(at);
    base_->SkipToLastBefore(at);
    hides_base_ = false;
    while (limit != pending_begin_ && base_->status().ok()) {
      const auto candidate = std::prev(limit);
      if (base_->Valid() && candidate->first < base_->key()) break;
      const bool same = base_->Valid() && candidate->first == base_->key();
      if (candidate->second) {
        pending_ = candidate;
        from_ = From::kPending;
        hides_base_ = same;
        if (same) return;
        // The base stands below it, or has nothing below it: it goes on with what follows.
        if (base_->Valid()) {
          base_->SkipTo(candidate->first);
        } else {
          base_ = reader_.Scan(begin_, end_);
        }
        return;
      }
      limit = candidate;
      if (same) base_->SkipToLastBefore(candidate->first);
    }
    pending_ = limit;
    from_ = base_->Valid() ? From::kBase : From::kNowhere;
  }
  ByteView key() const override { return from_ == From::kPending ? ByteView(pending_->first) : base_->key(); }
  ByteView value() const override {
    return from_ == From::kPending ? ByteView(*pending_->second) : base_->value();
  }
  Status status() const override { return base_->status(); }

 private:
  enum class From { kNowhere, kPending, kBase };

  // Leaves the current key, on both sides if both have it.
  void Step() {
    if (from_ == From::kPending) {
      if (hides_base_) base_->Next();
      ++pending_;
    } else {
      base_->Next();
    }
  }

  // Finds the next key that is there, from where the two ranges now stand.
  void Settle() {
    for (;; Step()) {
      hides_base_ = false;
      if (!base_->Valid()) {
        // A base that could not be read to its end must not look like one that is finished.
        const bool more = pending_ != pending_end_ && base_->status().ok();
        from_ = more ? From::kPending : From::kNowhere;
      } else if (pending_ == pending_end_) {
        from_ = From::kBase;
      } else {
        const int order = ByteView(pending_->first).compare(base_->key());
        from_ = order <= 0 ? From::kPending : From::kBase;
        hides_base_ = order == 0;
      }
      const bool deleted = from_ == From::kPending && !pending_->second;
      if (!deleted) return;
    }
  }

  // The first that is pending in the range and not below `at`.
  Batch::const_iterator PendingFrom(ByteView at) const {
    if (pending_begin_ == pending_end_ || at <= pending_begin_->first) return pending_begin_;
    const bool beyond = pending_end_ != all_pending_.end() && pending_end_->first <= at;
    return beyond ? pending_end_ : all_pending_.lower_bound(at);
  }

  const Bytes begin_;
  const Bytes end_;
  const Batch& all_pending_;
  const Batch::const_iterator pending_begin_;
  const Batch::const_iterator pending_end_;
  Batch::const_iterator pending_;
  const Reader& reader_;
  std::unique_ptr<Cursor> base_;
  From from_ = From::kNowhere;
  bool hides_base_ = false;
};

std::size_t HashOf(ByteView key) { return std::hash<ByteView>()(key); }

std::size_t BytesOf(const std::optional<Bytes>& value) { return value.has_value() ? value->size() : 0; }
std::size_t BytesOf(const Batch::value_type& row) { return row.first.size() + BytesOf(row.second); }

// What is said to whoever reads rows that are laid aside: a fault of the program, and never of the ledger.
Status AsideStatus() { return absl::InternalError("rows were read that are laid aside unread"); }

class AsideCursor final : public Cursor {
 public:
  bool Valid() const override { return false; }
  void Next() override {}
  void SkipToLastBefore(ByteView /*at*/) override {}
  ByteView key() const override { return {}; }
  ByteView value() const override { return {}; }
  Status status() const override { return AsideStatus(); }
};

}  // namespace

void Overlay::Remember(ByteView key) {
  hashes_.insert(HashOf(key));
  if (!key.empty()) kinds_.set(static_cast<unsigned char>(key.front()));
}

void Overlay::Forget() {
  hashes_.clear();
  kinds_.reset();
  bytes_ = 0;
}

bool Overlay::MayHave(ByteView begin, ByteView end) const {
  if (pending_.empty()) return false;
  const auto kind = KindOfRange(begin, end);
  return !kind.has_value() || kinds_.test(*kind);
}

bool Overlay::HasAside(ByteView begin, ByteView end) const {
  if (!lays_aside_) return false;
  const auto kind = KindOfRange(begin, end);
  return !kind.has_value() || aside_kinds_.test(*kind);
}

void Overlay::LayAside(std::string_view kinds) {
  for (const char kind : kinds) aside_kinds_.set(static_cast<unsigned char>(kind));
  lays_aside_ = aside_kinds_.any();
}

void Overlay::LayAside(std::string_view kinds, RowsAside* rows) {
  LayAside(kinds);
  for (const char kind : kinds) read_kinds_.set(static_cast<unsigned char>(kind));
  rows_aside_ = rows;
}

void Overlay::Put(Bytes key, Bytes value) {
  if (IsAside(key)) {
    PutAside(std::move(key), std::move(value));
  } else {
    Set(std::move(key), std::move(value));
  }
}

void Overlay::Delete(Bytes key) {
  if (IsAside(key)) {
    PutAside(std::move(key), std::nullopt);
  } else {
    Set(std::move(key), std::nullopt);
  }
}

void Overlay::PutAside(Bytes key, std::optional<Bytes> value) {
  if (IsReadAside(key)) rows_aside_->Take(key, value);
  aside_.emplace_back(std::move(key), std::move(value));
}

void Overlay::Set(Bytes key, std::optional<Bytes> value) {
  Remember(key);
  const auto [at, is_new] = pending_.try_emplace(std::move(key));
  bytes_ += (is_new ? at->first.size() : 0) + BytesOf(value);
  bytes_ -= BytesOf(at->second);
  if (tries_) before_.push_back({at->first, !is_new, std::move(at->second)});
  at->second = std::move(value);
}

void Overlay::Try() {
  assert(!tries_);
  tries_ = true;
}

void Overlay::Keep() {
  before_.clear();
  tries_ = false;
}

void Overlay::TakeBack() {
  // From the last to the first: a key that changed twice ends as it was at first.
  for (auto change = before_.rbegin(); change != before_.rend(); ++change) {
    const auto at = pending_.find(change->key);
    bytes_ -= BytesOf(at->second);
    if (change->was_pending) {
      bytes_ += BytesOf(change->value);
      at->second = std::move(change->value);
    } else {
      bytes_ -= at->first.size();
      pending_.erase(at);
    }
  }
  Keep();
}

void Overlay::Add(Batch batch) {
  if (lays_aside_ || tries_) {
    for (auto& [key, value] : batch) {
      if (value.has_value()) {
        Put(key, *std::move(value));
      } else {
        Delete(key);
      }
    }
    return;
  }
  for (const auto& row : batch) {
    Remember(row.first);
    bytes_ += BytesOf(row);
  }
  if (pending_.empty()) {
    pending_ = std::move(batch);
    return;
  }
  while (!batch.empty()) {
    auto moved = pending_.insert(batch.extract(batch.begin()));
    if (moved.inserted) continue;
    bytes_ -= BytesOf(*moved.position);  // of the row that it takes the place of
    moved.position->second = std::move(moved.node.mapped());
  }
}

void Overlay::DropDeletes() {
  assert(!tries_);
  Forget();
  for (auto at = pending_.begin(); at != pending_.end();) {
    if (!at->second.has_value()) {
      at = pending_.erase(at);
      continue;
    }
    Remember(at->first);
    bytes_ += BytesOf(*at);
    ++at;
  }
}

StatusOr<std::optional<Bytes>> Overlay::Get(ByteView key) const {
  if (IsAside(key)) return IsReadAside(key) ? rows_aside_->Get(key) : AsideStatus();
  if (!pending_.empty() && hashes_.contains(HashOf(key))) {
    const auto found = pending_.find(key);
    if (found != pending_.end()) return found->second;
  }
  return base_->Get(key);
}

const Bytes* Overlay::FindPending(ByteView key) const {
  if (pending_.empty() || !hashes_.contains(HashOf(key))) return nullptr;
  const auto found = pending_.find(key);
  return found == pending_.end() || !found->second.has_value() ? nullptr : &*found->second;
}

std::unique_ptr<Cursor> Overlay::Scan(ByteView begin, ByteView end) const {
  if (HasAside(begin, end)) return std::make_unique<AsideCursor>();
  if (!MayHave(begin, end)) return base_->Scan(begin, end);
  const auto first = pending_.lower_bound(begin);
  // Most scans are short and meet nothing pending: they cost no more than the base's own.
  if (IsEmptyRange(begin, end) || first == pending_.end() || IsEmptyRange(first->first, end))
    return base_->Scan(begin, end);
  return std::make_unique<MergedCursor>(pending_, *base_, begin, end);
}

StatusOr<std::optional<std::pair<Bytes, Bytes>>> Overlay::Last(ByteView begin, ByteView end) const {
  if (IsEmptyRange(begin, end)) return std::nullopt;
  if (HasAside(begin, end)) return AsideStatus();
  if (!MayHave(begin, end)) return base_->Last(begin, end);
  // Everything pending at or above `limit` has been looked at, and was a delete.
  auto limit = end.empty() ? pending_.end() : pending_.lower_bound(end);
  FT_ASSIGN_OR_RETURN(auto below, base_->Last(begin, end));
  while (limit != pending_.begin()) {
    const auto candidate = std::prev(limit);
    if (candidate->first < begin || (below && candidate->first < below->first)) break;
    if (candidate->second) return std::pair(candidate->first, *candidate->second);
    if (below && below->first == candidate->first) {
      if (candidate->first.empty()) return std::nullopt;  // an empty end is none, and nothing is below it
      FT_ASSIGN_OR_RETURN(below, base_->Last(begin, candidate->first));
    }
    limit = candidate;
  }
  return below;
}

Batch Overlay::TakePending() {
  assert(!tries_);
  Forget();
  return std::exchange(pending_, {});
}

void Overlay::MergeInto(Overlay* parent) {
  assert(parent == base_);
  if (parent->pending_.empty() && !parent->lays_aside_ && !parent->tries_) {
    std::swap(parent->pending_, pending_);
    std::swap(parent->hashes_, hashes_);
    std::swap(parent->kinds_, kinds_);
    std::swap(parent->bytes_, bytes_);
    Forget();
    return;
  }
  parent->Add(TakePending());
}

void Overlay::Discard() {
  assert(!tries_);
  pending_.clear();
  aside_.clear();
  Forget();
}

}  // namespace fundtrail::store
