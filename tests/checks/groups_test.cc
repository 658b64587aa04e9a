// Groups, duties and teams: what a client does not believe.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>

#include "tests/checks/untrue.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("groups: what cannot be true is told") {
  const auto say = [&](const std::function<void(v1::GroupAnswer*)>& change) {
    v1::GroupAnswer made;
    made.set_on("2026-03-01");
    auto* group = made.mutable_group()->mutable_action()->mutable_form_group();
    group->set_id("g");
    group->set_kind(v1::FormGroup::KIND_COOPERATIVE);
    group->set_quorum(1);
    group->add_required_kinds(v1::GiveSeat::KIND_EXPERT);
    auto* seat = made.add_seats();
    auto* said = seat->mutable_seat()->mutable_action()->mutable_give_seat();
    said->set_id("s");
    said->set_group("g");
    said->set_party("p");
    said->set_kind(v1::GiveSeat::KIND_EXPERT);
    seat->set_state(v1::GroupSeat::STATE_ACCEPTED);
    seat->set_acts(3);
    seat->set_signed_(2);
    seat->set_attendance(6'666);
    made.set_acts(3);
    made.set_members(1);
    made.set_must_sign(1);
    made.set_can_act(true);
    change(&made);
    return made;
  };
  v1::GroupRequest asked;
  asked.set_group("g");
  const auto honest = say([](v1::GroupAnswer*) {});
  CanBeTrue(honest, asked);
  Untrue("it is of another group than was asked for", honest,
         With(asked, [](auto* r) { r->set_group("h"); }));
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 3));
  Untrue("it is of another day than was asked for", honest, On(asked, "2026-03-02"));
  const std::pair<std::function<void(v1::GroupAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_seats(0)->set_attendance(6'667); }, "the attendance does not follow"},
      {[](auto* a) { a->mutable_seats(0)->set_signed_(4); },
       "its party came more often than the group acted"},
      {[](auto* a) { a->mutable_seats(0)->set_recused(1); },
       "its party came more often than the group acted"},
      {[](auto* a) { a->mutable_seats(0)->mutable_seat()->mutable_ended()->set_record(4); },
       "its state is not that of its period"},
      {[](auto* a) { a->mutable_seats(0)->set_state(v1::GroupSeat::STATE_OFFERED); },
       "the kinds that are missing do not follow"},
      {[](auto* a) { *a->add_seats() = a->seats(0); }, "it is listed twice"},
      {[](auto* a) {
         a->mutable_seats(0)->mutable_seat()->mutable_action()->mutable_give_seat()->set_group("h");
       },
       "it is one of another group"},
      {[](auto* a) { a->set_members(2); }, "the members are not those of the seats"},
      {[](auto* a) { a->set_must_sign(2); }, "another number must sign"},
      {[](auto* a) { a->set_can_act(false); }, "whether it can act does not follow"},
      {[](auto* a) { a->set_party_ended(true); }, "whether it can act does not follow"},
  };
  for (const auto& [change, words] : kLies) Untrue(words, say(change), asked);
}

TEST_CASE("missing groups: what cannot be true is told") {
  const auto say = [&](const std::function<void(v1::MissingGroupsAnswer*)>& change) {
    v1::MissingGroupsAnswer made;
    made.set_on("2026-03-01");
    made.set_level(4);
    made.set_kind(v1::FormGroup::KIND_COOPERATIVE);
    for (const char* place : {"a", "b"}) {
      auto* line = made.add_lines();
      line->set_place(place);
      line->set_needs(1);
    }
    made.set_places(5);
    made.set_with_need(3);
    made.set_with_group(1);
    change(&made);
    return made;
  };
  v1::MissingGroupsRequest asked;
  asked.set_level(4);
  const auto honest = say([](v1::MissingGroupsAnswer*) {});
  CanBeTrue(honest, asked, true);
  Untrue("it is of another level or kind than was asked for", honest,
         With(asked, [](auto* r) { r->set_level(3); }), true);
  Untrue("it is of another level or kind than was asked for", honest,
         With(asked, [](auto* r) { r->set_kind(v1::FormGroup::KIND_ASSESSMENT); }), true);
  const std::pair<std::function<void(v1::MissingGroupsAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_lines(1)->set_place("a"); }, "is out of order"},
      {[](auto* a) { a->mutable_lines(1)->set_needs(0); }, "has no need"},
      {[](auto* a) { a->set_with_need(6); }, "a part is more than its whole"},
      {[](auto* a) { a->set_with_group(0); }, "it shows another number of places"},
      {[](auto* a) { a->set_with_group(2); }, "it shows another number of places"},
  };
  for (const auto& [change, words] : kLies) Untrue(words, say(change), asked, true);
}

TEST_CASE("who answers: what cannot be true is told") {
  const auto say = [&](const std::function<void(v1::WhoAnswersAnswer*)>& change) {
    v1::WhoAnswersAnswer made;
    made.set_on("2026-03-01");
    made.set_place("dafang");
    made.set_category("EDU");
    made.set_verdict(v1::WhoAnswersAnswer::VERDICT_ONE);
    for (const char* id : {"a", "b"}) {
      auto* duty = made.add_lines()->mutable_duty()->mutable_action()->mutable_assign_duty();
      duty->set_id(id);
      duty->set_party(id);
      duty->set_role(v1::AssignDuty::ROLE_LEAD);
    }
    made.mutable_lines(0)->set_acceptance(v1::DutyLine::ACCEPTANCE_ACCEPTED);
    made.mutable_lines(0)->set_accepted_in(7);
    made.mutable_lines(1)->set_acceptance(v1::DutyLine::ACCEPTANCE_NAMED);
    change(&made);
    return made;
  };
  v1::WhoAnswersRequest asked;
  asked.set_place("dafang");
  asked.set_category("EDU");
  const auto honest = say([](v1::WhoAnswersAnswer*) {});
  CanBeTrue(honest, asked);
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 3));
  Untrue("it is of another day than was asked for", honest, On(asked, "2026-03-02"));
  Untrue("it is of another place or category than was asked for", honest,
         With(asked, [](auto* r) { r->set_category("HEA"); }));
  Untrue("it is of another place or category than was asked for", honest,
         With(asked, [](auto* r) { r->set_place("qianxi"); }));
  const auto duty = [](v1::WhoAnswersAnswer* a) {
    return a->mutable_lines(1)->mutable_duty()->mutable_action()->mutable_assign_duty();
  };
  const std::pair<std::function<void(v1::WhoAnswersAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->set_verdict(v1::WhoAnswersAnswer::VERDICT_NOBODY); }, "the verdict does not follow"},
      {[](auto* a) { a->set_verdict(v1::WhoAnswersAnswer::VERDICT_SEVERAL); }, "the verdict does not follow"},
      {[](auto* a) {
         a->mutable_lines(1)->set_acceptance(v1::DutyLine::ACCEPTANCE_ACCEPTED);
         a->mutable_lines(1)->set_accepted_in(8);
       },
       "the verdict does not follow"},
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); },
       "duty a was accepted, and comes after one that was not"},
      {[](auto* a) { a->set_more(1); }, "it shows another number of duties than there are"},
      {[](auto* a) {
         for (int i = 0; i < 1'000; ++i) *a->add_lines() = a->lines(1);
       },
       "it shows another number of duties than there are, or than it may show"},
      {[](auto* a) { a->mutable_lines(0)->clear_accepted_in(); }, "no record says what the party answered"},
      {[](auto* a) { a->mutable_lines(1)->set_accepted_in(8); }, "no record says what the party answered"},
      {[&](auto* a) { duty(a)->set_id("a"); }, "duty a is listed twice"},
      {[&](auto* a) { duty(a)->set_from("2026-03-02"); }, "duty b is not in force on that day"},
      {[&](auto* a) { duty(a)->set_until("2026-02-28"); }, "duty b is not in force on that day"},
      {[](auto* a) { a->mutable_lines(1)->mutable_duty()->mutable_ended()->set_record(3); },
       "duty b is not in force on that day"},
      {[](auto* a) { a->mutable_lines(1)->mutable_duty()->mutable_action()->mutable_deploy(); },
       "a line is not a duty"},
  };
  for (const auto& [change, words] : kLies) Untrue(words, say(change), asked);
  // Where accepted duties are left out, they may have more leads, and no fewer.
  const auto thousand = [](v1::WhoAnswersAnswer* a, v1::AssignDuty::Role role) {
    const v1::DutyLine line = a->lines(0);
    a->clear_lines();
    for (int i = 0; i < 1'000; ++i) {
      *a->add_lines() = line;
      auto* one = a->mutable_lines(i)->mutable_duty()->mutable_action()->mutable_assign_duty();
      one->set_id("d" + std::to_string(i));
      one->set_role(role);
    }
    a->set_more(7);
  };
  for (const auto verdict : {v1::WhoAnswersAnswer::VERDICT_ONE, v1::WhoAnswersAnswer::VERDICT_SEVERAL})
    CanBeTrue(say([&](auto* a) {
                thousand(a, v1::AssignDuty::ROLE_LEAD);
                a->set_verdict(verdict);
              }),
              asked);
  Untrue("the verdict does not follow", say([&](auto* a) {
           thousand(a, v1::AssignDuty::ROLE_LEAD);
           a->set_verdict(v1::WhoAnswersAnswer::VERDICT_NOBODY);
         }),
         asked);
  CanBeTrue(say([&](auto* a) { thousand(a, v1::AssignDuty::ROLE_FUND); }), asked);
}

TEST_CASE("idle teams: what cannot be true is told") {
  const auto say = [&](const std::function<void(v1::IdleTeamsAnswer*)>& change) {
    v1::IdleTeamsAnswer made;
    made.set_on("2026-12-01");
    made.set_days(180);
    made.set_in_force(2);
    made.set_without_project(1);
    auto* team = made.add_teams();
    auto* said = team->mutable_deployment()->mutable_action()->mutable_deploy();
    said->set_id("d");
    said->set_project("p");
    said->set_status(v1::Deploy::STATUS_ACTIVE);
    team->set_since("2026-03-01");
    team->set_quiet_days(275);
    change(&made);
    return made;
  };
  v1::IdleTeamsRequest asked;
  asked.set_days(180);
  const auto honest = say([](v1::IdleTeamsAnswer*) {});
  CanBeTrue(honest, asked);
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 3));
  Untrue("it is of another day than was asked for", honest, On(asked, "2026-03-02"));
  Untrue("it is for another number of days than was asked for", honest,
         With(asked, [](auto* r) { r->set_days(200); }));
  const std::pair<std::function<void(v1::IdleTeamsAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_teams(0)->set_quiet_days(276); }, "it is not quiet for so many days"},
      {[](auto* a) { a->mutable_teams(0)->set_reported("2026-11-01"); }, "it is not quiet for so many days"},
      {[](auto* a) {
         a->mutable_teams(0)->set_reported("2026-11-01");
         a->mutable_teams(0)->set_quiet_days(30);
       },
       "it is not quiet for long"},
      {[](auto* a) { a->set_without_project(2); }, "more teams are idle than are there"},
      {[](auto* a) { a->mutable_teams(0)->mutable_deployment()->mutable_ended()->set_record(3); },
       "a line is not a deployment that goes on"},
      {[](auto* a) {
         a->mutable_teams(0)->mutable_deployment()->mutable_action()->mutable_deploy()->clear_project();
       },
       "it is not active on a project"},
  };
  for (const auto& [change, words] : kLies) Untrue(words, say(change), asked);
}

}  // namespace
}  // namespace fundtrail::testing
