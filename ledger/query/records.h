// One record, and lists of transfers.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ledger/base/date.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// With line 0 the whole record. NOT_FOUND when there is none.
StatusOr<v1::ShowAnswer> Show(const View& view, TransferRef ref);

// Single transfers, with the record of the last one kept: one after another in the order of the log, each
// record is read once.
class LineReader {
 public:
  explicit LineReader(const View& view) : view_(view) {}
  // `ref` names one transfer that another row names: DATA_LOSS when there is none.
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
  std::optional<TransferRef> after;
};

// In the order of the log. Its page tokens are references, which people write too: they go into the filter's `after`,
// and `paging` has none. The view must outlive it.
StatusOr<Pages<v1::ListAnswer>> List(const View& view, const ListFilter& filter, const Paging& paging = {});

}  // namespace fundtrail::query
