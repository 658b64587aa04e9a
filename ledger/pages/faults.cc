// See faults.h.
#include "ledger/pages/faults.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fundtrail/v1/search.pb.h"
#include "ledger/base/text.h"
#include "ledger/pages/content_types.h"
#include "ledger/pages/layout.h"
#include "ledger/pages/routes.h"
#include "ledger/pages/trace_picture.h"
#include "ledger/query/search.h"

namespace fundtrail::pages {
namespace {

constexpr int kSeveral = 300;  // RFC 9110 §15.4.1
constexpr std::uint64_t kNearestShown = 5;

Html KeysShown(const Asking& asking, const std::vector<std::string>& keys) {
  Html shown;
  for (const std::string& key : keys) {
    if (!shown.empty()) shown += asking.Shown(Word::kEnumComma);
    shown += Element("code", Text(key));
  }
  return shown;
}

// Those that the page at the address takes; nothing where it takes none, or none may be.
std::vector<std::string> KeysTaken(const Address& address) {
  return absl::StrSplit(Abseil(KeysOf(address).value_or("")), ' ', absl::SkipEmpty());
}
Html KeysTakenShown(const Asking& asking) {
  const std::vector<std::string> keys = KeysTaken(asking.address);
  return keys.empty() ? Html() : asking.Paragraph(Word::kKeysTaken, {KeysShown(asking, keys)});
}

// Of a question with a key that the page does not take: which it is, which keys there are, and the way to the same page without any.
Html KeysNotTaken(const Asking& asking) {
  Address without = asking.address;
  Html said;
  for (std::string key = KeyNotTaken(without); !key.empty(); key = KeyNotTaken(without)) {
    said += asking.Paragraph(Word::kKeyNotTaken, {Text(Escaped(key))});
    std::erase_if(without.query, [&key](const auto& pair) { return pair.first == key; });
  }
  if (said.empty()) return said;
  said += KeysTakenShown(asking);
  if (asking.address.form != Form::kPage) return said;
  return said + Element("p", Element("a", {{"href", "./" + without.QueryWith({})}},
                                     asking.Shown(Word::kAskWithoutKeys)));
}

// The keys of the address that a sentence about a question is about: it names them before a colon, some as a question of programs does.
std::vector<std::string> KeysAtFault(const Address& address, std::string_view sentence) {
  constexpr std::pair<std::string_view, std::string_view> kOfPrograms[] = {
      {"from", "since"}, {"to", "until"}, {"text", "q"}, {"kinds", "kind"}};
  const std::size_t colon = sentence.find(": ");
  if (colon == std::string_view::npos) return {};
  const std::vector<std::string> taken = KeysTaken(address);
  std::vector<std::string> keys;
  for (const absl::string_view part : absl::StrSplit(Abseil(sentence.substr(0, colon)), ", ")) {
    std::string key(part);
    for (const auto& [theirs, ours] : kOfPrograms)
      if (key == theirs) key = ours;
    if (std::find(taken.begin(), taken.end(), key) != taken.end()) keys.push_back(std::move(key));
  }
  return keys;
}

// What is wrong, in the reader's language. The sentence of a question is English: it stands beside, on pages in English alone. Another one
// is told which key of the address it is about, and which there are.
Html FaultWords(const Asking& asking, const Status& fault, int code) {
  const Address& address = asking.address;
  if (asking.view.checkpoint.size() == 0) return asking.Paragraph(Word::kNothingRecordedYet);
  if (fault == NoSuchPage()) return asking.Paragraph(Word::kNoSuchPage);
  if (code != 404) {
    if (Html keys = KeysNotTaken(asking); !keys.empty()) return keys;
    Html said = asking.Paragraph(Word::kBadQuestion);
    const std::string sentence(fault.message());
    if (asking.language() == Language::kEnglish) return said + Element("p", Text(sentence));
    if (const auto keys = KeysAtFault(address, sentence); !keys.empty())
      said += asking.Paragraph(Word::kFaultIn, {KeysShown(asking, keys)});
    return address.query.empty() ? said : said + KeysTakenShown(asking);
  }
  if (address.as_of.has_value() && *address.as_of >= asking.view.checkpoint.size()) {
    return asking.Paragraph(Word::kNoSuchRecord, {Text(absl::StrCat(*address.as_of)),
                                                  Text(absl::StrCat(asking.view.checkpoint.size() - 1))});
  }
  const ItemRoute* const item =
      address.parts.size() < 2 || !address.query.empty() ? nullptr : FindItemRoute(address.parts[0]);
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
    for (const char* of : ItemRegisters())
      if (asked.size() == 1 || FindItemRoute(asked[0]) == nullptr || asked[0] == of) request.add_kinds(of);
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

}  // namespace

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

}  // namespace fundtrail::pages
