// Items of registers on pages: one of them by its id, how it ended, and what others said about it.
#pragma once

#include <string>

#include "fundtrail/v1/registers.pb.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

// NOT_FOUND when there is no such item, or was none then.
StatusOr<v1::RegisterLine> OneItem(const Asking& asking, const std::string& of, const std::string& id);
// All of them, bounded by the form of the page.
StatusOr<v1::RegistersAnswer> ManyItems(const Asking& asking, const std::string& of, bool tree);

Html EndingShown(const Asking& asking, const v1::Ending& ended);
// What was said about it: the newest first, each with its record. Empty where nobody said anything.
Html AttestationsShown(const Asking& asking, const v1::RegisterLine& line);

}  // namespace fundtrail::pages
