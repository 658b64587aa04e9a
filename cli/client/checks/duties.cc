// Of duties, and of teams that are idle: what is checked (checks.h).
#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/date.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {

namespace {

constexpr int kMaxDuties = 1'000;  // that WhoAnswers shows

}  // namespace

Status CheckAnswer(const v1::WhoAnswersAnswer& answer, const v1::WhoAnswersRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  if (request.place() != answer.place() || request.category() != answer.category())
    return Bad("it is of another place or category than was asked for");
  if (answer.lines_size() > kMaxDuties || (answer.more() > 0 && answer.lines_size() < kMaxDuties))
    return Bad("it shows another number of duties than there are, or than it may show");
  std::set<std::string> duties, leads;
  bool all_accepted = true;  // up to this line
  for (const v1::DutyLine& line : answer.lines()) {
    if (!line.duty().action().has_assign_duty()) return Bad("a line is not a duty");
    const v1::AssignDuty& duty = line.duty().action().assign_duty();
    if (!duties.insert(duty.id()).second)
      return Bad(absl::StrCat("duty ", Escaped(duty.id()), " is listed twice"));
    // Days sort as their texts do.
    const bool in_period =
        duty.from() <= answer.on() && (duty.until().empty() || answer.on() <= duty.until());
    if (line.duty().has_ended() || !in_period)
      return Bad(absl::StrCat("duty ", Escaped(duty.id()), " is not in force on that day"));
    const bool replied = line.acceptance() == v1::DutyLine::ACCEPTANCE_ACCEPTED ||
                         line.acceptance() == v1::DutyLine::ACCEPTANCE_DECLINED;
    if (replied != line.has_accepted_in())
      return Bad(absl::StrCat("of duty ", Escaped(duty.id()), ", no record says what the party answered"));
    const bool accepted = line.acceptance() == v1::DutyLine::ACCEPTANCE_ACCEPTED;
    if (accepted && !all_accepted)
      return Bad(
          absl::StrCat("duty ", Escaped(duty.id()), " was accepted, and comes after one that was not"));
    all_accepted = accepted;
    if (duty.role() == v1::AssignDuty::ROLE_LEAD && accepted) leads.insert(duty.party());
  }
  const auto verdict = leads.empty()       ? v1::WhoAnswersAnswer::VERDICT_NOBODY
                       : leads.size() == 1 ? v1::WhoAnswersAnswer::VERDICT_ONE
                                           : v1::WhoAnswersAnswer::VERDICT_SEVERAL;
  // When every line that is shown was accepted, those that are left out may have more leads.
  const bool may_be_more = answer.more() > 0 && all_accepted;
  if (answer.verdict() != verdict && !(may_be_more && answer.verdict() > verdict))
    return Bad("the verdict does not follow from the duties that were accepted");
  return absl::OkStatus();
}

Status CheckAnswer(const v1::IdleTeamsAnswer& answer, const v1::IdleTeamsRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  if (answer.days() == 0 || (request.days() > 0 && request.days() != answer.days()))
    return Bad("it is for another number of days than was asked for");
  for (const v1::IdleTeam& team : answer.teams()) {
    const v1::RegisterLine& line = team.deployment();
    if (!line.action().has_deploy() || line.has_ended())
      return Bad("a line is not a deployment that goes on");
    const v1::Deploy& said = line.action().deploy();
    const std::string of = absl::StrCat("of deployment ", Escaped(said.id()), ", ");
    if (said.project().empty() || said.status() != v1::Deploy::STATUS_ACTIVE)
      return Bad(of + "it is not active on a project");
    const auto on = ParseDate(answer.on());
    const auto heard = ParseDate(std::max(team.since(), team.reported()));
    if (!on.ok() || !heard.ok() || on->days() - heard->days() != static_cast<std::int64_t>(team.quiet_days()))
      return Bad(of + "it is not quiet for so many days");
    if (team.quiet_days() <= answer.days()) return Bad(of + "it is not quiet for long");
  }
  if (Wide(answer.teams_size()) + answer.without_project() > Wide(answer.in_force()))
    return Bad("more teams are idle than are there");
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
