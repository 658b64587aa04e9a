// The forms of an answer: a table that fits the terminal, or CSV, JSON and JSON lines, by one option.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "ledger/base/text.h"
#include "tests/cli/program.h"
#include "tests/cli/terminal.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const char kLongName[] =
    "A county office with a name that is longer than many a terminal is wide, all the same";

void BeginForms(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    first.MakeLedger();
    REQUIRE(first
                .Run("--ledger l party add office --name '" + std::string(kLongName) +
                     "' --role recipient --parent hub --key k")
                .exit == 0);
    for (const char* what : {"--from donor --to hub --amount 1,000", "--from hub --to office --amount 600"}) {
      REQUIRE(
          first
              .Run("--ledger l pay " + std::string(what) +
                   " --asset CNY --fund winter --purpose 'Coats for all who have none' --key clerk --as root")
              .exit == 0);
    }
  });
}

TEST_CASE("-o chooses the form of an answer; --csv and --json are short for two of them") {
  const Desk desk;
  BeginForms(desk);
  const auto same = [&](const std::string& one, const std::string& other) {
    const auto ran = desk.Run("--ledger l " + one);
    INFO(one << "\n" << ran.err);
    CHECK(ran.exit == 0);
    CHECK_FALSE(ran.out.empty());
    CHECK(ran.out == desk.Run("--ledger l " + other).out);
  };
  same("list -o csv", "list --csv");
  same("-o csv list --party hub", "list --party hub --csv");
  same("--output=csv balance hub", "balance hub --csv");
  same("party list -o csv", "party list --csv");
  same("trace from --party donor -o csv", "trace from --party donor --format csv");
  same("list -o json", "--json list");
  same("list -o table", "list");
  for (const auto& [words, said] : std::vector<std::pair<std::string, std::string>>{
           {"show 9.1 -o csv", "-o csv: `show` has no table for a spreadsheet"},
           {"key authorise x -o csv", "-o csv: `key authorise` has no table for a spreadsheet"},
           {"list --csv -o json", "give one of them"},
           {"list --json -o csv", "give one of them"},
           {"list --json -o table", "-o table is for people"},
           {"list -o xml", "xml"},
           {"lists -o csv", "there is no command"}}) {
    INFO(words);
    const auto ran = desk.Run("--ledger l " + words);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains(said));
  }
}

TEST_CASE("-o jsonl has an item a line, then the rest of the answer; an error is a line too") {
  const Desk desk;
  BeginForms(desk);
  const auto all = nlohmann::json::parse(desk.Run("--ledger l --json list").out);
  std::istringstream out(desk.Run("--ledger l list -o jsonl").out);
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(out, line);) lines.push_back(nlohmann::json::parse(line));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == all.at("transfers").at(0));
  CHECK(lines[1] == all.at("transfers").at(1));
  auto rest = all;
  rest.erase("transfers");
  CHECK(lines[2] == rest);
  CHECK(rest.contains("as_of"));
  CHECK(lines[0].at("transfer").at("amount_text") == "1000.00");
  const std::string error = desk.Run("--ledger l list --party nobody -o jsonl").out;
  CHECK(std::count(error.begin(), error.end(), '\n') == 1);
  CHECK(nlohmann::json::parse(error).at("error").contains("sentence"));
}

TEST_CASE("a payment ends with a sentence that says what was paid") {
  const Desk desk;
  BeginForms(desk);
  const std::string pay =
      "--ledger l pay --asset CNY --fund winter --key clerk --as root --from hub --to village ";
  CHECK_THAT(desk.Run(pay + "--amount 5.00").out, Contains("Paid 5.00 CNY, 红十字会 -> Village 东, 10.1\n"));
  CHECK_THAT(desk.Run(pay + "--amount 6.00 --stage committed").out,
             Contains("Committed 6.00 CNY, 红十字会 -> Village 东, 11.1\n"));
  REQUIRE(desk.Run(pay + "--amount 7.00 --receipt r").exit == 0);
  const std::string verify = "receipt verify r --vkey " + VkeyOf(desk);
  CHECK_THAT(desk.Run(verify).out, Contains("700 smallest units of CNY") && !Contains("Village"));
  CHECK_THAT(desk.Run("--ledger l " + verify).out,
             Contains("which the receipt does not prove:\nPaid 7.00 CNY, 红十字会 -> Village 东, 12.1\n"));
  CHECK_THAT(desk.Run("--ledger l party add x --name X --key k").out, !Contains("Paid"));
}

TEST_CASE("tables fit the terminal, and in a pipe nothing is cut") {
  const Desk desk;
  BeginForms(desk);
  for (const std::string command : {"list", "party list", "statement hub", "balance hub", "fund list",
                                    "trace from --party donor --format flows"}) {
    for (const int columns : {60, 80, 120}) {
      const auto lines = OnTerminal(desk, {"--ledger l " + command}, columns).front();
      REQUIRE(lines.size() > 2);
      for (const std::string& line : lines) {
        INFO(command << " at " << columns << ": " << line);
        CHECK(DisplayWidth(line) <= columns);
      }
    }
    const std::string piped = desk.Run("--ledger l " + command).out;
    INFO(piped);
    CHECK((command.rfind("trace", 0) == 0 || !Has(piped, "…")));  // a trace says the root's front
  }
  CHECK_THAT(desk.Run("--ledger l list").out, Contains(kLongName) &&
                                                  Contains("In every line: asset CNY, fund winter\n") &&
                                                  Contains("2 transfers.\n"));
  CHECK_THAT(desk.Run("--ledger l list --limit 1").out, Contains("1 of 2 transfers shown; --after "));
  const auto wide = OnTerminal(desk, {"--ledger l --wide list"}, 60).front();
  CHECK(std::any_of(wide.begin(), wide.end(), [](const std::string& line) { return Has(line, kLongName); }));
}

TEST_CASE("a text longer than the screen goes through $PAGER, unless --no-pager says otherwise") {
  const Desk desk;
  BeginForms(desk);
  const auto on_screen = [&](const std::string& pager, const std::string& options) {
    return desk
        .Shell("TERM=dumb PAGER='" + pager + "' script -qec \"stty cols 80 rows 3; " + Program() +
               " --no-color --ledger l " + options + " list\" /dev/null")
        .out;
  };
  CHECK_THAT(on_screen("sed s/^/paged:/", ""), Contains("paged:ref"));
  CHECK_THAT(on_screen("sed s/^/paged:/", "--no-pager"), !Contains("paged:"));
  CHECK_THAT(on_screen("no-such-program-here", ""), Contains("CNY"));
  CHECK_THAT(desk.Shell("PAGER='sed s/^/paged:/' " + Program() + " --ledger l list").out,
             !Contains("paged:"));
}

}  // namespace
}  // namespace fundtrail::testing
