// The page on pledges, assignments and commitments: each of its commands runs, on the ledger that it makes.
#include <catch2/catch.hpp>
#include <string>

#include "tests/cli/page.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("the commands of the page on supply run, and its figures come out") {
  const Desk desk;
  std::string needs, pledges, balance, released, before;
  const auto commands = CommandsOf(desk, "supply.md");
  CHECK(commands.size() == 37);
  for (const std::string& command : commands) {
    const std::string told = RunCommand(desk, command);
    if (command.find(" needs coats") != std::string::npos) {
      if (before.empty()) before = told;
      needs = told;
    }
    if (command.find(" pledges ") != std::string::npos) pledges = told;
    if (command.find(" balance ") != std::string::npos) {
      if (balance.empty()) balance = told;
      released = told;
    }
  }
  CHECK_THAT(before, Contains("asked 1,000.00, came 0.00, assigned 600.00, open 400.00\n"));
  CHECK_THAT(needs, Contains("asked 1,000.00, came 250.00, assigned 350.00, open 400.00\n"));
  CHECK_THAT(
      pledges,
      Contains("A company: pledged 800.00 CNY, assigned 600.00, paid 700.00: 87.50% kept, of 1 pledge"));
  CHECK_THAT(balance, Contains("300.00 CNY of what is held; spendable: 150.00.\n"));
  CHECK_THAT(released, !Contains("spendable"));
  // What is committed is named in the refusal.
  desk.Run(
      "--ledger ledger commitment add rest --owner hub --fund winter --asset CNY --amount 350.00 --key "
      "root.key");
  const Ran refused = desk.Run(
      "--ledger ledger pay --from hub --to village --fund winter --asset CNY --amount 1.00 --key root.key");
  CHECK(refused.exit == 1);
  CHECK_THAT(refused.err, Contains("of which 350.00 CNY is committed"));
}

}  // namespace
}  // namespace fundtrail::testing
