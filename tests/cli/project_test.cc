// A project from its targets to its end with the real program. What was reported stands beside what it is to reach, and one
// command shows all of it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/root_desk.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kAdd =
    "project add lunches --name 'Warm lunches' --owner hub --asset CNY --budget 2000.00 "
    "--participation 'Parents cook on Fridays' --need n1=4000 ";

// A project that is approved, with 1,000.00 in it and 400.00 at the village.
void Begin(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    first.MakeLedger();
    Do(first, "place add dafang --name Dafang --level 3");
    Do(first, "place add east --name East --parent dafang --level 4");
    Do(first, "place add west --name West --parent dafang --level 4");
    Do(first, "category add EDU --name Education");
    Do(first, "party add county --name 'County office' --place dafang");
    Do(first, "need add n1 --owner village --place east --category EDU --people 120");
    Do(first, kAdd + "--target pupils=400=persons=12=sum=latest --target meals=1000=meals=0==sum");
    Do(first, "project approve lunches --by county");
    for (const char* pay : {"--from donor --to hub --amount 1000 --to-project lunches",
                            "--from hub --to village --amount 400 --project lunches"}) {
      const auto ran = first.Run("--ledger l pay --asset CNY --fund winter --key clerk " + std::string(pay));
      INFO(ran.err);
      REQUIRE(ran.exit == 0);
    }
  });
}

void Report(const Desk& desk, const std::string& options) {
  Do(desk, "project report lunches --by hub " + options);
}

TEST_CASE("reports become one number beside each target, and project show answers all of it") {
  const Desk desk;
  Begin(desk);
  Report(desk, "--indicator pupils --actual 80 --place east --from 2020-01-01 --until 2020-01-31");
  Report(desk, "--indicator pupils --actual 90 --place east --from 2020-02-01 --until 2020-02-28");
  Report(desk, "--indicator pupils --actual 30 --place west --from 2020-01-01 --until 2020-01-31");
  Report(desk, "--indicator meals --actual 500 --from 2020-01-01 --until 2020-01-31");
  Report(desk, "--indicator meals --actual 700 --from 2020-02-01 --until 2020-02-28");
  Report(desk, "--indicator meals --actual 510 --from 2020-01-01 --until 2020-01-31");  // corrected

  const std::string shown = Told(desk, "project show lunches");
  for (const char* part :
       {"  owner            红十字会 (hub)\n", "  budget           2,000.00\n",
        "  participation    Parents cook on Fridays\n", "  needs            n1=4000\n",
        "  targets          pupils=400=persons=12=sum=latest; meals=1000=meals=0==sum\n",
        "approve project lunches: decision approved; by county; ",
        "report project lunches: indicator meals; actual 510; ",
        "  state            running: approved, and money was put in (on ",
        "0.00 CNY brought in by sources + 1,000.00 moved in = 600.00 held + 0.00 ends here + 400.00 reached "
        "recipients + 0.00 back at sources + 0.00 sent back + 0.00 taken out\n",
        "Of the budget of 2,000.00 CNY, 1,000.00 lies with holders and recipients: 50.00%.\n",
        "红十字会 (hub), fund winter\n", "    12     400       120     30.00%        2      ",
        "  sum     latest   pupils, persons\n", "     0   1,000     1,210    121.00%        2      ",
        "  sum     sum      meals, meals\n"}) {
    INFO(part);
    CHECK_THAT(shown, Contains(part));
  }
  const auto json = Ask(desk, "project show lunches");
  CHECK(json["project"]["action"]["propose_project"]["participation"] == "Parents cook on Fridays");
  CHECK(json["project"]["attestations"].size() == 7);
  CHECK(json["totals"][0]["held"] == "60000");
  CHECK(json["holdings"][0]["account"]["party"] == "hub");
  REQUIRE(json["results"].size() == 2);
  CHECK(json["results"][0]["target"]["across_periods"] == "LATEST");
  CHECK(json["results"][0]["reported"] == "120");
  CHECK(json["results"][0]["ratio"] == "3000");
  CHECK(json["results"][1]["reported"] == "1210");
  CHECK(json == Ask(desk, "project money lunches"));

  // The money alone.
  const std::string money = Told(desk, "project money lunches");
  CHECK_THAT(money, Contains("project lunches: Warm lunches\n"));
  CHECK_THAT(money, Contains("     0   1,000     1,210    121.00%        2      "));
  CHECK_THAT(money, !Contains("said about it"));

  // As of a day, and as of a record.
  CHECK(Ask(desk, "project show lunches --on 2020-01-31")["results"][0]["reported"] == "110");
  CHECK(Ask(desk, "project show lunches --on 2020-01-31")["results"][1]["reported"] == "510");
  const auto before = Ask(desk, "project show lunches --on 2020-01-30");
  CHECK(before["results"][0]["reports"] == "0");
  const auto newest = std::stoul(json["results"][1]["newest"].get<std::string>());
  const auto then = Ask(desk, "project show lunches --as-of " + std::to_string(newest - 1));
  CHECK(then["results"][1]["reported"] == "1200");
  CHECK(then["as_of_record"] == std::to_string(newest - 1));

  // All versions, as of other registers.
  CHECK(Ask(desk, "project show lunches --versions")["lines"].size() == 1);
  CHECK(desk.Run("--ledger l project show lunches --versions --on 2020-01-31").exit == 2);
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

TEST_CASE("what cannot be a target, and what cannot be asked of a project, is told") {
  const Desk desk;
  Begin(desk);
  const std::string add = "project add other --name Other --owner hub --key k --target ";
  const struct {
    std::string command;
    int exit;
    std::string says;
  } kCases[] = {
      {add + "a=1=b=0=latest", 1, "\"a\" is LATEST across places"},
      {add + "a=1=b=0=sum=average", 1, "\"a\" is AVERAGE across periods"},
      {add + "a=1=b=0=most", 2, "--target: \"most\" is not one of sum, max, average, latest"},
      {add + "a", 2,
       "is not of the form INDICATOR=TARGET[=UNIT][=BASELINE][=ACROSS_PLACES][=ACROSS_PERIODS]"},
      {"project show none", 2, "this ledger has no project \"none\""},
      {"project show lunches --on soon", 2, "--on"},
      {"project show lunches --as-of 99", 2, "there is no record 99 to ask as of"},
      {"project show", 2, "ID is required"},
      {"party close hub", 2, "there is no command \"party close\""},
      {"project withdraw lunches", 2, "there is no command \"project withdraw\""},
  };
  for (const auto& one : kCases) {
    INFO(one.command);
    const auto ran = desk.Run("--ledger l " + one.command);
    CHECK(ran.exit == one.exit);
    CHECK_THAT(ran.err, Contains(one.says));
  }
}

TEST_CASE("a target is read from a spreadsheet with its rules") {
  const Desk desk;
  Begin(desk);
  desk.write("projects.csv",
             "id,name,owner,targets\n"
             "clinic,Clinic,hub,patients=1200=persons=0=max=max; beds=12\n");
  Do(desk, "import registers project projects.csv --as root");
  CHECK_THAT(Told(desk, "project show clinic"),
             Contains("  targets          patients=1200=persons=0=max=max; beds=12\n"));
  CHECK_THAT(Told(desk, "project list --csv"), Contains("patients=1200=persons=0=max=max; beds=12"));
}

TEST_CASE("a project is closed and a need withdrawn, by these words or by `end`") {
  const Desk desk;
  Begin(desk);
  Do(desk, "project close lunches --reason 'all is done'");
  const std::string shown = Told(desk, "project show lunches");
  CHECK_THAT(shown, Contains("  state            closed: it has ended (on "));
  CHECK_THAT(shown, Contains(": all is done\n"));
  Do(desk, "need withdraw n1 --reason 'the road is mended'");
  CHECK_THAT(Told(desk, "need show n1"), Contains(": the road is mended\n"));
  const auto twice = desk.Run("--ledger l need withdraw n1 --key k");
  CHECK(twice.exit == 1);
  CHECK_THAT(twice.err, Contains("REFERENCE_ENDED"));
  Do(desk, "need add n2 --owner village --place east --category EDU --people 12");
  Do(desk, "need end n2");
  CHECK_THAT(Told(desk, "need list --current"), Contains("No needs.\n"));
  CHECK_THAT(desk.Run("project close --help").out, Contains("--reason"));
}

}  // namespace
}  // namespace fundtrail::testing
