// The program end to end: what a department, a journalist and an auditor type, and what they get.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("a commitment is told wherever its money is counted, and no word is said where there is none") {
  const Desk desk;
  desk.MakeLedger();
  const std::string pay = "--ledger l pay --asset CNY --fund winter --key clerk ";
  REQUIRE(desk.Run(pay + "--from donor --to hub --amount 1,000.00").exit == 0);
  REQUIRE(desk.Run(pay + "--from donor --to hub --amount 200.00 --stage committed").exit == 0);
  for (const char* question : {"trace from --party hub", "balance hub", "statement hub", "show 7.1"}) {
    INFO(question);
    CHECK(Has(desk.Run(std::string("--ledger l ") + question).out, "ommitted") == !Has(question, "show"));
  }
  REQUIRE(desk.Run(pay + "--from hub --to village --amount 1,100.00 --stage COMMITTED").exit == 0);
  const std::string tree = desk.Run("--ledger l trace from --party hub").out;
  CHECK_THAT(tree, Contains("2 transfers, "));
  CHECK_THAT(tree, Contains(", 200.00 of it committed, not paid\n"));
  CHECK_THAT(tree, Contains("1 commitment, "));
  CHECK_THAT(
      tree,
      Contains("1,200.00 CNY asked = 1,100.00 reached recipients + 100.00 held + 0.00 returned to source\n"
               "Committed, not paid: 200.00 of what was asked, 1,100.00 of what reached recipients, 100.00 "
               "of what "
               "is held\n"
               "Held: not passed on, as far as this ledger has heard.\n"
               "fund winter: Winter relief\n"));
  const std::string to = desk.Run("--ledger l trace to --party village").out;
  CHECK_THAT(to,
             Contains("Committed, not paid: 1,100.00 of what was asked, 100.00 of what was brought in\n"));
  CHECK_THAT(desk.Run("--ledger l trace from --party hub --format flows").out,
             Contains("amount  committed  transfers"));
  CHECK_THAT(desk.Run("--ledger l trace from --party hub --format paths").out,
             Contains("reached, committed, not paid"));
  CHECK_THAT(desk.Run("--ledger l trace from --party hub --format csv").out,
             Contains("reached,,,village,Village 东,winter,CNY,,,"));
  CHECK_THAT(
      desk.Run("--ledger l balance hub").out,
      Contains(
          "Committed, not paid, in fund winter: 200.00 CNY of what was received, 1,100.00 of what went out, "
          "100.00 of what is held.\n"));
  CHECK_THAT(desk.Run("--ledger l balance hub --as-of 2200-01-01").out,
             Contains("1,100.00 of what went out.\n"));
  CHECK_THAT(desk.Run("--ledger l balance hub --csv").out,
             Contains("hub,winter,CNY,1200.00,1100.00,100.00,0.00,200.00,1100.00,100.00"));
  const std::string statement = desk.Run("--ledger l statement hub").out;
  CHECK_THAT(statement, Contains("Committed, not paid: 200.00 of the sum in, 1,100.00 of the sum out.\n"));
  CHECK_THAT(statement, Contains("stage"));
  CHECK_THAT(desk.Run("--ledger l statement donor").out,
             Contains(", 200.00 of what was paid out beside these.\n"));
  CHECK_THAT(desk.Run("--ledger l statement hub --csv").out,
             Contains(",committed,,,,,Winter relief,,example.org/l,"));
  CHECK_THAT(desk.Run("--ledger l show 8.1").out, Contains("donation, committed, "));
  CHECK_THAT(desk.Run("--ledger l list").out, Contains("1,100.00  committed  "));
  const std::string csv = desk.Run("--ledger l list --csv").out;
  CHECK_THAT(
      csv,
      Contains(",pieces,stage,undone,returned,back_by,fund_name,to_fund_name,project_name,to_project_name,"
               "place_name,ledger,size,root\n"));
  CHECK_THAT(csv, Contains(",paid,,,,Winter relief,,,,,example.org/l,"));
  const auto json = nlohmann::json::parse(desk.Run("--ledger l --json trace from --party hub").out);
  CHECK(json["assets"][0]["committed"]["reached"] == "110000");
  const auto refused = desk.Run(pay + "--from donor --to hub --amount 1 --stage pledged");
  CHECK(refused.exit == 2);
  CHECK_THAT(refused.err, Contains("--stage: \"pledged\" is neither paid nor committed"));
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

TEST_CASE("what a party had by a day may be below zero, and is shown so") {
  const Desk desk;
  desk.MakeLedger();
  const std::string pay = "--ledger l pay --asset CNY --fund winter --key clerk ";
  REQUIRE(desk.Run(pay + "--from donor --to hub --amount 100 --date 2026-02-05").exit == 0);
  REQUIRE(desk.Run(pay + "--from hub --to village --amount 40 --stage committed --date 2026-02-01").exit ==
          0);
  for (const std::string form : {"", "--json ", "--csv"}) {
    INFO(form);
    const bool csv = form == "--csv";
    const auto ran = desk.Run("--ledger l " + (csv ? "" : form) + "balance hub --as-of 2026-02-02" +
                              (csv ? " --csv" : ""));
    CHECK(ran.exit == 0);
    CHECK(ran.err.empty());
    CHECK_THAT(ran.out, Contains(form == "--json " ? "\"-4000\"" : "-40.00"));
  }
  CHECK_THAT(desk.Run("--ledger l balance hub --as-of 2026-02-05").out, Contains(" 60.00"));
}

TEST_CASE("an amendment tells what it changes, and takes the place of the version that its author saw") {
  const Desk desk;
  desk.MakeLedger();  // the fund is of record 5
  const std::string amend = "--ledger l fund amend winter --key k ";
  const auto first = desk.Run(amend + "--purpose coats --record 5");
  INFO(first.out << first.err);
  CHECK(first.exit == 0);
  CHECK(
      first.err ==
      "fundtrail: amends the version of record 5; id stays \"winter\"; name stays \"Winter relief\"; purpose "
      "\"\" becomes \"coats\"; owner stays \"root\"\n");
  const std::string before = desk.Run("--ledger l checkpoint").out;
  for (const std::string& command :
       {amend + "--purpose coal --record 5", amend + "--purpose coal --record 0",
        amend + "--purpose coal --record 99", std::string("--ledger l fund end winter --key k --record 5")}) {
    INFO(command);
    const auto stale = desk.Run(command);
    CHECK(stale.exit == 1);
    CHECK_THAT(stale.err, Contains("AMEND_STALE"));
    CHECK_THAT(stale.err, Contains("record 7"));  // of the version that there is
    const auto json = desk.Run("--json " + command);
    CHECK(nlohmann::json::parse(json.out)["error"]["code"] == "AMEND_STALE");
  }
  CHECK(desk.Run("--ledger l checkpoint").out == before);
  const auto second = desk.Run(amend + "--purpose '' --record 7");
  CHECK(second.exit == 0);
  CHECK_THAT(second.err, Contains("purpose \"coats\" becomes \"\""));
  // Without the record it is the present version, whichever that is.
  CHECK(desk.Run(amend + "--name 'Winter help'").exit == 0);
  CHECK(desk.Run("--ledger l fund end winter --key k --record 9").exit == 0);
  const auto then = desk.Run("--ledger l fund show winter --as-of 7");
  CHECK(then.out.substr(0, 16) == "As of record 7:\n");
  CHECK_THAT(then.out, Contains("coats"));
  CHECK(desk.Run("--ledger l fund list --as-of 7").out.substr(0, 16) == "As of record 7:\n");
  CHECK_THAT(desk.Run("--ledger l fund list").out, !Contains("As of record"));
}

TEST_CASE("a trace as a picture, as a page and as a graph") {
  const Desk desk;
  desk.MakeLedger();
  const std::string pay = "--ledger l pay --asset CNY --fund winter --key clerk ";
  REQUIRE(desk.Run(pay + "--from donor --to hub --amount 1,000.00").exit == 0);
  REQUIRE(desk.Run(pay + "--from hub --to village --amount 600").exit == 0);
  const std::string from = "--ledger l trace from --party donor --format ";
  const Ran svg = desk.Run(from + "svg");
  CHECK(svg.exit == 0);
  CHECK(svg.err.empty());
  CHECK_THAT(svg.out, Catch::StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\" width=") &&
                          Catch::EndsWith("</svg>\n"));
  CHECK_THAT(svg.out, Contains(">Where the money of 捐赠人 went<") && Contains(">红十字会<") &&
                          Contains(">Village 东<") && Contains(">600.00 reached<"));
  CHECK_THAT(svg.out, Contains("data-hop=\"1\" data-from=\"donor\" data-to=\"hub\"") &&
                          Contains("data-hop=\"2\" data-from=\"hub\" data-to=\"village\""));
  CHECK_THAT(svg.out, Contains("1,000.00 CNY asked = 600.00 reached recipients + 400.00 held"));
  CHECK_THAT(svg.out, Contains("Method: earmarks first, then first in, first out. As of example.org/l, "));
  CHECK(desk.Run(from + "svg").out == svg.out);
  CHECK(desk.Run(from + "svg --asset CNY").out == svg.out);
  CHECK_THAT(desk.Run("--ledger l trace to --party village --format svg").out,
             Contains(">600.00 brought in<"));
  const std::string page = desk.Run(from + "html").out;
  CHECK_THAT(page, Catch::StartsWith("<!DOCTYPE html>\n") && Contains(svg.out) &&
                       Contains("<bdi translate=\"no\">Village 东 (village), fund winter</bdi>"));
  const std::string dot = desk.Run(from + "dot").out;
  CHECK_THAT(dot, Catch::StartsWith("digraph trace {\n") && Contains("[label=\"600.00\"]") &&
                      Contains("Village 东 (village) [winter], reached 600.00"));
  const auto json =
      nlohmann::json::parse(desk.Run("--ledger l --json trace from --party donor --hops 1").out);
  const auto& layers = json["assets"][0]["layers"];
  REQUIRE(layers.size() == 2);
  CHECK(layers[0]["flows"][0]["amount"] == "100000");
  CHECK(layers[1]["flows"][0]["to"]["party"] == "hub");
  CHECK(layers[1]["beyond"] == "60000");

  // One picture, one asset.
  REQUIRE(desk.Run("--ledger l asset add USD --key k").exit == 0);
  REQUIRE(desk.Run("--ledger l pay --asset USD --fund winter --key clerk --from donor --to hub --amount 5")
              .exit == 0);
  const Ran two = desk.Run(from + "svg");
  CHECK(two.exit == 2);
  CHECK(two.out.empty());
  CHECK_THAT(two.err, Contains("a picture shows one asset: give --asset, one of CNY, USD"));
  CHECK_THAT(desk.Run(from + "svg --asset USD").out, Contains("5.00 USD asked"));
  CHECK_THAT(desk.Run(from + "html").out, Contains("5.00 USD asked") && Contains("1,000.00 CNY asked"));
}

TEST_CASE("money in, out, back; traced both ways; verified") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(
      desk.Run("--ledger l pay --from donor --to hub --amount 1,000.00 --asset CNY --fund winter --key clerk")
          .exit == 0);
  REQUIRE(
      desk.Run("--ledger l pay --from hub --to village --amount 600 --asset CNY --fund winter --key clerk")
          .exit == 0);
  REQUIRE(desk.Run("--ledger l pay --from village --to hub --amount 50 --asset CNY --fund winter --key clerk "
                   "--return 8.1")
              .exit == 0);
  const auto from = desk.Run("--ledger l trace from 7.1");
  CHECK(from.exit == 0);
  CHECK_THAT(
      from.out,
      Contains("1,000.00 CNY asked = 550.00 reached recipients + 450.00 held + 0.00 returned to source"));
  CHECK_THAT(from.out, Contains("红十字会"));
  CHECK_THAT(from.out, !Contains("\x1b"));  // no colour where nobody sees it
  CHECK_THAT(desk.Run("--ledger l trace to 8.1").out,
             Contains("600.00 CNY asked = 600.00 brought in by sources"));
  CHECK_THAT(desk.Run("--ledger l trace from --party donor --format flows").out, Contains("Village 东"));
  CHECK_THAT(desk.Run("--ledger l trace from 7.1 --format paths").out, Contains("550.00"));
  CHECK_THAT(desk.Run("--ledger l trace from 7.1 --format csv").out,
             Contains("reached,,,village,Village 东,winter,CNY,,,"));
  const auto json = nlohmann::json::parse(desk.Run("--ledger l --json trace from 7.1").out);
  CHECK(json["assets"][0]["asked"] == "100000");  // 64-bit integers are strings
  CHECK(json["assets"][0]["reached"] == "55000");
  CHECK_THAT(desk.Run("--ledger l balance hub").out, Contains("450.00"));
  CHECK_THAT(desk.Run("--ledger l balance hub --as-of 7").out, Contains("1,000.00"));
  CHECK_THAT(desk.Run("--ledger l statement hub").out,
             Contains("0.00 + 1,050.00 in - 600.00 out = 450.00 held"));
  // What a SOURCE pays in is in neither total, and the client's own check knows it.
  CHECK_THAT(desk.Run("--ledger l statement donor").out, Contains("it brought in and paid out 1,000.00"));
  CHECK_THAT(desk.Run("--ledger l list --party village").out, Contains("8.1"));
  CHECK_THAT(desk.Run("--ledger l list --csv").out, Contains("0+60000"));
  CHECK(desk.Run("--ledger l list --csv --party nobody").exit == 2);
  CHECK(desk.Run("--ledger l list --csv --party nobody").out == "");  // no header over an answer that is none
  CHECK_THAT(desk.Run("--ledger l show 9.1").out, Contains("sends back 8.1"));
  CHECK_THAT(desk.Run("--ledger l party tree").out, Contains("    Village 东"));
  CHECK_THAT(desk.Run("--ledger l party show village").out, Contains("recipient"));
  CHECK_THAT(desk.Run("--ledger l party list").out, Contains("donor"));
  CHECK_THAT(desk.Run("--ledger l key list").out, Contains("everything"));
  CHECK_THAT(desk.Run("--ledger l key list --as-of 0").out, !Contains("pay"));
  CHECK_THAT(desk.Run("--ledger l fund list").out, Contains("Winter relief"));
  // In parts: what is behind the first, as if nothing had been recorded since.
  const auto after = [](const std::string& told) {
    const std::size_t at = told.find("--after");
    return at == std::string::npos ? "none" : " " + told.substr(at, told.find(" for more", at) - at);
  };
  const std::string first = desk.Run("--ledger l statement hub --limit 2").out;
  CHECK_THAT(first, Contains("0.00 + 1,000.00 in - 600.00 out = 400.00 held"));
  CHECK_THAT(after(first), Contains(" --as-of 9"));
  const std::string rest = desk.Run("--ledger l statement hub" + after(first)).out;
  CHECK_THAT(rest, Contains("400.00 + 50.00 in - 0.00 out = 450.00 held"));
  CHECK_THAT(rest, !Contains("--after"));
  CHECK_THAT(desk.Run("--ledger l statement hub --as-of 8").out,
             Contains("0.00 + 1,000.00 in - 600.00 out = 400.00 held"));
  for (const char* command : {"party list", "party tree", "key list"}) {
    INFO(command);
    const std::string part = desk.Run("--ledger l " + std::string(command) + " --limit 1").out;
    const std::string other = desk.Run("--ledger l " + std::string(command) + after(part)).out;
    CHECK(other.size() > 100);
    CHECK_THAT(other, !Contains("--after"));
    CHECK_THAT(other, !Contains(part.substr(part.find('\n'), 11)));  // what was shown before
  }
  CHECK_THAT(desk.Run("--ledger l fund list --limit 1").out, !Contains("--after"));  // there is one
  CHECK_THAT(desk.Run("--ledger l checkpoint").out, Contains("example.org/l\n10\n"));
  const auto verified = desk.Run("verify l --vkey \"$(cat l/vkey)\"");
  CHECK(verified.exit == 0);
  CHECK_THAT(verified.out, Contains("HOLDS"));
  struct stat key {};
  REQUIRE(stat(desk.path("clerk").c_str(), &key) == 0);
  CHECK((key.st_mode & 0777) == 0600);
}

TEST_CASE("a refusal has its code, exit 1, and changes nothing; the same id is taken once") {
  const Desk desk;
  desk.MakeLedger();
  const std::string pay =
      "--ledger l pay --from donor --to hub --amount 5 --asset CNY --fund winter --key clerk --as root "
      "--date 2026-01-02 --id 00112233445566778899aabbccddeeff";
  const auto first = desk.Run(pay);
  const auto again = desk.Run(pay);
  CHECK(first.exit == 0);
  CHECK(again.exit == 0);
  CHECK_THAT(again.out, Contains("already"));
  CHECK(again.out.substr(again.out.find("leaf hash")) == first.out.substr(first.out.find("leaf hash")));
  const std::string before = desk.Run("--ledger l checkpoint").out;
  const auto other = desk.Run(pay + " --purpose other");
  CHECK(other.exit == 1);
  CHECK_THAT(other.err, Contains("ID_REUSED"));
  const auto poor =
      desk.Run("--ledger l pay --from hub --to village --amount 6 --asset CNY --fund winter --key clerk");
  CHECK(poor.exit == 1);
  CHECK_THAT(poor.err, Contains("INSUFFICIENT_FUNDS"));
  const auto stranger = desk.Run("--ledger l party add x --name X --key clerk");
  CHECK(stranger.exit == 1);
  CHECK_THAT(stranger.err, Contains("KEY_NOT_AUTHORISED"));
  const auto json = desk.Run("--ledger l --json party add x --name X --key clerk");
  CHECK(nlohmann::json::parse(json.out)["error"]["code"] == "KEY_NOT_AUTHORISED");
  CHECK(desk.Run("--ledger l checkpoint").out == before);
}

TEST_CASE("two root keys: sign, cosign, submit") {
  const Desk desk;
  desk.Run("keygen --out a");
  const std::string b = desk.Run("keygen --out b").out.substr(0, 64);
  const std::string c = desk.Run("keygen --out c").out.substr(0, 64);
  REQUIRE(desk.Run("init l --name example.org/l --root-key a --root-key b --threshold 2").exit == 0);
  desk.write(
      "e.json",
      R"({"ledger":"example.org/l","author":"root","actions":[{"declareAsset":{"code":"EUR","decimals":2}}]})");
  REQUIRE(desk.Run("sign e.json --key a --out alone.signed").exit == 0);
  const auto alone = desk.Run("--ledger l submit alone.signed");
  CHECK(alone.exit == 1);
  CHECK_THAT(alone.err, Contains("QUORUM_MISSING"));
  // Who signs is named when the entry is made: nobody comes in later.
  const auto late = desk.Run("cosign alone.signed --key b");
  CHECK(late.exit == 2);
  CHECK_THAT(late.err, Contains("the entry does not name key " + b + " among its signers"));
  CHECK_THAT(late.err, Contains("--cosigner"));

  const auto made = desk.Run("sign e.json --key a --cosigner " + b + " --out e.signed");
  CHECK(made.exit == 0);
  CHECK_THAT(made.out, Contains("Still to sign: key " + b));
  const auto one = desk.Run("--ledger l submit e.signed");
  CHECK(one.exit == 1);
  CHECK_THAT(one.err, Contains("SIGNATURE_INVALID at signatures[1]"));
  CHECK_THAT(one.err, Contains("key " + b + ", which the entry names as a signer, has not signed it"));
  CHECK(desk.Run("cosign e.signed --key c").exit == 2);
  CHECK(desk.Run("cosign e.signed --key a").exit == 2);
  const auto both = desk.Run("cosign e.signed --key b");
  CHECK(both.exit == 0);
  CHECK_THAT(both.out, Contains("submit e.signed` sends it"));
  CHECK(desk.Run("sign e.json --key a --cosigner abc --out f").exit == 2);
  CHECK(desk.Run("sign e.json --key a --cosigner " + b + " --cosigner " + b + " --out f").exit == 1);
  CHECK_THAT(desk.Run("--ledger l submit e.signed --dry-run").out, Contains("Nothing was written"));
  CHECK(desk.Run("--ledger l submit e.signed").exit == 0);
  CHECK(desk.Run("--ledger l submit e.signed").exit == 0);  // again: the same receipt
  CHECK_THAT(desk.Run("--ledger l checkpoint").out, Contains("example.org/l\n2\n"));
}

TEST_CASE("a command that does not exist is named, for people and for programs") {
  const Desk desk;
  const auto bogus = desk.Run("bogus --json");
  CHECK(bogus.exit == 2);
  CHECK_THAT(bogus.err, Contains("there is no command \"bogus\""));
  CHECK_THAT(bogus.out, Contains("there is no command"));
  CHECK_THAT(desk.Run("--ledger x party ad y").err, Contains("there is no command \"party ad\""));
  CHECK_THAT(desk.Run("--version").out, Contains("fundtrail 0.1.0"));
  CHECK(desk.Run("--help").exit == 0);
  CHECK(desk.Run("list --json --help").exit == 0);
}

TEST_CASE("an answer that could not be written is an error") {
  const Desk desk;
  desk.MakeLedger();
  const std::string command =
      "cd '" + desk.path(".") + "' && " + Program() + " --ledger l party list >/dev/full 2>/dev/null";
  const int status = std::system(command.c_str());
  CHECK(WEXITSTATUS(status) == 3);
}

TEST_CASE("bad input is told from a bad ledger, for every command") {
  const Desk desk;
  desk.MakeLedger();
  const auto sign = std::string(" --key clerk --as root");
  const struct {
    std::string arguments;
    int exit;
    std::string says;
  } kCases[] = {
      {"", 2, "which command?"},
      {"frobnicate", 2, "there is no command"},
      {"keygen", 2, "--out"},
      {"keygen --out k", 2, "k"},
      {"init l --name example.org/l --root-key k", 2, "not empty"},
      {"init l2 --name 'with space' --root-key k", 1, "ledger"},
      {"init l2 --name x.org/l --root-key nokey", 2, "nokey"},
      {"init l2 --name x.org/l --root-key k --threshold 2", 1, "threshold"},
      {"init l2 --name x.org/l --root-key k --root-party 民政局", 2, "--root-name takes the name"},
      {"--ledger none checkpoint", 2, "not a ledger"},
      {"checkpoint", 2, "--ledger"},
      {"--ledger l show x", 2, "names no record"},
      {"--ledger l trace from hub", 2, "of a body ask with --party"},
      {"--ledger l show 99", 2, "no record 99"},
      {"--ledger l show 1.9", 2, "no transfer 9"},
      {"--ledger l list --kind gift", 2, "gift"},
      {"--ledger l list --from yesterday", 2, "--from"},
      {"--ledger l list --party nobody", 2, "nobody"},
      {"--ledger l balance nobody", 2, "nobody"},
      {"--ledger l balance hub --fund nothing", 2, "nothing"},
      {"--ledger l balance hub --as-of 1.2", 2, "--as-of"},
      {"--ledger l statement hub --to 2026-02-30", 2, "--to"},
      {"--ledger l statement hub --as-of 1.2", 2, "--as-of: \"1.2\" is neither a record"},
      {"--ledger l statement hub --as-of 99", 2, "no record 99"},
      {"--ledger l statement hub --after 1.2", 2, "no page token"},
      {"--ledger l statement hub --limit all", 2, "--limit"},
      {"--ledger l party list --after hub", 2, "no page token"},
      {"--ledger l party tree --after hub", 2, "no page token"},
      {"--ledger l key list --after hub", 2, "no page token"},
      {"--ledger l fund list --after winter", 2, "no page token"},
      {"--ledger l trace from", 2, "trace one thing"},
      {"--ledger l trace from 9.9", 2, "no transfer 9.9"},
      {"--ledger l trace to --party nobody", 2, "nobody"},
      {"--ledger l trace from 1 --format song", 2, "--format"},
      {"--ledger l trace from 1.1 --asset CNY", 2, "--asset goes with --format svg"},
      {"--ledger l trace from 1.1 --hops 2", 2, "--hops goes with --json"},
      {"--ledger l trace from 1.1 --hops 41", 2, "--hops"},
      {"--ledger l trace from --party hub --format svg", 2, "there is nothing to draw"},
      {"--ledger l party show nobody", 2, "nobody"},
      {"--ledger l party tree nobody", 2, "nobody"},
      {"--ledger l party add 'a b' --name X --key k", 2, "\"a b\" is no id"},
      {"--ledger l party add a --name X --role king --key k", 2, "--role"},
      {"--ledger l party add a --name X --alt iati --key k", 2, "--alt"},
      {"--ledger l key authorise 12 --party hub --key k", 2, "public key"},
      {"--ledger l key authorise clerk --party hub --key k", 2,
       "\"clerk\" is no public key: give the 64 hex digits that keygen printed"},
      {"--ledger l key revoke 12 --party hub --key k", 2, "public key"},
      {"--ledger l key list --party nobody", 2, "nobody"},
      {"--ledger l fund add winter --name X --key k", 1, "ID_TAKEN"},
      {"--ledger l asset add CNY --key k", 1, "ID_TAKEN"},
      {"--ledger l asset add EUR --decimals 12 --key k", 1,
       "FIELD_INVALID at actions[0].declare_asset.decimals"},
      {"--ledger l asset add EUR --decimals two --key k", 2, "--decimals"},
      {"--ledger l party add a --name X --kind army --key k", 2, "--kind"},
      {"--ledger l party add a --name X --place nowhere --key k", 2,
       "--place: this ledger has no place \"nowhere\""},
      {"--ledger l party amend hub --key k", 2, "give an option"},
      {"--ledger l party amend nobody --name X --key k", 2, "nobody"},
      {"--ledger l party end root --key k", 1, "FIELD_INVALID"},
      {"--ledger l asset end CNY --key k", 2, "there is no command \"asset end\""},
      {"--ledger l import registers song k --key k", 2, "\"song\" is not one of party, group, seat, join"},
      {"--ledger l import registers party nofile --key k", 2, "nofile"},
      {"--ledger l pay --from donor --to hub --amount 1.234 --asset CNY --fund winter" + sign, 2, "--amount"},
      {"--ledger l pay --from donor --to hub --amount -5 --asset CNY --fund winter" + sign, 2, "--amount"},
      {"--ledger l pay --from donor --to hub --amount 5 --asset ABC --fund winter" + sign, 2, "ABC"},
      {"--ledger l pay --from donor --to hub --amount 5 --asset CNY --fund none" + sign, 2,
       "this ledger has no fund \"none\""},
      {"--ledger l pay --from donor --to hub --amount 5 --asset CNY --fund winter --project none" + sign, 2,
       "this ledger has no project \"none\""},
      {"--ledger l pay --from donor --to hub --amount 5 --asset CNY --fund winter --to-project none" + sign,
       2, "this ledger has no project \"none\""},
      {"--ledger l pay --from nobody --to hub --amount 5 --asset CNY --fund winter" + sign, 2, "nobody"},
      {"--ledger l pay --from hub --to village --amount 5 --asset CNY --fund winter --draw 12" + sign, 2,
       "--draw"},
      {"--ledger l pay --from donor --to hub --amount 5 --asset CNY --fund winter --id 12" + sign, 2, "--id"},
      {"--ledger l pay --from donor --to hub --amount 5 --asset CNY --fund winter --key nokey", 2, "nokey"},
      {"--ledger l pay --from hub --to village --amount 5 --asset CNY --fund winter --need ''" + sign, 2,
       "an empty text names nothing"},
      {"--ledger l submit nofile", 2, "nofile"},
      {"--ledger l submit k --key clerk", 2, "is neither an Entry"},
      {"--ledger l import csv nofile.csv" + sign, 2, "nofile.csv"},
      {"--ledger l import csv k --map nomap" + sign, 2, "nomap"},
      {"--ledger l import csv k" + sign, 2, "k"},
      {"sign nofile --key k --out x", 2, "nofile"},
      {"cosign nofile --key k", 2, "nofile"},
      {"verify l", 2, "--vkey"},
      {"verify l --vkey nonsense", 2, ""},
      {"verify none --vkey nonsense", 2, ""},
      {"verify l --vkey \"$(cat l/vkey)\" --scratch /nowhere", 3, "--scratch"},
  };
  const std::string before = desk.Run("--ledger l checkpoint").out;
  for (const auto& one : kCases) {
    INFO(one.arguments);
    const auto ran = desk.Run(one.arguments);
    INFO(ran.err);
    CHECK(ran.exit == one.exit);
    CHECK_THAT(ran.err, Contains(one.says));
    CHECK_THAT(ran.err, Contains("fundtrail: "));
  }
  CHECK(desk.Run("--ledger l checkpoint").out == before);
}

TEST_CASE("verify says no when a byte of the store is not what it was") {
  const Desk desk;
  desk.MakeLedger();
  desk.Run(
      "--ledger l pay --from donor --to hub --amount 777.77 --asset CNY --fund winter --key clerk --purpose "
      "trueword");
  // Replay of the log into a table happens on the next opening to write; then the bytes lie in l/store/*.sst
  // or *.log.
  bool changed = false;
  for (const auto& file : std::filesystem::directory_iterator(desk.path("l/store"))) {
    std::string text = FileText(file.path());
    const std::size_t at = text.find("trueword");
    if (at == std::string::npos) continue;
    text[at] = 'T';
    std::ofstream(file.path(), std::ios::binary) << text;
    changed = true;
  }
  REQUIRE(changed);
  const auto verified = desk.Run("verify l --vkey \"$(cat l/vkey)\"");
  CHECK(verified.exit == 1);  // by RocksDB's own checksum, or by ours
}

}  // namespace
}  // namespace fundtrail::testing
