// Short words for projects, needs, deployments, duties, and what is said about them, with no more in each than the rules ask for.
//
// What an item is comes first, in this order: its id, its owner, the party or the implementer, the place, the category. What is
// said about an item names it first, then its version, then who says it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

#include "tests/support/entries.h"

namespace fundtrail::testing {

inline constexpr char kIndicator[] = "tents";

inline v1::Action Programme(const std::string& id, const std::string& owner) {
  v1::Action action;
  auto* programme = action.mutable_open_programme();
  programme->set_id(id);
  programme->set_name("Programme " + id);
  programme->set_owner(owner);
  return action;
}

// With one target.
inline v1::Action Project(const std::string& id, const std::string& owner,
                          const std::string& implementer = "") {
  v1::Action action;
  auto* project = action.mutable_propose_project();
  project->set_id(id);
  project->set_name("Project " + id);
  project->set_owner(owner);
  project->set_implementer(implementer);
  auto* target = project->add_targets();
  target->set_indicator(kIndicator);
  target->set_target(400);
  return action;
}

inline v1::Action InProgramme(const std::string& programme, v1::Action project) {
  project.mutable_propose_project()->set_programme(programme);
  return project;
}

// Places or categories, each with its basis points, or with 0 where nobody said.
using Parts = std::initializer_list<std::pair<std::string, std::uint32_t>>;

inline v1::Action Where(v1::Action project, Parts places, Parts categories) {
  auto* to = project.mutable_propose_project();
  for (const auto& [place, basis_points] : places) {
    auto* share = to->add_places();
    share->set_place(place);
    share->set_basis_points(basis_points);
  }
  for (const auto& [category, basis_points] : categories) {
    auto* share = to->add_categories();
    share->set_category(category);
    share->set_basis_points(basis_points);
  }
  return project;
}

// Of that many people, and of no money.
inline v1::Action NeedAt(const std::string& id, const std::string& owner, const std::string& place,
                         const std::string& category = "NUT", std::int64_t people = 400) {
  v1::Action action;
  auto* need = action.mutable_declare_need();
  need->set_id(id);
  need->set_owner(owner);
  need->set_place(place);
  need->set_category(category);
  need->set_people(people);
  return action;
}
inline v1::Action Asking(v1::Action need, std::int64_t amount, const std::string& asset = "CNY") {
  need.mutable_declare_need()->set_amount(amount);
  need.mutable_declare_need()->set_asset(asset);
  return need;
}

// One that goes on.
inline v1::Action Deployment(const std::string& id, const std::string& owner, const std::string& party,
                             const std::string& place, const std::string& category = "NUT") {
  v1::Action action;
  auto* deployment = action.mutable_deploy();
  deployment->set_id(id);
  deployment->set_owner(owner);
  deployment->set_party(party);
  deployment->set_place(place);
  deployment->set_category(category);
  deployment->set_status(v1::Deploy::STATUS_ACTIVE);
  return action;
}

inline v1::Action Decide(const std::string& project, std::uint64_t version, const std::string& by = "auditor",
                         v1::ApproveProject::Decision decision = v1::ApproveProject::DECISION_APPROVED) {
  v1::Action action;
  auto* said = action.mutable_approve_project();
  said->set_project(project);
  said->set_version(version);
  said->set_by(by);
  said->set_decision(decision);
  return action;
}

inline v1::Action Verify(const std::string& need, std::uint64_t version, const std::string& by = "auditor",
                         v1::VerifyNeed::Result result = v1::VerifyNeed::RESULT_CONFIRMED) {
  v1::Action action;
  auto* said = action.mutable_verify_need();
  said->set_need(need);
  said->set_version(version);
  said->set_by(by);
  said->set_result(result);
  return action;
}

inline v1::Action Report(const std::string& project, const std::string& by, std::int64_t actual = 120,
                         const std::string& indicator = kIndicator) {
  v1::Action action;
  auto* said = action.mutable_report_progress();
  said->set_project(project);
  said->set_by(by);
  said->set_indicator(indicator);
  said->set_actual(actual);
  return action;
}

// For help of that category in that place; an empty one means every one.
inline v1::Action DutyAt(const std::string& id, const std::string& owner, const std::string& party,
                         const std::string& place, const std::string& category,
                         v1::AssignDuty::Role role = v1::AssignDuty::ROLE_LEAD) {
  v1::Action action;
  auto* duty = action.mutable_assign_duty();
  duty->set_id(id);
  duty->set_owner(owner);
  duty->set_party(party);
  duty->set_role(role);
  duty->set_place(place);
  duty->set_category(category);
  return action;
}
// For a project, or for a programme.
inline v1::Action DutyFor(const std::string& id, const std::string& owner, const std::string& party,
                          const std::string& project, const std::string& programme = "") {
  v1::Action action = DutyAt(id, owner, party, "", "");
  action.mutable_assign_duty()->set_project(project);
  action.mutable_assign_duty()->set_programme(programme);
  return action;
}
inline v1::Action Accept(const std::string& duty, std::uint64_t version, const std::string& by,
                         v1::AcceptDuty::Reply reply = v1::AcceptDuty::REPLY_ACCEPTED) {
  v1::Action action;
  auto* said = action.mutable_accept_duty();
  said->set_duty(duty);
  said->set_version(version);
  said->set_by(by);
  said->set_reply(reply);
  return action;
}

// The party has its seat there: who verifies a need has it there, or above.
inline v1::Action Seated(v1::Action party, const std::string& place) {
  party.mutable_register_party()->set_place(place);
  return party;
}

// The payment is made from the payer's account in that project.
inline v1::Action In(const std::string& project, v1::Action pay) {
  pay.mutable_transfer()->set_project(project);
  return pay;
}
// The money comes to that project, from another one or from general money.
inline v1::Action Into(const std::string& project, v1::Action pay) {
  pay.mutable_transfer()->set_to_project(project);
  return pay;
}
// Money of a project becomes general.
inline v1::Action ToGeneral(v1::Action pay) {
  pay.mutable_transfer()->set_to_general(true);
  return pay;
}
// The payment meets that need.
inline v1::Action Meeting(const std::string& need, v1::Action pay) {
  pay.mutable_transfer()->set_need(need);
  return pay;
}
// A party's money changes its project, or becomes general.
inline v1::Action Move(const std::string& party, std::int64_t amount) {
  return Pay(party, party, amount, v1::TRANSFER_KIND_RECLASSIFICATION);
}
inline v1::Action OnDay(const std::string& day, v1::Action pay) {
  pay.mutable_transfer()->set_value_date(day);
  return pay;
}

}  // namespace fundtrail::testing
