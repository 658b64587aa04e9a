// The page on evaluation, with the real program: every command that it shows runs, in its order, and money is frozen in between.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/page.h"
#include "tests/cli/root_desk.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("the page on evaluation runs, and a suspended project pays nobody until it is lifted") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("places.csv", "id,name,parent,level\ncn,China,,0\ndafang,Dafang,cn,3\n");
  desk.write("parties.csv", "id,name\ncounty,County\ncheck,Check\nm1,First member\nm2,Second member\n");
  Do(desk, "import registers place places.csv");
  Do(desk, "import registers party parties.csv");
  for (const char* member : {"m1", "m2", "check"}) {
    const std::string key = desk.Run(std::string("keygen --out ") + member + ".key").out.substr(0, 64);
    Do(desk, "key authorise " + key + " --party " + member + " --can evaluate");
  }
  Do(desk,
     "project add lunches --name Lunches --owner county --implementer hub --place dafang --target "
     "pupils=400");
  Do(desk, "project approve lunches --by donor");
  const std::string pay =
      "pay --from donor --to hub --amount 300 --asset CNY --fund winter --to-project lunches";
  Do(desk, pay);
  std::vector<std::string> standings;
  const auto commands = CommandsOf(desk, "evaluation.md");
  CHECK(commands.size() == 22);
  for (const std::string& command : commands) {
    const std::string told = RunCommand(desk, command);
    if (command.find("balance hub") != std::string::npos)
      CHECK_THAT(told, Contains("Frozen by a verdict in fund winter, project lunches: 300.00 CNY of what is "
                                "held, which can only "
                                "be sent back.\n"));
    if (command.find("project show") != std::string::npos)
      CHECK_THAT(told,
                 Contains("  verdict          suspend: evaluation lunches-q1 by Check (check), record ") &&
                     Contains("; its money is frozen, and can only be sent back\n"));
    if (command.find("standing lunches") != std::string::npos) standings.push_back(told);
    if (command.find("submit verdict.signed") == std::string::npos) continue;
    const auto refused = desk.Run("--ledger l " + pay + " --yes --key k");
    CHECK(refused.exit == 1);
    CHECK_THAT(refused.err, Contains("FUNDS_FROZEN"));
    const auto standing = Ask(desk, "standing lunches");
    CHECK(standing["verdict"] == "SUSPEND");
    CHECK(standing["frozen"] == true);
    CHECK(standing["money"][0]["held"] == "30000");
    CHECK(Ask(desk, "project show lunches")["verdict"]["evaluation"] == "lunches-q1");
    const auto line = Ask(desk, "balance hub")["lines"][0];
    CHECK(line["held"] == "30000");
    CHECK(line["frozen"] == "30000");
    CHECK(line["spendable"] == "0");
    CHECK_THAT(desk.Run("--ledger l balance hub --csv").out,
               Contains("lunches,300.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,"));
  }
  REQUIRE(standings.size() == 2);
  CHECK_THAT(standings[0], Contains("Frozen: 300.00 CNY\n"));
  CHECK_THAT(standings[1], !Contains("Frozen"));
  Do(desk, pay + " --yes");
  const auto all = Ask(desk, "evaluations --project lunches");
  REQUIRE(all["lines"].size() == 2);
  CHECK(all["lines"][0]["total"] == 55);
  CHECK(all["lines"][0]["grade"] == "差");
  CHECK(all["lines"][0]["stands"] == false);
  CHECK(all["lines"][1]["total"] == 72);
  CHECK(all["lines"][1]["grade"] == "较好");
  const auto who = Ask(desk, "participation");
  CHECK(who["assets"][0]["sources"] == "1");
  CHECK(who["assets"][0]["brought"] == "60000");
  CHECK_THAT(desk.Run("--ledger l evaluations --csv").out,
             Contains("\nlunches-q2,check,Check,project,lunches,"));
  CHECK(desk.Run("--ledger l standing").exit == 2);
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

}  // namespace
}  // namespace fundtrail::testing
