// What all pages have in common: head, skip link, the ways through the site, and the line that says as of what the
// answer holds.
#pragma once

#include <string>

#include "ledger/pages/asking.h"

namespace fundtrail::pages {

// The whole page, or of an embedded one its figure. Reads the record that a page is as of.
StatusOr<std::string> Laid(const Asking& asking, const Content& content);

}  // namespace fundtrail::pages
