// See walk_rows.h.
#include "ledger/query/walk_rows.h"

#include <utility>

namespace fundtrail::query {

StatusOr<std::optional<ByteView>> NearRows::Get(const Bytes& key, bool near) {
  if (!near) {
    FT_ASSIGN_OR_RETURN(auto row, view_.rows->Get(key));
    if (!row.has_value()) return std::optional<ByteView>();
    looked_up_ = *std::move(row);
    return std::optional<ByteView>(looked_up_);
  }
  if (cursor_ == nullptr) {
    cursor_ = view_.rows->ScanAt(range_, key, store::PrefixEnd(range_));
  } else if (cursor_->Valid() && cursor_->key() <= key) {
    cursor_->SkipTo(key);
  } else {
    cursor_->SkipToLastBefore(key + '\0');
  }
  FT_RETURN_IF_ERROR(cursor_->status());
  if (!cursor_->Valid() || cursor_->key() != key) return std::optional<ByteView>();
  return std::optional(cursor_->value());
}

}  // namespace fundtrail::query
