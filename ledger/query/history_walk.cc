// See history_walk.h.
#include "ledger/query/history_walk.h"

namespace fundtrail::query {

namespace {

// So many rows of one history cost less than a look for its last.
constexpr int kShortHistory = 4;

}  // namespace

HistoryWalk::HistoryWalk(const View& view, Bytes range)
    : view_(view), range_(std::move(range)), heads_(view.rows->Scan(range_, store::PrefixEnd(range_))) {}

void HistoryWalk::SkipTo(ByteView at) {
  if (heads_->Valid()) heads_->SkipTo(at);
}

StatusOr<std::optional<std::pair<Bytes, Bytes>>> HistoryWalk::Newest(const Bytes& history,
                                                                     const Bytes& until) {
  std::optional<std::pair<Bytes, Bytes>> newest;
  for (int step = 0; heads_->Valid() && heads_->key() < until; ++step) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    if (step == kShortHistory) {
      if (ends_ == nullptr) ends_ = view_.rows->Scan(range_, store::PrefixEnd(range_));
      ends_->SkipToLastBefore(until);
      FT_RETURN_IF_ERROR(ends_->status());
      const bool found = ends_->Valid() && ends_->key().starts_with(history);
      if (!found) return model::Damaged(history, "has rows that are not found again");
      newest.emplace(Bytes(ends_->key()), Bytes(ends_->value()));
      return newest;
    }
    newest.emplace(Bytes(heads_->key()), Bytes(heads_->value()));
    heads_->Next();
  }
  FT_RETURN_IF_ERROR(heads_->status());
  return newest;
}

}  // namespace fundtrail::query
