// Short words for policies: with no more in each than the rules ask for, and what a test adds.
#pragma once

#include <string>
#include <vector>

#include "tests/support/projects.h"

namespace fundtrail::testing {

inline v1::Action Answering(v1::Action policy, const std::string& party, v1::AssignDuty::Role role) {
  auto* responsible = policy.mutable_open_policy()->add_responsible();
  responsible->set_party(party);
  responsible->set_role(role);
  return policy;
}

// A grant for everybody, everywhere, for all help, whose lead is `lead`; empty: nobody.
inline v1::Action Policy(const std::string& id, const std::string& lead, const std::string& owner = "root") {
  v1::Action action;
  auto* policy = action.mutable_open_policy();
  policy->set_id(id);
  policy->set_name("Policy " + id);
  policy->set_owner(owner);
  policy->set_instrument(v1::OpenPolicy::INSTRUMENT_GRANT);
  return lead.empty() ? action : Answering(std::move(action), lead, v1::AssignDuty::ROLE_LEAD);
}

// Where, for what and for whom it holds.
inline v1::Action For(v1::Action policy, const std::vector<std::string>& places,
                      const std::vector<std::string>& categories = {},
                      const std::vector<std::string>& groups = {}) {
  auto* to = policy.mutable_open_policy();
  to->mutable_places()->Assign(places.begin(), places.end());
  to->mutable_categories()->Assign(categories.begin(), categories.end());
  to->mutable_target_groups()->Assign(groups.begin(), groups.end());
  return policy;
}

inline v1::Action Aiming(v1::Action policy, const std::string& category, const std::string& indicator,
                         v1::Objective::Direction better = v1::Objective::DIRECTION_UP) {
  auto* objective = policy.mutable_open_policy()->add_objectives();
  objective->set_category(category);
  objective->set_indicator(indicator);
  objective->set_better(better);
  return policy;
}

inline v1::Action Saying(v1::Action policy, v1::Clause::Modality modality, const std::string& act,
                         const std::string& category = "", const std::string& group = "") {
  auto* clause = policy.mutable_open_policy()->add_clauses();
  clause->set_modality(modality);
  clause->set_action(act);
  clause->set_category(category);
  clause->set_target_group(group);
  return policy;
}

inline v1::Action CarryingOut(const std::string& above, v1::Action policy) {
  policy.mutable_open_policy()->set_implements(above);
  return policy;
}

inline v1::Action Through(v1::OpenPolicy::Instrument instrument, v1::Action policy) {
  policy.mutable_open_policy()->set_instrument(instrument);
  return policy;
}

inline v1::Action During(const std::string& from, const std::string& until, v1::Action policy) {
  policy.mutable_open_policy()->set_from(from);
  policy.mutable_open_policy()->set_until(until);
  return policy;
}

// Its projects are those of this programme.
inline v1::Action With(const std::string& programme, v1::Action policy) {
  policy.mutable_open_policy()->add_programmes(programme);
  return policy;
}

inline v1::Action PeopleGroup(const std::string& id, const std::string& parent = "",
                              const std::string& name = "", std::int64_t threshold = 0,
                              const std::string& measure = "", const std::string& unit = "") {
  v1::Action action;
  auto* group = action.mutable_declare_target_group();
  group->set_id(id);
  group->set_name(name.empty() ? "Group " + id : name);
  group->set_parent(parent);
  group->set_threshold(threshold);
  group->set_measure(measure);
  group->set_unit(unit);
  return action;
}

}  // namespace fundtrail::testing
