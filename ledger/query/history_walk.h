// The newest rows of many histories: of keys that end with the record after which their row holds.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "ledger/query/view.h"

namespace fundtrail::query {

// Goes up through the histories whose keys begin alike. Where one is long, a second cursor looks for its newest row
// from the end down. To make a cursor for each history would cost more than the look. The view must outlive it.
class HistoryWalk {
 public:
  HistoryWalk(const View& view, Bytes range);

  // False at the end of the range, and after a read error: status() tells which.
  bool Valid() const { return heads_->Valid(); }
  // The row where it stands. Needs Valid(); the view lasts until the next call.
  ByteView key() const { return heads_->key(); }
  Status status() const { return heads_->status(); }
  // Goes on to the first key >= at. Nothing happens at the end.
  void SkipTo(ByteView at);
  // The last row before `until` of the history whose keys begin so; nothing when it has none there. It must stand on
  // the first row of that history, or after the history where there is none. Then it stands somewhere in the history,
  // or after it.
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Newest(const Bytes& history, const Bytes& until);

 private:
  const View& view_;
  const Bytes range_;
  const std::unique_ptr<store::Cursor> heads_;
  std::unique_ptr<store::Cursor> ends_;  // made for the first long history
};

}  // namespace fundtrail::query
