// One record, and lists of transfers.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ledger/base/date.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// With line 0 the whole record. NOT_FOUND when there is none.
StatusOr<v1::ShowAnswer> Show(const View& view, TransferRef ref);

// Single transfers, with the record of the last one kept: one after another in the order of the log, each
// record is read once.
class LineReader {
 public:
  explicit LineReader(const View& view) : view_(view) {}
  // NOT_FOUND when there is none; `ref` names one transfer.
  StatusOr<v1::TransferLine> Get(TransferRef ref);
  struct Loaded;

 private:
  const View& view_;
  std::shared_ptr<const Loaded> loaded_;
};

struct ListFilter {
  std::string party;  // payer or payee
  std::string fund, project;
  v1::TransferKind kind = v1::TRANSFER_KIND_UNSPECIFIED;
  std::optional<Date> from, to;  // value date, both included
  std::size_t limit = 100;       // 0: all
  std::size_t bytes = SIZE_MAX;  // no more than the one with which this is reached
  std::optional<TransferRef> after;
};

// In the order of the log. `next` is set when there are more.
StatusOr<v1::ListAnswer> List(const View& view, const ListFilter& filter);
// The same without limit, a line at a time, so that a whole ledger can be written out.
Status ListEach(const View& view, const ListFilter& filter,
                const std::function<Status(const v1::TransferLine&)>& take);

}  // namespace fundtrail::query
