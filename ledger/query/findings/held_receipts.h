// What holders still hold, by the transfers that brought it, while a walk over all transfers goes on.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "ledger/base/wide.h"
#include "ledger/model/rows.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// First it reads of each holder's account which positions of its line are still there: no more than the holes and the tail. Then each
// transfer says which positions it brought. So no piece is followed back, and none of what was looked at is kept.
class HeldReceipts {
 public:
  // RESOURCE_EXHAUSTED when all of it takes more than 128 MiB. The view is asked for its rows here alone.
  static StatusOr<HeldReceipts> Read(const View& view, AsOfRecord as_of);

  // How much of what the transfer brought a holder still holds. Of every transfer then, in the order of the log, each once.
  Amount Of(const model::TransferRow& row);
  // After them: DATA_LOSS when an account holds something else than what came and stayed.
  Status Check() const;

 private:
  struct Line {
    std::size_t at = 0, end = 0;  // the intervals that no transfer has passed yet
    Wide left = 0;                // of what it holds, what no transfer was found to have brought
  };
  std::vector<Interval> intervals_;
  absl::flat_hash_map<std::uint64_t, Line> lines_;  // by account
};

}  // namespace fundtrail::query
