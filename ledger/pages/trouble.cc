// See trouble.h.
#include "ledger/pages/trouble.h"

#include <string_view>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/pages/address.h"
#include "ledger/pages/html.h"
#include "ledger/pages/words.h"

namespace fundtrail::pages {
namespace {

Word WordOf(Trouble trouble) {
  switch (trouble) {
    case Trouble::kTooOften:
      return Word::kAskedTooOften;
    case Trouble::kTooLong:
      return Word::kTookTooLong;
    case Trouble::kTooLarge:
      return Word::kAnswerTooLarge;
    case Trouble::kBusy:
      return Word::kServerBusy;
    case Trouble::kOnlyRead:
      return Word::kPagesOnlyRead;
    case Trouble::kBrought:
      return Word::kAskWithoutBody;
    case Trouble::kLongAddress:
      return Word::kAddressTooLong;
    case Trouble::kLongHead:
      return Word::kHeadTooLong;
    case Trouble::kNoRequest:
      return Word::kNoSuchRequest;
    case Trouble::kBroken:
      break;
  }
  return Word::kLedgerUnreadable;
}

// What the reader's program did wrong is no better later.
Word TitleOf(Trouble trouble) {
  return trouble >= Trouble::kOnlyRead ? Word::kNotUnderstood : Word::kNoAnswerNow;
}

// Where too much money was asked about, the question may be made smaller here: by a period, by a fund, or payment by payment.
Html Narrower(Trouble trouble, Language language, const std::optional<Address>& address) {
  const bool large = trouble == Trouble::kTooLong || trouble == Trouble::kTooLarge;
  if (!large || !address.has_value()) return {};
  const std::vector<std::string>& parts = address->parts;
  if (parts.size() != 3 || parts[0] != "party" || (parts[2] != "went" && parts[2] != "came")) return {};
  Html inputs;
  for (const auto& [name, word, type] :
       {std::tuple{"fund", Word::kFund, "text"}, std::tuple{"since", Word::kSince, "date"},
        std::tuple{"until", Word::kUntil, "date"}})
    inputs += Element("label",
                      Text(In(language, word)) + Text(" ") + Lone("input", {{"name", name}, {"type", type}}));
  inputs += Element("button", Text(In(language, Word::kAsk)));
  return Element("form", {{"method", "get"}}, inputs) +
         Element("p", Element("a", {{"href", "../statement/"}}, Text(In(language, Word::kStatement))));
}

}  // namespace

std::string TroubleText(Trouble trouble, Language language) {
  return std::string(In(language, WordOf(trouble)));
}

Page TroublePage(const std::string& path, Trouble trouble, std::uint64_t seconds,
                 std::optional<Language> asked) {
  const auto address = ReadAddress(path, "");
  const Language of_path = path.rfind("/zh/", 0) == 0 ? Language::kChinese : Language::kEnglish;
  const Language language = asked.value_or(address.has_value() ? address->language : of_path);
  const bool chinese = language == Language::kChinese;
  const std::string root = address.has_value() ? address->ToRoot() : "/";
  const std::string home = chinese ? root + "zh/" : root;
  const std::string_view title = In(language, TitleOf(trouble));
  const Html head = Lone("meta", {{"charset", "utf-8"}}) +
                    Lone("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}) +
                    Element("title", Text(title)) +
                    Lone("link", {{"rel", "stylesheet"}, {"href", root + "web/style.css"}}) +
                    Lone("link", {{"rel", "icon"}, {"href", "data:,"}}) +
                    Lone("meta", {{"name", "robots"}, {"content", "noindex"}});
  Html said = Element("p", Text(In(language, WordOf(trouble))));
  if (seconds > 0)
    said += Element("p", SayCounted(language, Word::kAskAgainIn, seconds, {Text(absl::StrCat(seconds))}));
  const Html main =
      Element("main", {{"id", "main"}},
              Element("h1", Text(title)) + said + Narrower(trouble, language, address) +
                  Element("p", Element("a", {{"href", home}}, Text(In(language, Word::kHome)))));
  Page page;
  page.content_type = "text/html; charset=utf-8";
  page.is_html = true;
  page.language = LanguageTag(language);
  page.body = DocumentOf(Element("html", {{"lang", LanguageTag(language)}},
                                 Element("head", head) + Element("body", main)))
                  .bytes();
  return page;
}

}  // namespace fundtrail::pages
