// See findings.h.
#include "cli/render/findings.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/words.h"
#include "ledger/model/finding_rules.h"
#include "ledger/model/references.h"

namespace fundtrail::render {
namespace {

constexpr int kMaxShownRefs = 5;  // of a finding, in a text

// The party of that number, where there is one: an answer may come from any server.
Shown PartyAt(const v1::Finding& finding, int at) {
  return at < finding.parties_size() ? Safe(finding.parties(at)) : Shown("?");
}

// Of a duplicate, with the reference where that is the same.
Shown AlikeSentence(const v1::Finding& finding, const Shown& amount) {
  if (finding.kind() == v1::Finding::RUN_ALIKE)
    return Say("{} payments of {}, {} together, repeat an earlier run in its order", Number(finding.count()),
               absl::StrJoin(finding.parties(), ", "), amount);
  if (!finding.reference().empty())
    return Say("{} paid {} the same {} times on {}, {} beside the first, and reference {} is there twice",
               PartyAt(finding, 0), PartyAt(finding, 1), Number(finding.count()), finding.first(), amount,
               finding.reference());
  return Say("{} paid {} the same {} times on {}, {} beside the first", PartyAt(finding, 0),
             PartyAt(finding, 1), Number(finding.count()), finding.first(), amount);
}

// What the record has, in one sentence without a full stop.
Shown FindingSentence(const v1::Finding& finding) {
  const auto money = [&](std::int64_t units) {
    return Say("{} {}", Money(units, finding.decimals()), finding.asset());
  };
  const Shown amount = money(finding.amount()), compared = money(finding.compared());
  const Shown payer = PartyAt(finding, 0), payee = PartyAt(finding, 1);
  const std::string &first = finding.first(), &last = finding.last();
  switch (finding.rule()) {
    case v1::IDLE:
      return Say("{} holds {} that came from {} to {}, of {} in all", payer, amount, first, last, compared);
    case v1::HELD_UPSTREAM:
      return Say("{} still holds {} of {} that {} gave it on {}", payee, amount, compared, payer, first);
    case v1::ROUND_TRIP:
      if (finding.kind() == v1::Finding::PAYS_ITSELF)
        return Say("{} paid itself {} from {} to {}, payments: {}", payer, amount, first, last,
                   Number(finding.count()));
      return Say("{} came back by {} from {} to {}", amount, absl::StrJoin(finding.parties(), " > "), first,
                 last);
    case v1::SPLIT:
      return Say("{} paid {} {} in {} payments below {} each, from {} to {}", payer, payee, amount,
                 Number(finding.count()), compared, first, last);
    case v1::DUPLICATE:
      return AlikeSentence(finding, amount);
    case v1::OUT_OF_PERIOD:
      if (finding.kind() == v1::Finding::BEFORE_PERIOD)
        return Say("{} went into project {} from {} to {}, before its first day", amount, finding.project(),
                   first, last);
      return Say("{} went into project {} from {} to {}, after its last day", amount, finding.project(),
                 first, last);
    case v1::NOT_ANNOUNCED:
      if (finding.kind() == v1::Finding::NO_PLAN_NOTICE)
        return Say("project {} got {}, and no notice of its plan was complete before the first payment",
                   finding.project(), amount);
      return Say("project {} got {} and is over, and no notice tells its result", finding.project(), amount);
    case v1::SILENT:
      if (finding.kind() == v1::Finding::DISPUTED_ARRIVAL)
        return Say("{} paid {} {} on {}, and the newest word is that it did not arrive, or not well", payer,
                   payee, amount, first);
      return Say("{} paid {} {} from {} to {}, and nobody said that it arrived: {} payments", payer, payee,
                 amount, first, last, Number(finding.count()));
    case v1::OUT_EXCEEDS_IN:
      return Say("{} paid out {}; {} of its money has no recorded source", payer, compared, amount);
    case v1::UNANSWERED:
      if (finding.kind() == v1::Finding::NO_MONEY_BACK)
        return Say("concern {}, raised on {}, found fake help, and no money came back by {}", finding.item(),
                   first, last);
      return Say("concern {}, raised on {}, was to be answered by {}, and nobody did", finding.item(), first,
                 last);
    case v1::MAGNITUDE:
      if (finding.kind() == v1::Finding::LIKE_REFERENCE)
        return Say("{} paid {} {} on {}, and these are the digits of its reference {}", payer, payee, amount,
                   first, finding.reference());
      return Say("{} paid {} {} on {}; the median of its {} payments of this kind is {}", payer, payee,
                 amount, first, Number(finding.count()), compared);
    default:
      return Say("{}, which this program does not know, touches {}", v1::FindingRule_Name(finding.rule()),
                 amount);
  }
}

Shown EvidenceText(const v1::Finding& finding) {
  std::vector<std::string> refs;
  for (const v1::TransferRef& ref : finding.evidence()) {
    if (static_cast<int>(refs.size()) == kMaxShownRefs) break;
    refs.push_back(model::RefText(ref));
  }
  if (refs.empty()) return {};
  const std::string shown = absl::StrJoin(refs, " ");
  if (finding.evidence_count() > refs.size())
    return Say("transfers {} and {} more", shown, Number(finding.evidence_count() - refs.size()));
  return Say("transfers {}", shown);
}

Shown GradeText(const v1::Finding& finding, const Style& style) {
  return finding.grade() == v1::Finding::SERIOUS ? Toned(style, Tone::kBad, "serious")
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
  Shown heading = Say("{}: {} serious, {} to look at", v1::FindingRule_Name(line.rule()),
                      Number(line.serious()), Number(line.look()));
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
  if (all > shown)
    text += Say("  {} of {} not shown: --top 0 shows all.\n", Number(all - shown), Number(all));
  if (line.incomplete()) text += "  The rule stopped at a bound of its work: there may be more.\n";
  text += Toned(style, Tone::kDim, Say("  Compared: {}.", FormulaText(line))) + "\n";
  return text + Toned(style, Tone::kDim, Say("  It may be innocent: {}.", InnocentText(line))) + "\n";
}

}  // namespace

Shown Text(const v1::FindingsAnswer& answer, std::uint64_t top, const Style& style) {
  Shown heading = Say("Findings on {}", answer.on());
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  text +=
      "A finding accuses nobody. It says what the record has, and where to look: fundtrail show "
      "RECORD.LINE\n";
  std::vector<std::string> nothing;
  for (const v1::FindingRuleLine& line : answer.rules()) {
    if (line.serious() + line.look() > 0 || line.incomplete()) {
      text += "\n" + RuleText(answer, line, top, style);
    } else {
      nothing.push_back(v1::FindingRule_Name(line.rule()));
    }
  }
  if (!nothing.empty()) text += "\n" + Say("Nothing found by {}.\n", absl::StrJoin(nothing, ", "));
  return text + AsOf(answer.as_of(), style);
}

std::string FindingsCsvHeader() {
  return sheets::CsvLine(
      {"rule", "kind", "grade", "parties", "party_names", "fund", "project", "asset", "amount", "compared",
       "count", "first", "last", "evidence", "evidence_count", "item", "reference"},
      sheets::Cells::kRaw);
}

std::string FindingsCsvLines(const v1::FindingsAnswer& answer, sheets::Cells cells) {
  std::string text;
  for (const v1::Finding& finding : answer.findings()) {
    std::vector<std::string> refs;
    for (const v1::TransferRef& ref : finding.evidence()) refs.push_back(model::RefText(ref));
    const std::string kind = finding.kind() == v1::Finding::KIND_UNSPECIFIED
                                 ? ""
                                 : absl::AsciiStrToLower(v1::Finding::Kind_Name(finding.kind()));
    text += sheets::CsvLine(
        {v1::FindingRule_Name(finding.rule()), kind,
         absl::AsciiStrToLower(v1::Finding::Grade_Name(finding.grade())),
         absl::StrJoin(finding.parties(), "; "), absl::StrJoin(finding.party_names(), "; "), finding.fund(),
         finding.project(), finding.asset(), PlainMoney(finding.amount(), finding.decimals()),
         PlainMoney(finding.compared(), finding.decimals()), std::to_string(finding.count()), finding.first(),
         finding.last(), absl::StrJoin(refs, " "), std::to_string(finding.evidence_count()), finding.item(),
         finding.reference()},
        cells);
  }
  return text;
}

Shown FindingRulesText(const Style& style) {
  Shown text;
  for (const model::FindingRuleText& rule : model::FindingRules()) {
    text += Toned(style, Tone::kBold, Safe(v1::FindingRule_Name(rule.rule))) + "\n";
    text += Say("  Compared: {}.", Shown(rule.formula)) + "\n";
    for (const model::FindingParameterRule& parameter : rule.parameters)
      text += Say("  {}={}: {}, from {} to {}", parameter.name, parameter.usual, Shown(parameter.says),
                  parameter.least, parameter.most) +
              "\n";
    text += Say("  It may be innocent: {}.", Shown(rule.innocent)) + "\n";
  }
  return text;
}

}  // namespace fundtrail::render
