// The page on who got what: each of its commands runs, on the ledger that it makes, and says what can be reckoned by hand. Then what
// else the commands take, and what they refuse.
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/page.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// The ledger of the page, in the desk. What each of its commands said, those that begin alike in one text.
std::map<std::string, std::string> RunRankingPage(const Desk& desk) {
  const auto commands = CommandsOf(desk, "ranking.md");
  CHECK(commands.size() == 25);
  std::map<std::string, std::string> said;
  for (const std::string& command : commands) {
    const std::string told = RunCommand(desk, command);
    const std::string at = "--ledger ledger ";
    if (command.compare(0, at.size(), at) != 0) continue;
    const std::string asked = command.substr(at.size());
    said[asked.substr(0, asked.find(' '))] += told;
  }
  return said;
}

TEST_CASE("the commands of the page on ranking run, and its figures come out") {
  const Desk desk;
  auto said = RunRankingPage(desk);
  const std::string& search = said["search"];
  CHECK_THAT(search, Contains("party  hub     begins  Relief hub\n"));
  CHECK_THAT(search, Contains("fund   winter  words   Winter relief\n"));
  CHECK_THAT(search, Contains("Found: party 1, fund 1.\n"));
  CHECK_THAT(search, Contains("party  company  id    A company\n"));
  const std::string& list = said["list"];
  CHECK_THAT(list, Contains("\n3 transfers fit:\n"));
  const std::string& summary = said["summary"];
  CHECK_THAT(summary, Contains("example.org/ranking: 9 records, the last on "));
  CHECK_THAT(summary, Contains("5 transfers, 1 of them committed and not paid.\n"));
  CHECK_THAT(summary, Contains("1,500.00 brought in = 300.00 reached recipients + 1,200.00 held\n"));
  CHECK_THAT(summary, Contains("2,500.00 went from hand to hand, in 5 transfers.\n"));
  CHECK_THAT(summary, Contains("500.00 CNY of what was brought in is committed and not paid.\n"));
  CHECK_THAT(summary, Contains("The largest donors of 1:\n"));
  CHECK_THAT(summary, Contains("The largest recipients of 1:\n"));
  CHECK_THAT(summary, Contains("8.1  2025-06-01"));
  const std::string& top = said["top"];
  CHECK_THAT(top, Contains("Who got what, by what they received from others\n"));
  CHECK_THAT(top, Contains("  1,500.00    600.00  900.00     0.00          3  Relief hub, holder\n"));
  CHECK_THAT(top, Contains("4 bodies.\n"));
  CHECK_THAT(top, Contains("Who got what, by what is there, until 2024-12-31\n"));
  CHECK_THAT(top, Contains("hub     1,000.00  600.00  400.00          2  Relief hub, holder\n"));
  CHECK_THAT(top, Contains("office    600.00  350.00  250.00          2  Township office, holder\n"));
  CHECK_THAT(top, Contains("\nhub,Relief hub,holder,false,CNY,0.00,0.00,0.00,1500.00,600.00,0.00,900.00,0.00,"
                           "0.00,0.00,0.00,500.00,0.00,0.00,3,1,example.org/ranking,9,"));
  const std::string& flows = said["flows"];
  CHECK_THAT(flows, Contains("Who pays whom, by party\n") && Contains("Who pays whom, by year\n"));
  CHECK_THAT(flows, Contains(" lines.\n") && !Contains("line of all"));
  const std::string& series = said["series"];
  CHECK_THAT(series, Contains("All bodies, by month\n"));
  CHECK_THAT(series, Contains("2025-11  1,000.00      500.00    500.00  1,200.00   300.00          1\n"));
  CHECK_THAT(series, Contains("Relief hub (hub), by year\n"));
  CHECK_THAT(series, Contains("2025  400.00    500.00    0.00  900.00          1\n"));
  const std::string& idle = said["idle"];
  CHECK_THAT(idle, Contains("Held by bodies that pass money on, the most first, on 2026-01-31\n"));
  CHECK_THAT(
      idle,
      Contains("hub     winter  900.00     500.00                       400.00  2024-01-15  Relief hub\n"));
  CHECK_THAT(
      idle,
      Contains(
          "office  winter  300.00              50.00   250.00              2024-03-01  Township office\n"));
  CHECK_THAT(
      idle, Contains("1,200.00 CNY held, the oldest since 2024-01-15; 500.00 for 0-89 days; 50.00 for 90-364 "
                     "days; 250.00 for 365-729 days; 400.00 for 730 days or more.\n"));
  CHECK_THAT(idle, Contains("500.00 CNY of it is committed and not paid.\n"));
  CHECK_THAT(idle, Contains("the longest held first"));
}

TEST_CASE("what ranks and adds up takes records, days and forms, and refuses what cannot be") {
  const Desk desk;
  RunRankingPage(desk);
  const auto out = [&](const std::string& command) {
    const Ran ran = desk.Run("--ledger ledger " + command);
    INFO(command << ran.err);
    CHECK(ran.exit == 0);
    return ran.out;
  };
  CHECK_THAT(out("summary --as-of 4"), Contains("1,000.00 brought in = 1,000.00 held\n"));
  CHECK_THAT(out("summary --as-of 3"), !Contains("brought in"));
  CHECK_THAT(out("summary --csv"), Contains("\nCNY,9,1,1,0.00,1500.00,"));
  CHECK_THAT(out("top --top 1"), Contains("1 of 4 bodies shown; --top 0 for all.\n"));
  CHECK_THAT(out("top --since 2025-01-01"), Contains("  before  "));
  CHECK_THAT(out("top --by brought-in --role source"), Contains("company  "));
  CHECK_THAT(out("flows --by kind --csv"), Contains("from,from_name,to,to_name,asset,paid,"));
  CHECK_THAT(out("flows --top 1"),
             Contains(" lines shown; --top 0 for all.\n") && Contains("is in the line of all.\n"));
  CHECK(desk.Run("--ledger ledger flows --by day").exit == 2);
  CHECK_THAT(out("series --csv --by year"),
             Contains("\n2025,CNY,1000.00,500.00,0.00,0.00,0.00,550.00,1200.00,300.00,"));
  CHECK_THAT(out("series village --since 2030-01-01"), Contains("No money.\n"));
  CHECK_THAT(out("idle --top 1 --on 2026-01-31"), Contains("1 of 2 accounts shown; --top 0 for all.\n"));
  CHECK_THAT(out("idle village"), Contains("Nothing is held.\n"));
  CHECK_THAT(
      WithoutCheckpoint(out("idle --csv --on 2026-01-31")),
      Contains("\nhub,Relief hub,winter,,CNY,1,900.00,500.00,0.00,0.00,400.00,2024-01-15,2025-11-20,500.00,"
               "0.00,Winter relief,\n"));
  CHECK_THAT(out("search 7.1"),
             Contains("transfer  7.1  id    2024-04-10, 350.00 CNY, Township office \u2192 Village\n"));
  CHECK_THAT(out("search no such thing"), Contains("Nothing has \"no such thing\" in its name"));
  CHECK_THAT(out("search o --top 1"), Contains(" hits shown; --top 0 for all.\n"));
  CHECK_THAT(WithoutCheckpoint(out("search hub --csv")),
             Contains("\nparty,hub,Relief hub,id,true,,false,,,,,,\n"));
  CHECK(nlohmann::json::parse(out("--json search hub"))["hits"][0]["exact"] == true);
  // What is kept is said.
  out("commitment add tents --owner hub --fund winter --asset CNY --amount 120.00 --key root.key --as root");
  CHECK_THAT(out("idle"), Contains("120.00 CNY of it is kept by commitments.\n"));

  const auto json = nlohmann::json::parse(out("--json top --top 2"));
  CHECK(json["lines"].size() == 2);
  CHECK(json["totals"][0]["bodies"] == "4");
  CHECK(json["totals"][0]["left_out"] == "2");
  CHECK(nlohmann::json::parse(out("--json summary"))["assets"][0]["all"]["sums"]["brought_in"] == "150000");
  CHECK(nlohmann::json::parse(out("--json series"))["lines"].size() == 5);
  CHECK(nlohmann::json::parse(out("--json idle"))["lines"].size() == 2);

  struct Refused {
    std::string command;
    int exit = 2;
    std::string says;
  };
  const std::vector<Refused> refused = {
      {"top --by size", 2, "--by: \"size\" is not one of received, brought-in, paid and held"},
      {"top --by unspecified", 2, "is not one of"},
      {"top --role payer", 2, "--role: \"payer\" is not one of source, holder and recipient"},
      {"top --fund none", 2, "this ledger has no fund \"none\""},
      {"top --asset ZZZ", 2, "this ledger has no asset \"ZZZ\""},
      {"top --since soon", 2, "--since"},
      {"top --as-of 99", 2, "there is no record 99"},
      {"top --top -1", 2, "--top"},
      {"summary --top 0", 2, "--top"},
      {"summary --top 101", 2, "--top"},
      {"series --by week", 2, "--by: \"week\" is not one of day, month and year"},
      {"series nobody", 2, "this ledger has no party \"nobody\""},
      {"series --until late", 2, "--until"},
      {"search ' '", 2, "there is nothing to look for"},
      {"search hub --kind payment", 2, "kinds: \"payment\" is not one of"},
      {"idle --by age", 2, "--by: \"age\" is not one of amount and oldest"},
      {"idle nobody", 2, "this ledger has no party \"nobody\""},
      {"idle --on soon", 2, "--on"},
      {"--json idle --csv", 2, "give one of them"},
  };
  for (const Refused& one : refused) {
    const Ran ran = desk.Run("--ledger ledger " + one.command);
    INFO(one.command << "\n" << ran.out << ran.err);
    CHECK(ran.exit == one.exit);
    CHECK_THAT(ran.out + ran.err, Contains(one.says));
  }
}

}  // namespace
}  // namespace fundtrail::testing
