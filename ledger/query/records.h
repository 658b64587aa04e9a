// One record, and single transfers in any order.
#pragma once

#include <cstddef>
#include <memory>

#include "fundtrail/v1/transfers.pb.h"
#include "ledger/query/view.h"

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
  // Keeps what it looked up for lines, and no records: for whoever goes on much later.
  void ForgetRecords();

 private:
  struct Kept;
  const View& view_;
  std::shared_ptr<Kept> kept_;
};

}  // namespace fundtrail::query
