// What calls for a look: findings by rule, of all, of a party or of a fund.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/finding_rules.h"
#include "ledger/model/item_text.h"
#include "ledger/model/references.h"
#include "ledger/pages/findings_feed.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/rule_words.h"
#include "ledger/query/findings/findings.h"

namespace fundtrail::pages {
namespace {

constexpr int kEvidenceShown = 5;

// The list that has an item which a finding is about; empty where there is none.
std::string_view ListOfItem(v1::FindingRule rule) {
  switch (rule) {
    case v1::FINDING_RULE_UNANSWERED:
      return "concerns/";
    case v1::FINDING_RULE_ANNOUNCED_DIFFERS:
      return "notices/";
    case v1::FINDING_RULE_UNSOUND_EVALUATION:
      return "evaluations/";
    case v1::FINDING_RULE_OFF_TARGET:
      return "policies/";
    default:
      return "";
  }
}

StatusOr<v1::FindingsRequest> FindingsAsked(const Asking& asking) {
  v1::FindingsRequest request;
  request.set_party(asking.asked("party"));
  request.set_fund(asking.asked("fund"));
  if (const std::string kind = asking.asked("kind"); !kind.empty()) {
    const model::FindingRuleText* rule = model::FindFindingRule(kind);
    if (rule == nullptr)
      return absl::InvalidArgumentError(absl::StrCat("kind: here it is one of ", model::FindingRuleNames()));
    request.add_rules(rule->rule);
  }
  request.set_limit(MostRows(asking));
  request.set_after(asking.asked("after"));
  SetAsOf(asking, &request);
  return request;
}

Table RulesTable(const Asking& asking, const v1::FindingsAnswer& answer) {
  Table table(asking.Words(Word::kFindingRules), {{asking.Words(Word::kFindingRule)},
                                                  {asking.Words(Word::kSerious), true},
                                                  {asking.Words(Word::kToLookAt), true},
                                                  {asking.Words(Word::kInnocent)}});
  for (const v1::FindingRuleLine& line : answer.rules()) {
    const std::string name = asking.Value(line.rule());
    // Of all that was found, one rule may be chosen. What a party or a fund has is not divided further.
    const Html shown = asking.address.query.empty()
                           ? asking.Again({{"kind", model::Dashed(model::WordOf(line.rule()))}}, Text(name))
                           : Text(name);
    table.Add({{shown, name},
               NumberCell(line.serious()),
               NumberCell(line.look()),
               {RuleWordsShown(asking.language(), line.innocent()),
                RuleWords(asking.language(), line.innocent())}});
  }
  return table;
}

// What each rule compares, with the values that it used: whoever doubts a finding can work it out again.
Table ComparesTable(const Asking& asking, const v1::FindingsAnswer& answer) {
  const Language language = asking.language();
  Table table(asking.Words(Word::kRulesCompare), {{asking.Words(Word::kFindingRule)},
                                                  {asking.Words(Word::kCompares)},
                                                  {asking.Words(Word::kParameters)}});
  for (const v1::FindingRuleLine& line : answer.rules())
    table.Add({WordCell(asking.Value(line.rule())),
               {RuleWordsShown(language, line.formula()), RuleWords(language, line.formula())},
               {line.parameters().empty() ? Text("–") : ParametersShown(language, line),
                ParametersText(language, line)}});
  return table;
}

Cell PartiesCell(const Asking& asking, const v1::Finding& finding) {
  Html shown;
  for (int i = 0; i < finding.parties_size(); ++i) {
    if (i > 0) shown += Text(asking.Words(Word::kListComma));
    shown += asking.Party(finding.parties(i), finding.party_names(i));
  }
  return {shown, absl::StrJoin(finding.party_names(), "; ")};
}

// What it is about beside parties and money: a project, a place with its category, another item, and the numbers that are no money.
Cell AboutCell(const Asking& asking, const v1::Finding& finding) {
  std::vector<std::pair<Html, std::string>> parts;
  if (!finding.project().empty()) parts.emplace_back(asking.Project(finding.project()), finding.project());
  if (!finding.place().empty())
    parts.emplace_back(asking.Place(finding.place(), finding.place_name()),
                       finding.place_name().empty() ? finding.place() : finding.place_name());
  if (const std::string_view list = ListOfItem(finding.rule()); !finding.item().empty())
    parts.emplace_back(list.empty() ? Name(finding.item()) : asking.Link(list, Name(finding.item())),
                       finding.item());
  for (const std::string& text :
       {finding.category_name().empty() ? finding.category() : finding.category_name(), finding.beside(),
        finding.indicator(), finding.reference()})
    if (!text.empty()) parts.emplace_back(Name(text), text);
  if (finding.expected() > 0) {
    const std::string numbers =
        absl::StrCat(MoneyText(finding.number(), 0), " / ", MoneyText(finding.expected(), 0));
    parts.emplace_back(Text(numbers), numbers);
  }
  Cell cell;
  for (const auto& [shown, plain] : parts) {
    if (!cell.plain.empty()) {
      cell.shown += Text(asking.Words(Word::kListComma));
      cell.plain += "; ";
    }
    cell.shown += shown;
    cell.plain += plain;
  }
  return cell;
}

// To what anybody can check of it: its proof, which lies at the root, since it has no language.
Html RecordLink(const Asking& asking, std::uint64_t record) {
  const std::string proof = absl::StrCat("record/", record, ".tlog-proof");
  const Html number = Text(absl::StrCat(record));
  return asking.Has(proof) ? Element("a", {{"href", asking.address.ToRoot() + proof}}, number) : number;
}

Cell EvidenceCell(const Asking& asking, const v1::Finding& finding) {
  Cell cell;
  int shown = 0;
  for (const v1::TransferRef& ref : finding.evidence()) {
    absl::StrAppend(&cell.plain, cell.plain.empty() ? "" : " ", model::RefText(ref));
    if (shown == kEvidenceShown) continue;
    if (shown++ > 0) cell.shown += Text(" ");
    cell.shown += asking.Payment(ref.record(), ref.line());
  }
  for (const std::uint64_t record : finding.records()) {
    absl::StrAppend(&cell.plain, cell.plain.empty() ? "" : " ", record);
    if (shown == kEvidenceShown) continue;
    if (shown++ > 0) cell.shown += Text(" ");
    cell.shown += RecordLink(asking, record);
  }
  const std::uint64_t all = finding.evidence_count() + static_cast<std::uint64_t>(finding.records_size());
  if (all > static_cast<std::uint64_t>(shown))
    cell.shown += Text(" ") + asking.Counted(Word::kMoreEvidence, all - static_cast<std::uint64_t>(shown));
  return cell;
}

Table FindingsTable(const Asking& asking, const v1::FindingsAnswer& answer) {
  Table table(asking.Words(Word::kFindingsCaption), {{asking.Words(Word::kWhatWasFound)},
                                                     {asking.Words(Word::kKind), false, true},
                                                     {asking.Words(Word::kGrade)},
                                                     {asking.Words(Word::kParties)},
                                                     {asking.Words(Word::kFund)},
                                                     {asking.Words(Word::kSubject)},
                                                     {asking.Words(Word::kAmount), true},
                                                     {asking.Words(Word::kComparedWith), true},
                                                     {asking.Words(Word::kAsset)},
                                                     {asking.Words(Word::kFirst), false, false, true},
                                                     {asking.Words(Word::kLast), false, false, true},
                                                     {asking.Words(Word::kEvidence)}});
  for (const v1::Finding& finding : answer.findings()) {
    std::string what = asking.Value(finding.rule());
    if (finding.kind() != v1::Finding::KIND_UNSPECIFIED)
      what = asking.Words(Word::kFindingOfKind, {what, asking.Value(finding.kind())});
    const bool money = !finding.asset().empty();
    table.Add(
        {WordCell(what), WordCell(model::WordOf(finding.rule())), WordCell(asking.Value(finding.grade())),
         PartiesCell(asking, finding), Cell{asking.Fund(finding.fund()), finding.fund()},
         AboutCell(asking, finding), money ? MoneyCell(finding.amount(), finding.decimals()) : WordCell("–"),
         money && finding.compared() > 0 ? MoneyCell(finding.compared(), finding.decimals()) : WordCell("–"),
         WordCell(finding.asset()), WordCell(finding.first()), WordCell(finding.last()),
         EvidenceCell(asking, finding)});
  }
  return table;
}

}  // namespace

StatusOr<Content> FindingsPage(const Asking& asking) {
  FT_ASSIGN_OR_RETURN(const v1::FindingsRequest request, FindingsAsked(asking));
  FT_ASSIGN_OR_RETURN(const v1::FindingsAnswer answer,
                      AllPages(query::Findings(asking.view, request, query::PagingOf(request))));
  Content content;
  content.title = asking.Words(Word::kFindings);
  if (!request.party().empty()) {
    FT_ASSIGN_OR_RETURN(const auto party, query::NeedParty(asking.view, request.party()));
    content.indexed = party.kind() != v1::RegisterParty::KIND_HOUSEHOLD;
  }
  content.feed = FindingsFeedPath(asking.language());
  content.has_csv = content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  const Table findings = FindingsTable(asking, answer);
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, findings, answer.next());
    return content;
  }
  content.body = asking.Paragraph(Word::kFindingsLead, {asking.Day(answer.on())});
  if (!asking.address.query.empty() && !asking.in_folder())
    content.body += Element("p", asking.Link("findings/", Word::kAllFindings));
  bool incomplete = false;
  for (const v1::FindingRuleLine& line : answer.rules()) incomplete = incomplete || line.incomplete();
  if (incomplete) content.body += asking.Paragraph(Word::kMayBeMore);
  if (answer.rules_size() > 0)
    content.body += asking.Paragraph(Word::kGradesMean) + TableOnPage(asking, RulesTable(asking, answer));
  content.body += TableOnPage(asking, findings, answer.next());
  if (answer.rules_size() > 0)
    content.body += TableOnPage(asking, ComparesTable(asking, answer)) +
                    Element("p", RuleWordsShown(asking.language(), asking.Words(Word::kParametersMean)));
  return content;
}

}  // namespace fundtrail::pages
