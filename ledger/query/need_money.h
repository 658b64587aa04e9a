// What was paid straight for needs, in no project: the rows of sums, as they stood after a record. No transfer is read.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// Less what was sent back.
struct DirectMoney {
  std::int64_t paid = 0;       // it lies with recipients whose role somebody stated
  std::int64_t committed = 0;  // of `paid`, committed and not paid
  bool beyond = false;         // more came than 63 bits can count: what came is not known, and both are 0
  friend bool operator==(const DirectMoney&, const DirectMoney&) = default;
};

// What one need got out of one fund, in one asset.
struct NeedPaid {
  std::string need, fund, asset;
  DirectMoney money;
};
// Of all needs that ever got any: by need, by fund and by asset. It may be nothing by now. It looks at a few rows for each,
// however long its history is.
Status EachNeedPaid(const View& view, AsOfRecord as_of, const std::function<Status(const NeedPaid&)>& take);
// The same of one need.
Status EachPaidFor(const View& view, std::string_view need, AsOfRecord as_of,
                   const std::function<Status(const NeedPaid&)>& take);

// In one asset, out of all funds together.
StatusOr<DirectMoney> PaidFor(const View& view, std::string_view need, std::string_view asset,
                              AsOfRecord as_of);
// Adds one to a sum, which may be `beyond` then.
void AddPaid(const DirectMoney& more, DirectMoney* sum);

}  // namespace fundtrail::query
