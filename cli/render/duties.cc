// See duties.h.
#include "cli/render/duties.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::render {
namespace {

// What the duty is for: "place dafang, category EDU"; "project lunches: place dafang, category EDU".
Shown ScopeWords(const v1::DutyLine& line) {
  const v1::AssignDuty& duty = line.duty().action().assign_duty();
  Shown words;
  if (!duty.programme().empty()) words += Say("programme {}: ", duty.programme());
  if (!duty.project().empty()) words += Say("project {}: ", duty.project());
  words += line.place().empty() ? Shown("every place") : Say("place {}", line.place());
  words += line.category().empty() ? Shown(", all help") : Say(", category {}", line.category());
  return words;
}

// Those who accepted the lead.
struct Leads {
  Shown names;            // each once
  bool by_itself = true;  // each of these duties was assigned by the party that has it
  bool all = true;        // the lines have every one of them
};

Leads LeadsOf(const v1::WhoAnswersAnswer& answer) {
  Leads leads;
  std::set<std::string> seen;
  for (const v1::DutyLine& line : answer.lines()) {
    const v1::AssignDuty& duty = line.duty().action().assign_duty();
    if (duty.role() != v1::AssignDuty::ROLE_LEAD || line.acceptance() != v1::DutyLine::ACCEPTANCE_ACCEPTED)
      continue;
    leads.by_itself = leads.by_itself && duty.owner() == duty.party();
    if (!seen.insert(duty.party()).second) continue;
    leads.names += (leads.names.empty() ? Shown() : Shown(", ")) + Named(duty.party(), line.party_name());
  }
  // What was accepted comes first: when the last line was not, none of it is left out.
  leads.all = answer.more() == 0 || answer.lines().empty() ||
              answer.lines(answer.lines_size() - 1).acceptance() != v1::DutyLine::ACCEPTANCE_ACCEPTED;
  return leads;
}

Shown VerdictText(const v1::WhoAnswersAnswer& answer, const Style& style) {
  const Leads leads = LeadsOf(answer);
  const bool by_itself = leads.all && leads.by_itself && !leads.names.empty();
  const Shown names = leads.names.empty() ? Shown("a party that is not shown") : leads.names;
  switch (answer.verdict()) {
    case v1::WhoAnswersAnswer::VERDICT_NOBODY:
      return Toned(style, Tone::kBad, "Nobody answers: no party has accepted the lead.");
    case v1::WhoAnswersAnswer::VERDICT_ONE:
      return Toned(style, Tone::kGood,
                   Say("One answers: {} has accepted the lead{}.", names,
                       by_itself ? ", which it assigned to itself" : ""));
    case v1::WhoAnswersAnswer::VERDICT_SEVERAL:
      return Toned(style, Tone::kBad,
                   Say("Several have accepted the lead, and each may point to another: {}{}.{}", names,
                       leads.all ? "" : ", and maybe others that are not shown",
                       by_itself ? " Each of them assigned it to itself." : ""));
    default:
      return "?";
  }
}

}  // namespace

Shown Text(const v1::WhoAnswersAnswer& answer, const Style& style) {
  const Shown place =
      answer.place().empty() ? Shown("every place") : Named(answer.place(), answer.place_name());
  const Shown category =
      answer.category().empty() ? Shown("all help") : Named(answer.category(), answer.category_name());
  Shown heading = Say("Who answers for {}, {}, on {}", place, category, answer.on());
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  Table table({{"party"},
               {"role"},
               {"acceptance"},
               {"duty", false, true},
               {"assigned by", false, true},
               {"record", true},
               {"for"}});
  for (const v1::DutyLine& line : answer.lines()) {
    const v1::AssignDuty& duty = line.duty().action().assign_duty();
    table.Add({Named(duty.party(), line.party_name()), OwnWord(RoleWord(duty.role())),
               AcceptanceWords(line.acceptance()), duty.id(), duty.owner(),
               std::to_string(line.duty().record()), ScopeWords(line)});
  }
  text += table.empty() ? Shown("No duty in force is for it.\n") : table.Text(style);
  if (answer.more() > 0) {
    text += Say("{} more {} for all of it, and not shown: accepted ones come first, then the narrowest.\n",
                answer.more(), answer.more() == 1 ? "duty is" : "duties are");
  }
  text += VerdictText(answer, style) + "\n";
  if (answer.narrower() > 0) {
    text += Say("{} more {} for a part of it: ask for a place below, or a category.\n", answer.narrower(),
                answer.narrower() == 1 ? "duty is" : "duties are");
  }
  return text + AsOf(answer.as_of(), style);
}

std::string WhoAnswersCsv(const v1::WhoAnswersAnswer& answer, sheets::Cells cells) {
  std::string text = CsvTitles({"duty", "party", "party_name", "role", "acceptance", "accepted_in", "place",
                                "category", "programme", "project", "from", "until", "record", "owner"});
  for (const v1::DutyLine& line : answer.lines()) {
    const v1::AssignDuty& duty = line.duty().action().assign_duty();
    text += CsvRow({duty.id(), duty.party(), line.party_name(), RoleWord(duty.role()),
                    absl::AsciiStrToLower(model::WordOf(line.acceptance())),
                    line.has_accepted_in() ? std::to_string(line.accepted_in()) : "", line.place(),
                    line.category(), duty.programme(), duty.project(), duty.from(), duty.until(),
                    std::to_string(line.duty().record()), duty.owner()},
                   answer.as_of(), cells);
  }
  return text;
}

Shown Text(const v1::IdleTeamsAnswer& answer, const Style& style) {
  Shown heading = Say("Teams without a report for more than {} days, on {}", answer.days(), answer.on());
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  Table table({{"deployment", false, true},
               {"party"},
               {"project"},
               {"place"},
               {"category"},
               {"since"},
               {"reported"},
               {"quiet days", true}});
  for (const v1::IdleTeam& team : answer.teams()) {
    const v1::Deploy& said = team.deployment().action().deploy();
    table.Add({said.id(), Named(said.party(), team.party_name()), said.project(), said.place(),
               said.category(), team.since(),
               team.reported().empty() ? std::string("never") : team.reported(),
               std::to_string(team.quiet_days())});
  }
  text += table.empty() ? Shown("None.\n") : table.Text(style);
  text += Say("{} {} in force there", answer.in_force(),
              answer.in_force() == 1 ? "deployment is" : "deployments are");
  if (answer.without_project() > 0) {
    text += Say("; of them, {} {} no project, so that nobody can report on one", answer.without_project(),
                answer.without_project() == 1 ? "names" : "name");
  }
  return text + ".\n" + AsOf(answer.as_of(), style);
}

std::string IdleTeamsCsv(const v1::IdleTeamsAnswer& answer, sheets::Cells cells) {
  std::string text = CsvTitles({"deployment", "party", "party_name", "project", "place", "category", "since",
                                "reported", "quiet_days", "record"});
  for (const v1::IdleTeam& team : answer.teams()) {
    const v1::Deploy& said = team.deployment().action().deploy();
    text += CsvRow({said.id(), said.party(), team.party_name(), said.project(), said.place(), said.category(),
                    team.since(), team.reported(), std::to_string(team.quiet_days()),
                    std::to_string(team.deployment().record())},
                   answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
