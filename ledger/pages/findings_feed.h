// Findings as an Atom feed (RFC 4287): an entry each, with an id that stays while what it is about stays the same.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/query/view.h"

namespace fundtrail::pages {

// Where it is, beside the page of findings.
inline constexpr std::string_view kFindingsFeedPath = "findings/feed.atom";
// The most entries: the serious ones first, and of these those whose newest record is the newest.
inline constexpr std::size_t kMaxFindingEntries = 256;

// Findings of now by all rules, with their usual parameters. An entry's time is that of the newest record that the finding
// rests on; of one that rests on none, of the ledger's last. The view has a record. Errors are those of query::Findings.
StatusOr<std::string> FindingsFeed(const query::View& view);

}  // namespace fundtrail::pages
