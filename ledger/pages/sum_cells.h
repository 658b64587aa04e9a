// Columns of what parties brought in, received, passed on and hold, and their cells: of all parties, and of the accounts of one.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "ledger/pages/asking.h"
#include "ledger/query/money_sums.h"

namespace fundtrail::pages {

// What came, what went, and what of each is only committed: a commitment is no payment.
std::vector<Column> SumColumns(const Asking& asking);
// A sum that is more than can be counted is said to be so. At a glance nothing is known of what is committed.
std::vector<Cell> SumCells(const Asking& asking, const query::AccountSums& sums, std::uint32_t decimals,
                           bool glance = false);

template <typename Item>
std::vector<Item> Joined(std::vector<Item> one, std::vector<Item> other) {
  for (Item& item : other) one.push_back(std::move(item));
  return one;
}

}  // namespace fundtrail::pages
