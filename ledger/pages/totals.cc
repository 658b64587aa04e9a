// See totals.h.
#include "ledger/pages/totals.h"

#include "ledger/base/wide.h"

namespace fundtrail::pages {

AssetTotals TotalsOf(const v1::AssetParticipation& of) {
  return {of.asset(), of.decimals(), of.brought(),      of.unrecorded(), of.reached(),
          of.ended(), of.held(),     of.with_sources(), of.sources()};
}

AssetTotals TotalsOf(const v1::AssetSummary& of) {
  const v1::MoneySums& sums = of.all().sums();
  return {of.all().asset(),  of.all().decimals(), sums.brought_in() - sums.unrecorded(),
          sums.unrecorded(), sums.reached(),      sums.ends_here(),
          sums.held(),       sums.returned(),     of.donor_count()};
}

AssetTotals TotalsOf(const query::FundTotal& of) {
  return {of.asset, of.decimals, of.brought,      of.unrecorded, of.reached,
          of.ended, of.held,     of.with_sources, of.sources};
}

Table TotalsTable(const Asking& asking, const std::vector<AssetTotals>& assets) {
  Table totals(asking.Words(Word::kTotals), {{asking.Words(Word::kAsset)},
                                             {asking.Words(Word::kBroughtIn), true},
                                             {asking.Words(Word::kUnrecordedNow), true},
                                             {asking.Words(Word::kReachedNow), true},
                                             {asking.Words(Word::kEndsHereNow), true},
                                             {asking.Words(Word::kHeldNow), true},
                                             {asking.Words(Word::kReturnedNow), true},
                                             {asking.Words(Word::kSources), true}});
  for (const AssetTotals& of : assets) {
    const std::uint32_t decimals = of.decimals;
    totals.Add({WordCell(of.asset), MoneyCell(of.brought, decimals), MoneyCell(of.unrecorded, decimals),
                MoneyCell(of.reached, decimals), MoneyCell(of.ended, decimals), MoneyCell(of.held, decimals),
                MoneyCell(of.with_sources, decimals), NumberCell(of.sources)});
  }
  return totals;
}

Html TotalsInWords(const Asking& asking, const AssetTotals& of) {
  const Wide in = Wide{of.brought} + of.unrecorded;
  const Wide out = Wide{of.reached} + of.ended + of.held + of.with_sources;
  if (in != out || in == 0) return {};
  const auto money = [&](std::int64_t amount) { return Text(MoneyText(amount, of.decimals)); };
  return Element("p", {{"class", "lead"}},
                 asking.Shown(Word::kTotalsInWords,
                              {Element("b", Text(asking.MoneyInWords(Capped(in), of.decimals, of.asset))),
                               money(of.reached), money(of.ended), money(of.held), money(of.with_sources)}));
}

}  // namespace fundtrail::pages
