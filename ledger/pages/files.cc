// See files.h.
#include "ledger/pages/files.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "ledger/base/text.h"
#include "ledger/model/references.h"
#include "ledger/model/register_table.h"
#include "ledger/pages/all_items.h"
#include "ledger/pages/atom.h"
#include "ledger/pages/content_types.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/findings_feed.h"
#include "ledger/pages/kept_answers.h"
#include "ledger/pages/routes.h"
#include "ledger/pages/sitemap.h"
#include "ledger/pages/web_files.h"
#include "ledger/query/proofs.h"
#include "ledger/query/registers.h"
#include "ledger/tree/proof.h"

namespace fundtrail::pages {
namespace {

std::string RobotsText(const PageRequest& request) {
  std::string text = "User-agent: *\n";
  for (const char* path : {"/find", "/zh/find", "/*?", "/@", "/zh/@", "/embed/", "/zh/embed/"})
    absl::StrAppend(&text, "Disallow: ", path, "\n");
  if (!request.base.empty()) absl::StrAppend(&text, "Sitemap: ", request.base, kSitemapPath, "\n");
  return text;
}

// What a reader of a folder looks in, for web/folder.js: of each item its register, id, name and other ids. A browser that opened the
// folder as files may read scripts and no data, so it is one.
StatusOr<std::string> NamesText(const query::View& view, const std::set<std::string>& folder) {
  google::protobuf::ListValue names;
  for (const char* of : ItemRegisters()) {
    FT_RETURN_IF_ERROR(EachItem(view, of, [&](const v1::RegisterLine& line) {
      const std::string id = model::IdOf(line.action());
      if (IsPerson(line) || folder.count(ItemPath(of, id)) == 0) return true;
      std::string others;
      for (const auto& other : line.action().register_party().alternative_ids())
        absl::StrAppend(&others, others.empty() ? "" : " ", other.scheme(), " ", other.id());
      std::string name = model::TextIn(model::ItemOf(line.action()), "name");
      if (name.empty()) name = model::TextIn(model::ItemOf(line.action()), "title");
      auto* const row = names.add_values()->mutable_list_value();
      for (const std::string& text : {std::string(of), id, name, others})
        row->add_values()->set_string_value(text);
      return true;
    }));
  }
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(names, &text).ok())
    return absl::InternalError("the names cannot be written as JSON");
  return absl::StrCat("fundtrailNames(", text, ");\n");
}

// Nothing for a path that is not that of the findings' feed.
std::optional<Language> LanguageOfFindingsFeed(std::string_view path) {
  for (const Language language : kLanguages)
    if (path == "/" + FindingsFeedPath(language)) return language;
  return std::nullopt;
}

// The number in "record/12.tlog-proof", written in the one way.
std::optional<std::uint64_t> RecordOfProof(std::string_view path) {
  absl::string_view number = Abseil(path);
  std::uint64_t record = 0;
  if (!absl::ConsumePrefix(&number, "/record/") || !absl::ConsumeSuffix(&number, ".tlog-proof"))
    return std::nullopt;
  if (!absl::SimpleAtoi(number, &record) || absl::StrCat(record) != number) return std::nullopt;
  return record;
}

// The receipt of a record, as of the newest checkpoint: whoever reads it checks it.
StatusOr<std::string> ReceiptText(const query::View& view, std::uint64_t record) {
  v1::ProveRequest request;
  request.set_record(record);
  FT_ASSIGN_OR_RETURN(const v1::ProveAnswer answer, query::Prove(view, request));
  tree::Proof proof;
  proof.extra = answer.record();
  proof.index = answer.index();
  proof.checkpoint = answer.as_of().note();
  for (const std::string& bytes : answer.path()) {
    FT_ASSIGN_OR_RETURN(const Hash hash, Hash::FromBytes(bytes));
    proof.path.push_back(hash);
  }
  return tree::FormatProof(proof);
}

Page FileOf(std::string_view type, std::string body) {
  Page page;
  page.content_type = std::string(type);
  page.body = std::move(body);
  return page;
}

// A household has no feed, as it is in no list.
StatusOr<bool> HasFeed(const query::View& view, const OwnFeed& feed) {
  if (feed.of.empty()) return view.checkpoint.size() > 0;
  v1::RegistersRequest request;
  request.set_register_(feed.of);
  request.add_ids(feed.id);
  auto pages = query::Registers(view, request, query::PagingOf(request));
  if (absl::IsNotFound(pages.status()) || absl::IsInvalidArgument(pages.status())) return false;
  FT_RETURN_IF_ERROR(pages.status());
  const auto answer = pages->Next();
  if (absl::IsNotFound(answer.status())) return false;
  FT_RETURN_IF_ERROR(answer.status());
  return answer->lines_size() == 1 && !IsPerson(answer->lines(0));
}

}  // namespace

StatusOr<std::optional<Page>> FileAt(const query::View& view, const PageRequest& request) {
  const std::string& path = request.path;
  if (path == kRobotsPath) return std::optional(FileOf(kTextType, RobotsText(request)));
  if (path == kModulesPath) return std::optional(FileOf(kJsonType, ModulesText()));
  FT_ASSIGN_OR_RETURN(auto map, SitemapAt(view, request));
  if (map.has_value()) return std::optional(FileOf(kXmlType, *std::move(map)));
  if (path == kNamesPath && request.folder != nullptr) {
    FT_ASSIGN_OR_RETURN(std::string text, NamesText(view, *request.folder));
    return std::optional(FileOf(WebType(path), std::move(text)));
  }
  if (absl::string_view name = path; absl::ConsumePrefix(&name, "/web/")) {
    const WebFile* const file = FindWebFile({name.data(), name.size()});
    if (file != nullptr) return std::optional(FileOf(WebType(file->name), ServedText(*file)));
  }
  if (const auto feed = ReadOwnFeedPath(std::string_view(path).substr(path.empty() ? 0 : 1));
      feed.has_value()) {
    FT_ASSIGN_OR_RETURN(const bool there, HasFeed(view, *feed));
    if (there) {
      std::shared_ptr<const RecordNumbers> with_news;
      if (request.keeping != nullptr) {
        FT_ASSIGN_OR_RETURN(with_news,
                            request.keeping->all.Of("news", [&] { return RecordsWithNews(view); }));
      }
      FT_ASSIGN_OR_RETURN(std::string text, FeedOf(view, *feed, with_news.get()));
      Page page = FileOf(kAtomType, std::move(text));
      page.language = LanguageTag(feed->language);
      return std::optional(std::move(page));
    }
  }
  if (const auto language = LanguageOfFindingsFeed(path);
      language.has_value() && view.checkpoint.size() > 0) {
    FT_ASSIGN_OR_RETURN(std::string text, FindingsFeed(view, *language));
    Page page = FileOf(kAtomType, std::move(text));
    page.language = LanguageTag(*language);
    return std::optional(std::move(page));
  }
  if (const auto record = RecordOfProof(path); record.has_value() && *record < view.checkpoint.size()) {
    FT_ASSIGN_OR_RETURN(std::string text, ReceiptText(view, *record));
    return std::optional(FileOf(kTextType, std::move(text)));
  }
  return std::optional<Page>();
}

bool IsPlainFile(std::string_view path) {
  return path == kRobotsPath || path.rfind("/web/", 0) == 0 || RecordOfProof(path).has_value();
}

bool ReadsQuery(std::string_view path) {
  const std::string_view name = path.substr(path.empty() ? 0 : 1);
  return !IsPlainFile(path) && path != kModulesPath && !IsSitemapPath(path) &&
         !LanguageOfFindingsFeed(path).has_value() && !ReadOwnFeedPath(name).has_value();
}

}  // namespace fundtrail::pages
