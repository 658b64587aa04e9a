// A match, as it is printed: word for word, since people will quote it.
#include "cli/render/match.h"

#include <catch2/catch.hpp>

#include "cli/render/policies.h"
#include "cli/render/publicity.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// The extra amount and a pledge for a need that lacks something after all, and one that nothing is for.
v1::MatchAnswer Answer() {
  v1::MatchAnswer answer;
  answer.set_on("2026-03-01");
  answer.set_asset("CNY");
  answer.set_decimals(2);
  answer.set_method(v1::MatchRequest::METHOD_PROPORTIONAL);
  for (const char* id : {"coats", "doctor"}) {
    v1::MatchNeed* need = answer.add_needs();
    need->set_need(id);
    need->set_place("dafang");
    need->set_place_name("Dafang");
    need->set_category("NFI");
    need->set_category_name("Household goods");
    need->set_severity(4);
    need->set_priority(1);
    need->set_people(1'200);
    need->set_open(100'000);
  }
  v1::MatchNeed* coats = answer.mutable_needs(0);
  coats->set_matched(60'000);
  for (const char* id : {"", "gift"}) {
    v1::MatchPart* part = coats->add_parts();
    part->set_pledge(id);
    part->set_amount(30'000);
    v1::MatchPledge* pledge = answer.add_pledges();
    pledge->set_pledge(id);
    pledge->set_left(30'000);
    pledge->set_matched(30'000);
  }
  answer.mutable_pledges(1)->set_owner("red-cross");
  answer.mutable_pledges(1)->set_owner_name("Red Cross");
  answer.set_open(200'000);
  answer.set_pledged(60'000);
  answer.set_matched(60'000);
  v1::MatchSet* set = answer.add_sets();
  set->add_needs("coats");
  set->add_pledges("");
  set->add_pledges("gift");
  set->set_open(100'000);
  set->set_matched(60'000);
  set->set_pledged(60'000);
  answer.add_sets()->add_needs("doctor");
  answer.mutable_sets(1)->set_open(100'000);
  answer.mutable_as_of()->set_ledger("example.org/l");
  answer.mutable_as_of()->set_size(20);
  return answer;
}

TEST_CASE("a match is printed with its proof and its sums") {
  v1::MatchAnswer answer = Answer();
  v1::MatchRequest request;
  request.set_asset("CNY");
  request.set_extra(30'000);
  render::Style style;
  style.width = render::kEndless;
  std::string text = Text(answer, request, style).str();
  CHECK_THAT(text, Contains("Match of CNY on 2026-03-01, with 300.00 extra\n"));
  CHECK_THAT(text, Contains("Dafang (dafang)"));
  CHECK_THAT(text, Contains("the extra amount 300.00, gift 300.00"));
  CHECK_THAT(text, Contains("a group and the donor"));
  CHECK_THAT(text, Contains("Red Cross (red-cross)"));
  CHECK_THAT(text,
             Contains("Only the extra amount, gift can serve coats, and nothing of it is left: 1,000.00 - "
                      "600.00 = 400.00 CNY lacking.\n"));
  CHECK_THAT(text, Contains("No pledge is for doctor. Lacking: 1,000.00 CNY.\n"));
  CHECK_THAT(text, Contains("within a level each gets the same share of what it lacks.\n"
                            "Needs: 600.00 matched + 1,400.00 lacking = 2,000.00 CNY\n"
                            "Pledges: 600.00 matched + 0.00 left = 600.00 CNY\n"
                            "Nothing is assigned by this: it is a proposal.\n"));
  CHECK_THAT(text, !Contains("more"));
  answer.set_method(v1::MatchRequest::METHOD_EQUAL);
  answer.set_elsewhere(1);
  answer.set_elsewhere_left(700);
  answer.set_not_verified(2);
  text = Text(answer, request, style).str();
  CHECK_THAT(text, Contains("within a level each need gets the same amount.\n"));
  CHECK_THAT(text, Contains("1 more pledge is for none of these needs, with 7.00 CNY left.\n"));
  CHECK_THAT(text,
             Contains("2 more needs in force are not matched: nobody verified the present version, or it "
                      "was refused.\n"));
  answer.set_per_person(true);
  CHECK_THAT(Text(answer, request, style).str(),
             Contains("within a level each gets the same for each person.\n"));
}

TEST_CASE("how few a need is for stands in no table of pledges, open needs and gaps") {
  render::Style style;
  style.width = render::kEndless;
  v1::MatchAnswer match = Answer();
  match.mutable_needs(1)->set_people(3);
  CHECK_THAT(Text(match, v1::MatchRequest(), style).str(), Contains("<5") && Contains("1,200"));
  CHECK_THAT(render::MatchCsv(match, sheets::Cells::kGuarded),
             Contains("\ndoctor,dafang,Dafang,NFI,Household goods,4,1,<5,CNY,"));
  v1::OpenAnswer open;
  open.add_needs()->set_people(4);
  CHECK_THAT(Text(open, style).str(), Contains("<5"));
  v1::PolicyGapsAnswer gaps;
  gaps.add_gaps()->set_people(1);
  gaps.add_gaps()->set_people(5);
  CHECK_THAT(render::PolicyGapsCsvLines(gaps, sheets::Cells::kGuarded), Contains(",<5,") && Contains(",5,"));
}

TEST_CASE("a match as a table has a line for each part, and for what is lacking") {
  CHECK_THAT(
      WithoutCheckpoint(render::MatchCsv(Answer(), sheets::Cells::kGuarded)),
      Contains("need,place,place_name,category,category_name,severity,priority,people,asset,need_open,"
               "need_matched,part,pledge,owner,amount,owner_name\n"
               "coats,dafang,Dafang,NFI,Household goods,4,1,1200,CNY,1000.00,600.00,extra,,,300.00,\n"
               "coats,dafang,Dafang,NFI,Household goods,4,1,1200,CNY,1000.00,600.00,pledge,gift,red-cross,"
               "300.00,Red Cross\n"
               "coats,dafang,Dafang,NFI,Household goods,4,1,1200,CNY,1000.00,600.00,lacking,,,400.00,\n"
               "doctor,dafang,Dafang,NFI,Household goods,4,1,1200,CNY,1000.00,0.00,lacking,,,1000.00,\n"));
}

}  // namespace
}  // namespace fundtrail::testing
