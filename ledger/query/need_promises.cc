// See need_promises.h.
#include "ledger/query/need_promises.h"

#include <optional>

#include "ledger/base/quantity.h"
#include "ledger/books/state.h"

namespace fundtrail::query {

namespace keys = model::keys;

Status EachPromised(const View& view, AsOfRecord as_of,
                    const std::function<Status(const std::string& need, std::int64_t promised)>& take) {
  const Bytes range = keys::SupplySumsOf(model::Supply::kNeed);
  const Bytes end = store::PrefixEnd(range);
  std::optional<RecordIndex> record;
  if (as_of.has_value()) record = RecordIndex(*as_of);
  for (Bytes at = range;;) {
    FT_RETURN_IF_ERROR(view.GoOn());
    const auto cursor = view.rows->Scan(at, end);
    if (!cursor->Valid()) return cursor->status();
    FT_ASSIGN_OR_RETURN(const auto of, keys::ReadSupplySums(cursor->key()));
    const std::string need(of.id);
    FT_ASSIGN_OR_RETURN(const auto sums, books::GetSupply(*view.rows, model::Supply::kNeed, need, record));
    if (sums.assigned() < 0)
      return model::Damaged(keys::SupplySumsOf(model::Supply::kNeed, need), "is below nothing");
    if (sums.assigned() > 0) FT_RETURN_IF_ERROR(take(need, sums.assigned()));
    at = store::PrefixEnd(keys::SupplySumsOf(model::Supply::kNeed, need));
  }
}

}  // namespace fundtrail::query
