// Spreadsheets: cells that they would run, what goes out read back in, lists of rejects mended and imported, and what an
// import did to values.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

nlohmann::json SummaryOf(const Ran& ran) {
  INFO(ran.out << ran.err);
  REQUIRE(ran.exit != 2);
  return nlohmann::json::parse(ran.out)["files"][0];
}

const char kFormula[] = "=cmd|/C calc!A0";

void BeginHostile(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    first.MakeLedger();
    first.Run("--ledger l party add evil --name '=cmd|/C calc!A0' --role recipient --parent hub --key k");
    REQUIRE(first
                .Run("--ledger l pay --from donor --to hub --amount 9 --asset CNY --fund winter --purpose "
                     "'@SUM(1)' "
                     "--reference '+1' --key clerk --as donor --date 2026-02-01")
                .exit == 0);
    REQUIRE(
        first
            .Run("--ledger l pay --from hub --to evil --amount 5 --asset CNY --fund winter --purpose \"'=1\" "
                 "--reference '-x' --key clerk --as hub --date 2026-02-02")
            .exit == 0);
  });
}

TEST_CASE("csv for people: no cell begins as a formula does, on any command; --raw has the bytes") {
  const Desk desk;
  BeginHostile(desk);
  for (const std::string command :
       {"list --csv", "statement hub --csv", "statement evil --csv", "balance hub --csv",
        "trace from --party donor --format csv", "trace to --party evil --format csv"}) {
    INFO(command);
    const auto ran = desk.Run("--ledger l " + command);
    REQUIRE(ran.exit == 0);
    CHECK_THAT("\n" + ran.out, !Contains("\n="));
    for (const std::string sign : {",=", ",+", ",@", ",\"=", ",-x"}) CHECK_THAT(ran.out, !Contains(sign));
    const auto raw = desk.Run("--ledger l " + command + " --raw");
    CHECK(raw.exit == 0);
    CHECK((raw.out == ran.out) == (command.rfind("balance", 0) == 0));
  }
  const std::string list = desk.Run("--ledger l list --csv").out;
  CHECK_THAT(list, Contains(",'=cmd|/C calc!A0,"));
  CHECK_THAT(list, Contains(",'@SUM(1),'+1,"));
  CHECK_THAT(list, Contains(",''=1,'-x,"));
  const std::string raw = desk.Run("--ledger l list --csv --raw").out;
  CHECK_THAT(raw, Contains(",=cmd|/C calc!A0,"));
  CHECK_THAT(raw, Contains(",@SUM(1),+1,"));
  for (const std::string command : {"list --raw", "statement hub --raw", "trace to --party evil --raw"}) {
    INFO(command);
    const auto ran = desk.Run("--ledger l " + command);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains("--raw"));
  }
}

TEST_CASE(
    "what `list --csv` writes, `import csv` reads back to the letter; and so with --raw on both sides") {
  const std::string raw = GENERATE("", " --raw");
  const Desk desk;
  BeginHostile(desk);
  desk.write("list.csv", desk.Run("--ledger l list --csv" + raw).out);
  desk.Run("init m --name example.org/m --root-key k --date 2026-01-01");
  // Its own numbers for records mean nothing elsewhere.
  desk.write("map.toml",
             "[columns]\ndate = \"date\"\nfrom = \"from\"\nto = \"to\"\namount = \"amount\"\nasset = "
             "\"asset\"\nfrom_name = \"from_name\"\nto_name = \"to_name\"\npurpose = \"purpose\"\n");
  const auto ran = desk.Run(
      "--ledger m --json import csv list.csv --map map.toml --key k --as root --register "
      "--open-missing" +
      raw);
  const auto file = SummaryOf(ran);
  CHECK(file["imported"] == "2");
  CHECK(file["changed"].size() == (raw.empty() ? 1 : 0));
  const auto party = nlohmann::json::parse(desk.Run("--ledger m --json party show evil").out);
  CHECK(party["lines"][0]["action"]["register_party"]["name"] == kFormula);
  const std::string list = desk.Run("--ledger m --json list").out;
  CHECK_THAT(list, Contains("\"@SUM(1)\""));
  CHECK_THAT(list, Contains("\"'=1\""));
}

TEST_CASE("a list of rejects cannot run, and once mended it is imported as the file would have been") {
  const bool gb18030 = GENERATE(false, true);
  const Desk desk;
  desk.Run("keygen --out k");
  desk.Run("init l --name example.org/l --root-key k --date 2026-01-01");
  desk.write("map.toml",
             std::string("separator = \";\"\n") + (gb18030 ? "encoding = \"gb18030\"\n" : "") +
                 "[columns]\ndate = \"date\"\nfrom = \"from\"\nto = \"to\"\namount = \"amount\"\nasset = "
                 "\"asset\"\npurpose = \"=why\"\n");
  const std::string red = gb18030 ? "\xba\xec\xca\xae\xd7\xd6" : "红十字";
  desk.write("rows.csv", "date;from;to;amount;asset;=why\n2026-01-01;" + red +
                             ";=1+1;EUR 1;USD;@SUM(1),x\n2026-01-01;" + red + ";'=b;-;USD;-7\n");
  const std::string import =
      "--ledger l --json import csv FILE --map map.toml --key k --as root --register "
      "--open-missing --date 2026-01-01";
  const auto run = [&](const std::string& file) {
    std::string command = import;
    return desk.Run(command.replace(command.find("FILE"), 4, file));
  };
  auto ran = run("rows.csv");
  CHECK(ran.exit == 1);
  CHECK(SummaryOf(ran)["rejected"] == "2");
  std::string rejects = desk.read("rows.csv.rejects.csv");
  INFO(rejects);
  CHECK_THAT(rejects, Contains(";'=why\n"));
  CHECK_THAT(rejects, Contains(";'=1+1;EUR 1;USD;'@SUM(1),x\n"));
  CHECK_THAT(rejects, Contains("has the sign EUR, and the row's asset is USD"));
  CHECK(Has(rejects, ";=b;'-;USD;-7\n") == false);
  CHECK_THAT(rejects, Contains(";'=b;'-;USD;-7\n"));
  rejects.replace(rejects.find(";EUR 1;"), 7, ";1;");
  rejects.replace(rejects.find(";'-;"), 4, ";2;");
  desk.write("mended.csv", rejects);
  ran = run("mended.csv");
  CHECK(SummaryOf(ran)["imported"] == "2");
  const std::string parties = desk.Run("--ledger l --json party list").out;
  CHECK_THAT(parties, Contains("\"红十字\""));
  CHECK_THAT(parties, Contains("\"=1+1\""));
  CHECK_THAT(parties, Contains("\"=b\""));
  CHECK_THAT(desk.Run("--ledger l --json list").out, Contains("\"@SUM(1),x\""));
}

TEST_CASE("an import tells what it did to values, to people and with --json") {
  const Desk desk;
  desk.Run("keygen --out k");
  desk.Run("init l --name example.org/l --root-key k --date 2026-01-01");
  const std::string rows = "date,from,to,amount,asset,purpose\n2026-01-01,a,b,1,USD," +
                           std::string(1001, 'p') +
                           "\n2026-01-02,a,b,€1,USD,\n2026-01-03,a,b,2,USD,x\u200by\n2026-01-04,a,b,3,USD,'="
                           "x\n2026-01-05,a,b,1,USD," +
                           std::string(1000, 'p') + "\n";
  desk.write("rows.csv", rows);
  const std::string import =
      " import csv rows.csv --key k --as root --register --open-missing --date 2026-01-01";
  auto ran = desk.Run("--ledger l" + import);
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 1);  // one of five was rejected
  CHECK_THAT(ran.out, Contains("rows.csv: 5 rows, 4 imported as "));
  CHECK_THAT(ran.out, Contains("changed: in 1 row a text of over 1,000 bytes was cut (line 2)"));
  CHECK_THAT(ran.out, Contains("changed: in 1 row characters that nobody sees were taken out (line 4)"));
  CHECK_THAT(ran.out, Contains("changed: in 1 row an apostrophe before = + - or @ was taken off (line 5)"));
  CHECK_THAT(ran.out, Contains("1 row rejected"));
  CHECK_THAT(desk.read("rows.csv.rejects.csv"),
             Contains("\"\"€1\"\" has the sign € of EUR, and the row's asset is USD"));
  desk.Run("init m --name example.org/m --root-key k --date 2026-01-01");
  const auto file = SummaryOf(desk.Run("--ledger m --json" + import));
  REQUIRE(file["changed"].size() == 3);
  CHECK(file["changed"][0]["what"] == "a text of over 1,000 bytes was cut");
  CHECK(file["changed"][0]["rows"] == "1");
  CHECK(file["changed"][0]["lines"] == nlohmann::json::array({"2"}));
}

TEST_CASE("a name that is another party's, reads like one or mixes scripts is told before it is registered") {
  const Desk desk;
  desk.MakeLedger();
  desk.Run("--ledger l party add red-cross --name 'Red Cross' --key k");
  auto ran = desk.Run("--ledger l party add honest --name 'Other Name' --key k");
  CHECK(ran.exit == 0);
  CHECK(ran.err.empty());
  ran = desk.Run("--ledger l party add rc2 --name 'Red Cross' --key k");
  CHECK(ran.exit == 0);
  CHECK(ran.err == "fundtrail: warning: rc2: the name \"Red Cross\" is that of the party red-cross too\n");
  ran = desk.Run("--ledger l --json party add rc3 --name 'Rеd Cross' --key k");
  CHECK(ran.exit == 0);
  CHECK_THAT(ran.err,
             Contains("rc3: the name \"Rеd Cross\" reads like \"Red Cross\", the name of the party "));
  const auto json = nlohmann::json::parse(ran.out);
  REQUIRE(json["warnings"].size() == 2);
  CHECK_THAT(json["warnings"][1], Contains("mixes scripts in the word \"Rеd\""));
  CHECK(json.contains("record"));

  desk.write("entry.json",
             R"({"date": "2026-01-01", "actions": [{"register_party": {"id": "rc4", "name": "RED CROSS",
    "parent": "root", "role": "HOLDER"}}]})");
  ran = desk.Run("--ledger l submit entry.json --key k --dry-run");
  INFO(ran.err);
  CHECK(ran.exit == 0);
  CHECK_THAT(ran.err, Contains("rc4: the name \"RED CROSS\" reads like \"Red Cross\""));

  desk.write("rows.csv",
             "date,from,to,amount,asset,to_name\n2026-01-01,Red Cross,x1,1,CNY,Red  Crоss\n2026-01-01,Red "
             "Cross,x2,1,CNY,Somebody\n");
  ran = desk.Run("--ledger l --json import csv rows.csv --key k --as root --register --open-missing");
  const auto file = SummaryOf(ran);
  CHECK(file["imported"] == "2");
  CHECK(file["alike"] == "2");
  REQUIRE(file["alike_names"].size() == 2);
  CHECK_THAT(file["alike_names"][0], Contains("x1: the name \"Red Crоss\" reads like \"Red Cross\""));
  CHECK_THAT(ran.err, Contains("fundtrail: warning: x1: the name"));
}

TEST_CASE("a name that shows nothing, hides or reorders is refused with the character") {
  const Desk desk;
  desk.MakeLedger();
  for (const auto& [name, said] :
       std::vector<std::pair<std::string, std::string>>{{"\u3164", "U+3164"},
                                                        {"a\u061cb", "U+061C"},
                                                        {"Red\u00adCross", "U+00AD"},
                                                        {"x\U000e0041", "U+E0041"}}) {
    INFO(said);
    const auto ran = desk.Run("--ledger l party add odd --name '" + name + "' --key k");
    CHECK(ran.exit == 1);
    CHECK_THAT(ran.err, Contains("FIELD_INVALID"));
    CHECK_THAT(ran.err, Contains(said));
  }
  CHECK(desk.Run("--ledger l party add persian --name 'شرکت\u200cهای' --key k").exit == 0);
}

}  // namespace
}  // namespace fundtrail::testing
