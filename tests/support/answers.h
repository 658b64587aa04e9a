// Short words for acknowledgements, concerns and samples, with no more in each than the rules ask for.
#pragma once

#include <string>

#include "tests/support/entries.h"

namespace fundtrail::testing {

inline v1::Action Acknowledge(const v1::TransferRef& transfer, const std::string& by,
                              v1::Acknowledge::Result result = v1::Acknowledge::RESULT_RECEIVED,
                              std::int64_t amount = 0) {
  v1::Action action;
  auto* said = action.mutable_acknowledge();
  *said->mutable_transfer() = transfer;
  said->set_by(by);
  said->set_result(result);
  said->set_amount(amount);
  said->set_channel(v1::Acknowledge::CHANNEL_SELF);
  return action;
}
// Somebody speaks for the payee.
inline v1::Action ByAgent(v1::Action said) {
  said.mutable_acknowledge()->set_channel(v1::Acknowledge::CHANNEL_AGENT);
  return said;
}
// Somebody asked the payee for a sample.
inline v1::Action ForSample(const std::string& sample, v1::Action said) {
  said.mutable_acknowledge()->set_channel(v1::Acknowledge::CHANNEL_SAMPLE);
  said.mutable_acknowledge()->set_sample(sample);
  return said;
}

inline v1::Action Sample(const std::string& id, const std::string& owner, const std::string& fund = "",
                         const std::string& project = "") {
  v1::Action action;
  auto* sample = action.mutable_draw_sample();
  sample->set_id(id);
  sample->set_owner(owner);
  sample->set_fund(fund);
  sample->set_project(project);
  sample->set_confidence(95);
  sample->set_margin_basis_points(500);
  return action;
}

// About nothing yet.
inline v1::Action Concern(const std::string& id, const std::string& owner,
                          v1::RaiseConcern::Kind kind = v1::RaiseConcern::KIND_NOT_RECEIVED) {
  v1::Action action;
  auto* concern = action.mutable_raise_concern();
  concern->set_id(id);
  concern->set_owner(owner);
  concern->set_kind(kind);
  concern->set_words("Nothing came");
  return action;
}
inline v1::Action AboutParty(const std::string& party, v1::Action concern) {
  concern.mutable_raise_concern()->set_party(party);
  return concern;
}
inline v1::Action AboutProject(const std::string& project, v1::Action concern) {
  concern.mutable_raise_concern()->set_project(project);
  return concern;
}
inline v1::Action AboutNeed(const std::string& need, v1::Action concern) {
  concern.mutable_raise_concern()->set_need(need);
  return concern;
}
inline v1::Action AboutTransfer(const std::string& transfer, v1::Action concern) {
  concern.mutable_raise_concern()->set_transfer(transfer);
  return concern;
}

inline v1::Action Respond(const std::string& concern, const std::string& by,
                          v1::RespondConcern::Kind kind = v1::RespondConcern::KIND_ANSWER) {
  v1::Action action;
  auto* said = action.mutable_respond_concern();
  said->set_concern(concern);
  said->set_by(by);
  said->set_kind(kind);
  if (kind != v1::RespondConcern::KIND_RECEIVED) said->set_words("It comes on Monday");
  return action;
}
inline v1::Action Correcting(const std::string& transfer, v1::Action response) {
  response.mutable_respond_concern()->set_corrects(transfer);
  return response;
}
inline v1::Action Close(const std::string& concern, const std::string& by, bool satisfied = true) {
  v1::Action action;
  auto* said = action.mutable_close_concern();
  said->set_concern(concern);
  said->set_by(by);
  said->set_satisfied(satisfied);
  return action;
}

inline v1::Action AssessmentGroup(const std::string& party, const std::string& place) {
  v1::Action action;
  auto* group = action.mutable_form_group();
  group->set_id(party);
  group->set_kind(v1::FormGroup::KIND_ASSESSMENT);
  group->set_place(place);
  group->set_quorum(1);
  return action;
}

}  // namespace fundtrail::testing
