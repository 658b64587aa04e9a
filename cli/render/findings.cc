// See findings.h.
#include "cli/render/findings.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/finding_rules.h"
#include "ledger/model/references.h"

namespace fundtrail::render {
namespace {

constexpr int kMaxShownRefs = 5;  // of a finding, in a text
constexpr Noun kFindings = {"finding", "findings"};

// The party of that number, where there is one: an answer may come from any server.
Shown PartyAt(const v1::Finding& finding, int at) {
  return at < finding.parties_size() ? Safe(finding.parties(at)) : Shown("?");
}

// Of a duplicate, with the reference where that is the same.
Shown AlikeSentence(const v1::Finding& finding, const Shown& amount) {
  if (finding.kind() == v1::Finding::KIND_RUN_ALIKE)
    return Say("{} payments of {}, {} together, repeat an earlier run in its order", Number(finding.count()),
               absl::StrJoin(finding.parties(), ", "), amount);
  if (!finding.reference().empty())
    return Say("{} paid {} the same {} times on {}, {} beside the first, and reference {} is there twice",
               PartyAt(finding, 0), PartyAt(finding, 1), Number(finding.count()), finding.first(), amount,
               finding.reference());
  return Say("{} paid {} the same {} times on {}, {} beside the first", PartyAt(finding, 0),
             PartyAt(finding, 1), Number(finding.count()), finding.first(), amount);
}

// A number that an answer may have below zero, whoever made it.
std::string Count(std::int64_t number) {
  return Number(static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0)));
}

// Of the rules that compare money with needs, and with whom it is for.
Shown NeedSentence(const v1::Finding& finding, const Shown& amount, const Shown& compared) {
  const Shown where = Safe(finding.place_name().empty() ? finding.place() : finding.place_name());
  const Shown party = PartyAt(finding, 0);
  switch (finding.rule()) {
    case v1::FINDING_RULE_PAID_TWICE:
      if (finding.kind() == v1::Finding::KIND_ABOVE_NEED)
        return Say("{} got {} out of {} funds for need {}, {} more than it asked for", party, compared,
                   Count(finding.number()), finding.item(), amount);
      return Say("{} got {} out of {} funds in projects of category {} whose periods meet", party, compared,
                 Count(finding.number()), finding.category());
    case v1::FINDING_RULE_LEFT_OUT:
      if (finding.asset().empty())
        return Say("{} has a need of category {}, and no money, project, promise or team", where,
                   finding.category());
      return Say("{} needs {} for category {}, and has no money, project, promise or team", where, amount,
                 finding.category());
    case v1::FINDING_RULE_OVERFUNDED:
      return Say("{} has {} more than the {} that category {} asks for, and category {} has less than half",
                 where, amount, compared, finding.category(), finding.beside());
    default:
      if (finding.kind() == v1::Finding::KIND_OTHER_POLICY)
        return Say("{} moved {} from project {} to project {} of another policy, and no group approved that",
                   party, amount, finding.project(), finding.beside());
      return Say("of {} paid to recipients under policy {}, {} went to groups that it is not for", compared,
                 finding.item(), amount);
  }
}

// Of the rules that compare what somebody said with what the record has.
Shown WordSentence(const v1::Finding& finding, const Shown& amount, const Shown& compared) {
  const std::string& day = finding.first();
  switch (finding.rule()) {
    case v1::FINDING_RULE_RESULT_ODD:
      if (finding.kind() == v1::Finding::KIND_NOTHING_REACHED)
        return Say("project {} reports 0 of {} {}, and {} reached recipients", finding.project(),
                   Count(finding.expected()), finding.indicator(), amount);
      return Say("project {} reports {} {}, and planned {}", finding.project(), Count(finding.number()),
                 finding.indicator(), Count(finding.expected()));
    case v1::FINDING_RULE_ANNOUNCED_DIFFERS:
      if (finding.kind() == v1::Finding::KIND_ROWS_DIFFER)
        return Say("notice {} of {} says a row count of {}, and the payments number {}", finding.item(), day,
                   Count(finding.expected()), Count(finding.number()));
      return Say("notice {} of {} says {}, and the payments differ from it by {}", finding.item(), day,
                 compared, amount);
    default:
      if (finding.kind() == v1::Finding::KIND_MOST_RECUSED)
        return Say("evaluation {} of {} stands, and {} of {} members of {} were recused", finding.item(), day,
                   Count(finding.number()), Count(finding.expected()), PartyAt(finding, 0));
      if (finding.kind() == v1::Finding::KIND_NOBODY_WENT)
        return Say("evaluation {} of {} says CONTINUE, and nobody went to look, or came from elsewhere",
                   finding.item(), day);
      return Say("evaluation {} of {} says CONTINUE, and another rule finds something serious about the same",
                 finding.item(), day);
  }
}

// Of its payments: the one day, or the first and the last.
Shown DaysOf(const v1::Finding& finding) {
  if (finding.first() == finding.last()) return Say("on {}", finding.first());
  return Say("from {} to {}", finding.first(), finding.last());
}

// What the record has, in one sentence without a full stop.
Shown FindingSentence(const v1::Finding& finding) {
  const auto money = [&](std::int64_t units) {
    return Say("{} {}", Money(units, finding.decimals()), finding.asset());
  };
  const Shown amount = money(finding.amount()), compared = money(finding.compared());
  const Shown payer = PartyAt(finding, 0), payee = PartyAt(finding, 1);
  const std::string &first = finding.first(), &last = finding.last();
  const Shown days = DaysOf(finding);
  switch (finding.rule()) {
    case v1::FINDING_RULE_IDLE:
      return Say("{} holds {} that came {}, of {} in all", payer, amount, days, compared);
    case v1::FINDING_RULE_HELD_UPSTREAM:
      return Say("{} still holds {} of {} that {} gave it on {}", payee, amount, compared, payer, first);
    case v1::FINDING_RULE_ROUND_TRIP:
      if (finding.kind() == v1::Finding::KIND_PAYS_ITSELF)
        return Say("{} paid itself {} {}, payments: {}", payer, amount, days, Number(finding.count()));
      return Say("{} came back by {} {}", amount, absl::StrJoin(finding.parties(), " > "), days);
    case v1::FINDING_RULE_SPLIT:
      return Say("{} paid {} {} in {} payments below {} each, {}", payer, payee, amount,
                 Number(finding.count()), compared, days);
    case v1::FINDING_RULE_DUPLICATE:
      return AlikeSentence(finding, amount);
    case v1::FINDING_RULE_OUT_OF_PERIOD:
      if (finding.kind() == v1::Finding::KIND_BEFORE_PERIOD)
        return Say("{} went into project {} {}, before its first day", amount, finding.project(), days);
      return Say("{} went into project {} {}, after its last day", amount, finding.project(), days);
    case v1::FINDING_RULE_NOT_ANNOUNCED:
      if (finding.kind() == v1::Finding::KIND_NO_PLAN_NOTICE)
        return Say("project {} got {}, and no notice of its plan was complete before the first payment",
                   finding.project(), amount);
      return Say("project {} got {} and is over, and no notice tells its result", finding.project(), amount);
    case v1::FINDING_RULE_SILENT:
      if (finding.kind() == v1::Finding::KIND_DISPUTED_ARRIVAL)
        return Say("{} paid {} {} on {}, and the newest word is that it did not arrive, or not well", payer,
                   payee, amount, first);
      return Say("{} paid {} {} {}, and nobody said that it arrived: {} payments", payer, payee, amount, days,
                 Number(finding.count()));
    case v1::FINDING_RULE_SELF_DEALING:
      if (finding.kind() == v1::Finding::KIND_SHARED_KEY)
        return Say("{} paid {} {} {}, one key is granted to both, and no notice said it", payer, payee,
                   amount, days);
      return Say("{} paid {} {} {}, one of them stands above the other, and no notice said it", payer, payee,
                 amount, days);
    case v1::FINDING_RULE_PAID_TWICE:
    case v1::FINDING_RULE_LEFT_OUT:
    case v1::FINDING_RULE_OVERFUNDED:
    case v1::FINDING_RULE_OFF_TARGET:
      return NeedSentence(finding, amount, compared);
    case v1::FINDING_RULE_RESULT_ODD:
    case v1::FINDING_RULE_ANNOUNCED_DIFFERS:
    case v1::FINDING_RULE_UNSOUND_EVALUATION:
      return WordSentence(finding, amount, compared);
    case v1::FINDING_RULE_OUT_EXCEEDS_IN:
      return Say("{} paid out {}; {} of its money has no recorded source", payer, compared, amount);
    case v1::FINDING_RULE_UNANSWERED:
      if (finding.kind() == v1::Finding::KIND_NO_MONEY_BACK)
        return Say("concern {}, raised on {}, found fake help, and no money came back by {}", finding.item(),
                   first, last);
      return Say("concern {}, raised on {}, was to be answered by {}, and nobody did", finding.item(), first,
                 last);
    case v1::FINDING_RULE_UNACCOUNTED:
      return Say("{} of {} that came into fund {} lie where nobody said that they arrived", amount, compared,
                 finding.fund());
    case v1::FINDING_RULE_MAGNITUDE:
      if (finding.kind() == v1::Finding::KIND_LIKE_REFERENCE)
        return Say("{} paid {} {} on {}, and these are the digits of its reference {}", payer, payee, amount,
                   first, finding.reference());
      return Say("{} paid {} {} on {}; the median of its {} payments of this kind is {}", payer, payee,
                 amount, first, Number(finding.count()), compared);
    default:
      return Say("{}, which this program does not know, touches {}", model::WordOf(finding.rule()), amount);
  }
}

// Of a finding without transfers.
Shown RecordsText(const v1::Finding& finding) {
  if (finding.records().empty()) return {};
  const int shown = std::min(finding.records_size(), kMaxShownRefs);
  const std::string some = absl::StrJoin(finding.records().begin(), finding.records().begin() + shown, " ");
  if (finding.records_size() > shown)
    return Say("records {} and {} more", some, Number(finding.records_size() - shown));
  return Say("records {}", some);
}

Shown EvidenceText(const v1::Finding& finding) {
  std::vector<std::string> refs;
  for (const v1::TransferRef& ref : finding.evidence()) {
    if (static_cast<int>(refs.size()) == kMaxShownRefs) break;
    refs.push_back(model::RefText(ref));
  }
  if (refs.empty()) return RecordsText(finding);
  const std::string shown = absl::StrJoin(refs, " ");
  if (finding.evidence_count() > refs.size())
    return Say("transfers {} and {} more", shown, Number(finding.evidence_count() - refs.size()));
  return Say("transfers {}", shown);
}

Shown GradeText(const v1::Finding& finding, const Style& style) {
  return finding.grade() == v1::Finding::GRADE_SERIOUS ? Toned(style, Tone::kBad, "serious")
                                                       : Toned(style, Tone::kWaiting, "look");
}

std::string ParametersText(const v1::FindingRuleLine& line) {
  std::string text;
  for (const v1::FindingParameter& parameter : line.parameters())
    absl::StrAppend(&text, text.empty() ? "" : ", ", parameter.name(), "=", parameter.value());
  return text;
}

// The rule as this program has it; where it has none, as the server says it.
Shown FormulaText(const v1::FindingRuleLine& line) {
  const model::FindingRuleText* text = model::FindFindingRule(line.rule());
  return text != nullptr ? Shown(text->formula) : Safe(line.formula());
}
Shown InnocentText(const v1::FindingRuleLine& line) {
  const model::FindingRuleText* text = model::FindFindingRule(line.rule());
  return text != nullptr ? Shown(text->innocent) : Safe(line.innocent());
}

Shown RuleText(const v1::FindingsAnswer& answer, const v1::FindingRuleLine& line, std::uint64_t top,
               const Style& style) {
  Shown heading = Say("{}: {} serious, {} to look at", model::WordOf(line.rule()), Number(line.serious()),
                      Number(line.look()));
  if (!line.parameters().empty()) heading += Say(" ({})", ParametersText(line));
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  std::uint64_t shown = 0;
  for (const v1::Finding& finding : answer.findings()) {
    if (finding.rule() != line.rule()) continue;
    if (top > 0 && shown == top) break;
    ++shown;
    text += Say("  {}: {}", GradeText(finding, style), FindingSentence(finding));
    const Shown evidence = EvidenceText(finding);
    if (!evidence.empty()) text += Say(" ({})", evidence);
    text += "\n";
  }
  const std::uint64_t all = line.serious() + line.look();
  if (all > shown) text += "  " + CountText(kFindings, {shown, all, RestOfTop(true)});
  if (line.incomplete()) text += "  The rule stopped at a bound of its work: there may be more.\n";
  text += Toned(style, Tone::kDim, Say("  Compared: {}.", FormulaText(line))) + "\n";
  return text + Toned(style, Tone::kDim, Say("  It may be innocent: {}.", InnocentText(line))) + "\n";
}

// Before what they found: which rules found how much. Of one rule its own heading says it.
Shown RuleCounts(const v1::FindingsAnswer& answer, const Style& style) {
  Table table({{"rule", false, true}, {"serious", true}, {"to look at", true}});
  std::size_t found = 0;
  for (const v1::FindingRuleLine& line : answer.rules()) {
    if (line.serious() + line.look() == 0) continue;
    ++found;
    table.Add({model::WordOf(line.rule()), Number(line.serious()), Number(line.look())});
  }
  return found < 2 ? Shown()
                   : "\n" + Toned(style, Tone::kBold, "What each rule found:\n") + table.Text(style);
}

}  // namespace

Shown Text(const v1::FindingsAnswer& answer, std::uint64_t top, const Style& style) {
  Shown heading = Say("Findings on {}", answer.on());
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  text +=
      "A finding accuses nobody. It says what the record has, and where to look: fundtrail show "
      "RECORD.LINE\n";
  text += RuleCounts(answer, style);
  std::vector<std::string> nothing;
  std::uint64_t shown = 0, all = 0;
  for (const v1::FindingRuleLine& line : answer.rules()) {
    const std::uint64_t found = line.serious() + line.look();
    all += found;
    shown += top == 0 ? found : std::min(found, top);
    if (line.serious() + line.look() > 0 || line.incomplete()) {
      text += "\n" + RuleText(answer, line, top, style);
    } else {
      nothing.push_back(model::WordOf(line.rule()));
    }
  }
  if (!nothing.empty()) text += "\n" + Say("Nothing found by {}.\n", absl::StrJoin(nothing, ", "));
  return text + CountText(kFindings, {shown, all, RestOfTop(all > shown)}) +
         NamesText(answer.names(), style) + AsOf(answer.as_of(), style);
}

std::string FindingsCsvHeader() {
  return CsvTitles({"rule",       "kind",      "grade",          "parties",     "party_names", "fund",
                    "project",    "asset",     "amount",         "compared",    "count",       "first",
                    "last",       "evidence",  "evidence_count", "item",        "reference",   "place",
                    "place_name", "category",  "category_name",  "records",     "number",      "expected",
                    "beside",     "indicator", "fund_name",      "project_name"});
}

std::string FindingsCsvLines(const v1::FindingsAnswer& answer, const ItemNames& names, sheets::Cells cells) {
  std::string text;
  for (const v1::Finding& finding : answer.findings()) {
    std::vector<std::string> refs;
    for (const v1::TransferRef& ref : finding.evidence()) refs.push_back(model::RefText(ref));
    const std::string kind = finding.kind() == v1::Finding::KIND_UNSPECIFIED
                                 ? ""
                                 : absl::AsciiStrToLower(model::WordOf(finding.kind()));
    text += CsvRow({model::WordOf(finding.rule()),
                    kind,
                    absl::AsciiStrToLower(model::WordOf(finding.grade())),
                    absl::StrJoin(finding.parties(), "; "),
                    absl::StrJoin(finding.party_names(), "; "),
                    finding.fund(),
                    finding.project(),
                    finding.asset(),
                    PlainMoney(finding.amount(), finding.decimals()),
                    PlainMoney(finding.compared(), finding.decimals()),
                    std::to_string(finding.count()),
                    finding.first(),
                    finding.last(),
                    absl::StrJoin(refs, " "),
                    std::to_string(finding.evidence_count()),
                    finding.item(),
                    finding.reference(),
                    finding.place(),
                    finding.place_name(),
                    finding.category(),
                    finding.category_name(),
                    absl::StrJoin(finding.records(), " "),
                    std::to_string(finding.number()),
                    std::to_string(finding.expected()),
                    finding.beside(),
                    finding.indicator(),
                    names.Fund(finding.fund()),
                    names.Project(finding.project())},
                   answer.as_of(), cells);
  }
  return text;
}

Shown FindingRulesText(const Style& style) {
  Shown text;
  for (const model::FindingRuleText& rule : model::FindingRules()) {
    text += Toned(style, Tone::kBold, Safe(model::WordOf(rule.rule))) + "\n";
    text += Say("  Compared: {}.", Shown(rule.formula)) + "\n";
    for (const model::FindingParameterRule& parameter : rule.parameters)
      text += Say("  {}={}: {}, from {} to {}", std::string(parameter.name), parameter.usual,
                  Shown(parameter.says), parameter.least, parameter.most) +
              "\n";
    text += Say("  It may be innocent: {}.", Shown(rule.innocent)) + "\n";
  }
  return text;
}

}  // namespace fundtrail::render
