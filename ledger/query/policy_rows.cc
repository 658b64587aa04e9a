// See policy_rows.h.
#include "ledger/query/policy_rows.h"

#include <algorithm>
#include <optional>

#include "ledger/base/wide.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// What a project, or a need, names by one id: empty names none.
std::vector<std::string> OneOrNone(const std::string& id) {
  return id.empty() ? std::vector<std::string>() : std::vector<std::string>{id};
}

LeafSpans SpansOf(const std::vector<PolicyProject::Part>& parts, const LeafAxis& axis) {
  if (parts.empty()) return axis.All();
  LeafSpans spans;
  for (const PolicyProject::Part& part : parts) spans.push_back(part.leaves);
  return JoinedSpans(std::move(spans));
}

bool IsFor(const PolicyDuty& duty, const v1::OpenPolicy& policy, const PolicyCells& cells) {
  for (const std::string& programme : policy.programmes())
    if (programme == duty.programme || programme == duty.project_programme) return true;
  return std::any_of(duty.areas.begin(), duty.areas.end(), [&](const PolicyArea& area) {
    return Meet(area.places, cells.places) && Meet(area.categories, cells.categories);
  });
}

}  // namespace

Status EachPolicyInForce(const View& view, const std::string& day, AsOfRecord as_of,
                         const std::function<Status(const v1::RegisterRow&)>& take) {
  return EachItem(view, v1::Action::kOpenPolicy, as_of, [&](const v1::RegisterRow& row) {
    const v1::OpenPolicy& said = row.action().open_policy();
    const bool in_force = !row.has_ended() && IsInPeriod(day, said.from(), said.until());
    return in_force ? take(row) : absl::OkStatus();
  });
}

Status PolicyScope::Ask(const std::string& place, const std::string& category) {
  FT_RETURN_IF_ERROR(AskFor(&place_, place));
  return AskFor(&category_, category);
}

Status PolicyScope::AskFor(Asked* asked, const std::string& id) {
  asked->id = id;
  asked->above.clear();
  if (id.empty()) return absl::OkStatus();
  return ancestors_.EachAbove(asked->action, id, [&](const std::string& at) -> StatusOr<bool> {
    asked->above.insert(at);
    return true;
  });
}

template <typename Ids>
StatusOr<bool> PolicyScope::TouchesOne(const Asked& asked, const Ids& ids) {
  if (asked.id.empty() || ids.empty()) return true;
  for (const std::string& id : ids) {
    if (asked.above.count(id) > 0) return true;
    bool below = false;
    FT_RETURN_IF_ERROR(ancestors_.EachAbove(asked.action, id, [&](const std::string& at) -> StatusOr<bool> {
      below = at == asked.id;
      return !below;
    }));
    if (below) return true;
  }
  return false;
}

StatusOr<bool> PolicyScope::Touches(const v1::OpenPolicy& policy) {
  FT_ASSIGN_OR_RETURN(const bool there, TouchesOne(place_, policy.places()));
  if (!there) return false;
  return TouchesOne(category_, policy.categories());
}

StatusOr<PolicyTree> PolicyTree::Read(const View& view, v1::Action::ActionCase action, AsOfRecord as_of) {
  PolicyTree read;
  read.action = action;
  FT_ASSIGN_OR_RETURN(read.tree, ReadTree(view, action, as_of));
  read.axis = LeafAxis(read.tree);
  return read;
}

template <typename Ids>
StatusOr<std::vector<int>> PolicyTree::ItemsOf(const Ids& ids) const {
  std::vector<int> items;
  for (const std::string& id : ids) {
    const int item = tree.Find(id);
    if (item == kNoItem) return model::Damaged(keys::Item(action, id), "is missing");
    items.push_back(item);
  }
  return items;
}
template StatusOr<std::vector<int>> PolicyTree::ItemsOf(const std::vector<std::string>&) const;
template StatusOr<std::vector<int>> PolicyTree::ItemsOf(
    const google::protobuf::RepeatedPtrField<std::string>&) const;

StatusOr<PolicyTrees> PolicyTrees::Read(const View& view, AsOfRecord as_of) {
  PolicyTrees trees;
  FT_ASSIGN_OR_RETURN(trees.places, PolicyTree::Read(view, v1::Action::kDeclarePlace, as_of));
  FT_ASSIGN_OR_RETURN(trees.categories, PolicyTree::Read(view, v1::Action::kDeclareCategory, as_of));
  FT_ASSIGN_OR_RETURN(trees.groups, PolicyTree::Read(view, v1::Action::kDeclareTargetGroup, as_of));
  return trees;
}

StatusOr<PolicyCells> PolicyTrees::CellsOf(const v1::OpenPolicy& policy) const {
  FT_ASSIGN_OR_RETURN(const auto in, places.ItemsOf(policy.places()));
  FT_ASSIGN_OR_RETURN(const auto of, categories.ItemsOf(policy.categories()));
  FT_ASSIGN_OR_RETURN(const auto whom, groups.ItemsOf(policy.target_groups()));
  return PolicyCells{places.axis.Of(in), categories.axis.Of(of), groups.axis.Of(whom)};
}

PolicyArea PolicyProject::Area(const PolicyTrees& trees) const {
  if (places.empty() && categories.empty()) return {};
  return {SpansOf(places, trees.places.axis), SpansOf(categories, trees.categories.axis)};
}

std::uint32_t PolicyProject::Touching(const std::vector<Part>& parts, const LeafSpans& leaves) {
  if (parts.empty()) return kWhole;
  std::uint32_t sum = 0;
  for (const Part& part : parts) {
    if (!Meet({part.leaves}, leaves)) continue;
    if (part.basis_points == 0) return kWhole;
    sum += part.basis_points;
  }
  return std::min<std::uint32_t>(sum, kWhole);
}

StatusOr<std::vector<PolicyProject>> ReadPolicyProjects(const View& view, const PolicyTrees& trees,
                                                        const std::string& day, AsOfRecord as_of) {
  std::vector<PolicyProject> projects;
  NewestSaidWalk decisions(view, v1::Action::kProposeProject, v1::Action::kApproveProject, as_of);
  const auto take = [&](const v1::RegisterRow& row) -> Status {
    const v1::ProposeProject& said = row.action().propose_project();
    FT_RETURN_IF_ERROR(view.Grow(sizeof(PolicyProject) + said.id().size() + said.programme().size()));
    PolicyProject project;
    project.id = said.id();
    project.programme = said.programme();
    if (!row.has_ended() && IsInPeriod(day, said.from(), said.until())) {
      FT_ASSIGN_OR_RETURN(const auto newest, decisions.Of(said.id()));
      project.open = DecisionOn(row, newest) == v1::ApproveProject::DECISION_APPROVED;
    }
    for (const v1::PlaceShare& share : said.places()) {
      FT_ASSIGN_OR_RETURN(const auto item, trees.places.ItemsOf(OneOrNone(share.place())));
      if (!item.empty()) project.places.push_back({trees.places.axis.Of(item[0]), share.basis_points()});
    }
    for (const v1::CategoryShare& share : said.categories()) {
      FT_ASSIGN_OR_RETURN(const auto item, trees.categories.ItemsOf(OneOrNone(share.category())));
      if (!item.empty())
        project.categories.push_back({trees.categories.axis.Of(item[0]), share.basis_points()});
    }
    FT_ASSIGN_OR_RETURN(const auto group, trees.groups.ItemsOf(OneOrNone(said.target_group())));
    project.groups = trees.groups.axis.Of(group);
    projects.push_back(std::move(project));
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(EachItem(view, v1::Action::kProposeProject, as_of, take));
  return projects;
}

StatusOr<PolicyDuties> PolicyDuties::Read(const View& view, const PolicyTrees& trees,
                                          const std::vector<PolicyProject>& projects, const Wanted& wanted,
                                          const std::string& day, AsOfRecord as_of) {
  PolicyDuties read;
  std::map<std::string, std::vector<const PolicyProject*>> of_programmes;
  for (const PolicyProject& project : projects) {
    FT_RETURN_IF_ERROR(view.GoOn());
    if (!project.programme.empty()) of_programmes[project.programme].push_back(&project);
  }
  NewestSaidWalk replies(view, v1::Action::kAssignDuty, v1::Action::kAcceptDuty, as_of);
  const auto take = [&](const v1::RegisterRow& row) -> Status {
    const v1::AssignDuty& said = row.action().assign_duty();
    if (row.has_ended() || !IsInPeriod(day, said.from(), said.until()) ||
        wanted.count({said.party(), said.role()}) == 0)
      return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto party, ItemThen(view, v1::Action::kRegisterParty, said.party(), as_of));
    if (!party.has_value()) return model::Damaged(keys::Party(said.party()), "is missing");
    if (party->has_ended()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto reply, replies.Of(said.id()));
    PolicyDuty duty;
    duty.id = said.id();
    duty.programme = said.programme();
    duty.project = said.project();
    // Each reply was to the version that was the present one: when the newest is of another, none is of this one.
    if (reply.has_value() && reply->action().accept_duty().version() == row.record()) {
      const bool accepted = reply->action().accept_duty().reply() == v1::AcceptDuty::REPLY_ACCEPTED;
      duty.acceptance = accepted ? v1::DutyLine::ACCEPTANCE_ACCEPTED : v1::DutyLine::ACCEPTANCE_DECLINED;
      duty.answered_in = reply->record();
    }
    if (!duty.project.empty()) {
      const auto at = std::lower_bound(
          projects.begin(), projects.end(), duty.project,
          [](const PolicyProject& project, const std::string& id) { return project.id < id; });
      if (at == projects.end() || at->id != duty.project)
        return model::Damaged(keys::Item(v1::Action::kProposeProject, duty.project), "is missing");
      duty.project_programme = at->programme;
      if (at->open) duty.areas.push_back(at->Area(trees));
    } else if (!duty.programme.empty()) {
      for (const PolicyProject* project : of_programmes[duty.programme])
        if (project->open) duty.areas.push_back(project->Area(trees));
    } else {
      FT_ASSIGN_OR_RETURN(const auto place, trees.places.ItemsOf(OneOrNone(said.place())));
      FT_ASSIGN_OR_RETURN(const auto category, trees.categories.ItemsOf(OneOrNone(said.category())));
      duty.areas.push_back({trees.places.axis.Of(place), trees.categories.axis.Of(category)});
    }
    FT_RETURN_IF_ERROR(view.Grow(sizeof(PolicyDuty) + duty.areas.size() * sizeof(PolicyArea)));
    read.duties_[{said.party(), said.role()}].push_back(std::move(duty));
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(EachItem(view, v1::Action::kAssignDuty, as_of, take));
  return read;
}

const std::vector<PolicyDuty>* PolicyDuties::Of(const std::string& party, v1::AssignDuty::Role role) const {
  const auto found = duties_.find({party, role});
  return found == duties_.end() ? nullptr : &found->second;
}

const PolicyDuty* PolicyDuties::Best(const std::string& party, v1::AssignDuty::Role role,
                                     const v1::OpenPolicy& policy, const PolicyCells& cells) const {
  const auto* duties = Of(party, role);
  if (duties == nullptr) return nullptr;
  const PolicyDuty* declined = nullptr;
  for (const PolicyDuty& duty : *duties) {
    if (duty.acceptance == v1::DutyLine::ACCEPTANCE_NAMED || !IsFor(duty, policy, cells)) continue;
    if (duty.acceptance == v1::DutyLine::ACCEPTANCE_ACCEPTED) return &duty;
    if (declined == nullptr) declined = &duty;
  }
  return declined;
}

std::vector<const PolicyDuty*> PolicyDuties::Accepted(const std::string& party, v1::AssignDuty::Role role,
                                                      const v1::OpenPolicy& policy,
                                                      const PolicyCells& cells) const {
  std::vector<const PolicyDuty*> accepted;
  const auto* duties = Of(party, role);
  if (duties == nullptr) return accepted;
  for (const PolicyDuty& duty : *duties)
    if (duty.acceptance == v1::DutyLine::ACCEPTANCE_ACCEPTED && IsFor(duty, policy, cells))
      accepted.push_back(&duty);
  return accepted;
}

std::string LeadOf(const v1::OpenPolicy& policy) {
  for (const v1::Responsibility& each : policy.responsible())
    if (each.role() == v1::AssignDuty::ROLE_LEAD) return each.party();
  return "";
}

}  // namespace fundtrail::query
