// See seen_transfers.h.
#include "ledger/query/findings/seen_transfers.h"

#include <algorithm>

#include "ledger/model/references.h"

namespace fundtrail::query {

namespace {

// What an allocator adds to a block.
constexpr std::size_t kAllocationBytes = 16;

}  // namespace

std::size_t SeenTransfers::See(TransferRef ref, Date date) {
  first_day_ = count_ == 0 ? date : std::min(first_day_, date);
  last_day_ = count_ == 0 ? date : std::max(last_day_, date);
  last_ = count_ == 0 ? ref : std::max(last_, ref);
  ++count_;
  const std::size_t before = first_.capacity();
  Keep(ref);
  const std::size_t more = (first_.capacity() - before) * sizeof(TransferRef);
  return more + (before == 0 ? kAllocationBytes : 0);
}

void SeenTransfers::Add(const SeenTransfers& more) {
  if (more.empty()) return;
  first_day_ = empty() ? more.first_day_ : std::min(first_day_, more.first_day_);
  last_day_ = empty() ? more.last_day_ : std::max(last_day_, more.last_day_);
  last_ = empty() ? more.last_ : std::max(last_, more.last_);
  count_ += more.count_;
  for (const TransferRef ref : more.first_) Keep(ref);
}

void SeenTransfers::Keep(TransferRef ref) {
  const bool full = first_.size() == kMaxEvidence;
  if (full && ref > first_.back()) return;
  if (full) first_.pop_back();
  // Most come in their order.
  first_.insert(first_.empty() || ref > first_.back() ? first_.end()
                                                      : std::upper_bound(first_.begin(), first_.end(), ref),
                ref);
}

void SeenTransfers::TellEvidence(v1::Finding* finding) const {
  for (std::size_t i = 0; i < first_.size(); ++i) {
    // Of more than are listed, the last one stands in the last place.
    const bool ends = i + 1 == kMaxEvidence && count_ > kMaxEvidence;
    model::SetRef(ends ? last_ : first_[i], finding->add_evidence());
  }
  finding->set_evidence_count(count_);
  finding->set_count(count_);
}

void SeenTransfers::TellDays(v1::Finding* finding) const {
  if (empty()) return;
  finding->set_first(fundtrail::ToString(first_day_));
  finding->set_last(fundtrail::ToString(last_day_));
}

}  // namespace fundtrail::query
