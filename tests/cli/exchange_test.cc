// import 360giving and import ocds with the real program, and the page that tells of them.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/page.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;

const std::string kExamples = std::string(FUNDTRAIL_SOURCE_DIR) + "/examples/exchange/";

void BeginExchange(const Desk& desk) {
  desk.MakeLedger();
  for (const char* file : {"grants.json", "grants.csv", "releases.json"})
    fs::copy_file(kExamples + file, desk.path(file), fs::copy_options::overwrite_existing);
}

nlohmann::json Imported(const Desk& desk, const std::string& what, int exit) {
  const auto ran = desk.Run("--ledger l --json import " + what + " --key k --register --open-missing");
  INFO(ran.out << ran.err);
  REQUIRE(ran.exit == exit);
  return nlohmann::json::parse(ran.out)["files"][0];
}

TEST_CASE("grants of 360Giving: awards are committed, disbursements paid, and a second import adds nothing") {
  const Desk desk;
  BeginExchange(desk);
  const auto told = Imported(desk, "360giving grants.json", 1);
  CHECK(told["imported"] == "4");
  CHECK(told["rejected"] == "1");
  CHECK(told["left_out"][0]["rows"] == "1");
  // 12,000.50 and 800.00 are committed, 15,000.25 paid.
  CHECK(told["assets"][0]["committed"] == "1280050");
  CHECK(told["assets"][0]["imported"] == "2780075");
  CHECK_THAT(desk.read("grants.json.rejects.csv"), Contains("/grants/3") && Contains("360G-example-A4"));
  const std::string list = desk.Run("--ledger l list --csv").out;
  CHECK_THAT(list, Contains("GB-COH-2000002") && Contains("Second part") && Contains("360G-example-A2 D2") &&
                       Contains("Individual recipient") && !Contains("Nobody Should Publish"));
  const auto again = Imported(desk, "360giving grants.json", 1);
  CHECK(again["imported"] == "0");
  CHECK(again["present"] == "4");
  CHECK(desk.Run("--ledger l list --csv").out == list);
  CHECK(Imported(desk, "360giving grants.csv", 0)["imported"] == "2");
  CHECK_THAT(desk.Run("--ledger l list --csv").out, Contains("1200.00"));
}

TEST_CASE("transactions of OCDS are paid once, and what is no payment is counted") {
  const Desk desk;
  BeginExchange(desk);
  const auto looked =
      desk.Run("--ledger l import ocds releases.json --key k --register --open-missing --dry-run");
  CHECK(looked.exit == 0);
  CHECK_THAT(looked.out, Contains("Nothing was recorded") && Contains("40,000.00 GBP"));
  const auto told = Imported(desk, "ocds releases.json", 0);
  CHECK(told["imported"] == "3");
  CHECK(told["assets"][0]["imported"] == "10120010");
  CHECK(told["assets"][0]["committed"] == "0");
  CHECK(told["left_out"][0]["rows"] == "1");
  CHECK(told["left_out"][1]["rows"] == "2");
  // The payee without an id is the one of that name.
  CHECK(told["by_name"].size() == 1);
  const auto again = Imported(desk, "ocds releases.json", 0);
  CHECK(again["imported"] == "0");
  CHECK(again["present"] == "3");
}

TEST_CASE("a signed contract is counted and left out, and with --commitments it is committed") {
  const Desk desk;
  desk.MakeLedger();
  desk.write(
      "signed.json",
      R"({"releases":[{"ocid":"o","date":"2025-03-02","buyer":{"id":"B","name":"Buyer"},)"
      R"("awards":[{"id":"a","suppliers":[{"id":"S","name":"Supplier"}]}],"contracts":[{"id":"c","awardID":"a",)"
      R"("status":"active","dateSigned":"2025-03-01","value":{"amount":70,"currency":"EUR"}}]}]})");
  const auto left = Imported(desk, "ocds signed.json", 0);
  CHECK(left["imported"] == "0");
  CHECK(left["left_out"].dump().find("signed contract without transactions") != std::string::npos);
  const auto told = Imported(desk, "ocds signed.json --commitments", 0);
  CHECK(told["imported"] == "1");
  CHECK(told["assets"][0]["committed"] == "7000");
}

TEST_CASE("a file that is not of the standard is refused with its place, and records nothing") {
  const Desk desk;
  BeginExchange(desk);
  desk.write("cut.json", "{\"grants\": [\n{\"id\": 1");
  desk.write("empty.json", "{}");
  const std::string key = " --key k --register";
  const struct {
    std::string arguments, says;
  } kCases[] = {
      {"import 360giving cut.json" + key, "cut.json: line 2: this is no JSON"},
      {"import 360giving empty.json" + key, "the file has no list grants"},
      {"import ocds empty.json" + key, "is it a package of OCDS?"},
      {"import ocds grants.json" + key, "is it a package of OCDS?"},
      {"import 360giving releases.json" + key, "the file has no list grants"},
      {"import 360giving none.json" + key, "none.json"},
      {"import 360giving grants.json", "--key"},
      {"import 360giving --key k", "FILE"},
  };
  const std::string before = desk.Run("--ledger l checkpoint").out;
  for (const auto& one : kCases) {
    INFO(one.arguments);
    const auto ran = desk.Run("--ledger l " + one.arguments);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains(one.says));
  }
  CHECK(desk.Run("--ledger l checkpoint").out == before);
}

TEST_CASE("the commands of the page on exchange run") {
  const Desk desk;
  desk.MakeLedger();
  BeginExchange(desk);
  fs::create_directory(desk.path("demo"));
  fs::create_directory_symlink(desk.path("l"), desk.path("demo/ledger"));
  fs::copy_file(desk.path("k"), desk.path("root.key"));
  REQUIRE(desk.Run("--ledger l pay --from donor --to hub --amount 5 --asset CNY --fund winter --key clerk")
              .exit == 0);
  const auto commands = CommandsOf(desk, "exchange.md");
  CHECK(commands.size() == 4);
  for (const std::string& command : commands) {
    const auto ran = desk.Run(command);
    INFO(command << "\n" << ran.out << ran.err);
    CHECK(ran.exit == (Has(command, "grants.json") ? 1 : 0));
  }
  CHECK_THAT(desk.read("demo.journal"), Contains("donor:winter  -5.00 CNY"));
}

}  // namespace
}  // namespace fundtrail::testing
