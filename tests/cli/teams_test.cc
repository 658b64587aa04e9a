// Teams with the real program: which are short, and the matrix of who works on what in how many places.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/root_desk.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// hub: EDU in east twice and in west, HEA in west; village: EDU in far, which is elsewhere. Nothing else is there in March.
void Begin(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    first.MakeLedger();
    Do(first, "place add dafang --name Dafang --level 3");
    Do(first, "place add east --name East --parent dafang --level 4");
    Do(first, "place add west --name West --parent dafang --level 4");
    Do(first, "place add far --name Far --level 3");
    Do(first, "category add EDU --name Education");
    Do(first, "category add PRE --name 'Before school' --parent EDU");
    Do(first, "category add HEA --name Health");
    for (const char* team :
         {"a --party hub --place east --category EDU --staff 2",
          "b --party hub --place east --category EDU --staff 5",
          "c --party hub --place west --category PRE --from 2026-01-01 --to 2026-12-31",
          "d --party hub --place west --category HEA --staff 1 --from 2026-01-01 --to 2029-12-31",
          "e --party village --place far --category EDU",
          "f --party village --place east --category EDU --staff 1 --status planned",
          "g --party village --place east --category HEA --staff 1 --from 2026-04-01"})
      Do(first, "deployment add " + std::string(team));
  });
}

TEST_CASE("teams with few people or for a short time are shown") {
  const Desk desk;
  Begin(desk);
  const std::string question = "deployment short --on 2026-03-01 ";
  const auto all = Ask(desk, question);
  CHECK(all["on"] == "2026-03-01");
  CHECK(all["there"] == 5);
  CHECK(all["no_staff"] == 2);
  REQUIRE(all["teams"].size() == 3);
  CHECK(all["teams"][0]["deployment"] == "a");
  CHECK(all["teams"][0]["staff"] == 2);
  CHECK_FALSE(all["teams"][0].contains("planned_days"));
  CHECK(all["teams"][1]["deployment"] == "c");
  CHECK(all["teams"][1]["planned_days"] == 365);
  CHECK(all["teams"][2]["deployment"] == "d");
  CHECK(Ask(desk, question + "--staff 1 --days 100")["teams"].empty());
  CHECK(Ask(desk, question + "--category HEA")["teams"].size() == 1);
  CHECK(Ask(desk, question + "--place west")["there"] == 2);
  CHECK_THAT(Told(desk, question),
             Contains("Teams with a staff below 3, or planned for less than 730 days, on "
                      "2026-03-01\n"));
  CHECK_THAT(Told(desk, question),
             Contains("5 teams are there; 2 teams say not how many work there for pay.\n"));
  CHECK_THAT(Told(desk, question + "--csv"),
             Contains("\nc,hub,,west,PRE,,2026-01-01,2026-12-31,365,no,yes,"));
}

TEST_CASE("the matrix: parties, categories, and in how many places") {
  const Desk desk;
  Begin(desk);
  const std::string question = "deployment matrix --on 2026-03-01 ";
  const auto county = Ask(desk, question + "--place dafang");
  REQUIRE(county["rows"].size() == 1);
  CHECK(county["rows"][0]["party"] == "hub");
  CHECK(county["rows"][0]["party_name"] == "红十字会");
  CHECK(county["rows"][0]["places"] == 2);
  CHECK(county["rows"][0]["categories"] == nlohmann::json::object({{"EDU", 1}, {"PRE", 1}, {"HEA", 1}}));
  CHECK(county["place"] == "dafang");
  const std::string text = Told(desk, question);
  CHECK_THAT(text, Contains("In how many places each party works, on 2026-03-01\n"));
  CHECK_THAT(text, Contains("hub 红十字会"));
  CHECK(WithoutCheckpoint(Told(desk, question + "--csv")) ==
        "party,party_name,category:EDU,category:HEA,category:PRE,places\n"
        "hub,红十字会,1,1,1,2\n"
        "village,Village 东,1,0,0,1\n");
  // A category has those below it.
  CHECK(WithoutCheckpoint(Told(desk, question + "--category EDU --csv")) ==
        "party,party_name,category:EDU,category:PRE,places\n"
        "hub,红十字会,1,1,2\n"
        "village,Village 东,1,0,1\n");
  // Later the other team is there too, and as of an earlier record it was not known.
  CHECK(Ask(desk, "deployment matrix --on 2026-04-01")["rows"][1]["places"] == 2);
  const auto size = std::stoul(county["as_of"]["size"].get<std::string>());
  const auto then = Ask(desk, "deployment matrix --on 2026-04-01 --as-of " + std::to_string(size - 2));
  CHECK(then["rows"][1]["places"] == 1);
  CHECK(then["as_of_record"] == std::to_string(size - 2));
  // A team that has ended is nowhere.
  Do(desk, "deployment end e");
  CHECK(Ask(desk, question)["rows"].size() == 1);
  CHECK_THAT(Told(desk, question + "--place far"), Contains("Nobody is there.\n"));
  // The day of the last record is asked about when none is named.
  CHECK(Ask(desk, "deployment matrix")["on"] == Ask(desk, "deployment idle")["on"]);
}

TEST_CASE("what cannot be asked of teams is told") {
  const Desk desk;
  Begin(desk);
  for (const char* verb : {"short", "matrix"}) {
    const struct {
      std::string options, says;
    } kCases[] = {
        {"--place nowhere", "this ledger has no place \"nowhere\""},
        {"--category song", "this ledger has no category \"song\""},
        {"--on soon", "--on"},
        {"--as-of 99 --on 2026-03-01", "there is no record 99 to ask as of"},
        {"--as-of 99", "99"},
        {"--csv --json", "--csv and --json are two forms of one answer"},
        {"--raw", "--raw"},
    };
    for (const auto& one : kCases) {
      INFO(verb << " " << one.options);
      const auto ran = desk.Run("--ledger l deployment " + std::string(verb) + " " + one.options);
      CHECK(ran.exit == 2);
      CHECK_THAT(ran.err, Contains(one.says));
    }
  }
  CHECK(desk.Run("--ledger l deployment short --staff 0").exit == 2);
  CHECK(desk.Run("--ledger l deployment short --days 0").exit == 2);
}

}  // namespace
}  // namespace fundtrail::testing
