// Short words for groups and their seats, and a group that can act.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/entries.h"
#include "tests/support/world.h"

namespace fundtrail::testing {

// For that place, with no more than the rules ask for.
inline v1::Action Group(const std::string& party, const std::string& place,
                        v1::FormGroup::Kind kind = v1::FormGroup::KIND_COOPERATIVE, std::uint32_t quorum = 2,
                        std::uint32_t basis_points = 0) {
  v1::Action action;
  auto* group = action.mutable_form_group();
  group->set_id(party);
  group->set_kind(kind);
  group->set_place(place);
  group->set_quorum(quorum);
  group->set_quorum_basis_points(basis_points);
  return action;
}

inline v1::Action Seat(const std::string& id, const std::string& group, const std::string& party,
                       v1::GiveSeat::Kind kind = v1::GiveSeat::KIND_GOVERNMENT) {
  v1::Action action;
  auto* seat = action.mutable_give_seat();
  seat->set_id(id);
  seat->set_group(group);
  seat->set_party(party);
  seat->set_kind(kind);
  return action;
}

inline v1::Action AnswerSeat(const std::string& seat, std::uint64_t version, const std::string& by,
                             v1::AcceptDuty::Reply reply = v1::AcceptDuty::REPLY_ACCEPTED) {
  v1::Action action;
  auto* said = action.mutable_accept_seat();
  said->set_seat(seat);
  said->set_version(version);
  said->set_by(by);
  said->set_reply(reply);
  return action;
}

// The group's term, or the period of a seat.
inline v1::Action Within(const std::string& from, const std::string& until, v1::Action action) {
  if (action.has_form_group()) {
    action.mutable_form_group()->set_from(from);
    action.mutable_form_group()->set_until(until);
  } else {
    action.mutable_give_seat()->set_from(from);
    action.mutable_give_seat()->set_until(until);
  }
  return action;
}

// What makes a party a group whose `seats` members, the parties GROUP-m1, GROUP-m2 and so on right below the root, have accepted.
// It is one entry, as record `record`, by who may everything. Member n signs with key first_key + n - 1, which has EVALUATE and
// APPROVE for it and for nobody else. The party is there when `party` says so; else it is registered below the root.
inline std::vector<v1::Action> FormedGroup(const v1::Action& group, int seats, int first_key,
                                           std::uint64_t record, bool party = false) {
  const std::string id = group.form_group().id();
  std::vector<v1::Action> actions;
  if (!party) actions.push_back(Party(id, "root"));
  actions.push_back(group);
  for (int n = 1; n <= seats; ++n) {
    const std::string member = absl::StrCat(id, "-m", n), seat = absl::StrCat(id, "-s", n);
    actions.push_back(Party(member, "root"));
    actions.push_back(
        Authorise(first_key + n - 1, member, {v1::PERMISSION_EVALUATE, v1::PERMISSION_APPROVE}));
    actions.push_back(Seat(seat, id, member));
    actions.push_back(AnswerSeat(seat, record, member));
  }
  return actions;
}

// The same, done in those books, signed by the root's key 1.
inline void FormGroupIn(Books* books, const v1::Action& group, int seats, int first_key) {
  Need(books->Do(FormedGroup(group, seats, first_key, books->next())).status());
}

}  // namespace fundtrail::testing
