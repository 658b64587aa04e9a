// The commands of docs/iati.md, run as they stand there; what is rejected; and the standard's own schema.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_replace.h"
#include "tests/cli/page.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

std::string Example() { return FileText(std::string(FUNDTRAIL_SOURCE_DIR) + "/examples/iati/water.xml"); }

// What the standard's own schema says of a file.
Ran Held(const Desk& desk, const std::string& file) {
  return desk.Shell(std::string("xmllint --nonet --noout --schema '") + FUNDTRAIL_VECTORS +
                    "/iati/iati-activities-schema.xsd' " + file);
}

TEST_CASE("docs/iati.md: the example is recorded, and its money can be followed") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("water.xml", Example());
  const Ran held = Held(desk, "water.xml");
  INFO(held.err);
  CHECK(held.exit == 0);
  const auto commands = CommandsOf(desk, "iati.md");
  CHECK(commands.size() == 4);
  std::string told;
  for (const std::string& command : commands)
    told += RunCommand(desk,
                       absl::StrReplaceAll(command, {{"--ledger ledger", "--ledger l"}, {"root.key", "k"}}));
  CHECK_THAT(told, Contains("water.xml: 3 activities, 6 payments to record, 0 that cannot be read\n"));
  CHECK_THAT(told, Contains("a text was escaped twice, and is mended"));
  CHECK_THAT(told, Contains("Puits de la vallée & des collines"));
  CHECK_THAT(told, Contains("the id of an organisation stands where an activity's should"));
  CHECK_THAT(told, Contains("a payment that both sides tell, and that counts once"));
  CHECK_THAT(told, Contains("1 transactions of type 2 (outgoing commitment) in EUR"));
  CHECK_THAT(told, Contains("8,500.00 EUR"));  // what the ministry paid: 5,000 + 1,500 + 2,000

  const std::string before = desk.Run("--ledger l checkpoint").out;
  const auto again = desk.Run("--ledger l --json import iati water.xml --key k --approve-by root");
  CHECK(again.exit == 0);
  CHECK(nlohmann::json::parse(again.out)["files"][0]["payments_recorded"]["present"] == "6");
  CHECK(desk.Run("--ledger l checkpoint").out == before);
}

TEST_CASE("what cannot be taken is rejected with its line; what is no file of activities ends with 2") {
  const Desk desk;
  desk.MakeLedger();
  std::string text = Example();
  text = absl::StrReplaceAll(text, {{">1500.00<", ">1,500.00<"}});
  desk.write("water.xml", text);
  const auto ran = desk.Run("--ledger l import iati water.xml --key k --approve-by root");
  CHECK(ran.exit == 1);
  CHECK_THAT(
      desk.read("water.xml.rejects.csv"),
      Contains(
          "\"UNREADABLE: \"\"1,500.00\"\" is no amount as the standard has it: digits and a point\",24,"));
  CHECK(desk.Run("--ledger l import iati water.xml.rejects.csv --key k").exit == 2);
  // Without an approval nothing is paid.
  const Desk other;
  other.MakeLedger();
  other.write("water.xml", Example());
  const auto waits = other.Run("--ledger l import iati water.xml --key k");
  CHECK(waits.exit == 1);
  CHECK_THAT(waits.out, Contains("2 projects wait for approval (XX-GOV-1-WATER-SCHOOLS, XX-NGO-7-WELLS)"));
}

}  // namespace
}  // namespace fundtrail::testing
