// Who answers, and in how many hands help lies, with the real program. A duty is assigned, accepted and declined, and each is seen in the answer.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/root_desk.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// Places, categories and the parties of MakeLedger.
void Begin(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    first.MakeLedger();
    Do(first, "place add cn --name China --level 0");
    Do(first, "place add dafang --name Dafang --parent cn --level 3");
    Do(first, "category add EDU --name Education");
  });
}

TEST_CASE("a duty is assigned, accepted and declined, and who answers follows from it") {
  const Desk desk;
  Begin(desk);
  CHECK(Ask(desk, "who-answers dafang EDU")["verdict"] == "NOBODY");
  Do(desk, "duty assign lead-cn --party hub --role lead --place cn --note 'All of it'");
  CHECK(Ask(desk, "who-answers dafang EDU")["lines"][0]["acceptance"] == "NAMED");
  const auto other = desk.Run("--ledger l duty accept lead-cn --by donor --key k");
  CHECK(other.exit == 1);
  CHECK_THAT(other.err, Contains("NOT_RESPONSIBLE"));
  Do(desk, "duty accept lead-cn --by hub");
  CHECK(Ask(desk, "who-answers dafang EDU")["verdict"] == "ONE");
  Do(desk, "duty add lead-edu --party village --role lead --place dafang --category EDU");
  Do(desk, "duty accept lead-edu --by village");
  const auto several = Ask(desk, "who-answers dafang EDU");
  CHECK(several["verdict"] == "SEVERAL");
  CHECK(several["lines"][0]["duty"]["action"]["assign_duty"]["id"] == "lead-edu");  // the narrowest first
  CHECK(several["lines"][1]["duty"]["action"]["assign_duty"]["owner"] == "root");
  CHECK_FALSE(several["lines"][1]["duty"]["action"]["assign_duty"].contains("note"));
  CHECK(Ask(desk, "who-answers cn EDU")["narrower"] == "1");
  Do(desk, "duty accept lead-edu --by village --reply declined --reason 'No people for it'");
  const auto text = desk.Run("--ledger l who-answers dafang EDU");
  CHECK(text.exit == 0);
  CHECK_THAT(text.out, Contains("Who answers for Dafang (dafang), Education (EDU), on "));
  CHECK_THAT(text.out, Contains("declined"));
  CHECK_THAT(text.out, Contains("One answers: 红十字会 (hub) has accepted the lead.\n"));
  const auto csv = desk.Run("--ledger l who-answers dafang EDU --csv");
  CHECK_THAT(csv.out, Contains("\nlead-edu,village,Village 东,lead,declined,"));
  CHECK_THAT(WithoutCheckpoint(csv.out), Contains(",root\n"));
  CHECK_THAT(desk.Run("--ledger l duty show lead-edu").out, Contains("reply declined"));
  const std::string record = several["as_of"]["size"];
  const auto then = Ask(desk, "who-answers dafang EDU --as-of " + std::to_string(std::stoul(record) - 1));
  CHECK(then["verdict"] == "SEVERAL");
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

TEST_CASE("in how many hands help lies: as text, as a spreadsheet and for programs") {
  const Desk desk;
  Begin(desk);
  Do(desk, "party add county --name 'County office' --place cn");
  Do(desk, "fund add summer --name 'Summer school'");
  Do(desk,
     "project add lunches --name Lunches --owner hub --place dafang --category EDU --target pupils=400");
  Do(desk, "project approve lunches --by county");
  for (const char* pay : {"--amount 300 --fund winter", "--amount 100 --fund summer"}) {
    const auto ran = desk.Run(std::string("--ledger l pay --from donor --to hub --asset CNY --key clerk "
                                          "--to-project lunches ") +
                              pay);
    INFO(ran.err);
    REQUIRE(ran.exit == 0);
  }
  Do(desk, "duty assign lead --party hub --role lead --place dafang --category EDU");
  const auto answer = Ask(desk, "fragmentation dafang EDU");
  CHECK(answer["placed"] == "40000");
  REQUIRE(answer["lines"].size() == 8);
  CHECK(answer["lines"][0]["kind"] == "POLICIES");
  CHECK(answer["lines"][0]["leads"] == "0");
  CHECK(answer["lines"][1]["kind"] == "DUTIES");
  CHECK(answer["lines"][1]["count"] == "1");
  CHECK(answer["lines"][2]["kind"] == "FUNDS");
  CHECK(answer["lines"][2]["count"] == "2");
  CHECK(answer["lines"][2]["effective"] == "1600");
  CHECK(answer["lines"][2]["largest"] == "7500");
  const auto text = desk.Run("--ledger l fragmentation dafang EDU");
  CHECK(text.exit == 0);
  CHECK_THAT(text.out, Contains("In how many hands: Dafang (dafang), Education (EDU), on "));
  CHECK_THAT(text.out, Contains("Winter relief (winter) 300.00; Summer school (summer) 100.00\n"));
  CHECK_THAT(text.out, Contains("Money that is placed there: 400.00 CNY\n"));
  CHECK_THAT(WithoutCheckpoint(desk.Run("--ledger l fragmentation dafang EDU --csv").out),
             Contains("\nfunds,2,1.600,0.7500,winter,Winter relief,300.00,\n"));
  CHECK(desk.Run("--ledger l fragmentation nowhere EDU").exit == 2);
  CHECK(desk.Run("--ledger l fragmentation").exit == 2);
}

TEST_CASE("which teams are idle") {
  const Desk desk;
  Begin(desk);
  Do(desk,
     "project add lunches --name Lunches --owner hub --place dafang --category EDU --target pupils=400");
  Do(desk,
     "deployment add team --party village --place dafang --category EDU --project lunches --from 2026-01-01");
  Do(desk, "deployment add other --party hub --place dafang --category EDU --from 2026-01-01");
  const std::string idle = "deployment idle --on 2036-01-01 --place cn";
  const auto answer = Ask(desk, idle);
  REQUIRE(answer["teams"].size() == 1);
  CHECK(answer["teams"][0]["quiet_days"] == 3652);
  CHECK(answer["in_force"] == "2");
  CHECK(answer["without_project"] == "1");
  const auto text = desk.Run("--ledger l " + idle);
  CHECK(text.exit == 0);
  CHECK_THAT(text.out, Contains("Teams without a report for more than 180 days, on 2036-01-01\n"));
  CHECK_THAT(text.out, Contains("never"));
  CHECK_THAT(text.out, Contains("2 deployments are in force there; of them, 1 names no project"));
  CHECK_THAT(desk.Run("--ledger l " + idle + " --csv").out,
             Contains("\nteam,village,Village 东,lunches,dafang,EDU,2026-01-01,,3652,"));
  CHECK_THAT(desk.Run("--ledger l " + idle + " --over 4000").out, Contains("None.\n"));
}

TEST_CASE("what cannot be asked or assigned is told, with its exit code") {
  const Desk desk;
  Begin(desk);
  const struct {
    std::string command;
    int exit;
    std::string says;
  } kCases[] = {
      {"who-answers", 2, "PLACE is required"},
      {"who-answers nowhere", 2, "this ledger has no place \"nowhere\""},
      {"who-answers dafang song", 2, "this ledger has no category \"song\""},
      {"who-answers dafang --on soon", 2, "--on"},
      {"who-answers dafang --as-of 99", 2, "there is no record 99 to ask as of"},
      {"duty add d --party hub --role lead --key k", 1, "FIELD_INVALID"},
      {"duty add d --party hub --role boss --place cn --key k", 2, "--role"},
      {"duty assign d --party hub --place cn --key k", 2, "--role is required"},
  };
  for (const auto& one : kCases) {
    INFO(one.command);
    const auto ran = desk.Run("--ledger l " + one.command);
    CHECK(ran.exit == one.exit);
    CHECK_THAT(ran.err, Contains(one.says));
  }
}

}  // namespace
}  // namespace fundtrail::testing
