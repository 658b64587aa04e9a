// The page for reporters: each of its commands runs, on the ledger that it makes, and says what can be reckoned by hand. Then what the
// commands refuse, and lists of transfers from files.
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/page.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// What each command said, those that begin alike in one text.
std::map<std::string, std::string> RunReporterPage(const Desk& desk) {
  std::map<std::string, std::string> said;
  for (const std::string& command : CommandsOf(desk, "reporter.md")) {
    const std::string told = RunCommand(desk, command);
    const std::string at = "--ledger ledger ";
    if (command.compare(0, at.size(), at) != 0) continue;
    const std::string asked = command.substr(at.size());
    said[asked.substr(0, asked.find(' '))] += told;
  }
  return said;
}

TEST_CASE("the commands of the page for reporters run, and its figures come out") {
  const Desk desk;
  auto said = RunReporterPage(desk);
  const std::string& trace = said["trace"];
  CHECK_THAT(trace, Contains("Where the money of 2 receipts went\n"));
  CHECK_THAT(trace,
             Contains("150.00 asked + 100.00 that came round again, counted once = 250.00 received\n"));
  CHECK_THAT(trace, Contains("Receipt by receipt, each by itself\n"));
  CHECK_THAT(trace, Contains("7.1           100.00  CNY     90.00  reached  Village [relief]"));
  CHECK_THAT(trace, Contains("9.1           150.00  CNY     90.00  reached  Village [relief]"));
  CHECK_THAT(trace, Contains("By two methods\n"));
  CHECK_THAT(trace, Contains("90.00          30.00  reached      Village [relief]"));
  CHECK_THAT(trace, Contains("0.00          30.00  held         County office [relief]"));
  CHECK_THAT(trace, Contains("60.00 of 100.00 ends elsewhere by the second method."));
  CHECK_THAT(
      trace,
      Contains(
          "With the payments of a day in the opposite order, 100.00 of it would end elsewhere: 100.00%.\n"));
  CHECK_THAT(trace, Contains(",method,ended_pro_rata,fund_name,project_name\n"));
  CHECK_THAT(trace, Contains(",\"earmarks first, then first in, first out\",30.00,Relief,\n"));
  CHECK_THAT(trace, Contains(",\"earmarks first, then first in, first out\",60.00,Relief,\n"));
  const std::string& committed = said["committed"];
  CHECK_THAT(committed, Contains("Committed and not paid, by payer\n"));
  CHECK_THAT(committed, Contains("500.00      200.00  300.00"));
  CHECK_THAT(committed, Contains("County office (county)"));
  CHECK_THAT(committed, Contains("2026  500.00       0.00      200.00  300.00"));
  CHECK_THAT(committed, Contains("\nrelief,Relief,CNY,500.00,0.00,200.00,300.00,0,1,example.org/reporter,"));
  CHECK_THAT(said["top"], Contains("Difference -400.00 = 290.00 new - 0.00 gone + -690.00 in both.\n"));
  CHECK_THAT(said["flows"], Contains("Difference -100.00 = 90.00 new - 200.00 gone + 10.00 in both.\n"));
  CHECK_THAT(said["series"], Contains("Difference -600.00 = 200.00 new - 800.00 gone + 0.00 in both.\n"));
  const std::string& statement = said["statement"];
  CHECK_THAT(statement, Contains("All of these accounts together\nBodies: 3.\n"));
  CHECK_THAT(statement,
             Contains("CNY      0.00        1,000.00        0.00         200.00      800.00  300.00"));
  // The money of a project alone, however it is asked for.
  CHECK_THAT(trace, Contains("Where the money of project lunches (Warm lunches) went\n"));
  CHECK_THAT(trace,
             Contains("60.00 CNY asked = 0.00 reached recipients + 60.00 held + 0.00 returned to source\n"));
  CHECK_THAT(trace, Contains("fund relief: Relief\nproject lunches: Warm lunches\n"));
  CHECK_THAT(said["list"], Contains("In all, 1 transfer in CNY: 60.00 paid\n") &&
                               Contains("fund relief: Relief\nproject lunches: Warm lunches\n"));
  CHECK_THAT(statement, Contains("Township office, fund relief, project lunches, CNY\n"));
  // What lies at a village has reached it, and only the others hold something.
  CHECK_THAT(said["balance"], Contains("received  paid out  reached") && !Contains(" held"));
  CHECK_THAT(statement, Contains(",back_by,within,fund_name,project_name,ledger,size,root\n"));
  CHECK_THAT(said["top"], Contains("schools"));
  CHECK_THAT(said["top"], Contains("GOVERNMENT") && Contains("FOUNDATION"));
  CHECK_THAT(said["series"], Contains("programme Help for schools (schools)"));
  CHECK_THAT(said["flows"],
             Contains("Who pays whom, by party and project\n") && Contains("Warm lunches (lunches)"));
}

TEST_CASE(
    "lists of transfers come from files and standard input, and the questions refuse what they cannot take") {
  const Desk desk;
  RunReporterPage(desk);
  desk.write("list.txt", "7.1, 9.1\n\n11\n");
  const auto listed = nlohmann::json::parse(RunCommand(desk, "--ledger ledger trace from @list.txt --json"));
  CHECK(listed["receipts"].size() == 3);
  const Ran piped = desk.Run("--ledger ledger trace from - --json", "7.1, 9.1\n\n11\n");
  CHECK(piped.exit == 0);
  CHECK(piped.out == RunCommand(desk, "--ledger ledger trace from 7.1 9.1 11 --json"));
  const auto csv = RunCommand(desk, "--ledger ledger trace from @list.txt --csv");
  CHECK_THAT(csv, Contains(",method,receipt,receipt_ended,fund_name,project_name\n") &&
                      Contains(",11,90.00,Relief,\n"));
  // A balance in one project names no fund and no project that it does not show.
  RunCommand(desk,
             "--ledger ledger project add meals --name Meals --owner county --target meals=1 --key root.key");
  const auto names = [&](const std::string& project) {
    return nlohmann::json::parse(
        RunCommand(desk, "--ledger ledger balance office --project " + project + " --json"))["names"];
  };
  CHECK(names("meals").empty());
  CHECK(names("lunches").size() == 2);
  const auto refused = [&](const std::string& command, const std::string& why) {
    const Ran ran = desk.Run("--ledger ledger " + command);
    INFO(command << "\n" << ran.out << ran.err);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains(why));
  };
  refused("trace from 7.1 seven", "names no record");
  refused("list --as-of -1", "\"-1\" is neither a record, as 12, nor a day, as 2026-01-31");
  refused("statement county --project lunches --programme schools", "--programme");
  refused("trace from @none.txt", "none.txt");
  refused("trace from --party county --min 3万元", "--min: \"3万元\" names a currency");
  CHECK(desk.Run("--ledger ledger trace from --party county --min 0.5万").exit == 0);
  refused("trace from 7.1 --party county", "trace one thing");
  refused("trace from 7.1 --pro-rata --format svg", "--pro-rata goes with text, --csv and --json");
  refused("flows --against 2025-01-01..2025-12-31", "--against goes with --since and --until");
  refused("flows --since 2026-01-01 --until 2026-12-31 --against 2025", "is no period: write FROM..TO");
  refused("committed --by moon", "is not one of payer, recipient, fund, project and year");
  refused("top --of moons", "is not one of bodies, programmes and kinds");
  refused("statement", "name the party, or --project PROJECT, or --programme PROGRAMME");
  refused("statement county --below --joined", "excludes");
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "7.1\n";
  desk.write("many.txt", many);
  refused("trace from @many.txt", "more than 1000 receipts in one question: divide them");
}

}  // namespace
}  // namespace fundtrail::testing
