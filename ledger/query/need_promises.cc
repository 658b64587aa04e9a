// See need_promises.h.
#include "ledger/query/need_promises.h"

#include <utility>

#include "ledger/base/quantity.h"
#include "ledger/model/rows.h"

namespace fundtrail::query {

namespace keys = model::keys;

Status EachPromised(const View& view, AsOfRecord as_of,
                    const std::function<Status(const std::string& need, std::int64_t promised)>& take) {
  HistoryWalk rows(view, keys::SupplySumsOf(model::Supply::kNeed));
  while (rows.Valid()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto of, keys::ReadSupplySums(rows.key()));
    const std::string need(of.id);
    const Bytes history = keys::SupplySumsOf(model::Supply::kNeed, need);
    const Bytes end = store::PrefixEnd(history);
    const Bytes until =
        as_of.has_value() ? keys::SupplySums(model::Supply::kNeed, need, RecordIndex(*as_of + 1)) : end;
    FT_ASSIGN_OR_RETURN(const auto newest, rows.Newest(history, until));
    if (newest.has_value()) {
      FT_ASSIGN_OR_RETURN(const auto sums,
                          model::DecodeMessage<v1::SupplyRow>(newest->first, newest->second));
      if (sums.assigned() < 0) return model::Damaged(history, "is below zero");
      if (sums.assigned() > 0) FT_RETURN_IF_ERROR(take(need, sums.assigned()));
    }
    rows.SkipTo(end);
  }
  return rows.status();
}

}  // namespace fundtrail::query
