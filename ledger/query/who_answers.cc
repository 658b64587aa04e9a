// See who_answers.h.
#include "ledger/query/who_answers.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "ledger/query/duty_scope.h"
#include "ledger/query/register_line.h"

namespace fundtrail::query {

namespace {

constexpr std::size_t kMaxLines = 1'000;

// Where a line stands: those that were accepted first, then by the narrowest place, the narrowest category, role and id.
// Anybody may name anybody in a duty, but nobody accepts for another: so no flood of names hides who accepted.
using Rank = std::tuple<bool, int, int, int, std::string>;

Rank RankOf(const DutyInForce& duty, v1::DutyLine::Acceptance acceptance) {
  const v1::AssignDuty& said = duty.row->action().assign_duty();
  return {acceptance != v1::DutyLine::ACCEPTANCE_ACCEPTED, -duty.scope.place_depth,
          -duty.scope.category_depth, static_cast<int>(said.role()), said.id()};
}

void SetAcceptance(const std::optional<v1::AttestationRow>& reply, v1::DutyLine* line) {
  line->set_acceptance(v1::DutyLine::ACCEPTANCE_NAMED);
  if (!reply.has_value()) return;
  const bool accepted = reply->action().accept_duty().reply() == v1::AcceptDuty::REPLY_ACCEPTED;
  line->set_acceptance(accepted ? v1::DutyLine::ACCEPTANCE_ACCEPTED : v1::DutyLine::ACCEPTANCE_DECLINED);
  line->set_accepted_in(reply->record());
}

v1::WhoAnswersAnswer::Verdict VerdictOf(const std::set<std::string>& leads) {
  if (leads.empty()) return v1::WhoAnswersAnswer::VERDICT_NOBODY;
  return leads.size() == 1 ? v1::WhoAnswersAnswer::VERDICT_ONE : v1::WhoAnswersAnswer::VERDICT_SEVERAL;
}

}  // namespace

StatusOr<v1::WhoAnswersAnswer> WhoAnswers(const View& view, const v1::WhoAnswersRequest& request) {
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  v1::WhoAnswersAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  FT_ASSIGN_OR_RETURN(*answer.mutable_on(), DayAsked(view, request.on(), as_of));
  DutyReader duties(view, answer.on(), as_of);
  FT_RETURN_IF_ERROR(duties.Ask(request.place(), request.category()));
  answer.set_place(request.place());
  answer.set_place_name(duties.place_name());
  answer.set_category(request.category());
  answer.set_category_name(duties.category_name());
  // No more than are shown.
  std::map<Rank, v1::DutyLine> lines;
  std::set<std::string> leads;
  std::uint64_t narrower = 0, more = 0;
  const auto take = [&](const DutyInForce& duty) -> Status {
    if (duty.scope.reach != Reach::kHolds) {
      ++narrower;
      return absl::OkStatus();
    }
    v1::DutyLine line;
    FT_ASSIGN_OR_RETURN(const auto reply, duties.ReplyTo(*duty.row));
    SetAcceptance(reply, &line);
    const v1::AssignDuty& said = duty.row->action().assign_duty();
    if (said.role() == v1::AssignDuty::ROLE_LEAD && line.acceptance() == v1::DutyLine::ACCEPTANCE_ACCEPTED)
      leads.insert(said.party());
    Rank rank = RankOf(duty, line.acceptance());
    if (lines.size() == kMaxLines) {
      ++more;
      if (std::prev(lines.end())->first < rank) return absl::OkStatus();
      lines.erase(std::prev(lines.end()));
    }
    FT_ASSIGN_OR_RETURN(*line.mutable_duty(), DescribeItem(view, *duty.row));
    line.mutable_duty()->mutable_action()->mutable_assign_duty()->clear_note();
    line.set_party_name(duty.party->name());
    line.set_place(duty.scope.place);
    line.set_category(duty.scope.category);
    lines.emplace(std::move(rank), std::move(line));
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(duties.EachInForce(take));
  answer.set_verdict(VerdictOf(leads));
  answer.set_narrower(narrower);
  answer.set_more(more);
  for (auto& [rank, line] : lines) {
    FT_RETURN_IF_ERROR(view.Grow(line.ByteSizeLong()));
    *answer.add_lines() = std::move(line);
  }
  return answer;
}

}  // namespace fundtrail::query
