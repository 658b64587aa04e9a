// Who answers, as it is printed: word for word, since people will quote it.
#include "cli/render/duties.h"

#include <catch2/catch.hpp>

#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

v1::DutyLine* Add(v1::WhoAnswersAnswer* answer, const std::string& id, const std::string& party,
                  v1::AssignDuty::Role role, v1::DutyLine::Acceptance acceptance) {
  v1::DutyLine* line = answer->add_lines();
  auto* duty = line->mutable_duty()->mutable_action()->mutable_assign_duty();
  duty->set_id(id);
  duty->set_owner("county");
  duty->set_party(party);
  duty->set_role(role);
  line->mutable_duty()->set_record(12);
  line->set_party_name("The " + party);
  line->set_acceptance(acceptance);
  if (acceptance != v1::DutyLine::ACCEPTANCE_NAMED) line->set_accepted_in(13);
  return line;
}

v1::WhoAnswersAnswer Answer() {
  v1::WhoAnswersAnswer answer;
  answer.mutable_as_of()->set_ledger("example.org/l");
  answer.mutable_as_of()->set_size(20);
  answer.set_on("2026-03-01");
  answer.set_place("dafang");
  answer.set_place_name("Dafang");
  answer.set_category("EDU");
  answer.set_category_name("Education");
  answer.set_verdict(v1::WhoAnswersAnswer::VERDICT_NOBODY);
  return answer;
}

TEST_CASE("who answers, in words: nobody, one, several") {
  render::Style style;
  style.width = 200;
  v1::WhoAnswersAnswer answer = Answer();
  CHECK(render::Text(answer, style).str() ==
        "Who answers for Dafang (dafang), Education (EDU), on 2026-03-01\n"
        "No duty in force is for it.\n"
        "Nobody answers: no party has accepted the lead.\n"
        "As of example.org/l, 20 records.\n");
  Add(&answer, "a", "county", v1::AssignDuty::ROLE_LEAD, v1::DutyLine::ACCEPTANCE_ACCEPTED)
      ->set_place("dafang");
  auto* second = Add(&answer, "b", "hub", v1::AssignDuty::ROLE_LEAD, v1::DutyLine::ACCEPTANCE_NAMED);
  second->set_category("EDU");
  second->mutable_duty()->mutable_action()->mutable_assign_duty()->set_project("lunches");
  answer.set_verdict(v1::WhoAnswersAnswer::VERDICT_ONE);
  answer.set_narrower(1);
  const std::string one = render::Text(answer, style).str();
  CHECK_THAT(one, Contains("The county (county)  lead  accepted"));
  CHECK_THAT(one, Contains("named, not accepted"));
  CHECK_THAT(one, Contains("place dafang, all help\n"));
  CHECK_THAT(one, Contains("project lunches: every place, category EDU\n"));
  CHECK_THAT(one,
             Contains("party                role  acceptance           duty  assigned by  record  for\n"));
  CHECK_THAT(one, Contains("  a     county           12  place dafang, all help\n"));
  CHECK_THAT(
      one,
      Contains("One answers: The county (county) has accepted the lead, which it assigned to itself.\n"));
  CHECK_THAT(one, Contains("1 more duty is for a part of it: ask for a place below, or a category.\n"));
  answer.mutable_lines(1)->set_acceptance(v1::DutyLine::ACCEPTANCE_ACCEPTED);
  answer.set_verdict(v1::WhoAnswersAnswer::VERDICT_SEVERAL);
  answer.set_as_of_record(9);
  CHECK_THAT(render::Text(answer, style).str(),
             Contains("Several have accepted the lead, and each may point to another: The county (county), "
                      "The hub (hub).\n"));
  CHECK_THAT(render::Text(answer, style).str(), Contains(", on 2026-03-01, as of record 9\n"));
  answer.mutable_lines(1)->mutable_duty()->mutable_action()->mutable_assign_duty()->set_owner("hub");
  CHECK_THAT(render::Text(answer, style).str(),
             Contains("The county (county), The hub (hub). Each of them assigned it to itself.\n"));
}

TEST_CASE("who answers says how many duties are left out, and no more than those that are shown say") {
  render::Style style;
  style.width = 200;
  v1::WhoAnswersAnswer answer = Answer();
  Add(&answer, "a", "county", v1::AssignDuty::ROLE_LEAD, v1::DutyLine::ACCEPTANCE_ACCEPTED);
  answer.set_verdict(v1::WhoAnswersAnswer::VERDICT_SEVERAL);
  answer.set_more(7);
  const std::string several = render::Text(answer, style).str();
  CHECK_THAT(several,
             Contains("\n7 more duties are for all of it, and not shown: accepted ones come first, then the "
                      "narrowest.\n"));
  CHECK_THAT(several,
             Contains("may point to another: The county (county), and maybe others that are not shown.\n"));
  answer.set_verdict(v1::WhoAnswersAnswer::VERDICT_ONE);
  answer.set_more(1);
  CHECK_THAT(render::Text(answer, style).str(), Contains("\n1 more duty is for all of it, and not shown: "));
  CHECK_THAT(render::Text(answer, style).str(),
             Contains("One answers: The county (county) has accepted the lead.\n"));
  // Behind one that was not accepted, nothing was.
  Add(&answer, "b", "hub", v1::AssignDuty::ROLE_LEAD, v1::DutyLine::ACCEPTANCE_NAMED);
  CHECK_THAT(render::Text(answer, style).str(), Contains("the lead, which it assigned to itself.\n"));
}

TEST_CASE("who answers, as a spreadsheet") {
  v1::WhoAnswersAnswer answer = Answer();
  CHECK(
      WithoutCheckpoint(render::WhoAnswersCsv(answer, sheets::Cells::kGuarded)) ==
      "duty,party,party_name,role,acceptance,accepted_in,place,category,programme,project,from,until,record,"
      "owner\n");
  auto* line = Add(&answer, "a", "county", v1::AssignDuty::ROLE_FUND, v1::DutyLine::ACCEPTANCE_DECLINED);
  line->set_place("dafang");
  auto* duty = line->mutable_duty()->mutable_action()->mutable_assign_duty();
  duty->set_programme("schools");
  duty->set_owner("=1+1");
  CHECK_THAT(WithoutCheckpoint(render::WhoAnswersCsv(answer, sheets::Cells::kGuarded)),
             Contains("\na,county,The county,fund,declined,13,dafang,,schools,,,,12,'=1+1\n"));
  CHECK_THAT(WithoutCheckpoint(render::WhoAnswersCsv(answer, sheets::Cells::kRaw)), Contains(",12,=1+1\n"));
}

}  // namespace
}  // namespace fundtrail::testing
