// See findings_feed.h.
#include "ledger/pages/findings_feed.h"

#include <algorithm>
#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/bytes.h"
#include "ledger/base/id.h"
#include "ledger/base/text.h"
#include "ledger/crypto/sha256.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"
#include "ledger/pages/asking.h"
#include "ledger/pages/atom.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/rule_words.h"
#include "ledger/query/findings/findings.h"
#include "ledger/query/news.h"

namespace fundtrail::pages {
namespace {

constexpr std::size_t kIdBytes = 16;

struct DatedFinding {
  const v1::Finding* finding = nullptr;
  std::uint64_t record = 0;  // the newest that it rests on
};

std::uint64_t NewestRecordOf(const v1::Finding& finding, std::uint64_t last) {
  std::uint64_t newest = 0;
  for (const v1::TransferRef& ref : finding.evidence()) newest = std::max(newest, ref.record());
  for (const std::uint64_t record : finding.records()) newest = std::max(newest, record);
  return newest == 0 ? last : std::min(newest, last);
}

// Whether what it is about begins with one transfer: of others an older one may come, or be sent back.
bool IsAboutPayments(const v1::Finding& finding) {
  return finding.rule() == v1::FINDING_RULE_HELD_UPSTREAM || finding.rule() == v1::FINDING_RULE_SPLIT ||
         finding.rule() == v1::FINDING_RULE_DUPLICATE || finding.rule() == v1::FINDING_RULE_MAGNITUDE ||
         finding.kind() == v1::Finding::KIND_DISPUTED_ARRIVAL;
}

// What it is about, and not how much it is by now. No id has a slash.
std::string IdentityOf(const v1::Finding& finding) {
  std::string text =
      absl::StrCat(finding.rule(), "/", finding.kind(), "/", absl::StrJoin(finding.parties(), "/"), "//",
                   finding.fund(), "/", finding.project(), "/", finding.asset(), "/", finding.item(), "/",
                   finding.place(), "/", finding.category(), "/", finding.beside(), "/");
  if (IsAboutPayments(finding) && finding.evidence_size() > 0)
    absl::StrAppend(&text, model::RefText(finding.evidence(0)));
  // One payment may begin a split under several limits.
  if (finding.rule() == v1::FINDING_RULE_SPLIT) absl::StrAppend(&text, "/", finding.compared());
  absl::StrAppend(&text, "/", finding.indicator());
  return HexEncode(crypto::Sha256(text).view().substr(0, kIdBytes));
}

std::string TitleOf(Language language, const v1::Finding& finding) {
  std::string title = EnumWord(language, finding.rule());
  if (finding.kind() != v1::Finding::KIND_UNSPECIFIED)
    title = SayText(language, Word::kFindingOfKind, {title, EnumWord(language, finding.kind())});
  const absl::string_view comma = Abseil(In(language, Word::kClauseComma));
  if (!finding.asset().empty())
    absl::StrAppend(&title, comma, MoneyText(finding.amount(), finding.decimals()), " ", finding.asset());
  if (!finding.party_names().empty())
    absl::StrAppend(&title, comma,
                    absl::StrJoin(finding.party_names(), Abseil(In(language, Word::kEnumComma))));
  return title;
}

// What stands in an entry, a line each. `rule` may be null.
std::string ContentOf(Language language, const v1::Finding& finding, const v1::FindingRuleLine* rule) {
  std::string text;
  const auto add = [&](Word word, const std::vector<std::string>& values) {
    absl::StrAppend(&text, SayText(language, word, values), "\n");
  };
  add(Word::kFeedRule, {EnumWord(language, finding.grade()), model::WordOf(finding.rule())});
  if (!finding.project().empty()) add(Word::kFeedProject, {finding.project()});
  if (!finding.place().empty()) add(Word::kFeedPlace, {finding.place(), finding.category()});
  if (!finding.item().empty()) add(Word::kFeedItem, {finding.item()});
  for (const v1::TransferRef& ref : finding.evidence()) add(Word::kFeedPayment, {model::RefText(ref)});
  for (const std::uint64_t record : finding.records()) add(Word::kFeedRecord, {absl::StrCat(record)});
  if (rule == nullptr) return text;
  add(Word::kFeedCompares, {RuleWords(language, rule->formula())});
  if (!rule->parameters().empty()) add(Word::kFeedParameters, {ParametersText(language, *rule)});
  add(Word::kFeedInnocent, {RuleWords(language, rule->innocent())});
  return text;
}

StatusOr<std::string> EntryOf(const query::View& view, Language language, const DatedFinding& dated,
                              const v1::FindingRuleLine* rule) {
  const v1::Finding& finding = *dated.finding;
  FT_ASSIGN_OR_RETURN(const std::int64_t recorded, query::RecordedAt(view, dated.record));
  FT_ASSIGN_OR_RETURN(const std::string id, FeedTag(view, absl::StrCat("finding/", IdentityOf(finding))));
  std::string links;
  for (const v1::TransferRef& ref : finding.evidence())
    absl::StrAppend(&links, "<link rel=\"related\" href=\"../", PaymentPath(ref.record(), ref.line()),
                    "\"/>\n");
  return absl::StrCat(
      "<entry>\n<id>", EscapedMarkup(id), "</id>\n<title>", EscapedMarkup(TitleOf(language, finding)),
      "</title>\n<updated>", EscapedMarkup(ToString(Timestamp(recorded))), "</updated>\n<category term=\"",
      model::WordOf(finding.rule()), "\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"./\"/>\n",
      links, "<content type=\"text\">", EscapedMarkup(ContentOf(language, finding, rule)),
      "</content>\n</entry>\n");
}

}  // namespace

std::string FindingsFeedPath(Language language) {
  return absl::StrCat(language == Language::kChinese ? "zh/" : "", "findings/feed.atom");
}

StatusOr<std::string> FindingsFeed(const query::View& view, Language language) {
  const std::uint64_t last = view.checkpoint.size() - 1;
  FT_ASSIGN_OR_RETURN(const v1::FindingsAnswer answer, AllPages(query::Findings(view, {}, {})));
  std::vector<DatedFinding> dated;
  for (const v1::Finding& finding : answer.findings())
    dated.push_back({&finding, NewestRecordOf(finding, last)});
  std::stable_sort(dated.begin(), dated.end(), [](const DatedFinding& one, const DatedFinding& other) {
    if (one.finding->grade() != other.finding->grade()) return one.finding->grade() > other.finding->grade();
    return one.record > other.record;
  });
  const std::size_t all = dated.size();
  if (all > kMaxFindingEntries) dated.resize(kMaxFindingEntries);
  FT_ASSIGN_OR_RETURN(const std::int64_t newest, query::RecordedAt(view, last));
  FT_ASSIGN_OR_RETURN(const std::string id, FeedTag(view, "feed/findings"));
  std::string text = absl::StrCat(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"",
      LanguageTag(language), "\">\n<id>", EscapedMarkup(id), "</id>\n<title>",
      EscapedMarkup(SayText(language, Word::kFeedFindings, {view.checkpoint.ledger()})),
      "</title>\n<subtitle>",
      EscapedMarkup(SayText(language, Word::kFeedFindingsOf,
                            {answer.on(), absl::StrCat(dated.size()), absl::StrCat(all)})),
      "</subtitle>\n<updated>", EscapedMarkup(ToString(Timestamp(newest))),
      "</updated>\n<author><name>fundtrail</name></author>\n<generator>fundtrail</generator>\n"
      "<link rel=\"self\" type=\"application/atom+xml\" href=\"feed.atom\"/>\n");
  std::map<v1::FindingRule, const v1::FindingRuleLine*> rules;
  for (const v1::FindingRuleLine& line : answer.rules()) rules[line.rule()] = &line;
  for (const DatedFinding& one : dated) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const std::string entry, EntryOf(view, language, one, rules[one.finding->rule()]));
    FT_RETURN_IF_ERROR(view.Grow(entry.size()));
    text += entry;
  }
  return text + "</feed>\n";
}

}  // namespace fundtrail::pages
