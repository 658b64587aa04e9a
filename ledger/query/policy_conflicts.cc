// See policy_conflicts.h.
#include "ledger/query/policy_conflicts.h"

#include <algorithm>
#include <set>

#include "ledger/model/enum_word.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

void Add(v1::PolicyConflict::Kind kind, const std::string& what, const std::string& one,
         const std::string& other, std::vector<v1::PolicyConflict>* conflicts) {
  v1::PolicyConflict& made = conflicts->emplace_back();
  made.set_kind(kind);
  made.set_what(what);
  made.set_one(one);
  made.set_other(other);
}

// What of the cells that both have is in a category and a group that a clause or an objective names.
LeafSpans Within(LeafSpans spans, const PolicyTree& tree, const std::string& id) {
  if (id.empty()) return spans;
  const int item = tree.tree.Find(id);
  return item == kNoItem ? LeafSpans() : Common(spans, {tree.axis.Of(item)});
}

void FindExclusions(const PolicyOfDay& a, const PolicyOfDay& b, std::vector<v1::PolicyConflict>* conflicts) {
  const auto excludes = [](const PolicyOfDay& one, const PolicyOfDay& other) {
    const auto& list = one.said.exclusive_with();
    return std::find(list.begin(), list.end(), other.said.id()) != list.end();
  };
  const bool one = excludes(a, b), other = excludes(b, a);
  if (one || other)
    Add(v1::PolicyConflict::KIND_EXCLUSIVE, "", one ? "excludes" : "", other ? "excludes" : "", conflicts);
}

}  // namespace

Status PolicyConflicts::ReadDefinitions(const std::vector<PolicyOfDay>& policies) {
  std::set<int> named;
  for (const PolicyOfDay& policy : policies) named.insert(policy.groups.begin(), policy.groups.end());
  for (const int group : named) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    const std::string& id = trees_.groups.tree.id(group);
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kDeclareTargetGroup, id, as_of_));
    if (!row.has_value())
      return model::Damaged(keys::Item(v1::Action::kDeclareTargetGroup, id), "is missing");
    const v1::DeclareTargetGroup& said = row->action().declare_target_group();
    if (said.threshold() == 0) continue;
    FT_RETURN_IF_ERROR(view_.Grow(said.ByteSizeLong()));
    definitions_[group] = {said.name(), said.parent(), said.measure(), said.unit(), said.threshold()};
  }
  return absl::OkStatus();
}

void PolicyConflicts::FindDefinitions(const PolicyOfDay& a, const PolicyOfDay& b,
                                      std::vector<v1::PolicyConflict>* conflicts) const {
  for (const int one : a.groups) {
    const auto is = definitions_.find(one);
    if (is == definitions_.end()) continue;
    for (const int other : b.groups) {
      const auto too = definitions_.find(other);
      if (one == other || too == definitions_.end()) continue;
      const Definition &x = is->second, &y = too->second;
      const bool one_name = x.name == y.name;
      const bool one_measure = x.measure == y.measure;
      const bool one_parent = !x.parent.empty() && x.parent == y.parent && one_measure;
      const bool same = one_measure && x.threshold == y.threshold && x.unit == y.unit;
      if (same || !(one_name || one_parent)) continue;
      Add(v1::PolicyConflict::KIND_DEFINITION, one_name ? x.name : x.parent, trees_.groups.tree.id(one),
          trees_.groups.tree.id(other), conflicts);
    }
  }
}

void PolicyConflicts::FindModalities(const PolicyOfDay& a, const PolicyOfDay& b, const PolicyCells& common,
                                     std::vector<v1::PolicyConflict>* conflicts) const {
  for (const v1::Clause& one : a.said.clauses()) {
    for (const v1::Clause& other : b.said.clauses()) {
      const bool opposed = (one.modality() == v1::Clause::MODALITY_FORBID) !=
                           (other.modality() == v1::Clause::MODALITY_FORBID);
      if (!opposed || one.action() != other.action()) continue;
      if (Within(Within(common.categories, trees_.categories, one.category()), trees_.categories,
                 other.category())
              .empty() ||
          Within(Within(common.groups, trees_.groups, one.target_group()), trees_.groups,
                 other.target_group())
              .empty())
        continue;
      Add(v1::PolicyConflict::KIND_MODALITY, one.action(), model::WordOf(one.modality()),
          model::WordOf(other.modality()), conflicts);
    }
  }
}

void PolicyConflicts::FindGoals(const PolicyOfDay& a, const PolicyOfDay& b, const PolicyCells& common,
                                std::vector<v1::PolicyConflict>* conflicts) const {
  for (const v1::Objective& one : a.said.objectives()) {
    for (const v1::Objective& other : b.said.objectives()) {
      if (one.indicator() != other.indicator() || one.better() == other.better()) continue;
      if (Within(Within(common.categories, trees_.categories, one.category()), trees_.categories,
                 other.category())
              .empty())
        continue;
      Add(v1::PolicyConflict::KIND_GOAL, one.indicator(), model::WordOf(one.better()),
          model::WordOf(other.better()), conflicts);
    }
  }
}

Status PolicyConflicts::FindDuties(const PolicyOfDay& a, const PolicyOfDay& b, const PolicyCells& common,
                                   std::vector<v1::PolicyConflict>* conflicts) const {
  if (a.lead == b.lead) return absl::OkStatus();
  for (const PolicyDuty* one : a.accepted) {
    for (const PolicyDuty* other : b.accepted) {
      FT_ASSIGN_OR_RETURN(const bool both, HaveOneCell(*one, *other, common));
      if (!both) continue;
      Add(v1::PolicyConflict::KIND_DUTY, "", one->id, other->id, conflicts);
      return absl::OkStatus();  // one is enough
    }
  }
  return absl::OkStatus();
}

// A duty for a programme has an area for each of its projects.
StatusOr<bool> PolicyConflicts::HaveOneCell(const PolicyDuty& one, const PolicyDuty& other,
                                            const PolicyCells& common) const {
  for (const PolicyArea& x : one.areas) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    const LeafSpans places = Common(x.places, common.places);
    const LeafSpans categories = Common(x.categories, common.categories);
    for (const PolicyArea& y : other.areas)
      if (Meet(places, y.places) && Meet(categories, y.categories)) return true;
  }
  return false;
}

Status PolicyConflicts::FindOthers(const PolicyOfDay& a, const PolicyOfDay& b, const PolicyCells& common,
                                   std::vector<v1::PolicyConflict>* conflicts) const {
  FindModalities(a, b, common, conflicts);
  FindGoals(a, b, common, conflicts);
  FT_RETURN_IF_ERROR(FindDuties(a, b, common, conflicts));
  FindExclusions(a, b, conflicts);
  return absl::OkStatus();
}

}  // namespace fundtrail::query
