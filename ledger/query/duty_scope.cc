// See duty_scope.h.
#include "ledger/query/duty_scope.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/model/register_table.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// Whether the one is narrower: first by place, then by category.
bool IsBetter(const DutyScope& one, const DutyScope& other) {
  if (one.reach != other.reach) return one.reach > other.reach;
  if (one.place_depth != other.place_depth) return one.place_depth > other.place_depth;
  return one.category_depth > other.category_depth;
}

}  // namespace

Status DutyReader::Ask(const std::string& place, const std::string& category) {
  FT_RETURN_IF_ERROR(AskFor(&place_, "place", place));
  return AskFor(&category_, "category", category);
}

Status DutyReader::AskFor(Asked* asked, const char* what, const std::string& id) {
  asked->id = id;
  if (id.empty()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, asked->action, id, as_of_));
  if (!row.has_value())
    return absl::NotFoundError(absl::StrCat("this ledger has no ", what, " \"", Escaped(id), "\""));
  asked->name = model::TextIn(model::ItemOf(row->action()), "name");
  std::vector<std::string> way;
  const auto climb = [&](const std::string& at) -> StatusOr<bool> {
    FT_RETURN_IF_ERROR(view_.GoOn());
    way.push_back(at);
    return true;
  };
  FT_RETURN_IF_ERROR(ancestors_.EachAbove(asked->action, id, climb));
  int depth = static_cast<int>(way.size());
  for (const std::string& at : way) asked->above.emplace(at, depth--);
  return absl::OkStatus();
}

StatusOr<DutyReader::Side> DutyReader::SideOf(const Asked& asked, const std::string& id) {
  Side side;
  side.id = id;
  if (id.empty()) {
    side.reach = Reach::kHolds;
    return side;
  }
  if (asked.id.empty()) {
    side.reach = Reach::kPart;
    return side;
  }
  const auto found = asked.above.find(id);
  if (found != asked.above.end()) {
    side.reach = Reach::kHolds;
    side.depth = found->second;
    return side;
  }
  const auto climb = [&](const std::string& at) -> StatusOr<bool> {
    FT_RETURN_IF_ERROR(view_.GoOn());
    if (at == asked.id) side.reach = Reach::kPart;
    return side.reach == Reach::kOutside;
  };
  FT_RETURN_IF_ERROR(ancestors_.EachAbove(asked.action, id, climb));
  return side;
}

StatusOr<DutyReader::Side> DutyReader::BestOf(const Asked& asked, const std::vector<std::string>& ids) {
  Side best;
  // Nobody said which: some of what was asked for may be among them, and nobody can say that all of it is.
  if (ids.empty()) best.reach = Reach::kPart;
  for (const std::string& id : ids) {
    FT_ASSIGN_OR_RETURN(Side side, SideOf(asked, id));
    if (side.reach > best.reach || (side.reach == best.reach && side.depth > best.depth))
      best = std::move(side);
  }
  return best;
}

DutyScope DutyReader::Both(const Side& place, const Side& category) {
  DutyScope scope;
  scope.reach = std::min(place.reach, category.reach);
  if (scope.reach != Reach::kHolds) return scope;
  scope.place = place.id;
  scope.place_depth = place.depth;
  scope.category = category.id;
  scope.category_depth = category.depth;
  return scope;
}

StatusOr<DutyScope> DutyReader::ScopeOf(const v1::AssignDuty& duty) {
  if (!duty.programme().empty()) return ScopeOfProgramme(duty.programme());
  if (!duty.project().empty()) {
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kProposeProject, duty.project(), as_of_));
    if (!row.has_value())
      return model::Damaged(keys::Item(v1::Action::kProposeProject, duty.project()), "is missing");
    return ScopeOfProject(*row);
  }
  FT_ASSIGN_OR_RETURN(const Side place, SideOf(place_, duty.place()));
  FT_ASSIGN_OR_RETURN(const Side category, SideOf(category_, duty.category()));
  return Both(place, category);
}

StatusOr<DutyScope> DutyReader::ScopeOfProject(const v1::RegisterRow& project) {
  std::vector<std::string> places, categories;
  for (const auto& share : project.action().propose_project().places()) places.push_back(share.place());
  for (const auto& share : project.action().propose_project().categories())
    categories.push_back(share.category());
  if (places.empty() && categories.empty()) return DutyScope();
  FT_ASSIGN_OR_RETURN(const Side place, BestOf(place_, places));
  if (place.reach == Reach::kOutside) return DutyScope();
  FT_ASSIGN_OR_RETURN(const Side category, BestOf(category_, categories));
  const DutyScope scope = Both(place, category);
  if (scope.reach == Reach::kOutside) return scope;
  FT_ASSIGN_OR_RETURN(const bool open, IsOpen(project));
  if (!open) return DutyScope();
  return scope;
}

StatusOr<bool> DutyReader::IsOpen(const v1::RegisterRow& project) {
  const v1::ProposeProject& said = project.action().propose_project();
  if (project.has_ended() || !IsInPeriod(day_, said.from(), said.until())) return false;
  FT_ASSIGN_OR_RETURN(const auto decision, DecisionOn(view_, project, as_of_));
  return decision == v1::ApproveProject::DECISION_APPROVED;
}

Status DutyReader::ReadProgrammes() {
  std::map<std::string, DutyScope>& programmes = programmes_.emplace();
  FT_RETURN_IF_ERROR(EachItem(view_, v1::Action::kOpenProgramme, as_of_, [&](const v1::RegisterRow& row) {
    const v1::OpenProgramme& said = row.action().open_programme();
    if (!row.has_ended() && IsInPeriod(day_, said.from(), said.until()))
      programmes.emplace(said.id(), DutyScope());
    return absl::OkStatus();
  }));
  const auto add = [&](const v1::RegisterRow& row) -> Status {
    const auto programme = programmes.find(row.action().propose_project().programme());
    if (programme == programmes.end()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(DutyScope scope, ScopeOfProject(row));
    if (IsBetter(scope, programme->second)) programme->second = std::move(scope);
    return absl::OkStatus();
  };
  return EachItem(view_, v1::Action::kProposeProject, as_of_, add);
}

StatusOr<DutyScope> DutyReader::ScopeOfProgramme(const std::string& id) {
  if (!programmes_.has_value()) FT_RETURN_IF_ERROR(ReadProgrammes());
  const auto found = programmes_->find(id);
  return found == programmes_->end() ? DutyScope() : found->second;
}

StatusOr<std::optional<v1::AttestationRow>> DutyReader::ReplyTo(const v1::RegisterRow& duty) const {
  FT_ASSIGN_OR_RETURN(auto newest,
                      NewestSaid(view_, v1::Action::kAssignDuty, duty.action().assign_duty().id(),
                                 v1::Action::kAcceptDuty, as_of_));
  // Each was of the version that was the present one: when the newest is of another, none is of this one.
  if (newest.has_value() && newest->action().accept_duty().version() != duty.record()) newest.reset();
  return newest;
}

Status DutyReader::EachInForce(const std::function<Status(const DutyInForce&)>& take) {
  return EachItem(view_, v1::Action::kAssignDuty, as_of_, [&](const v1::RegisterRow& row) -> Status {
    const v1::AssignDuty& said = row.action().assign_duty();
    if (row.has_ended() || !IsInPeriod(day_, said.from(), said.until())) return absl::OkStatus();
    DutyInForce duty;
    FT_ASSIGN_OR_RETURN(duty.scope, ScopeOf(said));
    if (duty.scope.reach == Reach::kOutside) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto party, ItemThen(view_, v1::Action::kRegisterParty, said.party(), as_of_));
    if (!party.has_value()) return model::Damaged(keys::Party(said.party()), "is missing");
    if (party->has_ended()) return absl::OkStatus();
    duty.row = &row;
    duty.party = &party->action().register_party();
    return take(duty);
  });
}

}  // namespace fundtrail::query
