// The site's map: which pages search engines are told of, in one file or in an index of several.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/pages/page.h"
#include "ledger/query/view.h"

namespace fundtrail::pages {

inline constexpr char kSitemapPath[] = "/sitemap.xml";
// Each page stands there in two languages, and the protocol of sitemaps allows 50,000 addresses in one file.
inline constexpr std::size_t kPagesInSitemap = 25'000;

// Whether the path is that of the map, or could be that of a part of it.
bool IsSitemapPath(std::string_view path);
// "/sitemap.xml", which is the whole map of so few pages that one file has them. Else it is the index, and "/sitemap-1.xml" and so on
// are the parts.
StatusOr<std::set<std::string>> SitemapPaths(const query::View& view,
                                             std::size_t pages_in_file = kPagesInSitemap);
// What stands at one of those paths; nothing at any other. The base must not be empty: a map has whole addresses.
StatusOr<std::optional<std::string>> SitemapAt(const query::View& view, const PageRequest& request,
                                               std::size_t pages_in_file = kPagesInSitemap);

}  // namespace fundtrail::pages
