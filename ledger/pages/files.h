// Files beside the pages: what robots and feeds read, what a browser loads, the names to look in, the proof of a record.
#pragma once

#include <optional>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/pages/page.h"
#include "ledger/query/view.h"

namespace fundtrail::pages {

// Nothing when the path is that of a page, or of nothing.
StatusOr<std::optional<Page>> FileAt(const query::View& view, const PageRequest& request);

// Whether the path is that of a file beside the pages: robots.txt, what a browser loads, the proof of a record. Each is read, and
// costs little; the site's map is not among them.
bool IsPlainFile(std::string_view path);
// Whether what is at the path may follow from the query too. A file beside the pages reads none, so that whatever stands there changes
// nothing: the plain ones, the site's map, the list of modules, the feeds.
bool ReadsQuery(std::string_view path);

inline constexpr char kRobotsPath[] = "/robots.txt", kNamesPath[] = "/names.js",
                      kModulesPath[] = "/modules.json";

}  // namespace fundtrail::pages
