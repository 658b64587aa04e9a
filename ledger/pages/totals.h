// What came in and where it lies, for each asset: of the whole ledger, or of a fund.
#pragma once

#include "fundtrail/v1/standing.pb.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

Table TotalsTable(const Asking& asking, const v1::ParticipationAnswer& answer);
// "1,000.00 USD brought in = 600.00 reached recipients + 400.00 held + 0.00 returned", where it is so; nothing where money became
// another asset, or moved from one fund to another, so that the figures are of different wholes.
Html TotalsInWords(const Asking& asking, const v1::AssetParticipation& of);

}  // namespace fundtrail::pages
