// See layout.h.
#include "ledger/pages/layout.h"

#include <array>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "ledger/base/bytes.h"
#include "ledger/base/text.h"
#include "ledger/pages/atom.h"
#include "ledger/pages/content_types.h"
#include "ledger/pages/web_files.h"
#include "ledger/picture/card.h"
#include "ledger/query/key_grants.h"
#include "ledger/query/records.h"

namespace fundtrail::pages {
namespace {

constexpr std::size_t kHashShown = 16;  // hex digits: enough to tell roots apart by eye
// What a page may load: its own. A server says it in a header (server/page_headers.cc), with who may frame the page, which no page can say
// of itself. Whoever serves a folder says nothing.
constexpr char kFolderPolicy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

// Of the page itself, in a language and as of a record or now: from the site's root.
std::string OwnPath(const Asking& asking, Language language, std::optional<std::uint64_t> as_of, bool embed) {
  Address other = asking.address;
  other.language = language;
  other.as_of = as_of;
  return absl::StrCat(other.Front(), embed ? "embed/" : "", other.Path());
}

// Where a list goes on is told by the page before, and holds for that page alone. Other forms of an answer begin at the beginning.
std::string WholeQuery(const Asking& asking) { return asking.address.QueryWith({{"after", ""}}); }

// Whether search engines and whoever shares it are told what the page is about: nobody is of a household, or of a page of then.
bool IsListed(const Asking& asking, const Content& content) {
  return content.indexed && !asking.as_of().has_value() && !asking.address.embed;
}

// The picture that is shown where the page is shared: its words say what is in it.
Html CardOf(const Asking& asking, const std::string& words) {
  const std::string own = OwnPath(asking, asking.language(), std::nullopt, false);
  const std::string at =
      absl::StrCat(asking.base, "/", own.substr(0, own.size() - 1), ".png", WholeQuery(asking));
  return Lone("meta", {{"property", "og:image"}, {"content", at}}) +
         Lone("meta", {{"property", "og:image:type"}, {"content", kPngType}}) +
         Lone("meta", {{"property", "og:image:width"}, {"content", absl::StrCat(picture::kCardWidth)}}) +
         Lone("meta", {{"property", "og:image:height"}, {"content", absl::StrCat(picture::kCardHeight)}}) +
         Lone("meta", {{"property", "og:image:alt"}, {"content", words}}) +
         Lone("meta", {{"name", "twitter:card"}, {"content", "summary_large_image"}});
}

// What is shown where the page is shared (ogp.me), and what it is about.
Html SharedOf(const Asking& asking, const Content& content, const std::string& address) {
  const std::string& words = content.description.empty() ? content.title : content.description;
  Html shared = Lone("meta", {{"name", "description"}, {"content", words}}) +
                Lone("meta", {{"property", "og:type"}, {"content", "website"}}) +
                Lone("meta", {{"property", "og:site_name"}, {"content", asking.view.checkpoint.ledger()}}) +
                Lone("meta", {{"property", "og:title"}, {"content", content.title}}) +
                Lone("meta", {{"property", "og:description"}, {"content", words}});
  // These must be whole, or say nothing.
  if (asking.base.empty()) return shared + content.linked_data;
  shared += Lone("meta", {{"property", "og:url"}, {"content", address}});
  if (content.has_png && !asking.in_folder()) shared += CardOf(asking, words);
  return shared + content.linked_data;
}

Html HeadOf(const Asking& asking, const Content& content) {
  const std::string root = asking.address.ToRoot();
  const std::string query = asking.as_of().has_value() ? WholeQuery(asking) : asking.address.QueryWith({});
  Html head = Lone("meta", {{"charset", "utf-8"}});
  if (asking.in_folder())
    head += Lone("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", kFolderPolicy}});
  head += Lone("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}) +
          Element("title", Text(absl::StrCat(content.title, " · ", asking.view.checkpoint.ledger()))) +
          Lone("link", {{"rel", "stylesheet"}, {"href", root + "web/style.css"}}) +
          // It has no icon: said, or each browser asks for /favicon.ico and is told that it is not there.
          Lone("link", {{"rel", "icon"}, {"href", "data:,"}});
  // The live page: it is what a search engine is to find.
  const std::string live = OwnPath(asking, asking.language(), std::nullopt, false);
  const std::string whole = asking.base.empty() ? root : asking.base + "/";
  head += Lone("link", {{"rel", "canonical"}, {"href", absl::StrCat(whole, live, query)}});
  for (const Language language : kLanguages) {
    head +=
        Lone("link", {{"rel", "alternate"},
                      {"hreflang", LanguageTag(language)},
                      {"href", absl::StrCat(whole, OwnPath(asking, language, std::nullopt, false), query)}});
  }
  const auto feed = [&](const std::string& path) {
    head += Lone("link", {{"rel", "alternate"}, {"type", "application/atom+xml"}, {"href", root + path}});
  };
  if (!content.feed.empty()) feed(content.feed);
  if (asking.view.checkpoint.size() > 0) feed(WholeFeedPath(asking.language()));
  if (IsListed(asking, content)) head += SharedOf(asking, content, absl::StrCat(whole, live, query));
  if (asking.as_of().has_value() || asking.address.embed || !content.indexed)
    head += Lone("meta", {{"name", "robots"}, {"content", "noindex"}});
  if (asking.address.embed) {
    head += Lone("base", {{"target", "_top"}});
  } else if (FindWebFile("check.js") != nullptr) {
    head += Element("script", {{"type", "module"}, {"src", root + "web/check.js"}}, Html());
  }
  if (asking.in_folder()) head += Element("script", {{"defer", ""}, {"src", root + "web/folder.js"}}, Html());
  return Element("head", head);
}

Html HeaderOf(const Asking& asking) {
  struct Way {
    std::string_view path;
    Word word;
  };
  constexpr std::array<Way, 8> kWays = {{{"payments/", Word::kPayments},
                                         {"parties/", Word::kParties},
                                         {"needs/", Word::kNeeds},
                                         {"places/", Word::kPlaces},
                                         {"give/", Word::kGive},
                                         {"notices/", Word::kNotices},
                                         {"data/", Word::kData},
                                         {"check/", Word::kCheck}}};
  Html ways;
  for (const Way& way : kWays) ways += asking.Link(way.path, way.word);
  const Language other = asking.language() == Language::kEnglish ? Language::kChinese : Language::kEnglish;
  const std::string there = absl::StrCat(
      asking.address.ToRoot(), OwnPath(asking, other, asking.as_of(), false), asking.address.QueryWith({}));
  ways += Element("a", {{"href", there}, {"hreflang", LanguageTag(other)}, {"lang", LanguageTag(other)}},
                  Text(In(other, Word::kLanguageName)));
  const Html box =
      Element("label", asking.Shown(Word::kFindWhat) + Text(" ") +
                           Lone("input", {{"name", "q"}, {"type", "search"}, {"value", asking.asked("q")}}));
  const Html find = Element("form", {{"action", asking.To("find/")}, {"method", "get"}, {"role", "search"}},
                            box + Element("button", asking.Shown(Word::kFindIt)));
  return Element("header",
                 Element("p", asking.Link("", Element("b", Name(asking.view.checkpoint.ledger())))) +
                     Element("nav", {{"aria-label", asking.Words(Word::kWaysThrough)}}, ways) + find);
}

// As of what the answer holds. Of now it is the signed checkpoint; of a record it is its hash. That holds the hash of each record
// before it, so that the sentence never changes.
StatusOr<Html> AsOfWords(const Asking& asking) {
  if (asking.view.checkpoint.size() == 0) return asking.Shown(Word::kNothingRecordedYet);
  const Html ledger = Name(asking.view.checkpoint.ledger());
  if (!asking.as_of().has_value()) {
    return asking.Shown(
        Word::kAsOfNow,
        {Text(absl::StrCat(asking.last_record())), ledger,
         Element("code", Text(HexEncode(asking.view.checkpoint.root()).substr(0, kHashShown) + "…"))});
  }
  v1::ShowRequest request;
  request.mutable_ref()->set_record(*asking.as_of());
  FT_ASSIGN_OR_RETURN(const v1::ShowAnswer record, query::Show(asking.view, request));
  return asking.Shown(Word::kAsOfRecord,
                      {Text(absl::StrCat(*asking.as_of())), ledger,
                       Element("code", Text(HexEncode(record.leaf_hash()).substr(0, kHashShown) + "…"))});
}

// When the last record was recorded.
StatusOr<std::string> LastRecorded(const Asking& asking) {
  v1::ShowRequest request;
  request.mutable_ref()->set_record(asking.last_record());
  FT_ASSIGN_OR_RETURN(const v1::ShowAnswer record, query::Show(asking.view, request));
  return ToString(Timestamp(record.recorded_micros()));
}

StatusOr<Html> CaptionOf(const Asking& asking, const Content& content) {
  FT_ASSIGN_OR_RETURN(Html words, AsOfWords(asking));
  if (asking.is_copy && !asking.as_of().has_value() && asking.view.checkpoint.size() > 0) {
    FT_ASSIGN_OR_RETURN(const std::string recorded, LastRecorded(asking));
    words += Text(" ") + asking.Shown(Word::kIsCopy, {Text(recorded)});
  }
  if (!content.method.empty()) {
    words += Text(" ") +
             asking.Shown(Word::kMethod, {IsKnownMethod(content.method)
                                              ? asking.Shown(Word::kFirstInFirstOut)
                                              : Element("span", {{"lang", "en"}}, Text(content.method))});
  }
  return Element("p", words);
}

// What an editor pastes into a page of their own: a frame, or the picture as a link. It has the record, so that it never changes.
Html EmbedCode(const Asking& asking, const Content& content, const std::string& query) {
  if (content.figure.empty()) return {};
  const std::string base = asking.base.empty() ? "https://SITE" : asking.base;
  const auto at = [&](bool embed) {
    return absl::StrCat(base, "/", OwnPath(asking, asking.language(), asking.last_record(), embed));
  };
  const Html frame = Element("iframe",
                             {{"src", at(true) + query},
                              {"title", content.title},
                              {"width", "100%"},
                              {"height", "640"},
                              {"loading", "lazy"}},
                             Html());
  std::string code = frame.bytes();
  if (content.has_svg) {
    const std::string whole = at(false);
    const Html image = Lone("img", {{"src", absl::StrCat(whole.substr(0, whole.size() - 1), ".svg", query)},
                                    {"alt", content.title}});
    code += "\n" + Element("a", {{"href", whole + query}}, image).bytes();
  }
  return Element("details", Element("summary", asking.Shown(Word::kEmbedHow)) +
                                Element("pre", Element("code", Text(code))));
}

// The same answer in other forms.
Html FormsOf(const Asking& asking, const Content& content) {
  if (asking.view.checkpoint.size() == 0) return Html();  // and no record to be as of
  const std::string root = asking.address.ToRoot(), query = WholeQuery(asking);
  const std::string own = OwnPath(asking, asking.language(), asking.as_of(), false);
  Html forms;
  const auto add_link = [&](const std::string& to, const Html& word, const std::string& rel = "nofollow") {
    if (!forms.empty()) forms += Text(" · ");
    forms += Element("a", {{"href", to}, {"rel", rel}}, word);
  };
  const auto add = [&](const std::string& path, const Html& word, const std::string& rel = "nofollow") {
    add_link(absl::StrCat(root, path, query), word, rel);
  };
  // In a folder both languages share what is not written in each.
  const auto add_file = [&](const char* ending, const char* name) {
    for (const Language language : {asking.language(), Language::kEnglish}) {
      const std::string page = OwnPath(asking, language, asking.as_of(), false);
      const std::string file = page.substr(0, page.size() - 1) + ending;
      if (asking.Has(file)) return add(file, Text(name));
    }
  };
  if (!own.empty()) {
    if (content.has_csv) add_file(".csv", "CSV");
    if (content.has_json) add_file(".json", "JSON");
    if (content.has_svg) add_file(".svg", "SVG");
  }
  // A folder holds the ledger as it was on one day, and no other. What is not there has no lasting address either.
  if (asking.in_folder() || content.is_fault) return forms.empty() ? forms : Element("p", forms);
  if (asking.as_of().has_value()) {
    add(OwnPath(asking, asking.language(), std::nullopt, false), asking.Shown(Word::kLivePage));
  } else {
    // By "bookmark" web/picture.js knows the link that it copies.
    add(OwnPath(asking, asking.language(), asking.last_record(), false), asking.Shown(Word::kPermanentLink),
        "bookmark nofollow");
  }
  if (!content.feed.empty()) add_link(root + content.feed, Text("Atom"));
  if (!content.figure.empty())
    add(absl::StrCat(OwnPath(asking, asking.language(), asking.last_record(), true)),
        asking.Shown(Word::kEmbed));
  return Element("p", forms) + EmbedCode(asking, content, query);
}

// The key that signs the checkpoints: as whoever serves the page knows it, or as the last record that replaced it says. Else empty.
StatusOr<std::string> VkeyOf(const Asking& asking) {
  if (!asking.vkey.empty() || asking.view.checkpoint.size() == 0) return asking.vkey;
  FT_ASSIGN_OR_RETURN(const v1::LedgerKeyAnswer keys,
                      query::LedgerKeys(asking.view, v1::LedgerKeysRequest()));
  return keys.keys_size() == 0 ? std::string() : keys.keys(keys.keys_size() - 1).vkey();
}

StatusOr<Html> BodyOf(const Asking& asking, const Content& content) {
  FT_ASSIGN_OR_RETURN(const Html caption, CaptionOf(asking, content));
  const Html title = Element("h1", Element("bdi", Text(content.title)));
  if (asking.address.embed) {
    const std::string whole =
        absl::StrCat(asking.address.ToRoot(), OwnPath(asking, asking.language(), asking.as_of(), false),
                     asking.address.QueryWith({}));
    return Element("body",
                   Element("main", title + content.figure) +
                       Element("footer", caption + Element("p", Element("a", {{"href", whole}},
                                                                        asking.Shown(Word::kWholePage)))));
  }
  // Without scripts these words stand there; else the modules of web/ put what they found in their place.
  FT_ASSIGN_OR_RETURN(const std::string vkey, VkeyOf(asking));
  Attributes check = {{"class", "check"}, {"data-files", asking.address.ToRoot()}};
  if (!vkey.empty()) check.push_back({"data-vkey", vkey});
  const Html unchecked =
      Element("div", check, asking.Shown(Word::kNotChecked, {asking.Link("check/", Word::kHowChecked)}));
  return Element("body",
                 Element("a", {{"class", "skip"}, {"href", "#main"}}, asking.Shown(Word::kSkip)) +
                     HeaderOf(asking) + Element("main", {{"id", "main"}}, title + content.body) +
                     Element("footer", unchecked + caption + FormsOf(asking, content) +
                                           Element("p", asking.Link("about/", Word::kAbout) + Text(" · ") +
                                                            asking.Link("glossary/", Word::kGlossary))));
}

}  // namespace

StatusOr<std::string> Laid(const Asking& asking, const Content& content) {
  FT_ASSIGN_OR_RETURN(const Html body, BodyOf(asking, content));
  return DocumentOf(
             Element("html", {{"lang", LanguageTag(asking.language())}}, HeadOf(asking, content) + body))
      .bytes();
}

}  // namespace fundtrail::pages
