// The commands of docs/iati.md, run as they stand there; what is rejected; and the standard's own schema.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>

#include "absl/strings/str_replace.h"
#include "tests/cli/page.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

std::string Example() { return FileText(std::string(FUNDTRAIL_SOURCE_DIR) + "/examples/iati/water.xml"); }

// Who may approve: root belongs to the bodies of all that are registered under it.
void AddReviewer(const Desk& desk, const std::string& ledger) {
  desk.Run("--ledger " + ledger + " party add reviewer --name Reviewer --key k");
}

// What the standard's own schema says of a file.
Ran Held(const Desk& desk, const std::string& file) {
  return desk.Shell(std::string("xmllint --nonet --noout --schema '") + FUNDTRAIL_VECTORS +
                    "/iati/iati-activities-schema.xsd' " + file);
}

// What each body holds in each fund and project, as `balance` tells it; by lines, since a second ledger may have opened its accounts
// in another order.
std::set<std::string> BalancesOf(const Desk& desk, const std::string& ledger) {
  std::set<std::string> lines;
  const auto parties =
      nlohmann::json::parse(desk.Run("--ledger " + ledger + " --json party list").out).at("lines");
  for (const auto& party : parties) {
    const auto& action = party.at("action");
    if (!action.contains("register_party")) continue;
    const std::string id = action.at("register_party").at("id").get<std::string>();
    const auto balance = nlohmann::json::parse(desk.Run("--ledger " + ledger + " --json balance " + id).out);
    for (const auto& line : balance.at("lines")) {
      const auto& account = line.at("account");
      // One ledger may have opened an account that nothing is left in.
      if (line.at("held") == "0") continue;
      lines.insert(id + " " + account.value("fund", "") + " " + account.value("project", "") + " " +
                   account.value("asset", "") + " " + line.at("held").get<std::string>() + ", committed " +
                   line.at("committed_held").get<std::string>());
    }
  }
  return lines;
}

TEST_CASE("docs/iati.md: the example is recorded, and its money can be followed") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("water.xml", Example());
  const Ran held = Held(desk, "water.xml");
  INFO(held.err);
  CHECK(held.exit == 0);
  const auto commands = CommandsOf(desk, "iati.md");
  CHECK(commands.size() == 9);
  std::string told;
  for (const std::string& command : commands)
    told += RunCommand(desk,
                       absl::StrReplaceAll(command, {{"--ledger ledger", "--ledger l"}, {"root.key", "k"}}));
  CHECK_THAT(told, Contains("water.xml: 3 activities, 6 payments to record, 0 that are refused\n"));
  CHECK_THAT(told, Contains("a text was escaped twice, and is mended"));
  CHECK_THAT(told, Contains("Puits de la vallée & des collines"));
  CHECK_THAT(told, Contains("the id of an organisation stands where an activity's should"));
  CHECK_THAT(told, Contains("a payment that both sides tell, and that counts once"));
  CHECK_THAT(told, Contains("1 transactions of type 2 (outgoing commitment) in EUR"));
  CHECK_THAT(told, Contains("8,500.00 EUR"));  // what the ministry paid: 5,000 + 1,500 + 2,000
  CHECK(BalancesOf(desk, "copy") == BalancesOf(desk, "l"));

  const std::string before = desk.Run("--ledger l checkpoint").out;
  const auto again = desk.Run("--ledger l --json import iati water.xml --key k --approve-by reviewer");
  CHECK(again.exit == 0);
  CHECK(nlohmann::json::parse(again.out)["files"][0]["payments_recorded"]["present"] == "6");
  CHECK(desk.Run("--ledger l checkpoint").out == before);
}

TEST_CASE("what cannot be taken is rejected with its line; what is no file of activities ends with 2") {
  const Desk desk;
  desk.MakeLedger();
  AddReviewer(desk, "l");
  std::string text = Example();
  text = absl::StrReplaceAll(text, {{">1500.00<", ">1,500.00<"}});
  desk.write("water.xml", text);
  const auto ran = desk.Run("--ledger l import iati water.xml --key k --approve-by reviewer");
  CHECK(ran.exit == 1);
  CHECK_THAT(
      desk.read("water.xml.rejects.csv"),
      Contains(
          "\"UNREADABLE: \"\"1,500.00\"\" is no amount as the standard has it: digits and a point\",24,"));
  CHECK(desk.Run("--ledger l import iati water.xml.rejects.csv --key k").exit == 2);
  // What another file of that name told is no reason any more when a later one is taken whole.
  desk.write(
      "water.xml",
      "<iati-activities version='2.03'><iati-activity default-currency='EUR'>"
      "<iati-identifier>XX-GOV-1-MORE</iati-identifier>"
      "<reporting-org ref='XX-GOV-1' type='10'><narrative>Ministry for the South</narrative></reporting-org>"
      "<title><narrative>More</narrative></title><activity-date iso-date='2025-01-01' type='2'/>"
      "<transaction><transaction-type code='1'/><transaction-date iso-date='2025-07-01'/><value>10</value>"
      "<provider-org ref='XX-BANK'><narrative>Bank</narrative></provider-org>"
      "<receiver-org ref='XX-NGO-9'/></transaction></iati-activity></iati-activities>");
  const auto later = desk.Run("--ledger l import iati water.xml --key k --approve-by reviewer");
  INFO(later.out << later.err);
  CHECK(later.exit == 0);
  CHECK(desk.Shell("test -e water.xml.rejects.csv").exit != 0);
  // Without an approval nothing is paid.
  const Desk other;
  other.MakeLedger();
  other.write("water.xml", Example());
  const auto waits = other.Run("--ledger l import iati water.xml --key k");
  CHECK(waits.exit == 1);
  CHECK_THAT(waits.out, Contains("2 projects wait for approval (XX-GOV-1-WATER-SCHOOLS, XX-NGO-7-WELLS)"));
}

void NewLedger(const Desk& desk, const std::string& name) {
  desk.Run("init " + name + " --name example.org/" + name + " --root-key k --date 2026-01-01");
  AddReviewer(desk, name);
}

TEST_CASE("what is exported is as the schema has it, and imported again it gives the same books") {
  const Desk desk;
  desk.MakeLedger();
  AddReviewer(desk, "l");
  desk.write("water.xml", Example());
  REQUIRE(desk.Run("--ledger l import iati water.xml --key k --approve-by reviewer").exit == 0);
  const std::string own = "--ledger l pay --key k --as root --date 2026-02-01 ";
  REQUIRE(desk.Run(own + "--from donor --to hub --amount 100.00 --asset CNY --fund winter").exit == 0);
  REQUIRE(desk.Run(own + "--from hub --to village --amount 40.00 --asset CNY --fund winter").exit == 0);
  const auto ran = desk.Run("--ledger l export iati --out out.xml");
  INFO(ran.out << ran.err);
  REQUIRE(ran.exit == 0);
  const Ran held = Held(desk, "out.xml");
  INFO(held.err);
  CHECK(held.exit == 0);
  NewLedger(desk, "again");
  const auto taken =
      desk.Run("--ledger again import iati out.xml --key k --approve-by reviewer --commitments");
  INFO(taken.out << taken.err);
  CHECK(taken.exit == 0);
  const auto before = BalancesOf(desk, "l"), after = BalancesOf(desk, "again");
  CHECK(before.size() >= 6);
  CHECK(after == before);
  // And once more: the file of the second ledger holds the same money.
  REQUIRE(desk.Run("--ledger again export iati --out twice.xml").exit == 0);
  NewLedger(desk, "third");
  CHECK(desk.Run("--ledger third import iati twice.xml --key k --approve-by reviewer --commitments").exit ==
        0);
  CHECK(BalancesOf(desk, "third") == before);
}

// The receipts one by one are compared in tests/tables/iati_round_trip_test.cc; here the program, and the standard's schema.
TEST_CASE("random payments and returns, out and in again: the same books") {
  const unsigned seed = GENERATE(1U, 2U, 3U, 4U, 5U, 6U);
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const Desk desk;
  desk.MakeLedger();
  AddReviewer(desk, "l");
  desk.write("projects.csv", "id,name,owner,targets\nwells,Wells,hub,done=1\nroofs,Roofs,hub,done=1\n");
  REQUIRE(desk.Run("--ledger l import registers project projects.csv --key k --as root --approve-by reviewer")
              .exit == 0);
  const char* const parties[] = {"donor", "hub", "north", "south", "village"};
  const char* const projects[] = {"", "wells", "roofs"};
  std::string rows = "date,from,to,amount,asset,fund,project,from_project,stage,from_role,to_role\n";
  for (int i = 0; i < 60; ++i) {
    const std::string from = parties[random() % 4], to = parties[1 + random() % 4];
    if (from == to) continue;
    const std::string from_project =
        random() % 4 == 0 && from != "donor" ? (random() % 2 == 0 ? "wells" : "-") : "";
    rows += "2026-01-" + std::to_string(10 + i / 3) + "," + from + "," + to + "," +
            (random() % 6 == 0 ? "-" : "") + std::to_string(1 + random() % 500) + ".50,CNY," +
            (random() % 3 == 0 ? "winter" : "general") + "," + projects[random() % 3] + "," + from_project +
            "," + (random() % 9 == 0 ? "committed" : "") + "," + (from == "donor" ? "SOURCE" : "HOLDER") +
            "," + (to == "village" ? "RECIPIENT" : "HOLDER") + "\n";
  }
  desk.write("rows.csv", rows);
  desk.Run("--ledger l import csv rows.csv --key k --as root --register --open-missing --accept-duplicates");
  // Of two payments that are alike the first is sent back, and not the latest.
  const std::string own =
      "--ledger l pay --key k --as root --asset CNY --fund winter --date 2026-02-01 --json ";
  const auto first = desk.Run(own + "--from donor --to hub --amount 9.00");
  REQUIRE(first.exit == 0);
  REQUIRE(desk.Run(own + "--from donor --to hub --amount 9.00 --yes").exit == 0);
  const std::string record = nlohmann::json::parse(first.out).at("record").get<std::string>();
  REQUIRE(
      desk.Run(own + "--from hub --to donor --amount 4.00 --kind return --return " + record + ".1").exit ==
      0);
  REQUIRE(desk.Run("--ledger l export iati --out out.xml").exit == 0);
  const Ran held = Held(desk, "out.xml");
  INFO(held.err);
  CHECK(held.exit == 0);
  CHECK_THAT(desk.read("out.xml"), Contains(" ft:returns=\"" + record + ".1\""));
  NewLedger(desk, "again");
  const auto taken =
      desk.Run("--ledger again import iati out.xml --key k --approve-by reviewer --commitments");
  INFO(taken.out << taken.err << desk.read("out.xml.rejects.csv"));
  CHECK(taken.exit == 0);
  CHECK(BalancesOf(desk, "again") == BalancesOf(desk, "l"));
}

TEST_CASE(
    "places, sectors and results are as the schema has them, and come in again where the ledger has them") {
  const Desk desk;
  const auto must = [&](const std::string& arguments) {
    const auto ran = desk.Run(arguments);
    INFO(arguments << "\n" << ran.out << ran.err);
    REQUIRE(ran.exit == 0);
    return ran.out;
  };
  const auto prepare = [&](const std::string& ledger) {
    const std::string in = "--ledger " + ledger + " ";
    must(in + "place add AF --name Afghanistan --level 0 --key k");
    must(in + "place add gbt2260:520521 --name Dafang --level 3 --key k");
    must(in + "category add HEA --name Health --scheme iati-sector-1 --code 12220 --key k");
  };
  desk.MakeLedger();
  AddReviewer(desk, "l");
  prepare("l");
  desk.write("projects.csv",
             "id,name,owner,from,until,places,categories,targets\n"
             "wells,Wells,hub,2026-01-01,2026-12-31,AF=4000;gbt2260:520521=6000,HEA,wells=400=pieces=7\n");
  must("--ledger l import registers project projects.csv --key k --as root --approve-by reviewer");
  must(
      "--ledger l project report wells --by hub --indicator wells --actual 130 --from 2026-01-01 --until "
      "2026-01-31 --key k --as root");
  must("--ledger l export iati --out out.xml");
  const Ran held = Held(desk, "out.xml");
  INFO(held.err << desk.read("out.xml"));
  CHECK(held.exit == 0);
  for (const char* const part :
       {"recipient-country code=\"AF\" ft:percentage=\"40.00\"", "ft:percentage=\"60.00\"",
        "sector vocabulary=\"1\" code=\"12220\"", "<actual value=\"130\"/>"})
    CHECK_THAT(desk.read("out.xml"), Contains(part));
  // From nothing but the file: the places and categories come with it, as they were.
  NewLedger(desk, "bare");
  must("--ledger bare import iati out.xml --key k --approve-by reviewer --commitments --open-places");
  const auto items = [&](const std::string& ledger, const std::string& of) {
    std::set<std::string> all;
    const auto list = nlohmann::json::parse(must("--ledger " + ledger + " --json " + of + " list"));
    for (const auto& line : list.at("lines")) all.insert(line.at("action").dump());
    return all;
  };
  for (const char* const of : {"place", "category"}) {
    CHECK(!items("l", of).empty());
    CHECK(items("bare", of) == items("l", of));
  }
  CHECK(BalancesOf(desk, "bare") == BalancesOf(desk, "l"));
  must("--ledger bare export iati --out bare.xml");
  const std::string marks = "ft:percentage=\"60.00\"";
  CHECK_THAT(desk.read("bare.xml"), Contains(marks) && Contains("ft:level=\"3\""));
  NewLedger(desk, "left");
  CHECK_THAT(must("--ledger left import iati out.xml --key k --approve-by reviewer"),
             Contains("2 times: ") && Contains("gbt2260:520521"));
  NewLedger(desk, "again");
  prepare("again");
  CHECK_THAT(must("--ledger again import iati out.xml --key k --approve-by reviewer --results"),
             Contains("results: 1 recorded, 0 there before, 0 refused"));
  const auto wells = nlohmann::json::parse(must("--ledger again --json project show wells"));
  CHECK(wells.dump().find("gbt2260:520521") != std::string::npos);
  CHECK(wells.dump().find("HEA") != std::string::npos);
  // A file of others names them by the standard's codes, and a map what is one's own.
  NewLedger(desk, "third");
  prepare("third");
  desk.write("own.toml",
             "[parties]\n\"XX-GOV-1\" = \"ministry\"\n"
             "[funds]\n\"XX-GOV-1-WATER\" = \"winter\"\n\"XX-NGO-7-WELLS\" = \"winter\"\n");
  desk.write("water.xml", Example());
  must("--ledger third party add ministry --name Ministry --role source --key k");
  must("--ledger third fund add winter --name Winter --key k");
  must("--ledger third import iati water.xml --map own.toml --key k --approve-by reviewer");
  const std::string list = must("--ledger third list --csv");
  CHECK_THAT(list, Contains("ministry") && Contains("winter") && !Contains("XX-GOV-1,"));
  desk.write("wrong.toml", "[parties]\n\"XX-GOV-1\" = 7\n");
  const auto wrong = desk.Run("--ledger third import iati water.xml --map wrong.toml --key k");
  CHECK(wrong.exit == 2);
  CHECK_THAT(wrong.err, Contains("wrong.toml line 2"));
}

TEST_CASE("places and sectors of a file of others are opened where their codes mean the same everywhere") {
  const Desk desk;
  desk.MakeLedger();
  AddReviewer(desk, "l");
  desk.write(
      "more.xml",
      "<iati-activities version='2.03'><iati-activity default-currency='EUR'>"
      "<iati-identifier>XX-GOV-1-MORE</iati-identifier>"
      "<reporting-org ref='XX-GOV-1' type='10'><narrative>Ministry</narrative></reporting-org>"
      "<title><narrative>More</narrative></title><activity-date iso-date='2025-01-01' type='2'/>"
      "<recipient-country code='AF'><narrative>Afghanistan</narrative></recipient-country>"
      "<location ref='L-1'><name><narrative>A school</narrative></name></location>"
      "<location><location-id vocabulary='G1' code='1138336'/><name><narrative>Kandahar</narrative></name>"
      "</location>"
      "<sector vocabulary='1' code='12220'/><sector vocabulary='99' code='7'/>"
      "</iati-activity></iati-activities>");
  const std::string command = "--ledger l import iati more.xml --key k --open-places --approve-by reviewer";
  const auto ran = desk.Run(command);
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
  CHECK_THAT(ran.out, Contains("L-1") && Contains("99:7"));
  CHECK_THAT(desk.Run("--ledger l place list --csv").out,
             Contains("\nAF,Afghanistan,,0,") && Contains("\ng1:1138336,Kandahar,,9,") && !Contains("L-1"));
  CHECK_THAT(desk.Run("--ledger l category list --csv").out,
             Contains("\niati-sector-1:12220,12220,,iati-sector-1,12220,"));
  const std::string before = desk.Run("--ledger l checkpoint").out;
  CHECK(desk.Run(command).exit == 0);
  CHECK(desk.Run("--ledger l checkpoint").out == before);
}

}  // namespace
}  // namespace fundtrail::testing
