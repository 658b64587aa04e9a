// A fund that asks for notices of plans, with the real program: a payment into a project waits, and says for what.
#include <catch2/catch.hpp>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

Ran DoIn(const Desk& desk, const std::string& command) {
  return desk.Run("--ledger l " + command + " --key k");
}
void MustIn(const Desk& desk, const std::string& command) {
  const Ran ran = DoIn(desk, command);
  INFO(command << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit == 0);
}

TEST_CASE("a payment into a project waits for the notice that its fund asks for, and says which") {
  const Desk desk;
  desk.MakeLedger();
  MustIn(desk, "place add dafang --name Dafang --level 3");
  MustIn(desk, "party add county --name County");
  MustIn(desk,
         "project add lunches --name Lunches --owner county --implementer hub --place dafang --target "
         "pupils=400");
  MustIn(desk, "project approve lunches --by donor");
  MustIn(desk, "fund amend winter --plan-notice CNY=1,000.00");
  CHECK_THAT(desk.Run("--ledger l fund show winter").out, Contains("CNY=1,000.00\n"));
  const std::string pay =
      "pay --from donor --to hub --asset CNY --fund winter --to-project lunches --amount ";
  MustIn(desk, pay + "999.99");
  const Ran missing = DoIn(desk, pay + "1000");
  CHECK(missing.exit == 1);
  CHECK_THAT(missing.err, Contains("NOTICE_PENDING at actions[0].transfer.amount") &&
                              Contains("before payments from 1,000.00 CNY on, and none names it"));
  // It says that it began long ago; but nobody could read it here before now.
  MustIn(desk,
         "notice add plan-lunches --name Plan --kind plan --project lunches --place dafang --channel board "
         "--from 2020-01-01 --days 10");
  const Ran pending = DoIn(desk, pay + "1000");
  CHECK(pending.exit == 1);
  CHECK_THAT(pending.err, Contains("and notice plan-lunches is complete on "));
  MustIn(desk, "fund amend winter --plan-notice \"\"");
  MustIn(desk, pay + "1000");
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

}  // namespace
}  // namespace fundtrail::testing
