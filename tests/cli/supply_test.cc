// The page on pledges, assignments and commitments: each of its commands runs, on the ledger that it makes.
#include <catch2/catch.hpp>
#include <sstream>
#include <string>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("the commands of the page on supply run, and its figures come out") {
  const Desk desk;
  const std::string start = "    fundtrail ";
  std::istringstream page(FileText(std::string(FUNDTRAIL_SOURCE_DIR) + "/docs/supply.md"));
  std::string needs, pledges, balance, before;
  int commands = 0;
  for (std::string line; std::getline(page, line);) {
    if (line.compare(0, start.size(), start) != 0) continue;
    ++commands;
    INFO(line);
    const Ran ran = desk.Run(line.substr(start.size()));
    INFO(ran.err);
    REQUIRE(ran.exit == 0);
    if (line.find(" needs coats") != std::string::npos) {
      if (before.empty()) before = ran.out;
      needs = ran.out;
    }
    if (line.find(" pledges ") != std::string::npos) pledges = ran.out;
    if (line.find(" balance ") != std::string::npos && balance.empty()) balance = ran.out;
  }
  CHECK(commands >= 35);
  CHECK_THAT(before, Contains("asked 1,000.00, came 0.00, assigned 600.00, open 400.00\n"));
  CHECK_THAT(needs, Contains("asked 1,000.00, came 250.00, assigned 350.00, open 400.00\n"));
  CHECK_THAT(
      pledges,
      Contains("A company: pledged 800.00 CNY, assigned 600.00, paid 700.00: 87.50% kept, of 1 pledge"));
  CHECK_THAT(balance, Contains("300.00 CNY of what is held; spendable: 150.00.\n"));
  CHECK_THAT(desk.Run("--ledger ledger balance hub").out, !Contains("spendable"));
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
