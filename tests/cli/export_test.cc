// export: the tables are loaded by Python's own library and the journal by hledger, and both add up to what the program answers.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "ledger/base/decimal.h"
#include "ledger/sheets/csv.h"
#include "tests/cli/program.h"
#include "tests/support/entries.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kSource = FUNDTRAIL_SOURCE_DIR;

// Rows of CSV by their titles.
std::vector<std::map<std::string, std::string>> TableOf(const std::string& text) {
  auto reader = Need(sheets::CsvReader::Open(text, ',', sheets::Cells::kGuarded));
  std::vector<std::map<std::string, std::string>> rows;
  sheets::CsvRecord record;
  while (reader.Next(&record)) {
    Need(record.status);
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < record.fields.size(); ++i) row[reader.header()[i]] = record.fields[i];
  }
  return rows;
}

// The amounts of each account and commodity that hledger comes to, but for those of nothing.
std::map<std::string, std::string> ByHledger(const Desk& desk, const std::string& journal) {
  const auto ran = desk.Shell("hledger -f " + journal + " balance -N -O csv --layout=bare");
  INFO(ran.err);
  REQUIRE(ran.exit == 0);
  std::map<std::string, std::string> sums;
  for (auto& row : TableOf(ran.out)) {
    if (row["balance"].find_first_of("123456789") == std::string::npos) continue;
    sums[row["account"] + " " + row["commodity"]] = row["balance"];
  }
  return sums;
}

// The same as the table of accounts has it.
std::map<std::string, std::string> ByAccounts(const Desk& desk, const std::string& folder) {
  std::map<std::string, int> decimals;
  for (auto& asset : TableOf(desk.read(folder + "/assets.csv")))
    decimals[asset["code"]] = std::stoi(asset["decimals"]);
  std::map<std::string, std::string> sums;
  for (auto& account : TableOf(desk.read(folder + "/accounts.csv"))) {
    const std::int64_t left = std::stoll(account["held_units"]) - std::stoll(account["brought_in_units"]);
    if (left == 0) continue;
    std::string name = account["party"] + ":" + account["fund"];
    std::replace(name.begin(), name.end(), ':', '/');
    name[account["party"].size()] = ':';
    if (!account["project"].empty()) name += ":" + account["project"];
    sums[name + " " + account["asset"]] = FormatPlain(Amount(left), decimals.at(account["asset"]));
  }
  return sums;
}

void CheckExports(const Desk& desk) {
  const auto csv = desk.Run("--ledger l export csv tables");
  INFO(csv.err);
  REQUIRE(csv.exit == 0);
  std::filesystem::remove(desk.path("tables.db"));
  const auto loaded = desk.Shell("/usr/bin/python3 " + kSource + "/examples/tables/load.py tables tables.db");
  INFO(loaded.err);
  REQUIRE(loaded.exit == 0);
  std::filesystem::remove(desk.path("l.journal"));
  const auto journal = desk.Run("--ledger l export hledger l.journal");
  INFO(journal.err);
  REQUIRE(journal.exit == 0);
  // What the last transaction asserts holds, and nothing else is wrong with the journal.
  const auto check = desk.Shell("hledger -f l.journal check");
  INFO(check.err);
  CHECK(check.exit == 0);
  CHECK(ByHledger(desk, "l.journal") == ByAccounts(desk, "tables"));
}

// What SQL says of the database that was loaded.
std::string Sql(const Desk& desk, const std::string& query) {
  desk.write("query.sql", query);
  desk.write("query.py",
             "import sqlite3\nfor row in sqlite3.connect('tables.db').execute(open('query.sql').read()): "
             "print('|'.join('' if cell is None else str(cell) for cell in row))\n");
  const auto ran = desk.Shell("/usr/bin/python3 query.py");
  INFO(ran.err);
  REQUIRE(ran.exit == 0);
  return ran.out;
}

TEST_CASE("the demo's tables and journal add up to what the program answers") {
  const Desk desk;
  desk.Run("keygen --out k");
  REQUIRE(
      desk.Run("init l --name example.org/fts --root-key k --root-party ocha-fts --date 2026-01-01").exit ==
      0);
  const std::string example = kSource + "/examples/fts-afghanistan/";
  const auto imported =
      desk.Run("--ledger l import csv " + example + "flows.csv --map " + example +
               "fts.toml --key k --date 2026-01-02 --register --open-missing --rejects-dir .");
  INFO(imported.err);
  REQUIRE(imported.exit <= 1);
  CheckExports(desk);
  // Each party that holds money: SQL over the transfers, and over the accounts, come to what `balance` says.
  const auto list = TableOf(desk.Run("--ledger l list --csv").out);
  CHECK(Sql(desk, "select count(*) from transfers") == std::to_string(list.size()) + "\n");
  std::map<std::string, std::int64_t> by_transfers;
  std::string told =
      Sql(desk,
          "select party, sum(units) from (select payee party, to_amount_units units from transfers "
          "union all select payer, -amount_units from transfers) group by party order by party");
  CHECK(told ==
        Sql(desk,
            "select party, sum(held_units - brought_in_units) from accounts group by party order by party"));
  int asked = 0;
  for (auto& row : TableOf(
           "party,asset,held\n" +
           desk.Shell("/usr/bin/python3 -c \"import sqlite3\nfor r in sqlite3.connect('tables.db').execute("
                      "'select party, asset, sum(held_units) h from accounts group by 1, 2 having h > 0 "
                      "order by h desc limit 8'): print(','.join(map(str, r)))\"")
               .out)) {
    INFO(row["party"]);
    ++asked;
    std::int64_t held = 0;
    for (const auto& line : TableOf(desk.Run("--ledger l balance " + row["party"] + " --csv").out)) {
      std::string digits = line.at("held");
      digits.erase(std::remove(digits.begin(), digits.end(), '.'), digits.end());
      held += std::stoll(digits);
    }
    CHECK(held == std::stoll(row["held"]));
  }
  CHECK(asked > 0);
}

TEST_CASE("random ledgers: hledger and the tables agree") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 3; ++round) {
    const Desk desk;
    desk.MakeLedger();
    // Two projects, of which payments are made out and into which they go, and returns: amounts below zero.
    desk.Run("--ledger l party add reviewer --name Reviewer --key k");
    desk.write("projects.csv", "id,name,owner,targets\nwells,Wells,hub,done=1\nroofs,Roofs,hub,done=1\n");
    REQUIRE(
        desk.Run("--ledger l import registers project projects.csv --key k --as root --approve-by reviewer")
            .exit == 0);
    const std::vector<std::string> projects = {"", "", "wells", "roofs"};
    std::string rows = "date,from,to,amount,asset,fund,purpose,stage,project\n";
    const std::vector<std::string> who = {"donor", "hub", "a:b", "c.d", "village"},
                                   assets = {"CNY", "JPY", "tea-3"};
    for (int i = 0; i < 60; ++i) {
      rows += "2026-0" + std::to_string(1 + random() % 9) + "-1" + std::to_string(random() % 10) + "," +
              who[random() % 4] + "," + who[1 + random() % 4] + "," + (random() % 5 == 0 ? "-" : "") +
              std::to_string(1 + random() % 999) + "," + assets[random() % 3] + "," +
              (random() % 2 == 0 ? "winter" : "other") + ",\"p; | date:2020-01-01 " + std::to_string(i) +
              "\"," + (random() % 4 == 0 ? "committed" : "paid") + "," + projects[random() % 4] + "\n";
    }
    desk.write("rows.csv", rows);
    const auto ran = desk.Run("--ledger l import csv rows.csv --key k --register --open-missing");
    INFO(ran.err);
    REQUIRE(ran.exit <= 1);
    const std::string own = "--ledger l pay --key k --as root --fund winter ";
    const auto paid = desk.Run(own + "--from donor --to hub --amount 50.00 --asset CNY --json");
    REQUIRE(paid.exit == 0);
    const std::string record = nlohmann::json::parse(paid.out).at("record").get<std::string>();
    REQUIRE(desk.Run(own + "--from hub --to donor --amount 10.00 --asset CNY --kind return --return " +
                     record + ".1")
                .exit == 0);
    const auto exchanged = desk.Run(own + "--from hub --to hub --amount 20.00 --asset CNY --kind exchange " +
                                    "--to-asset JPY --to-amount 400");
    INFO(exchanged.err);
    REQUIRE(exchanged.exit == 0);
    CheckExports(desk);
    // Each of these is in the journal that was compared.
    CHECK(Sql(desk, "select count(*) > 0 from transfers where kind = 'return'") == "1\n");
    CHECK(Sql(desk, "select count(*) > 0 from transfers where stage = 'committed'") == "1\n");
    CHECK(Sql(desk, "select count(*) > 0 from transfers where kind = 'exchange'") == "1\n");
    CHECK(Sql(desk, "select count(*) > 0 from accounts where project <> ''") == "1\n");
    CHECK(Sql(desk, "select count(distinct asset) from accounts") == "3\n");
  }
}

TEST_CASE(
    "registers are loaded with their amounts, and cells that a spreadsheet would run are guarded unless "
    "--raw is said") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run("--ledger l place add gz --name 贵州 --level 1 --key k").exit == 0);
  REQUIRE(desk.Run("--ledger l category add NFI --name Things --key k").exit == 0);
  REQUIRE(desk.Run("--ledger l need add coats --place gz --category NFI --people 400 --asset CNY --amount "
                   "60000.00 "
                   "--owner root --key k")
              .exit == 0);
  REQUIRE(desk.Run("--ledger l pledge add offer --asset CNY --amount 50000.00 --category NFI --place gz "
                   "--owner donor "
                   "--key k")
              .exit == 0);
  REQUIRE(desk.Run("--ledger l pay --from donor --to hub --amount 12.34 --asset CNY --fund winter --purpose "
                   "'=1+1' "
                   "--key clerk --as donor --date 2026-02-01")
              .exit == 0);
  CheckExports(desk);
  CHECK(Sql(desk, "select amount, amount_units, asset from needs") == "60000.00|6000000|CNY\n");
  CHECK(Sql(desk, "select amount, amount_units from pledges") == "50000.00|5000000\n");
  CHECK(Sql(desk, "select purpose from transfers") == "=1+1\n");
  CHECK_THAT(desk.read("tables/transfers.csv"), Contains(",'=1+1,"));
  CHECK(desk.Run("--ledger l export csv tables --raw --bom").exit == 0);
  CHECK_THAT(desk.read("tables/transfers.csv"), Contains(",=1+1,"));
  CHECK(desk.read("tables/transfers.csv").rfind("\xef\xbb\xbftransfer,record,", 0) == 0);
  std::filesystem::remove(desk.path("tables.db"));
  const std::string load = "/usr/bin/python3 " + kSource + "/examples/tables/load.py tables ";
  CHECK(desk.Shell(load + "tables.db").exit == 0);
  CHECK_THAT(desk.Shell(load + "tables.db").err, Contains("already exists"));
  // A file that was changed is refused, and nothing of the others is loaded.
  desk.write("tables/needs.csv", desk.read("tables/needs.csv") + "x\n");
  const auto changed = desk.Shell(load + "other.db");
  CHECK(changed.exit == 1);
  CHECK_THAT(changed.err, Contains("needs.csv is not the file that was exported"));
  std::filesystem::rename(desk.path("other.db"), desk.path("tables.db"));
  CHECK(Sql(desk, "select count(*) from sqlite_master") == "0\n");
}

TEST_CASE("an export takes a new, an empty or its own folder, and leaves nothing half made") {
  const Desk desk;
  desk.MakeLedger();
  std::filesystem::create_directory(desk.path("empty"));
  std::filesystem::create_directory(desk.path("mine"));
  desk.write("mine/letter.txt", "dear");
  desk.write("file", "x");
  CHECK(desk.Run("--ledger l export csv deep/new").exit == 0);
  CHECK(desk.Run("--ledger l export csv empty/").exit == 0);
  CHECK(desk.Run("--ledger l export csv empty").exit == 0);
  CHECK(std::filesystem::exists(desk.path("empty/datapackage.json")));
  desk.write("empty/letter.txt", "dear");
  const auto journal = desk.Run("--ledger l export hledger there.journal");
  CHECK(journal.exit == 0);
  CHECK_THAT(journal.out, Contains("there.journal: the journal of ") && Contains(" records, root "));
  const auto told_of = desk.Run("--ledger l --json export hledger other.journal");
  CHECK(nlohmann::json::parse(told_of.out)["file"] == "other.journal");
  // What an earlier version wrote is an earlier export, by its own list, and no more than that list says.
  for (const char* dir : {"earlier", "other"}) {
    std::filesystem::create_directory(desk.path(dir));
    desk.write(std::string(dir) + "/gone.csv", "id\n");
  }
  desk.write("earlier/datapackage.json",
             R"({"name":"fundtrail-tables-v1","resources":[{"path":"gone.csv"},{"path":7},8]})");
  desk.write("other/datapackage.json", R"({"name":"fundtrail-tables-v1","resources":{}})");
  CHECK(desk.Run("--ledger l export csv earlier").exit == 0);
  CHECK_FALSE(std::filesystem::exists(desk.path("earlier/gone.csv")));
  // What an export left that was ended by force is in nobody's way.
  std::filesystem::create_directory(desk.path(".late.part-4194305-0123abcd"));
  CHECK(desk.Run("--ledger l export csv late").exit == 0);
  CHECK_FALSE(std::filesystem::exists(desk.path(".late.part-4194305-0123abcd")));
  const struct {
    std::string arguments;
    int exit;
    std::string says;
  } kCases[] = {
      {"--ledger l export", 2, "needs one of"},
      {"--ledger l export csv", 2, "DIR is required"},
      {"--ledger l export csv mine", 2, "mine holds letter.txt"},
      {"--ledger l export csv empty", 2, "empty holds letter.txt"},
      {"--ledger l export csv file", 2, "file is no folder"},
      {"--ledger l export csv other", 2, "other holds gone.csv"},
      {"--ledger l export csv file/below", 3, "cannot make the folder file/below"},
      {"--ledger none export csv new", 2, "not a ledger"},
      {"--server 127.0.0.1:1 export csv new", 2, "fundtrail clone"},
      {"--server 127.0.0.1:1 export hledger", 2, "fundtrail clone"},
      {"--ledger l export hledger there.journal", 2, "is there already"},
      {"--ledger l export hledger none/x.journal", 3, "cannot write none/x.journal"},
  };
  for (const auto& one : kCases) {
    INFO(one.arguments);
    const auto ran = desk.Run(one.arguments);
    CHECK(ran.exit == one.exit);
    CHECK_THAT(ran.err, Contains(one.says));
  }
  CHECK(desk.read("mine/letter.txt") == "dear");
  CHECK_FALSE(std::filesystem::exists(desk.path("new")));
  for (const auto& one : std::filesystem::directory_iterator(desk.path(".")))
    CHECK_THAT(one.path().filename().string(), !Contains(".part"));
  const auto json = desk.Run("--ledger l --json export csv told");
  REQUIRE(json.exit == 0);
  CHECK(nlohmann::json::parse(json.out)["rows"]["parties"] == "4");
  CHECK_THAT(desk.Run("--ledger l export hledger").out, Contains("commodity 1000.00 CNY"));
  CHECK_THAT(desk.Run("export csv --dictionary").out, Contains("## transfers\n"));
}

}  // namespace
}  // namespace fundtrail::testing
