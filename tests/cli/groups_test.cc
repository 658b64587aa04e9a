// The page on groups, run with the real program: a township's cooperative is formed, verifies a need, and is seen to do so.
#include <catch2/catch.hpp>

#include "tests/cli/page.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// Runs the commands from `*next` on, up to one that begins so: all of them, where it is empty. What they say together.
std::string RunUpTo(const Desk& desk, const std::vector<std::string>& commands, const std::string& before,
                    std::size_t* next) {
  std::string told;
  for (; *next < commands.size(); ++*next) {
    if (!before.empty() && commands[*next].rfind(before, 0) == 0) break;
    told += RunCommand(desk, commands[*next]);
  }
  return told;
}

TEST_CASE("the commands of the page on groups run, and what they show is what the page says") {
  const Desk desk;
  const std::string at = "--ledger ledger ";
  const auto commands = CommandsOf(desk, "groups.md");
  CHECK(commands.size() == 26);
  std::size_t next = 0;
  const std::string missing = RunUpTo(desk, commands, at + "group form", &next);
  CHECK_THAT(missing,
             Contains("Places of level 4 with a verified need and no cooperative group of their own, on "));
  CHECK_THAT(missing, Contains("East township (dafang.east)"));
  CHECK_THAT(missing, !Contains("West township"));
  CHECK_THAT(missing,
             Contains("2 places are of that level; 1 with a verified need, of which 0 with such a group.\n"));

  RunUpTo(desk, commands, at + "need verify blankets-east", &next);
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
  CHECK(desk.Run(at + "missing groups --csv").out == "place,place_name,needs,severity,ledger,size,root\n");

  const std::string members = RunUpTo(desk, commands, "", &next);
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
