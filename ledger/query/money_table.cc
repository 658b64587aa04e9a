// See money_table.h.
#include "ledger/query/money_table.h"

#include <chrono>
#include <utility>

namespace fundtrail::query {

namespace {

// So many rows stand in one part: a part that was begun is copied when the ledger grows.
constexpr std::size_t kPartRows = 65'536;

// So long until whoever waits for a table asks whether the own question may still go on. A server looks once in 256 such calls.
constexpr std::chrono::milliseconds kBetweenLooks{1};

}  // namespace

void MoneyRows::Append(TransferRef ref, const model::TransferRow& row) {
  const std::uint64_t record = ref.record.value();
  if (parts_.empty() || parts_.back()->rows.size() == kPartRows ||
      record - parts_.back()->first_record > UINT32_MAX) {
    parts_.push_back(std::make_shared<Part>());
    parts_.back()->first_record = record;
    parts_.back()->rows.reserve(kPartRows);
  } else if (parts_.back().use_count() > 1) {
    auto copy = std::make_shared<Part>();
    copy->first_record = parts_.back()->first_record;
    copy->rows.reserve(kPartRows);
    copy->rows = parts_.back()->rows;
    parts_.back() = std::move(copy);
  }
  Row& kept = parts_.back()->rows.emplace_back();
  kept.amount = row.amount.value();
  kept.to_position = row.to_position.value();
  kept.to_amount = row.to_amount.value();
  kept.record = static_cast<std::uint32_t>(record - parts_.back()->first_record);
  kept.line = ref.line;
  kept.from = static_cast<std::uint32_t>(row.from.value());
  kept.to = static_cast<std::uint32_t>(row.to.value());
  kept.date = row.date.days();
  kept.kind = static_cast<std::uint8_t>(row.kind);
  kept.stage = static_cast<std::uint8_t>(row.stage);
  kept.committed_move = static_cast<std::uint8_t>(row.committed_move);
  ++count_;
}

StatusOr<MoneyTables::Table> MoneyTables::Of(const View& view, Read read) {
  const std::uint64_t size = view.checkpoint.size();
  std::unique_lock lock(mutex_);
  while (true) {
    if (too_large_) return Table();
    if (newest_ != nullptr && newest_->size >= size) return newest_->size == size ? newest_ : Table();
    if (!reading_) break;
    was_read_.wait_for(lock, kBetweenLooks);
    lock.unlock();
    FT_RETURN_IF_ERROR(view.GoOn());
    lock.lock();
  }
  reading_ = true;
  Table before = newest_;
  lock.unlock();
  StatusOr<Table> table = read(view, std::move(before));
  lock.lock();
  reading_ = false;
  was_read_.notify_all();
  FT_RETURN_IF_ERROR(table.status());
  too_large_ = *table == nullptr;
  newest_ = *std::move(table);
  return newest_;
}

}  // namespace fundtrail::query
