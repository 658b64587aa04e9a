// When money moved, of each transfer that a walk meets: an answer needs no more of most of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "ledger/base/date.h"
#include "ledger/query/view.h"
#include "ledger/store/notes.h"

namespace fundtrail::query {

// What a walk remembers of a transfer.
struct Moving {
  Date date;
  bool committed = false;  // it is a commitment that is not paid
};

// Remembers it. Where the view's rows keep notes (store/notes.h), there is one on the transfers of each longer record, 256 lines at
// most, and each question adds what it read of them. One question's. The view must outlive it.
class MovedReader {
 public:
  explicit MovedReader(const View& view) : notes_(store::NotesOf(*view.rows)) {}

  // Nothing when it is not known.
  std::optional<Moving> Find(TransferRef ref);
  // As the transfer's row says in this view.
  void Keep(TransferRef ref, Moving moving);

 private:
  class Lines;
  using Block = std::pair<std::uint64_t, std::uint32_t>;  // the record, and its lines by 256

  // Of the transfer's block; null where nothing is known of it.
  const Lines* LinesOf(TransferRef ref);

  const store::Notes* const notes_;  // null where none are kept
  absl::flat_hash_map<Block, std::shared_ptr<const Lines>> blocks_;
  std::optional<Block> last_;  // that was asked for
  const Lines* last_lines_ = nullptr;
};

}  // namespace fundtrail::query
