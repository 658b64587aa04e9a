// See sum_cells.h.
#include "ledger/pages/sum_cells.h"

#include "ledger/base/wide.h"

namespace fundtrail::pages {

std::vector<Column> SumColumns(const Asking& asking) {
  return {{asking.Words(Word::kBroughtIn), true},       {asking.Words(Word::kReceived), true},
          {asking.Words(Word::kCommittedOfBoth), true}, {asking.Words(Word::kPassedOn), true},
          {asking.Words(Word::kCommittedOfThat), true}, {asking.Words(Word::kHeldNow), true}};
}

std::vector<Cell> SumCells(const Asking& asking, const query::AccountSums& sums, std::uint32_t decimals,
                           bool glance) {
  const auto money = [&](Wide amount) {
    return sums.beyond ? WordCell(asking.Words(Word::kBeyond)) : MoneyCell(Capped(amount), decimals);
  };
  const auto committed = [&](Wide amount) { return glance ? WordCell("–") : money(amount); };
  return {money(sums.brought_in),
          money(sums.received),
          committed(Wide{sums.committed_brought_in} + sums.committed_received),
          money(sums.paid),
          committed(sums.committed_paid),
          money(sums.there())};
}

}  // namespace fundtrail::pages
