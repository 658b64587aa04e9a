// docs/answers.md with the real program: a payment is acknowledged, a sample is drawn, a concern is raised, answered and closed.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "absl/strings/str_replace.h"
#include "tests/cli/page.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

std::string Do(const Desk& desk, const std::string& command) {
  const auto ran = desk.Run("--ledger l " + command);
  INFO(command << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit == 0);
  return ran.out;
}

// The transfer of a payment of which the program said "Record 12, …".
std::string Paid(const Desk& desk, const std::string& amount) {
  const std::string told = Do(desk, "pay --from hub --to village --amount " + amount +
                                        " --asset CNY --fund winter --key k --as root");
  return told.substr(7, told.find(',') - 7) + ".1";
}

TEST_CASE("the commands of the page on answers run, and tell what arrived and what came of a concern") {
  const Desk desk;
  desk.MakeLedger();
  // Those who speak on the page: the village that is paid, the county that paid it, and an auditor.
  for (const auto& [key, party, can] :
       {std::array{"village", "village", "acknowledge,declare"}, std::array{"county", "hub", "declare"},
        std::array{"auditor", "root", "declare"}}) {
    const std::string made = desk.Run(std::string("keygen --out ") + key + ".key").out.substr(0, 64);
    Do(desk, "key authorise " + made + " --party " + party + " --can " + can + " --key k");
  }
  Do(desk, "place add dafang --name Dafang --level 3 --key k");
  Do(desk, "pay --from donor --to hub --amount 200.00 --asset CNY --fund winter --key k --as root");
  const std::string first = Paid(desk, "100.00"), second = Paid(desk, "60.00");
  const auto commands = CommandsOf(desk, "answers.md");
  REQUIRE(commands.size() == 10);
  std::string told;
  for (const std::string& command : commands) {
    told += RunCommand(
        desk,
        absl::StrReplaceAll(command, {{"--ledger ledger", "--ledger l"}, {"12.3", first}, {"12.4", second}}));
  }
  CHECK_THAT(told, Contains("It asks about 2 of 2 payments.\n"));  // and nobody knows them yet
  CHECK_THAT(Do(desk, "concerns --about transfer=" + first + " --state closed"),
             Contains("closed, satisfied") && Contains("1 of 1 closed are satisfied"));

  const auto members = nlohmann::json::parse(Do(desk, "--json sample members winter-check"))["members"];
  REQUIRE(members.size() == 2);
  CHECK(std::all_of(members.begin(), members.end(),
                    [](const nlohmann::json& member) { return member["status"] != "SILENT"; }));
  CHECK_THAT(Do(desk, "acknowledgements --status partly"),
             Contains("40.00") && Contains("Two sacks were missing"));
  CHECK_THAT(Do(desk, "show " + second.substr(0, second.find('.'))),
             Contains("arrival: partly 40.00 (village)"));
  CHECK(desk.Run("--ledger l ack " + second + " --result partly --key village.key").exit == 2);
  const Ran again = desk.Run("--ledger l concern close coats-missing --satisfied yes --key village.key");
  CHECK(again.exit == 1);
  CHECK_THAT(again.err, Contains("CONCERN_CLOSED"));
}

}  // namespace
}  // namespace fundtrail::testing
