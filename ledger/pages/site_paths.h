// All that a site in a folder consists of, for `fundtrail site`.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/query/view.h"

namespace fundtrail::pages {

// A ledger of more payments has no page for each of them in a folder, and no proof of each record. The lists have its payments.
inline constexpr std::size_t kMaxPaymentPages = 50'000;
// What a site in a folder consists of: paths that begin with "/". They are the pages of now in both languages, lists by year too, and the
// pictures of where money of parties went and came from. Then come tables as CSV that both languages share, lists as JSON, the names to
// look in, and the proof of each record (docs/decisions/0020-site-in-a-folder.md). All that its pages lead to is among them, but for the
// checkpoint and the feed of an archive. Households are there, though the sitemap leaves them out.
// So many threads ask the view.
StatusOr<std::set<std::string>> SitePaths(const query::View& view,
                                          std::size_t most_payments = kMaxPaymentPages,
                                          std::size_t threads = 1);

// The same paths in groups that share answers (kept_answers.h): all that is of one item, in both languages, and all of one list. Those of
// lists come first, since one of them may take as long as very many items.
std::vector<std::vector<std::string>> SharingPaths(const std::set<std::string>& paths);

}  // namespace fundtrail::pages
