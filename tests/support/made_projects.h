// Short words for entries about projects and needs, with no more in each than the rules ask for.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "tests/support/entries.h"

namespace fundtrail::testing::made {

inline v1::Action Programme(const std::string& id, const std::string& owner) {
  v1::Action action;
  action.mutable_open_programme()->set_id(id);
  action.mutable_open_programme()->set_name("Programme " + id);
  action.mutable_open_programme()->set_owner(owner);
  return action;
}

// It is to put up tents.
inline v1::Action Project(const std::string& id, const std::string& owner,
                          const std::string& programme = "") {
  v1::Action action;
  auto* project = action.mutable_propose_project();
  project->set_id(id);
  project->set_name("Project " + id);
  project->set_owner(owner);
  project->set_programme(programme);
  auto* target = project->add_targets();
  target->set_indicator("tents");
  target->set_target(400);
  return action;
}

// People need help of that category there.
inline v1::Action DeclaredNeed(const std::string& id, const std::string& owner, const std::string& place,
                               const std::string& category, std::int64_t people = 400) {
  v1::Action action;
  auto* need = action.mutable_declare_need();
  need->set_id(id);
  need->set_owner(owner);
  need->set_place(place);
  need->set_category(category);
  need->set_people(people);
  return action;
}

// The same need asks for so much money.
inline v1::Action Asking(v1::Action need, std::int64_t amount, const std::string& asset = "CNY") {
  need.mutable_declare_need()->set_amount(amount);
  need.mutable_declare_need()->set_asset(asset);
  return need;
}

inline v1::Action Deployment(const std::string& id, const std::string& owner, const std::string& party,
                             const std::string& place, const std::string& category) {
  v1::Action action;
  auto* deployment = action.mutable_deploy();
  deployment->set_id(id);
  deployment->set_owner(owner);
  deployment->set_party(party);
  deployment->set_place(place);
  deployment->set_category(category);
  deployment->set_status(v1::Deploy::ACTIVE);
  return action;
}

// For all help in a place, or for one category of it.
inline v1::Action Duty(const std::string& id, const std::string& owner, const std::string& party,
                       v1::AssignDuty::Role role, const std::string& place,
                       const std::string& category = "") {
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
inline v1::Action Acceptance(const std::string& duty, std::uint64_t version, const std::string& by,
                             v1::AcceptDuty::Reply reply = v1::AcceptDuty::ACCEPTED) {
  v1::Action action;
  auto* said = action.mutable_accept_duty();
  said->set_duty(duty);
  said->set_version(version);
  said->set_by(by);
  said->set_reply(reply);
  return action;
}

// Of the version that the record made.
inline v1::Action Approval(const std::string& project, std::uint64_t version, const std::string& by,
                           v1::ApproveProject::Decision decision = v1::ApproveProject::APPROVED) {
  v1::Action action;
  auto* approval = action.mutable_approve_project();
  approval->set_project(project);
  approval->set_version(version);
  approval->set_by(by);
  approval->set_decision(decision);
  return action;
}
inline v1::Action Verification(const std::string& need, std::uint64_t version, const std::string& by) {
  v1::Action action;
  auto* verification = action.mutable_verify_need();
  verification->set_need(need);
  verification->set_version(version);
  verification->set_by(by);
  verification->set_result(v1::VerifyNeed::CONFIRMED);
  return action;
}

inline v1::Action Progress(const std::string& project, const std::string& by, std::int64_t actual = 120) {
  v1::Action action;
  auto* report = action.mutable_report_progress();
  report->set_project(project);
  report->set_by(by);
  report->set_indicator("tents");
  report->set_actual(actual);
  return action;
}

// The party's seat: who verifies a need has it there, or above.
inline v1::Action At(v1::Action party, const std::string& place) {
  party.mutable_register_party()->set_place(place);
  return party;
}

// A payment in a project; one that puts general money in it; and money of it that its holder makes general again.
inline v1::Action In(const std::string& project, v1::Action pay) {
  pay.mutable_transfer()->set_project(project);
  return pay;
}
inline v1::Action Into(const std::string& project, v1::Action pay) {
  pay.mutable_transfer()->set_to_project(project);
  return pay;
}
inline v1::Action OutOf(const std::string& project, const std::string& party, std::int64_t amount) {
  v1::Action action = In(project, Pay(party, party, amount, v1::RECLASSIFICATION));
  action.mutable_transfer()->set_to_general(true);
  return action;
}
// A payment that meets a need.
inline v1::Action Meeting(const std::string& need, v1::Action pay) {
  pay.mutable_transfer()->set_need(need);
  return pay;
}

}  // namespace fundtrail::testing::made
