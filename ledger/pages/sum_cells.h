// Columns of what parties brought in, received and passed on and of where the rest lies, and their cells: of all parties, and of the
// accounts of one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/pages/asking.h"
#include "ledger/query/money_sums.h"

namespace fundtrail::pages {

// What lies in an account is held, or it reached a recipient, ends here or came back: by the role of its party.
inline constexpr std::size_t kWaysToLie = 4;
Word LiesTitle(v1::EndKind lies);

// Which of them a table of sums shows on a page, as a balance does (cli/render): those where something lies, or else that nothing is
// held.
class PlacesShown {
 public:
  void See(const query::AccountSums& sums);
  bool Has(std::size_t place) const;

 private:
  std::array<bool, kWaysToLie> has_{};
};

// What came, what went, and what of each is only committed: a commitment is no payment. Then where the rest lies: a file has every way.
std::vector<Column> SumColumns(const Asking& asking, const PlacesShown& places);
// A sum that is more than can be counted is said to be so. At a glance nothing is known of what is committed.
std::vector<Cell> SumCells(const Asking& asking, const query::AccountSums& sums, std::uint32_t decimals,
                           bool glance = false);

template <typename Item>
std::vector<Item> Joined(std::vector<Item> one, std::vector<Item> other) {
  for (Item& item : other) one.push_back(std::move(item));
  return one;
}

}  // namespace fundtrail::pages
