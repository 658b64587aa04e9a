// See sitemap.h.
#include "ledger/pages/sitemap.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ledger/base/text.h"
#include "ledger/model/references.h"
#include "ledger/model/register_table.h"
#include "ledger/pages/all_items.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/routes.h"
#include "ledger/query/newest_payments.h"
#include "ledger/query/project_rows.h"

namespace fundtrail::pages {
namespace {

constexpr char kXmlBegin[] = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
constexpr char kSitemapNamespace[] = "http://www.sitemaps.org/schemas/sitemap/0.9";

// The number in "/sitemap-2.xml", written in the one way. The first is 1.
std::optional<std::size_t> PartAt(std::string_view path) {
  absl::string_view number = Abseil(path);
  std::size_t part = 0;
  if (!absl::ConsumePrefix(&number, "/sitemap-") || !absl::ConsumeSuffix(&number, ".xml"))
    return std::nullopt;
  if (!absl::SimpleAtoi(number, &part) || part == 0 || absl::StrCat(part) != number) return std::nullopt;
  return part;
}

std::string PartPath(std::size_t part) { return absl::StrCat("/sitemap-", part, ".xml"); }

// A page of the site's map, and the newest record that is known to have changed it.
struct MappedPage {
  std::string path;
  std::optional<std::uint64_t> record;
};

// Of a party the record that registered it so, or of a payment of its own. What else is on its page may be newer. What a fund, a project,
// a place or a need shows may follow from any record: nothing is known of them.
StatusOr<std::optional<std::uint64_t>> RecordOfItem(const query::View& view, const v1::RegisterLine& line) {
  if (!line.action().has_register_party()) return std::optional<std::uint64_t>();
  FT_ASSIGN_OR_RETURN(const auto paid, query::NewestPaymentRecord(view, line.action().register_party().id()));
  return std::optional(std::max(line.record(), paid.has_value() ? paid->value() : 0));
}

// The pages that are no item's: the first one, and the lists.
std::vector<MappedPage> PagesOfTheirOwn(const query::View& view) {
  // The first page says how many records there are.
  std::optional<std::uint64_t> newest;
  if (view.checkpoint.size() > 0) newest = view.checkpoint.size() - 1;
  std::vector<MappedPage> mapped = {{"", newest}};
  for (const ListRoute& list : ListRoutes())
    if (list.name != "find")  // it answers nothing by itself
      mapped.push_back({absl::StrCat(Abseil(list.name), "/"), std::nullopt});
  return mapped;
}

StatusOr<std::size_t> CountPages(const query::View& view) {
  std::size_t pages = PagesOfTheirOwn(view).size();
  for (const char* of : ItemRegisters())
    FT_RETURN_IF_ERROR(EachItem(view, of, [&](const v1::RegisterLine& line) {
      if (!IsPerson(line)) ++pages;
      return true;
    }));
  return pages;
}

// Of all pages in their order, so many from that one on.
StatusOr<std::vector<MappedPage>> PagesFrom(const query::View& view, std::size_t first, std::size_t most) {
  std::vector<MappedPage> mapped;
  std::size_t seen = 0;
  for (MappedPage& page : PagesOfTheirOwn(view))
    if (seen++ >= first && mapped.size() < most) mapped.push_back(std::move(page));
  for (const char* of : ItemRegisters()) {
    if (mapped.size() == most) break;
    Status read;
    FT_RETURN_IF_ERROR(EachItem(view, of, [&](const v1::RegisterLine& line) {
      if (IsPerson(line) || seen++ < first) return true;
      auto record = RecordOfItem(view, line);
      if (!record.ok()) {
        read = record.status();
        return false;
      }
      mapped.push_back({absl::StrCat(of, "/", EscapedPart(model::IdOf(line.action())), "/"), *record});
      return mapped.size() < most;
    }));
    FT_RETURN_IF_ERROR(read);
  }
  return mapped;
}

struct RecordDay {
  std::uint64_t record = 0;
  std::string day;
};

Status ReadDay(const query::View& view, RecordDay* of) {
  FT_RETURN_IF_ERROR(view.GoOn());
  FT_ASSIGN_OR_RETURN(of->day, query::DayAsked(view, "", of->record));
  return absl::OkStatus();
}

// Those between two whose days are known. Times of records only grow: where both are of one day, so are all between them. So a few
// records of each day are read, however many there are.
Status FillDays(const query::View& view, std::size_t first, std::size_t last, std::vector<RecordDay>* days) {
  if (last - first < 2) return absl::OkStatus();
  if ((*days)[first].day == (*days)[last].day) {
    for (std::size_t at = first + 1; at < last; ++at) (*days)[at].day = (*days)[first].day;
    return absl::OkStatus();
  }
  const std::size_t middle = first + (last - first) / 2;
  FT_RETURN_IF_ERROR(ReadDay(view, &(*days)[middle]));
  FT_RETURN_IF_ERROR(FillDays(view, first, middle, days));
  return FillDays(view, middle, last, days);
}

// Of each record of these pages, in the order of the log.
StatusOr<std::vector<RecordDay>> DaysOf(const query::View& view, const std::vector<MappedPage>& mapped) {
  std::set<std::uint64_t> records;
  for (const MappedPage& page : mapped)
    if (page.record.has_value()) records.insert(*page.record);
  std::vector<RecordDay> days;
  for (const std::uint64_t record : records) days.push_back({record, ""});
  if (days.empty()) return days;
  FT_RETURN_IF_ERROR(ReadDay(view, &days.front()));
  if (days.size() > 1) FT_RETURN_IF_ERROR(ReadDay(view, &days.back()));
  FT_RETURN_IF_ERROR(FillDays(view, 0, days.size() - 1, &days));
  return days;
}

StatusOr<std::string> MapText(const query::View& view, const std::string& base,
                              const std::vector<MappedPage>& pages) {
  FT_ASSIGN_OR_RETURN(const auto days, DaysOf(view, pages));
  std::string text = absl::StrCat(kXmlBegin, "<urlset xmlns=\"", kSitemapNamespace, "\">\n");
  for (const auto& [path, record] : pages) {
    std::string changed;
    if (record.has_value()) {
      const auto of =
          std::lower_bound(days.begin(), days.end(), *record,
                           [](const RecordDay& day, std::uint64_t at) { return day.record < at; });
      changed = absl::StrCat("<lastmod>", of->day, "</lastmod>");
    }
    for (const char* front : {"/", "/zh/"})
      absl::StrAppend(&text, "<url><loc>", EscapedMarkup(absl::StrCat(base, front, path)), "</loc>", changed,
                      "</url>\n");
  }
  return text + "</urlset>\n";
}

std::string IndexText(const std::string& base, std::size_t parts) {
  std::string text = absl::StrCat(kXmlBegin, "<sitemapindex xmlns=\"", kSitemapNamespace, "\">\n");
  for (std::size_t part = 1; part <= parts; ++part)
    absl::StrAppend(&text, "<sitemap><loc>", EscapedMarkup(base + PartPath(part)), "</loc></sitemap>\n");
  return text + "</sitemapindex>\n";
}

StatusOr<std::size_t> CountFiles(const query::View& view, std::size_t pages_in_file) {
  FT_ASSIGN_OR_RETURN(const std::size_t pages, CountPages(view));
  return (pages + pages_in_file - 1) / pages_in_file;
}

}  // namespace

bool IsSitemapPath(std::string_view path) { return path == kSitemapPath || PartAt(path).has_value(); }

StatusOr<std::set<std::string>> SitemapPaths(const query::View& view, std::size_t pages_in_file) {
  FT_ASSIGN_OR_RETURN(const std::size_t files, CountFiles(view, pages_in_file));
  std::set<std::string> paths = {kSitemapPath};
  for (std::size_t part = 1; files > 1 && part <= files; ++part) paths.insert(PartPath(part));
  return paths;
}

StatusOr<std::optional<std::string>> SitemapAt(const query::View& view, const PageRequest& request,
                                               std::size_t pages_in_file) {
  if (request.base.empty() || !IsSitemapPath(request.path)) return std::optional<std::string>();
  FT_ASSIGN_OR_RETURN(const std::size_t files, CountFiles(view, pages_in_file));
  const auto part = PartAt(request.path);
  if (!part.has_value() && files > 1) return std::optional(IndexText(request.base, files));
  if (part.has_value() && (files == 1 || *part > files)) return std::optional<std::string>();
  FT_ASSIGN_OR_RETURN(const auto pages,
                      PagesFrom(view, (part.value_or(1) - 1) * pages_in_file, pages_in_file));
  FT_ASSIGN_OR_RETURN(std::string text, MapText(view, request.base, pages));
  return std::optional(std::move(text));
}

}  // namespace fundtrail::pages
