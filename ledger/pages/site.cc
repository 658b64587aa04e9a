// See site.h.
#include "ledger/pages/site.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "ledger/base/bytes.h"
#include "ledger/base/text.h"
#include "ledger/model/references.h"
#include "ledger/model/register_table.h"
#include "ledger/pages/atom.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/findings_feed.h"
#include "ledger/pages/layout.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/trace_picture.h"
#include "ledger/pages/web_files.h"
#include "ledger/query/account_totals.h"
#include "ledger/query/proofs.h"
#include "ledger/query/records.h"
#include "ledger/query/registers.h"
#include "ledger/query/search.h"
#include "ledger/query/trace.h"
#include "ledger/tree/proof.h"

namespace fundtrail::pages {
namespace {

constexpr char kHtmlType[] = "text/html; charset=utf-8", kCsvType[] = "text/csv; charset=utf-8",
               kJsonType[] = "application/json", kSvgType[] = "image/svg+xml",
               kTextType[] = "text/plain; charset=utf-8", kAtomType[] = "application/atom+xml; charset=utf-8",
               kXmlType[] = "application/xml; charset=utf-8";
constexpr int kSeveral = 300;  // RFC 9110 §15.4.1
// What the protocol of sitemaps allows in one file.
constexpr std::size_t kMaxInSitemap = 50'000;

// A page that is there once.
struct ListRoute {
  std::string_view name;
  StatusOr<Content> (*make)(const Asking& asking);
  bool files;  // whether it has CSV and JSON beside it
};
constexpr ListRoute kLists[] = {
    {"funds", FundsPage, true},       {"projects", ProjectsPage, true},
    {"payments", PaymentsPage, true}, {"parties", PartiesPage, true},
    {"needs", NeedsPage, true},       {"places", PlacesPage, true},
    {"give", GivePage, true},         {"notices", NoticesPage, true},
    {"concerns", ConcernsPage, true}, {"evaluations", EvaluationsPage, true},
    {"policies", PoliciesPage, true}, {"programmes", ProgrammesPage, true},
    {"check", CheckPage, false},      {"data", DataPage, false},
    {"about", AboutPage, false},      {"glossary", GlossaryPage, false},
    {"idle", IdlePage, true},         {"find", FindPage, false},
    {"findings", FindingsPage, true},
};

// A page for each item of a register.
struct ItemRoute {
  std::string_view name;
  StatusOr<Content> (*make)(const Asking& asking, const std::string& id);
  Word none;  // says that it is not there
};
constexpr ItemRoute kItems[] = {{"party", PartyPage, Word::kNoSuchParty},
                                {"fund", FundPage, Word::kNoSuchFund},
                                {"project", ProjectPage, Word::kNoSuchProject},
                                {"need", NeedPage, Word::kNoSuchNeed},
                                {"place", PlacePage, Word::kNoSuchPlace},
                                {"payment", PaymentPage, Word::kNoSuchPayment},
                                {"programme", ProgrammePage, Word::kNoSuchProgramme}};

// Those whose items have pages.
constexpr const char* kItemRegisters[] = {"party", "fund", "project", "programme", "need", "place"};
constexpr std::uint64_t kNearestShown = 5;

std::string ItemPath(const char* of, const std::string& id) {
  return absl::StrCat("/", of, "/", EscapedPart(id), "/");
}

template <typename Routes>
auto RouteNamed(const Routes& routes, std::string_view name) {
  const auto* const end = std::end(routes);
  const auto* const found =
      std::find_if(std::begin(routes), end, [&](const auto& route) { return route.name == name; });
  return found == end ? nullptr : found;
}

Status NoSuchPage() { return absl::NotFoundError("this site has no such page"); }

// "payments/2020": a list of one year.
bool IsYearOfPayments(const std::vector<std::string>& parts) {
  return parts.size() == 2 && parts[0] == "payments" && parts[1].size() == 4 &&
         std::all_of(parts[1].begin(), parts[1].end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsTrace(const std::vector<std::string>& parts) {
  return parts.size() == 3 && (parts[0] == "party" || parts[0] == "payment") &&
         (parts[2] == "went" || parts[2] == "came");
}

// Whether the page at the parts may have one.
bool HasPicture(const std::vector<std::string>& parts) {
  return IsTrace(parts) || (parts.size() == 2 && parts[0] == "party") ||
         (parts.size() == 1 && (parts[0] == "idle" || parts[0] == "places"));
}

// Whether there may be a page at the parts, as far as names tell.
bool LeadsSomewhere(const std::vector<std::string>& parts) {
  if (parts.empty()) return true;
  if (parts.size() == 1) return RouteNamed(kLists, parts[0]) != nullptr;
  return IsTrace(parts) || IsYearOfPayments(parts) ||
         (parts.size() == 2 && RouteNamed(kItems, parts[0]) != nullptr);
}

StatusOr<Content> MakeContent(const Asking& asking) {
  const std::vector<std::string>& parts = asking.address.parts;
  if (parts.empty()) return HomePage(asking);
  if (IsTrace(parts)) {
    const bool party = parts[0] == "party";
    return TracePage(asking, parts[2] == "went" ? v1::FROM : v1::TO, party ? parts[1] : "",
                     party ? "" : parts[1]);
  }
  if (IsYearOfPayments(parts)) return PaymentsPage(asking);
  if (parts.size() == 1)
    if (const auto* const route = RouteNamed(kLists, parts[0]); route != nullptr) return route->make(asking);
  if (parts.size() == 2)
    if (const auto* const route = RouteNamed(kItems, parts[0]); route != nullptr)
      return route->make(asking, parts[1]);
  return NoSuchPage();
}

// What is told to the reader: the question was wrong, or names what is not there. Everything else is no fault of theirs.
std::optional<int> StatusOfFault(const Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kOutOfRange:
      return 404;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
      return 400;
    default:
      return std::nullopt;
  }
}

// What is wrong, in the reader's language. The sentence of a question is English: it stands beside, on pages in English alone.
Html FaultWords(const Asking& asking, const Status& fault, int code) {
  const Address& address = asking.address;
  if (asking.view.checkpoint.size() == 0) return asking.Paragraph(Word::kNothingRecordedYet);
  if (fault == NoSuchPage()) return asking.Paragraph(Word::kNoSuchPage);
  if (code != 404) {
    Html said = asking.Paragraph(Word::kBadQuestion);
    if (asking.language() == Language::kEnglish) said += Element("p", Text(std::string(fault.message())));
    return said;
  }
  if (address.as_of.has_value() && *address.as_of >= asking.view.checkpoint.size()) {
    return asking.Paragraph(Word::kNoSuchRecord, {Text(absl::StrCat(*address.as_of)),
                                                  Text(absl::StrCat(asking.view.checkpoint.size() - 1))});
  }
  const ItemRoute* const item =
      address.parts.size() < 2 || !address.query.empty() ? nullptr : RouteNamed(kItems, address.parts[0]);
  if (item != nullptr) return asking.Paragraph(item->none, {Name(address.parts[1])});
  return asking.Paragraph(Word::kNotInLedger,
                          {Element("code", Text(address.Path() + address.QueryWith({})))});
}

// What has a page and a name or an id with the word that was asked for in it, or with its first half.
Html NearestNames(const Asking& asking, const std::vector<std::string>& asked) {
  if (asked.empty() || asked[0] == "payment") return {};
  const std::string& word = asked.size() == 1 ? asked[0] : asked[1];
  constexpr std::size_t kShortestWord = 3;
  if (word.size() < kShortestWord) return {};
  std::size_t half = word.size() / 2;
  while (half > 0 && (static_cast<unsigned char>(word[half]) & 0xC0) == 0x80) --half;
  std::vector<std::string> texts = {word};
  if (half >= kShortestWord) texts.push_back(word.substr(0, half));
  for (const std::string& text : texts) {
    v1::SearchRequest request;
    request.set_text(text);
    for (const char* of : kItemRegisters)
      if (asked.size() == 1 || RouteNamed(kItems, asked[0]) == nullptr || asked[0] == of)
        request.add_kinds(of);
    request.set_limit(kNearestShown);
    const auto answer = AllPages(query::Search(asking.view, request, query::PagingOf(request)));
    if (!answer.ok() || answer->hits().empty()) continue;
    Html items;
    for (const v1::SearchHit& hit : answer->hits()) {
      const std::string path = ItemPath(hit.kind().c_str(), hit.id());
      items += Element("li", asking.Link(path.substr(1), Name(hit.name().empty() ? hit.id() : hit.name())));
    }
    return asking.Paragraph(Word::kNearestNames) + Element("ul", items);
  }
  return {};
}

// A page that stands in place of an answer is a page of now, seen from where the answer would be. As of a record that is not there nothing
// can be shown.
Address PlainAddress(Address address) {
  address.as_of.reset();
  address.embed = false;
  address.query.clear();
  address.parts.clear();
  return address;
}

StatusOr<Page> PlainPage(const Asking& plain, int status, Content content) {
  content.indexed = false;
  content.is_fault = true;
  Page page;
  page.status = status;
  page.content_type = kHtmlType;
  page.is_html = true;
  page.language = LanguageTag(plain.language());
  FT_ASSIGN_OR_RETURN(page.body, Laid(plain, content));
  return page;
}

// One picture is asked for, and several assets have one.
StatusOr<Page> PicturesPage(const Asking& asking, const Content& of) {
  const Address now = PlainAddress(asking.address);
  const Asking plain{asking.view, now, asking.base, asking.vkey, asking.folder, asking.is_copy};
  Content content;
  content.title = of.title;
  content.body = PictureChoice(asking, of.pictures);
  return PlainPage(plain, kSeveral, std::move(content));
}

StatusOr<Page> FaultPage(const Asking& asking, const std::string& asked, const Status& status, int code) {
  const Address now = PlainAddress(asking.address);
  const Asking plain{asking.view, now, asking.base, asking.vkey, asking.folder, asking.is_copy};
  Content content;
  content.title = plain.Words(code == 404 ? Word::kNotThere : Word::kNotUnderstood);
  content.body =
      FaultWords(asking, status, code) + plain.Paragraph(Word::kWhatWasAsked, {Element("code", Text(asked))});
  if (code == 404) content.body += NearestNames(plain, asking.address.parts);
  content.body +=
      plain.Paragraph(Word::kWhatToDo, {plain.Link("", Word::kHome), plain.Link("parties/", Word::kParties),
                                        plain.Link("payments/", Word::kPayments)});
  return PlainPage(plain, code, std::move(content));
}

// --- files at the root ---------------------------------------------------------------------------------------

constexpr char kNamesPath[] = "/names.js", kModulesPath[] = "/modules.json", kSitemapPath[] = "/sitemap.xml";

std::string RobotsText(const PageRequest& request) {
  std::string text = "User-agent: *\n";
  for (const char* path : {"/find", "/zh/find", "/*?", "/@", "/zh/@", "/embed/", "/zh/embed/"})
    absl::StrAppend(&text, "Disallow: ", path, "\n");
  if (!request.base.empty()) absl::StrAppend(&text, "Sitemap: ", request.base, kSitemapPath, "\n");
  return text;
}

// Calls `take` with the items of a register as they are now, until it answers false.
Status EachItem(const query::View& view, const std::string& of,
                const std::function<bool(const v1::RegisterLine& line)>& take) {
  v1::RegistersRequest request;
  request.set_register_(of);
  FT_ASSIGN_OR_RETURN(auto pages, query::Registers(view, request, query::PagingOf(request)));
  while (!pages.over()) {
    FT_ASSIGN_OR_RETURN(const v1::RegistersAnswer answer, pages.Next());
    for (const v1::RegisterLine& line : answer.lines())
      if (!take(line)) return absl::OkStatus();
  }
  return absl::OkStatus();
}

bool IsPerson(const v1::RegisterLine& line) {
  return line.action().register_party().kind() == v1::RegisterParty::HOUSEHOLD;
}

StatusOr<std::string> SitemapText(const query::View& view, const PageRequest& request) {
  std::vector<std::string> paths = {""};
  for (const ListRoute& list : kLists)
    if (list.name != "find")
      paths.push_back(absl::StrCat(Abseil(list.name), "/"));  // it answers nothing by itself
  for (const char* of : kItemRegisters) {
    FT_RETURN_IF_ERROR(EachItem(view, of, [&](const v1::RegisterLine& line) {
      if (paths.size() >= kMaxInSitemap / 2) return false;  // each stands there in two languages
      if (!IsPerson(line))
        paths.push_back(absl::StrCat(of, "/", EscapedPart(model::IdOf(line.action())), "/"));
      return true;
    }));
  }
  std::string text =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset "
      "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
  for (const std::string& path : paths)
    for (const char* front : {"/", "/zh/"})
      absl::StrAppend(&text, "<url><loc>", EscapedMarkup(absl::StrCat(request.base, front, path)),
                      "</loc></url>\n");
  return text + "</urlset>\n";
}

// What a reader of a folder looks in, for web/folder.js: of each item its register, id, name and other ids. A browser that opened the
// folder as files may read scripts and no data, so it is one.
StatusOr<std::string> NamesText(const query::View& view, const std::set<std::string>& folder) {
  google::protobuf::ListValue names;
  for (const char* of : kItemRegisters) {
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

// Nothing when the path is that of a page.
StatusOr<std::optional<Page>> FileAt(const query::View& view, const PageRequest& request) {
  const std::string& path = request.path;
  if (path == "/robots.txt") return std::optional(FileOf(kTextType, RobotsText(request)));
  if (path == kModulesPath) return std::optional(FileOf(kJsonType, ModulesText()));
  if (path == kSitemapPath && !request.base.empty()) {
    FT_ASSIGN_OR_RETURN(std::string text, SitemapText(view, request));
    return std::optional(FileOf(kXmlType, std::move(text)));
  }
  if (path == kNamesPath && request.folder != nullptr) {
    FT_ASSIGN_OR_RETURN(std::string text, NamesText(view, *request.folder));
    return std::optional(FileOf(WebType(path), std::move(text)));
  }
  if (absl::string_view name = path; absl::ConsumePrefix(&name, "/web/")) {
    const WebFile* const file = FindWebFile({name.data(), name.size()});
    if (file != nullptr) return std::optional(FileOf(WebType(file->name), std::string(file->body)));
  }
  if (const auto feed = ReadOwnFeedPath(std::string_view(path).substr(path.empty() ? 0 : 1));
      feed.has_value()) {
    FT_ASSIGN_OR_RETURN(const bool there, HasFeed(view, *feed));
    if (there) {
      FT_ASSIGN_OR_RETURN(std::string text, FeedOf(view, *feed));
      Page page = FileOf(kAtomType, std::move(text));
      page.language = LanguageTag(feed->language);
      return std::optional(std::move(page));
    }
  }
  if (path == absl::StrCat("/", Abseil(kFindingsFeedPath)) && view.checkpoint.size() > 0) {
    FT_ASSIGN_OR_RETURN(std::string text, FindingsFeed(view));
    return std::optional(FileOf(kAtomType, std::move(text)));
  }
  if (const auto record = RecordOfProof(path); record.has_value() && *record < view.checkpoint.size()) {
    FT_ASSIGN_OR_RETURN(std::string text, ReceiptText(view, *record));
    return std::optional(FileOf(kTextType, std::move(text)));
  }
  return std::optional<Page>();
}

// --- pages ---------------------------------------------------------------------------------------------------

StatusOr<Page> PageAt(const Asking& asking) {
  const Address& address = asking.address;
  if (address.as_of.has_value() && *address.as_of >= asking.view.checkpoint.size()) {
    return absl::OutOfRangeError(absl::StrCat("record ", *address.as_of,
                                              " is not there yet: this ledger has ",
                                              asking.view.checkpoint.size(), " records, counted from 0"));
  }
  // Of a ledger without a record there is the first page, which says so.
  if (asking.view.checkpoint.size() == 0 && !address.parts.empty())
    return absl::NotFoundError("nothing is recorded in this ledger yet");
  Page page;
  page.language = LanguageTag(address.language);
  page.pinned = address.as_of.has_value();
  if (!address.folder && address.form == Form::kPage) {
    if (!LeadsSomewhere(address.parts)) return NoSuchPage();
    page.status = 301;
    page.content_type = kTextType;
    page.location = absl::StrCat("/", address.Front(), address.embed ? "embed/" : "", address.Path(),
                                 address.QueryWith({}));
    return page;
  }
  if (address.form == Form::kSvg && !HasPicture(address.parts)) return NoSuchPage();
  FT_ASSIGN_OR_RETURN(const Content content, MakeContent(asking));
  if (!content.elsewhere.empty()) {
    page.status = 303;
    page.content_type = kTextType;
    page.location = absl::StrCat("/", address.Front(), content.elsewhere);
    return page;
  }
  if (address.embed && (content.figure.empty() || address.form != Form::kPage)) return NoSuchPage();
  switch (address.form) {
    case Form::kCsv:
      if (!content.has_csv) return NoSuchPage();
      page.content_type = kCsvType;
      page.body = content.data;
      return page;
    case Form::kJson:
      if (!content.has_json) return NoSuchPage();
      page.content_type = kJsonType;
      page.body = content.data;
      return page;
    case Form::kSvg:
      if (!content.pictures.empty()) return PicturesPage(asking, content);
      if (!content.has_svg) return NoSuchPage();
      page.content_type = kSvgType;
      page.body = content.data;
      return page;
    case Form::kPage:
      break;
  }
  page.content_type = kHtmlType;
  page.is_html = true;
  page.is_embed = address.embed;
  FT_ASSIGN_OR_RETURN(page.body, Laid(asking, content));
  return page;
}

}  // namespace

bool IsPlainFile(std::string_view path) {
  return path == "/robots.txt" || path.rfind("/web/", 0) == 0 || RecordOfProof(path).has_value();
}

bool ReadsQuery(std::string_view path) {
  const std::string_view name = path.substr(path.empty() ? 0 : 1);
  return !IsPlainFile(path) && path != kModulesPath && path != kSitemapPath && name != kFindingsFeedPath &&
         !ReadOwnFeedPath(name).has_value();
}

StatusOr<Page> AnswerPage(const store::Reader& rows, const PageRequest& request) {
  FT_ASSIGN_OR_RETURN(const query::View view, query::MakeView(rows));
  return AnswerPage(view, request);
}

StatusOr<Page> AnswerPage(const query::View& view, const PageRequest& request) {
  FT_ASSIGN_OR_RETURN(auto file, FileAt(view, request));
  if (file.has_value()) return *std::move(file);
  const auto address = ReadAddress(request.path, request.query);
  // Of an address that cannot be read this much is known: its language, and how many folders lead to the root.
  Address nowhere;
  nowhere.depth = static_cast<std::size_t>(std::count(request.path.begin(), request.path.end(), '/'));
  if (nowhere.depth > 0) --nowhere.depth;
  if (request.path.rfind("/zh/", 0) == 0) nowhere.language = Language::kChinese;
  const Asking asking{view,           address.has_value() ? *address : nowhere,
                      request.base,   request.vkey,
                      request.folder, request.is_copy};
  StatusOr<Page> page = address.has_value()
                            ? PageAt(asking)
                            : StatusOr<Page>(absl::InvalidArgumentError("this is no address of a page"));
  if (page.ok()) return page;
  const auto code = StatusOfFault(page.status());
  if (!code.has_value()) return page;
  return FaultPage(asking, request.path, page.status(), *code);
}

StatusOr<std::set<std::string>> SitePaths(const query::View& view, std::size_t most_payments) {
  std::set<std::string> paths = {"/robots.txt", kModulesPath, kNamesPath};
  for (const WebFile& file : WebFiles()) paths.insert(absl::StrCat("/web/", Abseil(file.name)));
  const auto add_page = [&paths](const std::string& path) {
    paths.insert(path);
    paths.insert("/zh" + path);
  };
  // "/party/X/" and ".csv": the file beside that page.
  const auto beside = [](const std::string& path, const char* ending) {
    return path.substr(0, path.size() - 1) + ending;
  };
  add_page("/");
  paths.insert(absl::StrCat("/", Abseil(kFindingsFeedPath)));
  if (view.checkpoint.size() > 0) paths.insert("/" + WholeFeedPath(Language::kChinese));
  for (const ListRoute& list : kLists) {
    const std::string path = absl::StrCat("/", Abseil(list.name), "/");
    add_page(path);
    if (!list.files) continue;
    paths.insert(beside(path, ".csv"));
    paths.insert(beside(path, ".json"));
  }
  for (const char* path : {"/idle/", "/places/"}) {
    PageRequest picture;
    picture.path = beside(path, ".svg");
    FT_ASSIGN_OR_RETURN(const Page drawn, AnswerPage(view, picture));
    if (drawn.status == 200) add_page(picture.path);
  }
  std::vector<std::string> parties;
  for (const char* of : kItemRegisters) {
    FT_RETURN_IF_ERROR(EachItem(view, of, [&](const v1::RegisterLine& line) {
      const std::string id = model::IdOf(line.action());
      add_page(ItemPath(of, id));
      for (const Language language : kLanguages) {
        const std::string feed = OwnFeedPath(language, of, id);
        if (!IsPerson(line) && ReadOwnFeedPath(feed).has_value()) paths.insert("/" + feed);
      }
      if (std::string_view(of) != "need") paths.insert(beside(ItemPath(of, id), ".csv"));
      if (std::string_view(of) == "party") parties.push_back(id);
      return true;
    }));
  }
  for (const std::string& id : parties) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto totals, query::AccountTotals(view, id, std::nullopt));
    std::set<std::string> assets;
    for (const query::AccountTotal& of : totals) assets.insert(of.account.asset());
    // A folder knows no "?asset=", so it has the pictures that need none.
    if (assets.size() == 1) add_page(beside("/" + PartyPath(id), ".svg"));
    for (const v1::Direction way : {v1::FROM, v1::TO}) {
      v1::TraceRequest request;
      request.set_party(id);
      request.set_direction(way);
      FT_ASSIGN_OR_RETURN(const v1::TraceAnswer answer, query::Trace(view, request));
      // Where no money is in the question, no page is.
      if (answer.assets().empty()) continue;
      const std::string path = absl::StrCat("/", PartyPath(id), way == v1::FROM ? "went/" : "came/");
      add_page(path);
      paths.insert(beside(path, ".csv"));
      if (answer.assets_size() == 1) add_page(beside(path, ".svg"));
    }
  }
  std::vector<std::string> payments;
  for (std::uint64_t record = 0; record < view.checkpoint.size(); ++record) {
    FT_RETURN_IF_ERROR(view.GoOn());
    v1::ShowRequest request;
    request.mutable_ref()->set_record(record);
    FT_ASSIGN_OR_RETURN(const v1::ShowAnswer shown, query::Show(view, request));
    for (const v1::TransferLine& line : shown.transfers()) {
      if (payments.size() <= most_payments)
        payments.push_back(absl::StrCat("/", PaymentPath(line.ref().record(), line.ref().line())));
      const std::string year = absl::StrCat("/payments/", line.date().substr(0, 4), "/");
      add_page(year);
      paths.insert(beside(year, ".csv"));
    }
  }
  if (payments.size() > most_payments) return paths;
  for (const std::string& payment : payments) add_page(payment);
  for (std::uint64_t record = 0; record < view.checkpoint.size(); ++record)
    paths.insert(absl::StrCat("/record/", record, ".tlog-proof"));
  return paths;
}

}  // namespace fundtrail::pages
