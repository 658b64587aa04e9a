// Parties that are one body, on the pages of one of them: "?joined=1" counts them together.
#pragma once

#include <string>

#include "fundtrail/v1/balance.pb.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

// Whether the page counts joined parties together. INVALID_ARGUMENT for a value that is not 1.
StatusOr<bool> AsksJoined(const Asking& asking);

// Who is joined with the party, by which records, and the way to the other count: "Joined with OXFAM GB, by record 12. Count them
// together". Nothing where nobody is, or where the ledger has more joins than are followed at once.
StatusOr<Html> JoinedShown(const Asking& asking, const std::string& party, bool joined);

// What of the balance of joined parties one of them paid another, in a sentence for each asset. Nothing where they paid one another
// nothing.
Html PaidBetween(const Asking& asking, const v1::BalanceAnswer& balance);

}  // namespace fundtrail::pages
