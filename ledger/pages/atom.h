// What is of interest in a ledger as an Atom feed (RFC 4287) in archived pages (RFC 5005). A page is of 256 records, as
// a bundle of the archive is: once they are all there, its bytes never change, and they are in English. docs/publicity.md tells readers,
// docs/operators.md operators.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/pages/words.h"
#include "ledger/query/news.h"
#include "ledger/query/view.h"

namespace fundtrail::pages {

// Records of one page. A page has an entry for each record of interest, of at most 20 lines.
inline constexpr std::uint64_t kFeedRecords = 256;

// Where they are, in an archive and over HTTP. Page N begins with record 256 N.
inline constexpr std::string_view kFeedPath = "feed/atom.xml";
std::string FeedPagePath(std::uint64_t page);  // "feed/atom/3.xml"
// The page of such a path; nothing when it is none, or not the one way to write it.
std::optional<std::uint64_t> ParseFeedPagePath(std::string_view path);

// How many pages a ledger has. The last one grows, and may be empty yet; the others are full, and for good.
inline std::uint64_t FeedPages(std::uint64_t records) { return records / kFeedRecords + 1; }

// The page, which is below FeedPages of the view's checkpoint. The last is no archive document yet. The view has a
// record. DATA_LOSS for a record that cannot be read.
StatusOr<std::string> FeedPage(const query::View& view, std::uint64_t page);
// A tag URI (RFC 4151): the ledger's name up to its first slash is who names, on the day on which the ledger began.
StatusOr<std::string> FeedTag(const query::View& view, const std::string& what);
// The feed that readers subscribe to: the last page and the one before it, the newest entry first.
StatusOr<std::string> Feed(const query::View& view);

// The newest entries that are wanted, kMaxFiltered of them at most, of the newest kMaxFilteredRecords records. The document says
// what it is of and how far it looked, and belongs in the folder feed/ of an archive. INVALID_ARGUMENT for a filter that is none.
inline constexpr std::size_t kMaxFiltered = 256;
inline constexpr std::uint64_t kMaxFilteredRecords = 256 * kFeedRecords;
StatusOr<std::string> FilteredFeed(const query::View& view, const query::NewsFilter& filter);

// The feed of one party, fund, project or place, as the files of pages have it: "party/X/feed.atom", "zh/party/X/feed.atom".
std::string OwnFeedPath(Language language, std::string_view of, std::string_view id);
// That of the whole ledger: the archive's, or "zh/feed.atom", which is a FilteredFeed of all.
std::string WholeFeedPath(Language language);
struct OwnFeed {
  std::string of, id;  // "party", "X"; empty: the whole ledger
  Language language = Language::kEnglish;
};
// Nothing for a path that is none.
std::optional<OwnFeed> ReadOwnFeedPath(std::string_view path);
// With links that lead from where it lies. The item is there. Whoever makes many feeds of one view knows which records have any news: only
// these are read then. Null: nobody does.
using RecordNumbers = std::vector<std::uint64_t>;  // upwards
StatusOr<std::string> FeedOf(const query::View& view, const OwnFeed& feed,
                             const RecordNumbers* with_news = nullptr);
// Of those that a feed looks at.
StatusOr<RecordNumbers> RecordsWithNews(const query::View& view);
// What the query of an address asks for, as "kind=call&kind=verdict&place=gz": kind as often as one likes, and party, fund, project
// and place once each. A value that is empty asks for nothing. INVALID_ARGUMENT for anything else.
StatusOr<query::NewsFilter> ReadFeedQuery(std::string_view query);

}  // namespace fundtrail::pages
