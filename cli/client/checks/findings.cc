// Of findings: what is checked (checks.h).
#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/finding_rules.h"
#include "ledger/model/references.h"

namespace fundtrail::cli {
namespace {

constexpr int kMaxShownEvidence = 64;  // a finding lists no more transfers

bool IsRuleAsked(v1::FindingRule rule, const v1::FindingsRequest& request) {
  return request.rules().empty() ||
         std::find(request.rules().begin(), request.rules().end(), rule) != request.rules().end();
}

// A part of a whole: of the rules that compare the amount with one.
bool IsPartOfCompared(const v1::Finding& finding) {
  return finding.rule() == v1::FINDING_RULE_IDLE || finding.rule() == v1::FINDING_RULE_HELD_UPSTREAM ||
         finding.rule() == v1::FINDING_RULE_DUPLICATE || finding.rule() == v1::FINDING_RULE_PAID_TWICE ||
         finding.kind() == v1::Finding::KIND_OTHER_GROUPS;
}

Status CheckFinding(const v1::Finding& finding, const v1::FindingsRequest& request) {
  const std::string of = absl::StrCat("of a finding by ", model::WordOf(finding.rule()), ", ");
  if (!IsRuleAsked(finding.rule(), request)) return Bad(of + "the rule was not asked for");
  if (finding.grade() != v1::Finding::GRADE_LOOK && finding.grade() != v1::Finding::GRADE_SERIOUS)
    return Bad(of + "it has no grade");
  const auto& parties = finding.parties();
  if (finding.party_names_size() != parties.size()) return Bad(of + "a party has no name");
  if (!request.party().empty() && std::find(parties.begin(), parties.end(), request.party()) == parties.end())
    return Bad(of + "it names other parties than was asked for");
  if (!request.fund().empty() && finding.fund() != request.fund())
    return Bad(of + "it is about another fund than was asked for");
  if (finding.amount() < 0 || finding.compared() < 0) return Bad(of + "an amount is below zero");
  if (IsPartOfCompared(finding) && finding.amount() > finding.compared())
    return Bad(of + "a part is more than its whole");
  if (finding.first() > finding.last()) return Bad(of + "its first day is after its last");
  if (static_cast<std::uint64_t>(finding.evidence_size()) !=
      std::min<std::uint64_t>(finding.evidence_count(), kMaxShownEvidence))
    return Bad(of + "it lists more or fewer transfers than it counts");
  for (int i = 1; i < finding.evidence_size(); ++i)
    if (model::RefOf(finding.evidence(i)) <= model::RefOf(finding.evidence(i - 1)))
      return Bad(of + "its transfers are out of order");
  if (finding.number() < 0 || finding.expected() < 0) return Bad(of + "a number is below zero");
  if (finding.records_size() > kMaxShownEvidence) return Bad(of + "it lists too many records");
  for (int i = 1; i < finding.records_size(); ++i)
    if (finding.records(i) <= finding.records(i - 1)) return Bad(of + "its records are out of order");
  return absl::OkStatus();
}

Status CheckOrder(const v1::FindingsAnswer& answer) {
  const auto place = [](const v1::Finding& finding) {
    return std::tuple(static_cast<int>(finding.rule()), -static_cast<int>(finding.grade()), finding.asset(),
                      -finding.amount());
  };
  for (int i = 1; i < answer.findings_size(); ++i)
    if (place(answer.findings(i)) < place(answer.findings(i - 1))) return Bad("findings are out of order");
  return absl::OkStatus();
}

// The parameters of a rule that this client knows are the usual ones, but for those that were set.
Status CheckParameters(const v1::FindingRuleLine& line, const v1::FindingsRequest& request) {
  const model::FindingRuleText* rule = model::FindFindingRule(line.rule());
  if (rule == nullptr) return absl::OkStatus();
  std::map<std::string, std::int64_t> expected, said;
  for (const auto& parameter : rule->parameters) expected[parameter.name] = parameter.usual;
  for (const std::string& text : request.set()) {
    const auto setting = model::ParseFindingSetting(text);
    if (setting.ok() && setting->rule == rule)
      expected[rule->parameters[static_cast<std::size_t>(setting->parameter)].name] = setting->value;
  }
  for (const v1::FindingParameter& parameter : line.parameters()) said[parameter.name()] = parameter.value();
  if (expected == said) return absl::OkStatus();
  return Bad(
      absl::StrCat("of rule ", model::WordOf(line.rule()), ", it used other parameters than were asked for"));
}

// By which finding counts.
using CountsByRule = std::map<int, std::pair<std::uint64_t, std::uint64_t>>;  // LOOK and SERIOUS

}  // namespace

Status CheckAnswer(const v1::FindingsAnswer& answer, const v1::FindingsRequest& request, bool whole) {
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.findings_size()));
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  if (request.limit() > 0 && static_cast<std::uint64_t>(answer.findings_size()) > request.limit())
    return Bad("it has more findings than were asked for");
  CountsByRule counts, said;
  for (const v1::Finding& finding : answer.findings()) {
    FT_RETURN_IF_ERROR(CheckFinding(finding, request));
    auto& [look, serious] = counts[finding.rule()];
    ++(finding.grade() == v1::Finding::GRADE_SERIOUS ? serious : look);
  }
  FT_RETURN_IF_ERROR(CheckOrder(answer));
  std::set<int> rules;
  for (const v1::FindingRuleLine& line : answer.rules()) {
    if (!IsRuleAsked(line.rule(), request) || !rules.insert(line.rule()).second)
      return Bad("it has a rule that was not asked for");
    FT_RETURN_IF_ERROR(CheckParameters(line, request));
    if (line.look() > 0 || line.serious() > 0) said[line.rule()] = {line.look(), line.serious()};
  }
  if (!whole || !request.after().empty()) return absl::OkStatus();
  for (const int rule : request.rules())
    if (rules.count(rule) == 0) return Bad("a rule that was asked for is missing");
  // Those that a limit leaves out are counted too.
  if (answer.next().empty() && counts != said) return Bad("it counts other findings than it has");
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
