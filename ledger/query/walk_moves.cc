// See walk_moves.h.
#include "ledger/query/walk_moves.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <vector>

namespace fundtrail::query {

namespace {

constexpr std::uint32_t kBlockBits = 8;  // the last byte of a transfer's key
constexpr std::uint32_t kLeastLines = 2;
constexpr std::uint32_t kLeastNoted = 8;  // of fewer lines a note would drive out more than it saves

std::uint32_t InBlock(TransferRef ref) { return ref.line & ((1U << kBlockBits) - 1); }

// The date counted from 1970, and below it two bits: that it is known, and that it is committed.
std::int32_t Packed(Moving moving) { return moving.date.days() * 4 + (moving.committed ? 2 : 0) + 1; }

}  // namespace

// The first lines of a block. What is known of a line never changes, and lines become known one by one: rows that begin with the
// block's prefix are the same for all who have the note.
class MovedReader::Lines final : public store::Note {
 public:
  explicit Lines(std::uint32_t count) : lines_(count) {}

  std::size_t bytes() const override { return sizeof *this + lines_.size() * sizeof lines_[0]; }
  bool Has(std::uint32_t line) const { return line < lines_.size(); }
  std::optional<Moving> Find(std::uint32_t line) const {
    const std::int32_t packed = Has(line) ? lines_[line].load(std::memory_order_relaxed) : 0;
    if (packed == 0) return std::nullopt;
    return Moving{Date(packed >> 2), (packed & 2) != 0};
  }
  void Keep(std::uint32_t line, Moving moving) const {
    lines_[line].store(Packed(moving), std::memory_order_relaxed);
  }
  void TakeFrom(const Lines& shorter) {
    for (std::size_t line = 0; line < shorter.lines_.size(); ++line)
      lines_[line].store(shorter.lines_[line].load(std::memory_order_relaxed), std::memory_order_relaxed);
  }

 private:
  mutable std::vector<std::atomic<std::int32_t>> lines_;  // 0: not known
};

const MovedReader::Lines* MovedReader::LinesOf(TransferRef ref) {
  const Block block{ref.record.value(), ref.line >> kBlockBits};
  if (last_ == block) return last_lines_;
  last_ = block;
  last_lines_ = nullptr;
  auto found = blocks_.find(block);
  if (found == blocks_.end()) {
    if (notes_ == nullptr) return nullptr;
    const Bytes key = model::keys::Transfer(ref);
    auto lines = std::static_pointer_cast<const Lines>(notes_->Find(ByteView(key).substr(0, key.size() - 1)));
    if (lines == nullptr) return nullptr;
    found = blocks_.emplace(block, std::move(lines)).first;
  }
  last_lines_ = found->second.get();
  return last_lines_;
}

std::optional<Moving> MovedReader::Find(TransferRef ref) {
  const Lines* const lines = LinesOf(ref);
  return lines == nullptr ? std::nullopt : lines->Find(InBlock(ref));
}

void MovedReader::Keep(TransferRef ref, Moving moving) {
  const std::uint32_t line = InBlock(ref);
  const Lines* const known = LinesOf(ref);
  if (known != nullptr && known->Has(line)) {
    known->Keep(line, moving);
    return;
  }
  const std::uint32_t count = std::max(kLeastLines, std::bit_ceil(line + 1));
  const auto longer = std::make_shared<Lines>(count);
  if (known != nullptr) longer->TakeFrom(*known);
  longer->Keep(line, moving);
  last_lines_ = longer.get();
  blocks_.insert_or_assign(*last_, longer);
  if (notes_ == nullptr || count < kLeastNoted) return;
  const Bytes key = model::keys::Transfer(ref);
  notes_->KeepOfPrefix(ByteView(key).substr(0, key.size() - 1), longer);
}

}  // namespace fundtrail::query
