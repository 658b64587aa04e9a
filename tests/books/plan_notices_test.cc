// Which payments in a project wait for a notice of its plan, until when, and what waits for nothing.
#include "ledger/books/money/plan_notices.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"
#include "tests/books/project_world.h"
#include "tests/support/notices.h"

namespace fundtrail::testing {
namespace {

const std::string kPending = "NOTICE_PENDING at actions[0].transfer.amount";
constexpr std::int64_t kFrom = 1'000;    // the fund flood asks from here on
constexpr std::int32_t kToday = 20'000;  // the day of the first records
constexpr int kDays = 10;                // so long a notice stands

std::string DayText(int day) { return ToString(Date(kToday + day)); }

// Its days are counted from the first day of the world.
v1::Action PlanOf(const std::string& id, const std::string& project, int from = 0) {
  return ForProject(Notice(id, "county", "gz", v1::Announce::KIND_PLAN, DayText(from)), project);
}

// Ministry holds 100,000 units of CNY in fund flood and as many in fund school, and neither fund asks for anything yet.
class NoticedWorld : public ProjectWorld {
 public:
  NoticedWorld() {
    OnDay(0);
    v1::Action school = Pay("donor", "ministry", 100'000);
    school.mutable_transfer()->set_fund("school");
    Need(Do({Pay("donor", "ministry", 100'000), school}).status());
  }
  void OnDay(int day) { On(Date(kToday + day)); }
  // The fund flood in its next version.
  void Flood(const v1::Action& fund) { flood_ = Said(Amending(fund, flood_)); }
  void Asks() { Flood(WithPlanNotice(Fund("flood", "root"), kFrom)); }
  // The record of an action that is taken.
  std::uint64_t Said(const v1::Action& action) {
    const std::uint64_t record = next();
    Need(Do({action}).status());
    return record;
  }
  std::string Paid(std::int64_t amount = kFrom, const std::string& project = "lunches") {
    return Verdict(Into(project, Pay("ministry", "county", amount)));
  }

 private:
  std::uint64_t flood_ = 1;  // the record of its present version
};

TEST_CASE(
    "a payment of the amount or more waits until a notice of the plan is complete, and a smaller one does "
    "not") {
  NoticedWorld w;
  CHECK(w.Paid() == "OK");
  w.Asks();
  CHECK(w.Paid() == kPending);
  CHECK(w.Paid(kFrom - 1) == "OK");
  CHECK(w.Verdict(Pay("ministry", "county", kFrom)) == "OK");  // in no project
  w.Said(PlanOf("plan-1", "lunches"));
  for (const auto& [day, verdict] : std::initializer_list<std::pair<int, std::string>>{
           {0, kPending}, {kDays - 1, kPending}, {kDays, "OK"}, {kDays + 1, "OK"}, {400, "OK"}}) {
    INFO(day);
    w.OnDay(day);
    CHECK(w.Paid() == verdict);
    CHECK(w.Paid(kFrom, "roofs") == kPending);  // nobody announced it
  }
}

TEST_CASE("the refusal says what is missing, and on which day it is there") {
  NoticedWorld w;
  w.Asks();
  const auto refusal = [&] {
    const auto told = model::RefusalOf(w.Do({Into("lunches", Pay("ministry", "county", kFrom))}).status());
    REQUIRE(told.has_value());
    return *told;
  };
  CHECK(refusal().register_() == "project");
  CHECK(refusal().id() == "lunches");
  CHECK_THAT(refusal().sentence(),
             Catch::Contains("fund flood asks for a complete notice of the plan of project "
                             "lunches before payments from 10.00 CNY on, and none names it"));
  // Of two the one that is complete first.
  w.Said(PlanOf("later", "lunches", 9));
  const std::uint64_t record = w.Said(PlanOf("sooner", "lunches", 3));
  CHECK(refusal().register_() == "notice");
  CHECK(refusal().id() == "sooner");
  CHECK(refusal().record() == record);
  CHECK_THAT(refusal().sentence(), Catch::Contains("notice sooner is complete on " + DayText(3 + kDays)));
  w.Flood(WithPlanNotice(Fund("flood", "root"), 0));
  CHECK_THAT(refusal().sentence(), Catch::Contains(" before every payment in CNY, and notice sooner"));
}

TEST_CASE("which notices count, and from which day their days do") {
  struct Case {
    const char* story;
    v1::Action notice;
    int complete;  // from this day on; below 0: never
  };
  const v1::Action plan = PlanOf("n", "lunches");
  v1::Action allocation = plan, elsewhere = PlanOf("n", "roofs"), several = ForProject(elsewhere, "lunches");
  allocation.mutable_announce()->set_kind(v1::Announce::KIND_ALLOCATION);
  const Case kCases[] = {
      {"one that begins on the day of its record", plan, kDays},
      {"one that begins later", PlanOf("n", "lunches", 5), 5 + kDays},
      {"one that says it began before anybody could read it here", PlanOf("n", "lunches", -30), kDays},
      {"one that stands longer", ForDays(plan, 30), 30},
      {"one of several projects", several, kDays},
      {"one by a party that has nothing to do with the project",
       ForProject(Notice("n", "far", "sc", v1::Announce::KIND_PLAN, DayText(0)), "lunches"), kDays},
      {"one of another kind", allocation, -1},
      {"one of another project", elsewhere, -1},
  };
  for (const Case& one : kCases) {
    INFO(one.story);
    NoticedWorld w;
    w.Asks();
    w.Said(one.notice);
    w.OnDay(one.complete < 0 ? 400 : one.complete - 1);
    CHECK(w.Paid() == kPending);
    if (one.complete < 0) continue;
    w.OnDay(one.complete);
    CHECK(w.Paid() == "OK");
  }
}

TEST_CASE(
    "an amended notice begins anew, one that names the project no more does not count, nor one that was "
    "withdrawn") {
  NoticedWorld w;
  w.Asks();
  std::uint64_t version = w.Said(PlanOf("n", "lunches"));
  w.OnDay(8);
  v1::Action changed = PlanOf("n", "lunches");
  changed.mutable_announce()->set_contact("another number");
  version = w.Said(Amending(changed, version));
  w.OnDay(8 + kDays - 1);
  CHECK(w.Paid() == kPending);
  w.OnDay(8 + kDays);
  CHECK(w.Paid() == "OK");
  version = w.Said(Amending(PlanOf("n", "roofs"), version));
  w.OnDay(400);
  CHECK(w.Paid() == kPending);
  CHECK(w.Paid(kFrom, "roofs") == "OK");
  w.Said(End("notice", "n", version));
  CHECK(w.Paid(kFrom, "roofs") == kPending);
}

TEST_CASE("inside a project, between funds, projects and assets: the fund in which the money arrives asks") {
  NoticedWorld w;
  Need(w.Do({Into("lunches", Pay("ministry", "county", 20'000)),
             Into("roofs", Pay("ministry", "county", 20'000))})
           .status());
  w.Flood(WithPlanNotice(WithPlanNotice(Fund("flood", "root"), kFrom), 50, "USD"));
  CHECK(w.Verdict(In("lunches", Pay("county", "charity", kFrom))) == kPending);
  CHECK(w.Verdict(In("lunches", Pay("county", "charity", kFrom - 1))) == "OK");
  CHECK(w.Verdict(In("lunches", Pay("donor", "charity", kFrom))) == kPending);
  // From one project to another, and out of it.
  CHECK(w.Verdict(Into("roofs", In("lunches", Move("county", kFrom)))) == kPending);
  CHECK(w.Verdict(ToGeneral(In("lunches", Move("county", kFrom)))) == "OK");
  // Of an exchange either side counts.
  CHECK(w.Verdict(In("lunches", Exchange("county", "county", 500, "USD", 50))) == kPending);
  CHECK(w.Verdict(In("lunches", Exchange("county", "county", kFrom, "USD", 49))) == kPending);
  CHECK(w.Verdict(In("lunches", Exchange("county", "county", 500, "USD", 49))) == "OK");
  // The fund school asks for nothing; money of it that comes to a project in the fund flood waits.
  v1::Action school = Into("lunches", Pay("ministry", "county", kFrom));
  school.mutable_transfer()->set_fund("school");
  CHECK(w.Verdict(school) == "OK");
  v1::Action across = Into("lunches", Reclassify("ministry", "flood", kFrom));
  across.mutable_transfer()->set_fund("school");
  CHECK(w.Verdict(across) == kPending);
  v1::Action away = In("lunches", Reclassify("county", "school", kFrom));
  CHECK(w.Verdict(away) == "OK");
  w.Said(PlanOf("n", "lunches"));
  w.OnDay(kDays);
  CHECK(w.Verdict(In("lunches", Pay("county", "charity", kFrom))) == "OK");
  CHECK(w.Verdict(across) == "OK");
}

TEST_CASE("what is sent back waits for nothing, and what is sent back of that is paid once more") {
  for (const auto kind : {v1::TRANSFER_KIND_RETURN, v1::TRANSFER_KIND_REVERSAL}) {
    INFO(model::WordOf(kind));
    NoticedWorld w;
    w.Said(Into("lunches", Pay("ministry", "county", 5'000)));
    const std::uint64_t paid = w.Said(In("lunches", Pay("county", "charity", 3'000)));
    w.Asks();
    const std::uint64_t back =
        w.Said(Returning(In("lunches", Pay("charity", "county", 2'000)), Ref(paid), kind));
    const v1::Action again = Returning(In("lunches", Pay("county", "charity", 2'000)), Ref(back), kind);
    CHECK(w.Verdict(again) == kPending);
    w.Said(PlanOf("n", "lunches"));
    w.OnDay(kDays);
    CHECK(w.Verdict(again) == "OK");
  }
}

TEST_CASE("a fund that is amended asks from then on, or no more") {
  NoticedWorld w;
  w.Asks();
  CHECK(w.Paid() == kPending);
  w.Flood(WithPlanNotice(Fund("flood", "root"), kFrom + 1));
  CHECK(w.Paid() == "OK");
  CHECK(w.Paid(kFrom + 1) == kPending);
  w.Flood(WithPlanNotice(Fund("flood", "root"), 1, "USD"));
  CHECK(w.Paid(kFrom + 1) == "OK");
  w.Asks();
  CHECK(w.Paid() == kPending);
  w.Flood(Fund("flood", "root"));
  CHECK(w.Paid() == "OK");
}

TEST_CASE("the form of such a rule: an asset that is there, no amount below 0, each rule once") {
  const std::string at = "actions[0].open_fund.plan_notices";
  NoticedWorld w;
  const v1::Action fund = Fund("other", "root");
  CHECK(w.Verdict(WithPlanNotice(fund, -1)) == "FIELD_INVALID at " + at + "[0].from_amount");
  CHECK(w.Verdict(WithPlanNotice(fund, 1, "")) == "FIELD_INVALID at " + at + "[0].asset");
  CHECK(w.Verdict(WithPlanNotice(fund, 1, "XAU")) == "REFERENCE_UNKNOWN at " + at + "[0].asset");
  CHECK(w.Verdict(WithPlanNotice(WithPlanNotice(fund, 1), 1)) == "FIELD_INVALID at " + at + "[1]");
  CHECK(w.Verdict(WithPlanNotice(WithPlanNotice(fund, 1), 2)) == "OK");
}

}  // namespace
}  // namespace fundtrail::testing
