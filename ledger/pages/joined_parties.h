// Parties that are one body, on the pages of one of them: "?joined=1" counts them together.
#pragma once

#include <string>

#include "ledger/pages/asking.h"
#include "ledger/query/party_sums.h"

namespace fundtrail::pages {

// Whether the page counts joined parties together. INVALID_ARGUMENT for a value that is not 1.
StatusOr<bool> AsksJoined(const Asking& asking);

// Who is joined with the party, by which records, and the way to the other count: "Joined with OXFAM GB, by record 12. Count them
// together". Nothing where nobody is, or where the ledger has more joins than are followed at once.
StatusOr<Html> JoinedShown(const Asking& asking, const std::string& party, bool joined);

// What one of joined parties paid another, in a sentence for each asset: their sums count it on neither side, and their accounts on
// both. Nothing where they paid one another nothing. An exchange is no such payment: it is in both.
Html PaidBetween(const Asking& asking, const query::PartySums& sums);

}  // namespace fundtrail::pages
