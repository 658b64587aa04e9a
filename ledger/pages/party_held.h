// What a party holds, on its page: since when the oldest of it lies there.
#pragma once

#include <string>

#include "ledger/pages/asking.h"

namespace fundtrail::pages {

// A sentence for each asset of which a HOLDER holds something, and the way to the whole answer. Nothing where nothing is held. `joined`:
// all that are joined with the party are one. The errors of Idle.
StatusOr<Html> OldestHeld(const Asking& asking, const std::string& party, bool joined);

}  // namespace fundtrail::pages
