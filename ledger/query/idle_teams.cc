// See idle_teams.h.
#include "ledger/query/idle_teams.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/query/project_rows.h"
#include "ledger/query/register_line.h"

namespace fundtrail::query {

namespace {

constexpr std::uint32_t kUsualDays = 180;

class IdleReader {
 public:
  IdleReader(const View& view, AsOfRecord as_of, v1::IdleTeamsAnswer* answer)
      : view_(view), then_(Then(view, as_of)), as_of_(as_of), answer_(*answer) {}

  Status Read(const std::string& place, const std::string& category) {
    FT_ASSIGN_OR_RETURN(on_, ParseDate(answer_.on()));
    // Without a place, or without a category, its tree is not read.
    if (!place.empty()) {
      FT_ASSIGN_OR_RETURN(places_, ReadTreeBelow(view_, v1::Action::kDeclarePlace, place, as_of_));
      FT_ASSIGN_OR_RETURN(place_, FindIn(places_, "place", place));
    }
    if (!category.empty()) {
      FT_ASSIGN_OR_RETURN(categories_, ReadTreeBelow(view_, v1::Action::kDeclareCategory, category, as_of_));
      FT_ASSIGN_OR_RETURN(category_, FindIn(categories_, "category", category));
    }
    const auto take = [this](const v1::RegisterRow& row) { return Take(row); };
    if (place.empty()) return EachItem(view_, v1::Action::kDeploy, as_of_, take);
    std::vector<std::string> below;
    for (int at = place_; at < places_.size() && places_.IsIn(place_, at); ++at)
      below.push_back(places_.id(at));
    FT_ASSIGN_OR_RETURN(const auto ids, ItemsAt(view_, v1::Action::kDeploy, below));
    return EachItemOf(view_, v1::Action::kDeploy, ids, as_of_, take);
  }

 private:
  static bool IsIn(const ItemTree& tree, int top, const std::string& id) {
    return top == kNoItem || tree.IsIn(top, tree.Find(id));
  }

  Status Take(const v1::RegisterRow& row) {
    const v1::Deploy& said = row.action().deploy();
    const bool in_force = said.status() == v1::Deploy::STATUS_ACTIVE && !row.has_ended() &&
                          IsInPeriod(answer_.on(), said.from(), said.to()) &&
                          IsIn(places_, place_, said.place()) &&
                          IsIn(categories_, category_, said.category());
    if (!in_force) return absl::OkStatus();
    answer_.set_in_force(answer_.in_force() + 1);
    if (said.project().empty()) {
      answer_.set_without_project(answer_.without_project() + 1);
      return absl::OkStatus();
    }
    FT_ASSIGN_OR_RETURN(const Date since, SinceOf(row));
    FT_ASSIGN_OR_RETURN(const auto reported, ReportedOn(said.project()));
    const Date heard = reported.has_value() ? std::max(since, *reported) : since;
    const std::int64_t quiet = std::int64_t{on_.days()} - heard.days();
    if (quiet <= std::int64_t{answer_.days()}) return absl::OkStatus();
    v1::IdleTeam team;
    FT_ASSIGN_OR_RETURN(*team.mutable_deployment(), DescribeItem(view_, row));
    FT_ASSIGN_OR_RETURN(const auto party, NeedParty(then_, said.party()));
    team.set_party_name(party.name());
    team.set_since(fundtrail::ToString(since));
    if (reported.has_value()) team.set_reported(fundtrail::ToString(*reported));
    team.set_quiet_days(static_cast<std::uint32_t>(quiet));
    FT_RETURN_IF_ERROR(view_.Grow(team.ByteSizeLong()));
    *answer_.add_teams() = std::move(team);
    return absl::OkStatus();
  }

  StatusOr<Date> SinceOf(const v1::RegisterRow& row) {
    const std::string& from = row.action().deploy().from();
    if (from.empty()) return DayOf(view_, RecordIndex(row.opened()));
    const auto day = ParseDate(from);
    if (day.ok()) return *day;
    return model::Damaged(model::keys::Item(v1::Action::kDeploy, row.action().deploy().id()),
                          "begins on no day");
  }

  // The day of the newest report on the project until the day that is asked about.
  StatusOr<std::optional<Date>> ReportedOn(const std::string& project) {
    const auto known = reported_.find(project);
    if (known != reported_.end()) return known->second;
    std::optional<Date> reported;
    for (AsOfRecord until = as_of_; !reported.has_value();) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto newest, NewestSaid(view_, v1::Action::kProposeProject, project,
                                                        v1::Action::kReportProgress, until));
      if (!newest.has_value()) break;
      FT_ASSIGN_OR_RETURN(const Date day, DayOf(view_, RecordIndex(newest->record())));
      if (day <= on_) reported = day;
      if (newest->record() == 0) break;
      until = newest->record() - 1;
    }
    reported_.emplace(project, reported);
    return reported;
  }

  const View& view_;
  const View then_;
  const AsOfRecord as_of_;
  v1::IdleTeamsAnswer& answer_;
  Date on_;
  ItemTree places_, categories_;
  int place_ = kNoItem, category_ = kNoItem;
  std::map<std::string, std::optional<Date>> reported_;  // of each project
};

}  // namespace

StatusOr<v1::IdleTeamsAnswer> IdleTeams(const View& view, const v1::IdleTeamsRequest& request) {
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  v1::IdleTeamsAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  FT_ASSIGN_OR_RETURN(*answer.mutable_on(), DayAsked(view, request.on(), as_of));
  answer.set_days(request.days() > 0 ? request.days() : kUsualDays);
  FT_RETURN_IF_ERROR(IdleReader(view, as_of, &answer).Read(request.place(), request.category()));
  return answer;
}

}  // namespace fundtrail::query
