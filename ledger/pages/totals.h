// What came in and where it lies, for each asset: of the whole ledger, or of a fund.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fundtrail/v1/standing.pb.h"
#include "fundtrail/v1/summary.pb.h"
#include "ledger/pages/asking.h"
#include "ledger/query/fund_totals.h"

namespace fundtrail::pages {

// What came in is what lies somewhere, where no money became another asset or moved from one fund to another.
struct AssetTotals {
  std::string asset;
  std::uint32_t decimals = 0;
  std::int64_t brought = 0, unrecorded = 0;  // in: the second from a party of no known origin
  std::int64_t reached = 0, ended = 0, held = 0, with_sources = 0;  // and where it is
  std::uint64_t sources = 0;
};
AssetTotals TotalsOf(const v1::AssetParticipation& of);
AssetTotals TotalsOf(const v1::AssetSummary& of);
AssetTotals TotalsOf(const query::FundTotal& of);

Table TotalsTable(const Asking& asking, const std::vector<AssetTotals>& assets);
// "1,000.00 USD brought in = 600.00 reached recipients + 400.00 held + 0.00 returned", where it is so. Nothing where
// money became another asset, or moved from one fund to another, so that the figures are of different wholes.
Html TotalsInWords(const Asking& asking, const AssetTotals& of);

}  // namespace fundtrail::pages
