// See sum_cells.h.
#include "ledger/pages/sum_cells.h"

#include <algorithm>
#include <iterator>

#include "ledger/base/wide.h"

namespace fundtrail::pages {
namespace {

struct LyingPlace {
  v1::EndKind lies;
  std::int64_t query::AccountSums::*amount;
  Word title;
};
constexpr LyingPlace kLyingPlaces[] = {
    {v1::END_KIND_HELD, &query::AccountSums::held, Word::kHeldNow},
    {v1::END_KIND_REACHED, &query::AccountSums::reached, Word::kReachedNow},
    {v1::END_KIND_ENDS_HERE, &query::AccountSums::ends_here, Word::kEndsHereNow},
    {v1::END_KIND_RETURNED, &query::AccountSums::returned, Word::kReturnedNow}};
constexpr std::size_t kPlacesInAll = std::size(kLyingPlaces);
static_assert(kPlacesInAll == kWaysToLie);

}  // namespace

Word LiesTitle(v1::EndKind lies) {
  for (const LyingPlace& place : kLyingPlaces)
    if (place.lies == lies) return place.title;
  return kLyingPlaces[0].title;
}

void PlacesShown::See(const query::AccountSums& sums) {
  for (std::size_t i = 0; i < kPlacesInAll; ++i) has_[i] = has_[i] || sums.*kLyingPlaces[i].amount != 0;
}

bool PlacesShown::Has(std::size_t place) const {
  const bool nothing = std::none_of(has_.begin(), has_.end(), [](bool has) { return has; });
  return has_[place] || (nothing && place == 0);
}

std::vector<Column> SumColumns(const Asking& asking, const PlacesShown& places) {
  std::vector<Column> columns = {{asking.Words(Word::kBroughtIn), true},
                                 {asking.Words(Word::kReceived), true},
                                 {asking.Words(Word::kCommittedOfBoth), true},
                                 {asking.Words(Word::kPassedOn), true},
                                 {asking.Words(Word::kCommittedOfThat), true}};
  for (std::size_t i = 0; i < kPlacesInAll; ++i)
    columns.push_back({asking.Words(kLyingPlaces[i].title), true, !places.Has(i)});
  return columns;
}

std::vector<Cell> SumCells(const Asking& asking, const query::AccountSums& sums, std::uint32_t decimals,
                           bool glance) {
  const auto money = [&](Wide amount) {
    return sums.beyond ? WordCell(asking.Words(Word::kBeyond)) : MoneyCell(Capped(amount), decimals);
  };
  const auto committed = [&](Wide amount) { return glance ? WordCell("–") : money(amount); };
  std::vector<Cell> cells = {money(sums.brought_in), money(sums.received),
                             committed(Wide{sums.committed_brought_in} + sums.committed_received),
                             money(sums.paid), committed(sums.committed_paid)};
  for (const LyingPlace& place : kLyingPlaces) cells.push_back(money(sums.*place.amount));
  return cells;
}

}  // namespace fundtrail::pages
