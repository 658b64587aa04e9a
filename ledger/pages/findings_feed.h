// Findings as an Atom feed (RFC 4287): an entry each, with an id that stays while what it is about stays the same.
#pragma once

#include <cstddef>
#include <string>

#include "ledger/base/status.h"
#include "ledger/pages/words.h"
#include "ledger/query/view.h"

namespace fundtrail::pages {

// Where it is, beside the page of findings: "findings/feed.atom", "zh/findings/feed.atom".
std::string FindingsFeedPath(Language language);
// The most entries: the serious ones first, and of these those whose newest record is the newest.
inline constexpr std::size_t kMaxFindingEntries = 256;

// Findings of now by all rules, with their usual parameters. An entry's time is that of the newest record that the finding
// rests on; of one that rests on none, of the ledger's last. Each says its grade, what its rule compares and with which parameters, and
// what would explain it innocently. Both languages have the same ids. The view has a record. Errors are those of query::Findings.
StatusOr<std::string> FindingsFeed(const query::View& view, Language language);

}  // namespace fundtrail::pages
