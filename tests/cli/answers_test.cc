// docs/answers.md with the real program: a payment is acknowledged, a sample is drawn, a concern is raised, answered and closed.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

void Do(const Desk& desk, const std::string& command) {
  const auto ran = desk.Run("--ledger l " + command);
  INFO(command << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit == 0);
}

nlohmann::json Ask(const Desk& desk, const std::string& question) {
  const auto ran = desk.Run("--ledger l --json " + question);
  INFO(question << "\n" << ran.err);
  CHECK(ran.exit == 0);
  return nlohmann::json::parse(ran.out);
}

TEST_CASE("what arrived, what is in a sample, and what came of a concern") {
  const Desk desk;
  desk.MakeLedger();
  Do(desk, "pay --from donor --to hub --amount 100.00 --asset CNY --fund winter --key clerk --as root");
  Do(desk, "pay --from hub --to village --amount 60.00 --asset CNY --fund winter --key clerk --as root");
  const auto before = Ask(desk, "acknowledgements");
  REQUIRE(before["lines"].size() == 1);
  CHECK(before["lines"][0]["status"] == "SILENT");
  const std::string record = before["lines"][0]["transfer"]["ref"]["record"].get<std::string>();

  Do(desk, "sample draw check --fund winter --key k --as root");
  CHECK(Ask(desk, "sample members check").count("members") == 0);
  Do(desk,
     "ack " + record + ".1 --result partly --amount 40.00 --by village --note 'A sack was missing' --key k");
  CHECK(desk.Run("--ledger l ack " + record + ".1 --result partly --by village --key k").exit == 2);
  const auto members = Ask(desk, "sample members check")["members"];
  REQUIRE(members.size() == 1);
  CHECK(members[0]["status"] == "PARTLY");
  const auto after = desk.Run("--ledger l acknowledgements --status partly");
  CHECK(after.exit == 0);
  CHECK_THAT(after.out, Contains("40.00") && Contains("A sack was missing"));
  CHECK_THAT(desk.Run("--ledger l show " + record).out, Contains("arrival: partly 40.00 (village)"));

  Do(desk, "concern raise missing --kind not-received --owner village --transfer " + record +
               ".1 --words 'A sack was missing' --key k");
  Do(desk, "concern respond missing --kind answer --by hub --words 'It comes on Monday' --key k");
  CHECK(desk.Run("--ledger l concern close missing --by hub --key k").exit == 1);
  Do(desk, "concern close missing --by village --satisfied --key k");
  const auto concerns = desk.Run("--ledger l concerns --about transfer=" + record + ".1 --state closed");
  CHECK(concerns.exit == 0);
  CHECK_THAT(concerns.out, Contains("closed, satisfied") && Contains("1 of 1 closed are satisfied"));
}

}  // namespace
}  // namespace fundtrail::testing
