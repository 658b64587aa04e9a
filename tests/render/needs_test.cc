// Needs, as they are printed: word for word, since people will quote it.
#include "cli/render/needs.h"

#include <catch2/catch.hpp>

#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

v1::NeedLine* Add(v1::NeedsAnswer* answer, const std::string& id, v1::NeedState state,
                  std::uint32_t severity) {
  v1::NeedLine* line = answer->add_lines();
  line->mutable_need()->set_id(id);
  line->mutable_need()->set_owner("east");
  line->mutable_need()->set_place("dafang");
  line->mutable_need()->set_category("EDU");
  line->set_record(12);
  line->set_opened(10);
  line->set_found(v1::VerifyNeed::RESULT_CONFIRMED);
  line->set_place_name("Dafang");
  line->set_category_name("Education");
  line->set_people(1'200);
  line->set_severity(severity);
  line->set_years(1);
  line->set_state(state);
  return line;
}

void Ask(v1::NeedLine* line, std::int64_t asked, std::int64_t direct, std::int64_t by_projects) {
  line->mutable_need()->set_asset("CNY");
  line->set_decimals(2);
  line->set_asked(asked);
  line->set_direct(direct);
  line->set_by_projects(by_projects);
  line->set_open(asked - direct - by_projects);
}

void Count(v1::NeedsAnswer* answer, v1::NeedState state, const std::string& asset, std::uint64_t needs,
           std::int64_t asked, std::int64_t met) {
  v1::NeedCount* count = answer->add_counts();
  count->set_state(state);
  count->set_asset(asset);
  count->set_decimals(asset.empty() ? 0 : 2);
  count->set_needs(needs);
  count->set_asked(asked);
  count->set_met(met);
  count->set_open(asked - met);
}

v1::NeedsAnswer Answer() {
  v1::NeedsAnswer answer;
  answer.mutable_as_of()->set_ledger("example.org/l");
  answer.mutable_as_of()->set_size(20);
  answer.set_on("2026-03-01");
  return answer;
}

render::Style Wide() {
  render::Style style;
  style.width = 200;
  return style;
}

TEST_CASE("needs, in words: how severe, what came, what is open, and what is left out") {
  v1::NeedsAnswer answer = Answer();
  CHECK(render::Text(answer, {}, Wide()).str() ==
        "Needs on 2026-03-01\n"
        "None.\n"
        "Needs whose last day is over are not shown (--state expired shows them).\n"
        "As of example.org/l, 20 records.\n");
  Ask(Add(&answer, "roofs", v1::NEED_STATE_PARTLY, 4), 90'000, 10'000, 25'000);
  v1::NeedLine* meals = Add(&answer, "meals", v1::NEED_STATE_OPEN, 0);
  Ask(meals, 6'000, 0, 0);
  meals->mutable_need()->set_recurring(true);
  meals->set_years(3);
  meals->mutable_need()->set_until("2027-06-30");
  meals->set_found(v1::VerifyNeed::RESULT_UNSPECIFIED);
  Add(&answer, "people", v1::NEED_STATE_WITHOUT_AMOUNT, 5)->set_found(v1::VerifyNeed::RESULT_REFUSED);
  Count(&answer, v1::NEED_STATE_WITHOUT_AMOUNT, "", 1, 0, 0);
  Count(&answer, v1::NEED_STATE_OPEN, "CNY", 2, 6'000, 0);
  Count(&answer, v1::NEED_STATE_PARTLY, "CNY", 1, 90'000, 35'000);
  answer.set_not_verified(3);
  answer.set_next("abc.4:1");
  const std::string text = render::Text(answer, {}, Wide()).str();
  CHECK_THAT(text, Contains("need    severity     people  asset   asked    came    open  state"));
  CHECK_THAT(text, Contains("roofs   emergency     1,200  CNY    900.00  350.00  550.00  partly"));
  CHECK_THAT(text, Contains("open, not verified"));
  CHECK_THAT(text, Contains("2027-06-30, every year, 3 so far"));
  CHECK_THAT(text, Contains("without amount, refused"));
  CHECK_THAT(text, Contains("  Dafang (dafang)  Education (EDU)\n"));
  CHECK_THAT(text, Contains("no asset, without amount: 1 need\n"
                            "CNY, open: 2 needs; asked 60.00, came 0.00, open 60.00\n"
                            "CNY, partly: 1 need; asked 900.00, came 350.00, open 550.00\n"
                            "3 more needs in force are not shown: nobody verified their present version, or "
                            "they were refused (--unverified shows them).\n"
                            "Needs whose last day is over are not shown (--state expired shows them).\n"
                            "The first 3 needs; more follow: --after abc.4:1 for more, --limit 0 for all.\n"
                            "As of example.org/l, 20 records.\n"));
  answer.set_not_verified(1);
  CHECK_THAT(render::Text(answer, {}, Wide()).str(),
             Contains("1 more need in force is not shown: nobody verified its present version, or it was "
                      "refused (--unverified shows it).\n"));
}

TEST_CASE("needs say what was asked for, and one by its id that it ended or has not begun") {
  v1::NeedsAnswer answer = Answer();
  answer.set_as_of_record(9);
  v1::NeedsRequest request;
  request.set_place("dafang");
  request.set_category("EDU");
  request.add_states(v1::NEED_STATE_OPEN);
  request.add_states(v1::NEED_STATE_WITHOUT_AMOUNT);
  CHECK(render::Text(answer, request, Wide()).str() ==
        "Needs on 2026-03-01, as of record 9, in dafang, for EDU: open, without amount\n"
        "None.\n"
        "As of example.org/l, 20 records.\n");
  v1::NeedsRequest single;
  single.add_ids("roofs");
  single.add_ids("meals");
  Add(&answer, "roofs", v1::NEED_STATE_UNSPECIFIED, 4);
  Add(&answer, "meals", v1::NEED_STATE_UNSPECIFIED, 3)->mutable_need()->set_from("2026-03-02");
  Count(&answer, v1::NEED_STATE_UNSPECIFIED, "", 2, 0, 0);
  const std::string text = render::Text(answer, single, Wide()).str();
  CHECK_THAT(text, Contains("  ended  "));
  CHECK_THAT(text, Contains("  not begun  "));
  CHECK_THAT(text, Contains("no asset, no state: 2 needs\n"));
  CHECK_THAT(text, !Contains("not shown"));
  CHECK_THAT(text, !Contains("until"));  // no need says one
}

TEST_CASE("where more came than can be counted, nothing is said to have come, and nothing to be open") {
  v1::NeedsAnswer answer = Answer();
  v1::NeedLine* line = Add(&answer, "roofs", v1::NEED_STATE_UNSPECIFIED, 4);
  Ask(line, 90'000, 0, 0);
  line->set_open(0);
  line->set_beyond(true);
  const std::string text = render::Text(answer, {}, Wide()).str();
  CHECK_THAT(text, Contains("  900.00  ") && Contains("  not known  ") && !Contains("0.00  0.00"));
  CHECK_THAT(text, Contains("\nNot known: more money came than 63 bits can count. It is in no sum.\n"));
  CHECK_THAT(WithoutCheckpoint(render::NeedsCsvLines(answer, sheets::Cells::kRaw)),
             Contains(",CNY,1,900.00,,,,,,confirmed,,,no,12,10,yes,0.00\n"));
}

TEST_CASE("what is assigned has a column of its own where something is, and stands in the counts") {
  v1::NeedsAnswer answer = Answer();
  v1::NeedLine* line = Add(&answer, "roofs", v1::NEED_STATE_ASSIGNED, 4);
  Ask(line, 90'000, 10'000, 0);
  CHECK_THAT(render::Text(answer, {}, Wide()).str(), Contains("came    open  state"));
  line->set_assigned(80'000);
  line->set_open(0);
  Count(&answer, v1::NEED_STATE_ASSIGNED, "CNY", 1, 90'000, 10'000);
  answer.mutable_counts(0)->set_assigned(80'000);
  answer.mutable_counts(0)->set_open(0);
  const std::string text = render::Text(answer, {}, Wide()).str();
  CHECK_THAT(text, Contains("  assigned  ") && Contains("  800.00  "));
  CHECK_THAT(text,
             Contains("CNY, assigned: 1 need; asked 900.00, came 100.00, assigned 800.00, open 0.00\n"));
}

TEST_CASE("needs, as a spreadsheet") {
  CHECK(WithoutCheckpoint(render::NeedsCsvHeader()) ==
        "need,owner,place,place_name,category,category_name,target_group,severity,priority,people,quantity,"
        "unit,asset,years,asked,direct,by_projects,committed,open,state,found,from,until,recurring,record,"
        "opened,beyond,assigned\n");
  v1::NeedsAnswer answer = Answer();
  v1::NeedLine* roofs = Add(&answer, "roofs", v1::NEED_STATE_PARTLY, 4);
  Ask(roofs, 90'000, 10'000, 25'000);
  roofs->set_committed(5);
  roofs->set_assigned(70);
  roofs->mutable_need()->set_priority(2);
  roofs->mutable_need()->set_target_group("=1+1");
  v1::NeedLine* tents = Add(&answer, "tents", v1::NEED_STATE_WITHOUT_AMOUNT, 0);
  tents->mutable_need()->set_quantity(40);
  tents->mutable_need()->set_unit("tents");
  tents->mutable_need()->set_recurring(true);
  tents->set_found(v1::VerifyNeed::RESULT_UNSPECIFIED);
  CHECK(WithoutCheckpoint(render::NeedsCsvLines(answer, sheets::Cells::kGuarded)) ==
        "roofs,east,dafang,Dafang,EDU,Education,'=1+1,4,2,1200,,,CNY,1,900.00,100.00,250.00,0.05,550.00,"
        "partly,confirmed,,,no,12,10,no,0.70\n"
        "tents,east,dafang,Dafang,EDU,Education,,,,1200,40,tents,,1,,,,,,without_amount,,,,yes,12,10,no,\n");
  CHECK_THAT(render::NeedsCsvLines(answer, sheets::Cells::kRaw), Contains(",=1+1,"));
}

}  // namespace
}  // namespace fundtrail::testing
