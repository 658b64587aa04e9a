// The page on groups, run with the real program: a township's cooperative is formed, verifies a need, and is seen to do so.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// Writes the tables of the page, each below a line that begins with its name, and runs its commands up to one that begins so;
// answers how many ran. Of that command, and what is behind it, nothing is run.
int RunPage(const Desk& desk, const std::string& before, std::string* rest) {
  const std::string command = "    fundtrail ";
  std::istringstream text(rest->empty() ? FileText(std::string(FUNDTRAIL_SOURCE_DIR) + "/docs/groups.md")
                                        : *rest);
  rest->clear();
  std::string name;
  int commands = 0;
  for (std::string line; std::getline(text, line);) {
    if (!rest->empty() ||
        (!before.empty() && line.compare(0, before.size() + command.size(), command + before) == 0)) {
      *rest += line + "\n";
      continue;
    }
    const auto at = line.find(".csv`");
    if (line.compare(0, 1, "`") == 0 && at != std::string::npos) name = line.substr(1, at + 3);
    if (line == "```csv") {
      std::string table;
      while (std::getline(text, line) && line != "```") table += line + "\n";
      REQUIRE_FALSE(name.empty());
      desk.write(name, table);
      name.clear();
    }
    if (line.compare(0, command.size(), command) != 0) continue;
    ++commands;
    INFO(line);
    const auto ran = desk.Run(line.substr(command.size()));
    INFO(ran.out << ran.err);
    REQUIRE(ran.exit == 0);
    CHECK_FALSE(ran.out.empty());
  }
  return commands;
}

TEST_CASE("the commands of the page on groups run, and what they show is what the page says") {
  const Desk desk;
  std::string rest;
  const std::string at = "--ledger ledger ";
  CHECK(RunPage(desk, at + "missing groups", &rest) == 13);
  const auto missing = desk.Run(at + "missing groups --level 4 --place dafang").out;
  CHECK_THAT(missing,
             Contains("Places of level 4 with a verified need and no cooperative group of their own, on "));
  CHECK_THAT(missing, Contains("East township (dafang.east)"));
  CHECK_THAT(missing, !Contains("West"));
  CHECK_THAT(missing,
             Contains("2 places are of that level; 1 with a verified need, of which 0 with such a group.\n"));

  CHECK(RunPage(desk, at + "need verify blankets-east", &rest) == 8);
  // Alone it is refused, and so it is with the township, which stands above the village.
  const std::string verify = at + "need verify blankets-east --by east-coop --key women.key";
  const auto alone = desk.Run(verify);
  CHECK(alone.exit == 1);
  CHECK_THAT(alone.err, Contains("GROUP_QUORUM at actions[0].verify_need.by"));
  CHECK_THAT(alone.err,
             Contains("of group east-coop 2 of 2 members must sign, not counting 1 recused, and 1 did: "));
  CHECK_THAT(alone.err, Contains("(--cosigner KEY --out FILE, then cosign, then submit)"));
  CHECK(
      desk.Run(verify + " --cosigner \"$(awk '$1 == \"public\" {print $2}' township.key)\" --out with.signed")
          .exit == 0);
  CHECK(desk.Run("cosign with.signed --key township.key").exit == 0);
  const auto recused = desk.Run(at + "submit with.signed");
  CHECK(recused.exit == 1);
  CHECK_THAT(recused.err, Contains("MEMBER_RECUSED at actions[0].verify_need.by"));
  CHECK_THAT(desk.Run(at + "missing groups --csv").out, Catch::Equals("place,place_name,needs,severity\n"));

  CHECK(RunPage(desk, "", &rest) == 5);
  const auto members = desk.Run(at + "group members east-coop").out;
  CHECK_THAT(members, Contains("Group Cooperative of East township (east-coop), cooperative of East township "
                               "(dafang.east), on "));
  CHECK_THAT(members,
             Contains("3 members, of whom 2 must sign where none is recused. It acted 1 time, last with "));
  CHECK_THAT(members, Contains("100.00 %"));
  CHECK_THAT(members, Contains("It can act.\n"));
  const auto csv = desk.Run(at + "group members east-coop --csv").out;
  CHECK_THAT(csv, Contains("\ncoop-township,east,East township office,government,chair,accepted,,,0,0,1,,"));
  CHECK_THAT(
      csv, Contains("\ncoop-women,women,Women's federation of East,womens-federation,member,accepted,,,1,1,0,"
                    "10000,"));
  const auto json = nlohmann::json::parse(desk.Run("--json " + at + "group members east-coop").out);
  CHECK(json["seats"].size() == 3);
  CHECK(json["can_act"] == true);
  CHECK(desk.Run(at + "group members nobody").exit == 2);
  CHECK(desk.Run(at + "missing groups --kind club").exit == 2);
  CHECK(desk.Run(at + "party end east-coop --key root.key").exit == 0);
  const auto ended = desk.Run(at + "group members east-coop");
  CHECK(ended.exit == 0);
  CHECK_THAT(ended.out, Contains("It cannot act: its party has ended.\n"));
  CHECK(desk.Run("verify ledger --vkey \"$(cat ledger/vkey)\"").exit == 0);
}

}  // namespace
}  // namespace fundtrail::testing
