// See who_answers.h.
#include "ledger/query/who_answers.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/query/duty_scope.h"
#include "ledger/query/register_line.h"

namespace fundtrail::query {

namespace {

struct Found {
  DutyScope scope;
  v1::DutyLine line;
  const v1::AssignDuty& duty() const { return line.duty().action().assign_duty(); }
};

bool ComesBefore(const Found& one, const Found& other) {
  const auto place = [](const Found& it) {
    return std::tuple(-it.scope.place_depth, -it.scope.category_depth, static_cast<int>(it.duty().role()));
  };
  const auto first = place(one), second = place(other);
  return first == second ? one.duty().id() < other.duty().id() : first < second;
}

void SetAcceptance(const std::optional<v1::AttestationRow>& reply, v1::DutyLine* line) {
  line->set_acceptance(v1::DutyLine::NAMED);
  if (!reply.has_value()) return;
  const bool accepted = reply->action().accept_duty().reply() == v1::AcceptDuty::ACCEPTED;
  line->set_acceptance(accepted ? v1::DutyLine::ACCEPTED : v1::DutyLine::DECLINED);
  line->set_accepted_in(reply->record());
}

v1::WhoAnswersAnswer::Verdict VerdictOf(const std::vector<Found>& all) {
  std::set<std::string> leads;
  for (const Found& each : all) {
    if (each.duty().role() == v1::AssignDuty::LEAD && each.line.acceptance() == v1::DutyLine::ACCEPTED)
      leads.insert(each.duty().party());
  }
  if (leads.empty()) return v1::WhoAnswersAnswer::NOBODY;
  return leads.size() == 1 ? v1::WhoAnswersAnswer::ONE : v1::WhoAnswersAnswer::SEVERAL;
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
  std::vector<Found> all;
  std::uint64_t narrower = 0;
  const auto take = [&](const DutyInForce& duty) -> Status {
    if (duty.scope.reach != Reach::kHolds) {
      ++narrower;
      return absl::OkStatus();
    }
    Found found;
    found.scope = duty.scope;
    FT_ASSIGN_OR_RETURN(*found.line.mutable_duty(), DescribeItem(view, *duty.row));
    found.line.set_party_name(duty.party->name());
    found.line.set_place(duty.scope.place);
    found.line.set_category(duty.scope.category);
    FT_ASSIGN_OR_RETURN(const auto reply, duties.ReplyTo(*duty.row));
    SetAcceptance(reply, &found.line);
    FT_RETURN_IF_ERROR(view.Grow(found.line.ByteSizeLong()));
    all.push_back(std::move(found));
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(duties.EachInForce(take));
  std::sort(all.begin(), all.end(), ComesBefore);
  answer.set_verdict(VerdictOf(all));
  answer.set_narrower(narrower);
  for (Found& each : all) *answer.add_lines() = std::move(each.line);
  return answer;
}

}  // namespace fundtrail::query
