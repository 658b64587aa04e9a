// See atom.h.
#include "ledger/pages/atom.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "ledger/base/date.h"
#include "ledger/base/id.h"
#include "ledger/base/text.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/news_words.h"
#include "ledger/query/news.h"
#include "ledger/tree/tiles.h"

namespace fundtrail::pages {
namespace {

static_assert(kFeedRecords == tree::kTileWidth);

constexpr char kPagesFolder[] = "feed/atom/", kEnding[] = ".xml", kOwnFeed[] = "/feed.atom";
constexpr std::string_view kChineseFolder = "zh/", kChineseFeed = "zh/feed.atom";

std::string Tag(const query::View& view, const std::string& begun, const std::string& what) {
  const std::string& name = view.checkpoint.ledger();
  const auto slash = name.find('/');
  const std::string rest =
      slash == std::string::npos ? "" : EscapedUri(std::string_view(name).substr(slash + 1));
  return absl::StrCat("tag:", EscapedUri(std::string_view(name).substr(0, slash)), ",", begun, ":", rest,
                      rest.empty() ? "" : "/", what);
}

std::string DayOf(std::int64_t micros) { return ToString(Timestamp(micros)).substr(0, 10); }

// An entry in another language is another entry: a reader of feeds shows each id once.
std::string InLanguage(Language language, const std::string& what) {
  return language == Language::kEnglish ? what : absl::StrCat(what, "/", LanguageTag(language));
}

std::string Entry(const query::View& view, const std::string& begun, const std::string& root,
                  Language language, const query::News& news) {
  const std::string time = EscapedMarkup(ToString(Timestamp(news.recorded_micros)));
  const std::uint64_t others = news.lines.size() - 1 + news.more;
  const auto say = [language](Word word, const std::vector<std::string>& values) {
    return SayText(language, word, values);
  };
  std::string title = news.lines[0].words;
  if (others > 0) title = say(Word::kNewsAndMore, {title, absl::StrCat(others)});
  std::string text;
  for (const query::NewsLine& line : news.lines) absl::StrAppend(&text, line.words, "\n");
  if (news.more > 0) absl::StrAppend(&text, say(Word::kNewsMoreLines, {absl::StrCat(news.more)}), "\n");
  absl::StrAppend(&text, say(Word::kNewsProof, {absl::StrCat(news.record)}), "\n");
  std::string entry = absl::StrCat(
      "<entry>\n<id>",
      EscapedMarkup(Tag(view, begun, InLanguage(language, absl::StrCat("record/", news.record)))),
      "</id>\n<title>", EscapedMarkup(title), "</title>\n<updated>", time, "</updated>\n<published>", time,
      "</published>\n<author><name>", EscapedMarkup(news.author), "</name></author>\n");
  std::vector<std::string_view> kinds;
  for (const query::NewsLine& line : news.lines) {
    if (std::find(kinds.begin(), kinds.end(), line.kind) != kinds.end()) continue;
    kinds.emplace_back(line.kind);
    absl::StrAppend(&entry, "<category term=\"", line.kind, "\"/>\n");
  }
  // The record itself, among those of its page: with the tiles and the checkpoint of the archive, it is its own proof.
  tree::Tile bundle;
  bundle.level = tree::kEntriesLevel;
  bundle.index = news.record / kFeedRecords;
  bundle.width = tree::FilledWidth(bundle, view.checkpoint.size());
  const std::uint64_t first = bundle.index * kFeedRecords;
  absl::StrAppend(&entry, "<link rel=\"related\" type=\"application/octet-stream\" title=\"",
                  say(Word::kNewsAmongRecords, {absl::StrCat(first), absl::StrCat(first + bundle.width - 1)}),
                  "\" href=\"", root, tree::TilePath(bundle), "\"/>\n<content type=\"text\">",
                  EscapedMarkup(text), "</content>\n</entry>\n");
  return entry;
}

// "kind call, kind verdict, party county"; empty where all is wanted.
std::string WordsOf(Language language, const query::NewsFilter& filter) {
  std::vector<std::string> words;
  for (const std::string& kind : filter.kinds)
    words.push_back(SayText(language, Word::kTheKindNamed, {kind}));
  for (const auto& [what, id] : {std::pair<Word, const std::string&>{Word::kThePartyNamed, filter.of.party()},
                                 {Word::kTheFundNamed, filter.of.fund()},
                                 {Word::kTheProjectNamed, filter.of.project()},
                                 {Word::kThePlaceNamed, filter.of.place()}})
    if (!id.empty()) words.push_back(SayText(language, what, {id}));
  return absl::StrJoin(words, std::string(In(language, Word::kEnumComma)));
}

struct Head {
  Language language = Language::kEnglish;
  std::string root;          // the way from the document to the archive's own folder
  std::string self;          // what follows it; empty where nobody knows
  std::string of, subtitle;  // of a filtered feed: what it is of, for its id and for people
  bool archive = false;
  std::optional<std::uint64_t> previous, next;
};

// The entries, whose order is turned: the newest comes first. They are of records before `end`.
StatusOr<std::string> Document(const query::View& view, const Head& head, const std::vector<query::News>& all,
                               std::uint64_t end) {
  FT_ASSIGN_OR_RETURN(const std::int64_t first, query::RecordedAt(view, 0));
  const std::string begun = DayOf(first);
  // That of the newest record that the page could have: of an empty one, of the record before it.
  FT_ASSIGN_OR_RETURN(const std::int64_t newest, query::RecordedAt(view, end > 0 ? end - 1 : 0));
  std::string text = absl::StrCat(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"",
      head.archive ? " xmlns:fh=\"http://purl.org/syndication/history/1.0\"" : "",
      head.language == Language::kEnglish ? ""
                                          : absl::StrCat(" xml:lang=\"", LanguageTag(head.language), "\""),
      ">\n<id>",
      EscapedMarkup(Tag(
          view, begun,
          InLanguage(head.language, head.of.empty() ? "feed" : absl::StrCat("feed/", EscapedUri(head.of))))),
      "</id>\n<title>", EscapedMarkup(view.checkpoint.ledger()), "</title>\n",
      head.subtitle.empty() ? "" : absl::StrCat("<subtitle>", EscapedMarkup(head.subtitle), "</subtitle>\n"),
      "<updated>", EscapedMarkup(ToString(Timestamp(newest))),
      "</updated>\n<generator>fundtrail</generator>\n");
  if (head.archive) text += "<fh:archive/>\n";
  const auto link = [&](const char* rel, const std::string& path) {
    absl::StrAppend(&text, "<link rel=\"", rel, "\" type=\"application/atom+xml\" href=\"", head.root, path,
                    "\"/>\n");
  };
  if (!head.self.empty()) link("self", head.self);
  if (const std::string current = WholeFeedPath(head.language); head.self != current)
    link("current", current);
  if (head.previous.has_value()) link("prev-archive", FeedPagePath(*head.previous));
  if (head.next.has_value()) link("next-archive", FeedPagePath(*head.next));
  for (auto news = all.rbegin(); news != all.rend(); ++news)
    text += Entry(view, begun, head.root, head.language, *news);
  return text + "</feed>\n";
}

StatusOr<std::vector<query::News>> NewsIn(const query::View& view, std::uint64_t from, std::uint64_t end,
                                          const query::NewsFilter& filter, Language language) {
  return query::NewsIn(view, from, end, filter,
                       [language](const v1::Action& action) { return NewsWords(language, action); });
}

// The same, of a few records where it is known which have any news.
StatusOr<std::vector<query::News>> NewsAmong(const query::View& view, std::uint64_t from, std::uint64_t end,
                                             const query::NewsFilter& filter, Language language,
                                             const RecordNumbers* with_news) {
  if (with_news == nullptr) return NewsIn(view, from, end, filter, language);
  std::vector<query::News> all;
  for (auto record = std::lower_bound(with_news->begin(), with_news->end(), from);
       record != with_news->end() && *record < end; ++record) {
    FT_ASSIGN_OR_RETURN(auto some, NewsIn(view, *record, *record + 1, filter, language));
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  return all;
}

// `head` has the language, and what leads from the document and to it.
StatusOr<std::string> ChosenFeed(const query::View& view, const query::NewsFilter& filter, Head head,
                                 const RecordNumbers* with_news = nullptr) {
  FT_RETURN_IF_ERROR(query::CheckNewsFilter(filter));
  const std::uint64_t size = view.checkpoint.size();
  std::vector<query::News> all;  // the newest first
  std::uint64_t from = size;
  while (from > 0 && size - from < kMaxFilteredRecords && all.size() < kMaxFiltered) {
    const std::uint64_t end = from;
    from = (end - 1) / kFeedRecords * kFeedRecords;
    FT_ASSIGN_OR_RETURN(auto some, NewsAmong(view, from, end, filter, head.language, with_news));
    for (auto news = some.rbegin(); news != some.rend(); ++news) all.push_back(std::move(*news));
  }
  if (all.size() > kMaxFiltered) {
    all.resize(kMaxFiltered);
    from = all.back().record;
  }
  std::reverse(all.begin(), all.end());
  head.of = WordsOf(Language::kEnglish, filter);
  const std::string of = WordsOf(head.language, filter);
  head.subtitle = SayText(head.language, from > 0 ? Word::kFeedIsOfNewer : Word::kFeedIsOf,
                          {of.empty() ? std::string(In(head.language, Word::kFeedOfAll)) : of,
                           absl::StrCat(from), absl::StrCat(size - 1)});
  return Document(view, head, all, size);
}

}  // namespace

StatusOr<std::string> FeedTag(const query::View& view, const std::string& what) {
  FT_ASSIGN_OR_RETURN(const std::int64_t first, query::RecordedAt(view, 0));
  return Tag(view, DayOf(first), what);
}

std::string FeedPagePath(std::uint64_t page) { return absl::StrCat(kPagesFolder, page, kEnding); }

std::optional<std::uint64_t> ParseFeedPagePath(std::string_view path) {
  std::uint64_t page = 0;
  absl::string_view number(path.data(), path.size());
  if (!absl::ConsumePrefix(&number, kPagesFolder) || !absl::ConsumeSuffix(&number, kEnding))
    return std::nullopt;
  if (!absl::SimpleAtoi(number, &page) || FeedPagePath(page) != path) return std::nullopt;
  return page;
}

StatusOr<std::string> FeedPage(const query::View& view, std::uint64_t page) {
  const std::uint64_t size = view.checkpoint.size(), from = page * kFeedRecords;
  Head head;
  head.root = "../../";
  head.self = FeedPagePath(page);
  head.archive = size - from >= kFeedRecords;
  if (page > 0) head.previous = page - 1;
  // The page that follows is there from the moment on at which this one is full. So this one need not change when that one is.
  if (head.archive) head.next = page + 1;
  const std::uint64_t end = std::min(from + kFeedRecords, size);
  FT_ASSIGN_OR_RETURN(const auto all, NewsIn(view, from, end, {}, head.language));
  return Document(view, head, all, end);
}

StatusOr<std::string> Feed(const query::View& view) {
  const std::uint64_t size = view.checkpoint.size(), last = FeedPages(size) - 1;
  Head head;
  head.root = "../";
  head.self = std::string(kFeedPath);
  if (last > 0) head.previous = last - 1;
  FT_ASSIGN_OR_RETURN(const auto all,
                      NewsIn(view, (last > 0 ? last - 1 : 0) * kFeedRecords, size, {}, head.language));
  return Document(view, head, all, size);
}

StatusOr<std::string> FilteredFeed(const query::View& view, const query::NewsFilter& filter) {
  Head head;
  head.root = "../";
  return ChosenFeed(view, filter, head);
}

std::string OwnFeedPath(Language language, std::string_view of, std::string_view id) {
  return absl::StrCat(language == Language::kChinese ? Abseil(kChineseFolder) : "", Abseil(of), "/",
                      EscapedPart(id), kOwnFeed);
}
std::string WholeFeedPath(Language language) {
  return std::string(language == Language::kChinese ? kChineseFeed : kFeedPath);
}

std::optional<OwnFeed> ReadOwnFeedPath(std::string_view path) {
  OwnFeed feed;
  if (path.starts_with(kChineseFolder)) feed.language = Language::kChinese;
  if (path == kChineseFeed) return feed;
  if (feed.language == Language::kChinese) path.remove_prefix(kChineseFolder.size());
  const auto slash = path.find('/');
  if (slash == std::string_view::npos || !path.ends_with(kOwnFeed)) return std::nullopt;
  feed.of = std::string(path.substr(0, slash));
  path.remove_prefix(slash + 1);
  const std::string_view ending = kOwnFeed;
  if (path.size() <= ending.size()) return std::nullopt;
  path.remove_suffix(ending.size());
  const auto id = UnescapedUri(path);
  if (!id.has_value() || path.find('/') != std::string_view::npos) return std::nullopt;
  for (const char* of : {"party", "fund", "project", "place"}) {
    if (feed.of != of) continue;
    feed.id = *id;
    return feed;
  }
  return std::nullopt;
}

StatusOr<RecordNumbers> RecordsWithNews(const query::View& view) {
  // A feed looks at whole pages, one of which may begin before the newest records that it is to look at.
  const std::uint64_t size = view.checkpoint.size(), most = kMaxFilteredRecords + kFeedRecords;
  FT_ASSIGN_OR_RETURN(const auto all, query::NewsIn(view, size > most ? size - most : 0, size, {},
                                                    [](const v1::Action&) { return std::string(); }));
  RecordNumbers records;
  records.reserve(all.size());
  for (const query::News& news : all) records.push_back(news.record);
  return records;
}

StatusOr<std::string> FeedOf(const query::View& view, const OwnFeed& feed, const RecordNumbers* with_news) {
  query::NewsFilter filter;
  if (feed.of == "party") filter.of.set_party(feed.id);
  if (feed.of == "fund") filter.of.set_fund(feed.id);
  if (feed.of == "project") filter.of.set_project(feed.id);
  if (feed.of == "place") filter.of.set_place(feed.id);
  Head head;
  head.language = feed.language;
  const bool in_folder = feed.language == Language::kChinese;
  head.root = absl::StrCat(feed.of.empty() ? "" : "../../", in_folder ? "../" : "");
  head.self = feed.of.empty() ? WholeFeedPath(feed.language) : OwnFeedPath(feed.language, feed.of, feed.id);
  return ChosenFeed(view, filter, head, with_news);
}

StatusOr<query::NewsFilter> ReadFeedQuery(std::string_view query) {
  query::NewsFilter filter;
  std::map<std::string, std::string*> fields = {{"party", filter.of.mutable_party()},
                                                {"fund", filter.of.mutable_fund()},
                                                {"project", filter.of.mutable_project()},
                                                {"place", filter.of.mutable_place()}};
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.size(), part.find('='));
    const auto key = UnescapedUri(part.substr(0, equals), ' ');
    const auto value = UnescapedUri(part.substr(std::min(part.size(), equals + 1)), ' ');
    if (!key.has_value() || !value.has_value())
      return absl::InvalidArgumentError("the query has a % without two digits");
    const auto field = fields.find(*key);
    if (field == fields.end() && *key != "kind") {
      return absl::InvalidArgumentError(absl::StrCat("\"", Escaped(ClipToWidth(*key, 40)),
                                                     "\" is not one of kind, party, fund, project, place"));
    }
    FT_RETURN_IF_ERROR(CheckText(*key, *value, kMaxIdBytes));  // the feed says it again
    if (value->empty()) continue;
    if (field == fields.end()) {
      filter.kinds.push_back(*value);
    } else if (field->second->empty()) {
      *field->second = *value;
    } else {
      return absl::InvalidArgumentError(absl::StrCat(*key, " may be given once"));
    }
  }
  return filter;
}

}  // namespace fundtrail::pages
