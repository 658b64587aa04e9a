// What each account of a party received, passed on and holds: a glance, where Balance reads every movement.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/query/project_rows.h"

namespace fundtrail::query {

// The sums of a BalanceLine, and no others.
struct AccountTotal {
  v1::Account account;
  std::int64_t received = 0, drawn = 0, held = 0, minted = 0;
};

// Of the accounts in which something ever moved, in the order of Balance. Now it looks at one row for each. As of a record it asks
// Balance. NOT_FOUND for a party that is not there; OUT_OF_RANGE for a record that is not there yet.
StatusOr<std::vector<AccountTotal>> AccountTotals(const View& view, const std::string& party,
                                                  AsOfRecord as_of);

}  // namespace fundtrail::query
