// One record, and lists of transfers.
#pragma once

#include <cstddef>
#include <memory>

#include "fundtrail/v1/transfers.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// With line 0 the whole record. NOT_FOUND when there is none.
StatusOr<v1::ShowAnswer> Show(const View& view, const v1::ShowRequest& request);

// The records that a LineReader has read lately are kept while they take no more than this, and the last one in any case. It is counted
// as records are stored: decoded, they take some five times as much.
inline constexpr std::size_t kMaxKeptRecordBytes = std::size_t{1} << 20;

// Single transfers, in any order. Those of a few records, asked for again and again as the lines of several accounts are, read each record
// once. So do those of many in the order of the log.
class LineReader {
 public:
  explicit LineReader(const View& view) : view_(view) {}
  // `ref` names one transfer that another row names: DATA_LOSS when there is none.
  StatusOr<v1::TransferLine> Get(TransferRef ref);
  struct Loaded;

 private:
  struct Kept;
  const View& view_;
  std::shared_ptr<Kept> kept_;
};

// The transfers that fit the request, in the order of the log. Its page tokens are references, which people write too: the
// request's `after` takes them, and `paging` has none. The view must outlive the pages. What is counted (list_facets.h) is
// counted before the first page. NOT_FOUND for a party, fund or asset that the ledger does not have. OUT_OF_RANGE for a record that
// is not there yet. INVALID_ARGUMENT for more values than are counted, and for a least amount as LeastAmount says.
StatusOr<Pages<v1::ListAnswer>> List(const View& view, const v1::ListRequest& request, const Paging& paging);

}  // namespace fundtrail::query
