// See policies.h.
#include "cli/render/policies.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/people.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::render {
namespace {

// "in-kind", as people give it.
std::string Word(const std::string& name) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", "-"}});
}
std::string InstrumentWord(v1::OpenPolicy::Instrument instrument) {
  return v1::OpenPolicy::Instrument_IsValid(instrument) ? Word(model::WordOf(instrument)) : "?";
}
template <typename Answer>
Shown When(const Answer& answer) {
  Shown words = Say(" on {}", answer.on());
  if (answer.has_as_of_record()) words += Say(", as of record {}", answer.as_of_record());
  return words;
}
template <typename Request>
Shown Where(const Request& request) {
  Shown words;
  if (!request.place().empty()) words += Say(", in {}", request.place());
  if (!request.category().empty()) words += Say(", for {}", request.category());
  return words;
}
template <typename Answer, typename Request>
Shown End(const Noun& of, const Answer& answer, int lines, const Request& request, const Style& style) {
  return CountThen(of, lines, answer, !request.after().empty()) + AsOf(answer.as_of(), style);
}

Shown PeriodText(const v1::OpenPolicy& policy) {
  // What is open here has no last day; what is open elsewhere is not settled.
  Shown open = Shown::Made("open", std::string(ChineseOf("without a last day")));
  if (policy.from().empty() && policy.until().empty()) return open;
  return Say("{} to {}", policy.from(), policy.until().empty() ? open : Safe(policy.until()));
}

std::string ConflictWord(v1::PolicyConflict::Kind kind) {
  return v1::PolicyConflict::Kind_IsValid(kind) ? Word(model::WordOf(kind)) : "?";
}

// "the one forbids cash transfer, and the other permits it".
Shown ConflictText(const v1::PolicyConflict& conflict, const v1::PolicyPair& pair) {
  const std::string &one = pair.one().id(), &other = pair.other().id();
  switch (conflict.kind()) {
    case v1::PolicyConflict::KIND_MODALITY:
      return Say("{} says {} \"{}\", and {} says {}", one, OwnWord(Word(conflict.one())), conflict.what(),
                 other, OwnWord(Word(conflict.other())));
    case v1::PolicyConflict::KIND_GOAL:
      return Say("\"{}\" is to go {} by {}, and {} by {}", conflict.what(), OwnWord(Word(conflict.one())),
                 one, OwnWord(Word(conflict.other())), other);
    case v1::PolicyConflict::KIND_DUTY:
      return Say("two leads for one cell: {} accepted duty {}, and {} accepted duty {}", pair.one().lead(),
                 conflict.one(), pair.other().lead(), conflict.other());
    case v1::PolicyConflict::KIND_DEFINITION:
      return Say("\"{}\" has two bounds: that of group {} in {}, and of {} in {}", conflict.what(),
                 conflict.one(), one, conflict.other(), other);
    case v1::PolicyConflict::KIND_EXCLUSIVE: {
      const Shown paid = conflict.what().empty() ? Shown("; no recipient has money in projects of both")
                                                 : Say("; {} has money in projects of both", conflict.what());
      if (conflict.one().empty()) return Say("{} excludes {}, and they overlap", other, one) + paid;
      if (conflict.other().empty()) return Say("{} excludes {}, and they overlap", one, other) + paid;
      return Say("{} and {} exclude each other, and they overlap", one, other) + paid;
    }
    default:
      return "?";
  }
}

Shown ListText(const google::protobuf::RepeatedPtrField<std::string>& ids, std::uint32_t more,
               const char* all) {
  if (ids.empty()) return all;
  Shown text = Say("{}", absl::StrJoin(ids, ", "));
  if (more > 0) text += Say(" and {} more", more);
  return text;
}

Shown RelationText(const v1::PolicyPair& pair) {
  if (pair.common().target_groups() == 0) return "no group in common";
  if (pair.to_integrate()) return "to integrate";
  return pair.duplication() ? "duplication" : "overlap";
}

Shown StakeText(const v1::PolicyPair& pair) {
  if (pair.beyond()) return "more than can be counted";
  Shown text;
  for (const v1::PolicyStake& stake : pair.at_stake())
    text += (text.empty() ? Shown() : Shown(", ")) +
            Say("{} {}", Money(stake.amount(), stake.decimals()), stake.asset());
  return text;
}

// Of all needs, how many have a policy.
Shown WithPolicyText(const v1::PolicyGapsAnswer& answer) {
  const char* const needs = answer.needs() == 1 ? "need" : "needs";
  if (answer.with_policy() == 1)
    return Say("Of {} {} that count there, 1 has a policy in force.\n", answer.needs(), needs);
  return Say("Of {} {} that count there, {} have a policy in force.\n", answer.needs(), needs,
             answer.with_policy());
}

}  // namespace

Shown Text(const v1::PoliciesAnswer& answer, const v1::PoliciesRequest& request, const Style& style) {
  Shown text = Toned(style, Tone::kBold, Shown("Policies in force") + When(answer) + Where(request)) + "\n";
  Table table(
      {{"policy", false, true}, {"instrument"}, {"period"}, {"role"}, {"who"}, {"acceptance"}, {"title"}});
  int waiting = 0;
  for (const v1::PolicyLine& line : answer.lines()) {
    const v1::OpenPolicy& said = line.policy().action().open_policy();
    for (const v1::PolicyParty& party : line.responsible()) {
      if (party.acceptance() != v1::DutyLine::ACCEPTANCE_ACCEPTED) ++waiting;
      table.Add({said.id(), OwnWord(InstrumentWord(said.instrument())), PeriodText(said),
                 OwnWord(RoleWord(party.role())), Named(party.party(), party.party_name()),
                 AcceptanceWords(party.acceptance()), said.name()});
    }
  }
  text += table.empty() ? Shown("None.\n") : table.Text(style);
  if (waiting > 0)
    text +=
        Say("By name alone, or declined, with no accepted duty to show it: {} of these roles.\n", waiting);
  return text + End({"policy", "policies"}, answer, answer.lines_size(), request, style);
}

std::string PoliciesCsvHeader() {
  return CsvTitles({"policy", "name", "owner", "instrument", "from", "until", "role", "party", "party_name",
                    "acceptance", "duty", "accepted_in", "record"});
}

std::string PoliciesCsvLines(const v1::PoliciesAnswer& answer, sheets::Cells cells) {
  std::string text;
  for (const v1::PolicyLine& line : answer.lines()) {
    const v1::OpenPolicy& said = line.policy().action().open_policy();
    for (const v1::PolicyParty& party : line.responsible()) {
      text += CsvRow({said.id(), said.name(), said.owner(), InstrumentWord(said.instrument()), said.from(),
                      said.until(), RoleWord(party.role()), party.party(), party.party_name(),
                      absl::AsciiStrToLower(model::WordOf(party.acceptance())), party.duty(),
                      party.has_accepted_in() ? std::to_string(party.accepted_in()) : "",
                      std::to_string(line.policy().record())},
                     answer.as_of(), cells);
    }
  }
  return text;
}

Shown Text(const v1::PolicyPairsAnswer& answer, const v1::PolicyPairsRequest& request, const Style& style) {
  const bool conflicts_only = request.kind() == v1::PolicyPairsRequest::KIND_CONFLICT;
  Shown heading = conflicts_only ? Shown("Policies that conflict") : Shown("Policies that overlap");
  if (!request.policy().empty()) heading += Say(" with {}", request.policy());
  Shown text = Toned(style, Tone::kBold, heading + When(answer) + Where(request)) + "\n";
  Table table({{"policy", false, true},
               {"and", false, true},
               {"degree", true},
               {"relation"},
               {"conflicts", true},
               {"at stake"},
               {"leads"},
               {"where and for what"}});
  for (const v1::PolicyPair& pair : answer.pairs()) {
    table.Add({pair.one().id(), pair.other().id(), Money(pair.degree(), 2) + "%", RelationText(pair),
               std::to_string(pair.conflicts_size() + static_cast<std::int64_t>(pair.more_conflicts())),
               StakeText(pair),
               Named(pair.one().lead(), pair.one().lead_name()) + "; " +
                   Named(pair.other().lead(), pair.other().lead_name()),
               ListText(pair.places(), pair.more_places(), "everywhere") + "; " +
                   ListText(pair.categories(), pair.more_categories(), "all help")});
  }
  text += table.empty() ? Shown("None.\n") : table.Text(style);
  for (const v1::PolicyPair& pair : answer.pairs()) {
    for (const v1::PolicyConflict& conflict : pair.conflicts())
      text +=
          Say("{} and {}, {}: ", pair.one().id(), pair.other().id(), OwnWord(ConflictWord(conflict.kind()))) +
          ConflictText(conflict, pair) + ".\n";
    if (pair.more_conflicts() > 0)
      text += Say("{} and {}: {} more.\n", pair.one().id(), pair.other().id(), pair.more_conflicts());
  }
  if (answer.has_counts()) {
    const v1::PolicyPairCounts& counts = answer.counts();
    text += Say(
        "Policies: {}. Pairs that overlap: {}. Of them duplications: {}; to integrate: {}. Conflicts: {}.\n",
        counts.policies(), counts.overlaps(), counts.duplications(), counts.to_integrate(),
        counts.conflicts());
  }
  return text + End({"pair", "pairs"}, answer, answer.pairs_size(), request, style);
}

std::string PolicyPairsCsvHeader() {
  return CsvTitles({"one", "one_name", "one_lead", "other", "other_name", "other_lead", "degree",
                    "duplication", "to_integrate", "conflicts", "places", "categories", "asset", "at_stake",
                    "beyond", "one_record", "other_record"});
}

std::string PolicyPairsCsvLines(const v1::PolicyPairsAnswer& answer, sheets::Cells cells) {
  std::string text;
  for (const v1::PolicyPair& pair : answer.pairs()) {
    std::vector<std::string> conflicts;
    for (const v1::PolicyConflict& conflict : pair.conflicts())
      conflicts.push_back(ConflictWord(conflict.kind()));
    const auto add = [&](const std::string& asset, const std::string& amount) {
      text += CsvRow({pair.one().id(), pair.one().name(), pair.one().lead(), pair.other().id(),
                      pair.other().name(), pair.other().lead(), PlainMoney(pair.degree(), 4),
                      pair.duplication() ? "yes" : "no", pair.to_integrate() ? "yes" : "no",
                      absl::StrJoin(conflicts, ";"), absl::StrJoin(pair.places(), ";"),
                      absl::StrJoin(pair.categories(), ";"), asset, amount, pair.beyond() ? "yes" : "no",
                      std::to_string(pair.one().record()), std::to_string(pair.other().record())},
                     answer.as_of(), cells);
    };
    if (pair.at_stake().empty()) add("", "");
    for (const v1::PolicyStake& stake : pair.at_stake())
      add(stake.asset(), PlainMoney(stake.amount(), stake.decimals()));
  }
  return text;
}

Shown Text(const v1::PolicyGapsAnswer& answer, const v1::PolicyGapsRequest& request, const Style& style) {
  Shown text =
      Toned(style, Tone::kBold, Shown("Needs without a policy") + When(answer) + Where(request)) + "\n";
  Table table({{"place"}, {"category"}, {"for whom"}, {"severity", true}, {"people", true}, {"needs", true}});
  for (const v1::PolicyGap& gap : answer.gaps()) {
    table.Add({Named(gap.place(), gap.place_name()), Named(gap.category(), gap.category_name()),
               gap.target_group().empty() ? Shown() : Named(gap.target_group(), gap.target_group_name()),
               gap.severity() == 0 ? std::string() : std::to_string(gap.severity()), People(gap.people()),
               std::to_string(gap.needs())});
  }
  text += table.empty() ? Shown("None.\n") : table.Text(style);
  if (request.after().empty()) text += WithPolicyText(answer);
  return text +
         End({"gap without a policy", "gaps without a policy"}, answer, answer.gaps_size(), request, style);
}

std::string PolicyGapsCsvHeader() {
  return CsvTitles({"place", "place_name", "category", "category_name", "target_group", "target_group_name",
                    "severity", "people", "needs"});
}

std::string PolicyGapsCsvLines(const v1::PolicyGapsAnswer& answer, sheets::Cells cells) {
  std::string text;
  for (const v1::PolicyGap& gap : answer.gaps()) {
    text += CsvRow({gap.place(), gap.place_name(), gap.category(), gap.category_name(), gap.target_group(),
                    gap.target_group_name(), gap.severity() == 0 ? "" : std::to_string(gap.severity()),
                    PlainPeople(gap.people()), std::to_string(gap.needs())},
                   answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
