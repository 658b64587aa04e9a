// The log of records, what keys may do and did, and the reader's own settings, end to end.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "ledger/crypto/key_file.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/merkle.h"
#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kPay =
    "--ledger l pay --from donor --to hub --amount 1,000.00 --asset CNY --fund winter --key clerk --as root ";

std::string HexOf(const Desk& desk, const std::string& file) {
  return crypto::ReadKeyFile(desk.path(file), std::nullopt).value().public_key().hex();
}

// The numbers of the records in an answer: "7 6".
std::string Records(const Desk& desk, const std::string& arguments) {
  const auto ran = desk.Run("--ledger l log --json " + arguments);
  INFO(arguments << ran.err);
  REQUIRE(ran.exit == 0);
  std::string text;
  const auto answer = nlohmann::json::parse(ran.out);
  if (!answer.contains("records")) return text;
  for (const auto& record : answer["records"]) {
    const std::string index = record.contains("index") ? record["index"].get<std::string>() : "0";
    text += (text.empty() ? "" : " ") + index;
  }
  return text;
}

TEST_CASE("log lists records by author, signer and kind, and what came between two checkpoints") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("old", desk.Run("--ledger l checkpoint").out);  // of 7 records
  REQUIRE(desk.Run(kPay).exit == 0);
  REQUIRE(desk.Run("--ledger l party add late --name Late --key k").exit == 0);
  desk.write("new", desk.Run("--ledger l checkpoint").out);
  CHECK(Records(desk, "") == "8 7 6 5 4 3 2 1 0");
  CHECK(Records(desk, "--limit 2") == "8 7");
  CHECK(Records(desk, "--oldest-first --from 5") == "5 6 7 8");
  CHECK(Records(desk, "--from 2 --to 3") == "3 2");
  CHECK(Records(desk, "--kind transfer") == "7");
  CHECK(Records(desk, "--kind register-party --from 4") == "8 4");
  CHECK(Records(desk, "--signer " + HexOf(desk, "clerk")) == "7");
  CHECK(Records(desk, "--signer village").empty());
  CHECK(Records(desk, "--author hub").empty());
  // A range begins after its first end and ends with its last.
  for (const char* range : {"old..new", "old..", "6..8", "old..8", "6..new", "6.."}) {
    INFO(range);
    CHECK(Records(desk, range) == "8 7");
  }
  CHECK(Records(desk, "..1") == "1 0");
  CHECK(Records(desk, "8..8").empty());
  CHECK_THAT(desk.Run("--ledger l log new..").out, Contains("No record came between them."));
  const std::string between = desk.Run("--ledger l log old..new").out;
  CHECK_THAT(between, Contains("Records: 2. Authors: 1.\n"));
  CHECK_THAT(between, Contains("Actions: register-party 1, transfer 1.\n"));
  CHECK_THAT(between, Contains("1,000.00") && Contains("late"));
  const std::string keys = desk.Run("--ledger l log 5..6").out;
  CHECK_THAT(keys, Contains(HexOf(desk, "clerk")) && Contains("given"));
  const std::string csv = desk.Run("--ledger l log ..8 --csv").out;
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 9);
  CHECK_THAT(csv, Contains("record,recorded,date,author"));
}

TEST_CASE("a log that cannot be is refused, and a ledger that does not continue what was kept is told") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("old", desk.Run("--ledger l checkpoint").out);
  const std::pair<const char*, const char*> refused[] = {{"5..2", "is it the wrong way round?"},
                                                         {"nonsense", "is no range"},
                                                         {"none..5", "is no range"},
                                                         {"..99", "there is no record 99"},
                                                         {"2..4 --from 3", "give one of them"},
                                                         {"--author nobody", "nobody"},
                                                         {"--kind gossip", "gossip"},
                                                         {"k..", "k"},
                                                         {"--from x", "whole number"}};
  for (const auto& [arguments, words] : refused) {
    INFO(arguments);
    const auto ran = desk.Run("--ledger l log " + std::string(arguments));
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains(words));
    CHECK(ran.out.empty());
  }
  const auto key = crypto::ReadKeyFile(desk.path("l/signing.key"), std::nullopt).value();
  const std::pair<std::uint64_t, const char*> told[] = {{99, "the ledger shows 7 records, and kept has 99"},
                                                        {7, "the ledger does not continue kept"},
                                                        {3, "the ledger does not continue kept"}};
  for (const auto& [size, words] : told) {
    desk.write("kept", tree::SignCheckpoint({"example.org/l", size, tree::LeafHash("x"), {}}, key).value());
    const auto ran = desk.Run("--ledger l log kept..");
    CHECK(ran.exit == 1);
    CHECK_THAT(ran.err, Contains(words));
  }
  desk.write("kept", tree::SignCheckpoint({"other.example", 3, tree::LeafHash("x"), {}}, key).value());
  CHECK(desk.Run("--ledger l log kept..").exit == 2);
}

TEST_CASE("key list --all and key show tell what was taken back, and what a key signed") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run(kPay).exit == 0);
  const std::string clerk = HexOf(desk, "clerk"), root = HexOf(desk, "k");
  CHECK_THAT(desk.Run("--ledger l key list").out, Contains(clerk) && Contains(root));
  REQUIRE(desk.Run("--ledger l key revoke " + clerk + " --party root --key k").exit == 0);  // record 8
  CHECK_THAT(desk.Run("--ledger l key list").out, !Contains(clerk));
  CHECK_THAT(desk.Run("--ledger l key list --all").out, Contains(clerk) && Contains(root));
  // For a spreadsheet, with the checkpoint in each line.
  CHECK_THAT(desk.Run("--ledger l key list --all --csv").out,
             Catch::StartsWith(
                 "public_key,party,permissions,descendants,root_key,record,revoked,ledger,size,root\n") &&
                 Contains(clerk + ",") && Contains(",example.org/l,"));
  CHECK_THAT(desk.Run("--ledger l key show " + clerk + " --csv").out, Contains("\n" + clerk + ","));
  const auto all = nlohmann::json::parse(desk.Run("--ledger l key list --all --json").out);
  REQUIRE(all["keys"].size() == 2);
  int revoked = 0;
  for (const auto& line : all["keys"])
    if (line.contains("revoked") && line["revoked"] == "8") ++revoked;
  CHECK(revoked == 1);
  const auto shown = desk.Run("--ledger l key show " + clerk);
  CHECK(shown.exit == 0);
  CHECK_THAT(shown.out, Contains("Key " + clerk) && Contains("pay; and for all parties below") &&
                            Contains("No grant is in force.\n") &&
                            Contains("Records that it signed: 1, the first is 7, the last is 7.\n"));
  CHECK_THAT(desk.Run("--ledger l key show " + root).out,
             Contains("Records that it signed: 8, the first is 0, the last is 8.\n"));
  const auto unknown = desk.Run("--ledger l key show " + std::string(64, '0'));
  CHECK(unknown.exit == 1);
  CHECK_THAT(unknown.out, Contains("It never had a grant.\n") && Contains("It signed no record.\n"));
  CHECK(desk.Run("--ledger l key list --all --as-of 3").exit == 2);
  CHECK(desk.Run("--ledger l key show nonsense").exit == 2);
}

void WriteSettings(const Desk& desk, const std::string& text) {
  std::filesystem::create_directories(desk.path("config/fundtrail"));
  desk.write("config/fundtrail/config.toml", text);
}

// The setting of that name in what `config --json` printed: its value and where it comes from.
std::string InForce(const Ran& ran, const std::string& name) {
  REQUIRE(ran.exit == 0);
  const auto config = nlohmann::json::parse(ran.out);
  for (const auto& setting : config["settings"])
    if (setting["setting"] == name)
      return setting["value"].get<std::string>() + " from " + setting["from"].get<std::string>();
  return "";
}

TEST_CASE("ledgers have names in the reader's settings; options and variables count as config says") {
  const Desk desk;
  desk.MakeLedger();
  std::string vkey = desk.read("l/vkey");
  vkey = vkey.substr(0, vkey.find('\n'));
  WriteSettings(desk, "default = \"home\"\ntimeout = 7\n\n[ledgers.home]\nledger = \"../../l\"\nvkey = \"" +
                          vkey +
                          "\"\n\n[ledgers.away]\nserver = \"127.0.0.1:1\"\ntimeout = 1\nlang = \"zh\"\n");
  const std::string file = desk.path("config/fundtrail/config.toml");
  CHECK(desk.Run("checkpoint").out == desk.Run("--ledger l checkpoint").out);
  CHECK(desk.Run("-L home checkpoint").exit == 0);
  CHECK(desk.Run("verify -L home").exit == 0);
  CHECK(desk.Run("verify l").exit == 0);  // with the vkey of the default
  const auto config = desk.Run("config --json");
  CHECK(InForce(config, "vkey") == vkey + " from home in " + file);
  CHECK(InForce(config, "timeout") == "7 from " + file);
  CHECK(InForce(config, "server").empty());
  const auto away = desk.Run("-L away config --json");
  CHECK(InForce(away, "server") == "127.0.0.1:1 from away in " + file);
  CHECK(InForce(away, "timeout") == "1 from away in " + file);
  CHECK(InForce(away, "lang") == "zh from away in " + file);
  CHECK(InForce(away, "vkey").empty());
  CHECK(InForce(away, "ledger").empty());
  CHECK(InForce(desk.Run("-L away --timeout 9 config --json"), "timeout") == "9 from --timeout");
  CHECK(InForce(desk.Run("--ledger l config --json"), "ledger") == "l from --ledger");
  const auto variable = desk.Shell("FUNDTRAIL_LEDGER=l " + Program() + " config --json");
  CHECK(InForce(variable, "ledger") == "l from $FUNDTRAIL_LEDGER");
  CHECK(InForce(variable, "vkey").empty());  // the default is another ledger
  CHECK_THAT(desk.Run("config").out,
             Contains("home in ") && Contains("away") && Contains("the system's language"));
  const auto unknown = desk.Run("-L nobody checkpoint");
  CHECK(unknown.exit == 2);
  CHECK_THAT(unknown.err, Contains("there is no ledger \"nobody\"") && Contains("which has away, home"));
  CHECK(desk.Run("-L home --ledger l checkpoint").exit == 2);
  CHECK(desk.Run("-L away checkpoint").exit == 3);
}

TEST_CASE("settings that are none are told with their line, and help is there all the same") {
  const Desk desk;
  const std::pair<std::string, const char*> refused[] = {
      {"colour = true\n", "config.toml line 1: there is no setting colour here"},
      {"timeout = 0\n", "line 1: timeout takes a whole number of seconds"},
      {"lang = \"fr\"\n", "lang takes \"en\" or \"zh\""},
      {"default = \"x\"\n", "default names one of the ledgers below: no ledger"},
      {"server = \"a:1\"\n", "there is no setting server here"},
      {"[tls]\n", "there is no table [tls]"},
      {"[ledgers.a]\nserver = \"a:1\"\nledger = \"b\"\n", "a takes either `ledger`"},
      {"[ledgers.a]\nvkey = \"x\"\n", "a takes either `ledger`"},
      {"[ledgers.a]\nserver = 7\n", "server takes a text"},
      {"[ledgers.a]\nserver = \"a:1\"\ntls = \"yes\"\n", "tls takes true or false"},
      {"[ledgers.\"a b\"]\nserver = \"a:1\"\n", "\"a b\" is no table"},
      {"[ledgers.a]\nserver = \"a:1\\u001b\"\n", "cannot be seen"},
      {"nonsense", "not TOML"},
      {std::string(70'000, '#'), "more than 65536 bytes"}};
  for (const auto& [text, words] : refused) {
    WriteSettings(desk, text);
    const auto ran = desk.Run("config");
    INFO(text.substr(0, 60));
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains(words));
  }
  CHECK(desk.Run("--help").exit == 0);
}

TEST_CASE("what is no key file to sign with is wrong input, and so is what others may read") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Shell("chmod 644 clerk").exit == 0);
  const auto ran = desk.Run(kPay);
  CHECK(ran.exit == 2);
  CHECK_THAT(ran.err, Contains("chmod 600 clerk"));
}

}  // namespace
}  // namespace fundtrail::testing
