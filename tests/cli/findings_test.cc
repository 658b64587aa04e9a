// The page on findings: each of its commands runs, on the ledger that it makes, and says what can be reckoned by hand. Its table is
// that of the program. Then what else the command takes, and what it refuses.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/finding_rules.h"
#include "tests/cli/page.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// The ledger of the page, in the desk; what its commands said, one after another.
std::vector<std::string> RunFindingsPage(const Desk& desk) {
  const auto commands = CommandsOf(desk, "findings.md");
  CHECK(commands.size() == 16);
  std::vector<std::string> said;
  for (const std::string& command : commands) said.push_back(RunCommand(desk, command));
  return said;
}

TEST_CASE("the commands of the page on findings run, and its figures come out") {
  const Desk desk;
  const auto said = RunFindingsPage(desk);
  REQUIRE(said.size() == 16);
  const std::string& all = said[10];
  CHECK_THAT(all, Contains("Findings on 2026-03-01\n"));
  CHECK_THAT(all, Contains("IDLE: 2 serious, 0 to look at (days=365, serious_days=730)\n"));
  CHECK_THAT(
      all, Contains("  serious: hub holds 1,450.00 CNY that came from 2024-01-15 to 2024-05-01, of 1,450.00 "
                    "CNY in all (transfers 4.1 7.1)\n"));
  CHECK_THAT(all, Contains("  serious: office holds 450.00 CNY that came on 2024-03-01, of 450.00 "
                           "CNY in all (transfers 5.1 6.1)\n"));
  CHECK_THAT(all,
             Contains("HELD_UPSTREAM: 3 serious, 0 to look at (days=30, part=1000, serious_days=180)\n"));
  CHECK_THAT(all, Contains("  serious: hub still holds 1,400.00 CNY of 2,000.00 CNY that company gave it on "
                           "2024-01-15 (transfers 4.1)\n"));
  CHECK_THAT(all, Contains("ROUND_TRIP: 1 serious, 0 to look at (hops=6, days=365)\n"));
  CHECK_THAT(all,
             Contains("  serious: 50.00 CNY came back by hub > office > hub from 2024-03-01 to 2024-05-01 "
                      "(transfers 5.1 7.1)\n"));
  CHECK_THAT(all, Contains("DUPLICATE: 0 serious, 1 to look at (run=20)\n"));
  CHECK_THAT(all,
             Contains("  look: hub paid office the same 2 times on 2024-03-01, 300.00 CNY beside the first "
                      "(transfers 5.1 6.1)\n"));
  CHECK_THAT(all, Contains("  It may be innocent: equal instalments, wages or grants on one day;"));
  CHECK_THAT(all,
             Contains("UNACCOUNTED: 0 serious, 1 to look at (days=365, part=1000, serious_part=5000)\n"));
  CHECK_THAT(all, Contains("  look: 1,900.00 CNY of 2,000.00 CNY that came into fund winter lie where nobody "
                           "said that they arrived (transfers 4.1 5.1 6.1 7.1)\n"));
  CHECK_THAT(all, Contains("Nothing found by SPLIT, OUT_OF_PERIOD, NOT_ANNOUNCED, SILENT, SELF_DEALING, "
                           "PAID_TWICE, LEFT_OUT, OVERFUNDED, RESULT_ODD, OUT_EXCEEDS_IN, ANNOUNCED_DIFFERS, "
                           "UNANSWERED, MAGNITUDE, UNSOUND_EVALUATION, OFF_TARGET.\n"));
  CHECK_THAT(said[11],
             Contains("  serious: hub paid office 600.00 CNY in 2 payments below 500.00 CNY each, on "
                      "2024-03-01 (transfers 5.1 6.1)\n"));
  CHECK_THAT(said[12], Contains("(days=730, serious_days=730)\n") && Contains("office holds 450.00 CNY"));
  CHECK_THAT(said[12], !Contains("hub holds"));
  CHECK_THAT(said[13],
             Contains("\nIDLE,,serious,hub,Relief hub,winter,,CNY,1450.00,1450.00,2,2024-01-15,2024-05-01,"
                      "4.1 7.1,2,,,,,,,,0,0,,,"));
  CHECK_THAT(said[13],
             Contains("\nDUPLICATE,payments_alike,look,hub; office,Relief hub; Township office,winter,,CNY,"
                      "300.00,600.00,2,2024-03-01,2024-03-01,5.1 6.1,2,,,,,,,,0,0,,,"));
  const auto json = nlohmann::json::parse(said[14]);
  REQUIRE(json["findings"].size() == 1);
  CHECK(json["findings"][0]["rule"] == "DUPLICATE");
  CHECK(json["findings"][0]["grade"] == "LOOK");
  CHECK(json["findings"][0]["evidence"].size() == 2);
  CHECK(json["rules"][0]["parameters"][0]["value"] == "20");
  CHECK_FALSE(json["rules"][0]["innocent"].get<std::string>().empty());
}

TEST_CASE("the page on findings has the rules of the program, and so has the command") {
  const Desk desk;
  const std::string page = FileText(std::string(FUNDTRAIL_SOURCE_DIR) + "/docs/findings.md");
  const std::string told = desk.Run("findings rules").out;
  for (const model::FindingRuleText& rule : model::FindingRules()) {
    const std::string name = model::WordOf(rule.rule);
    INFO(name);
    CHECK_THAT(page, Contains(absl::StrCat("\n| `", name, "` | ", rule.formula, " | ")));
    CHECK_THAT(page, Contains(absl::StrCat(" | ", rule.innocent, " |\n")));
    CHECK_THAT(told, Contains(absl::StrCat(name, "\n  Compared: ", rule.formula, ".\n")));
    for (const model::FindingParameterRule& parameter : rule.parameters) {
      CHECK_THAT(page,
                 Contains(absl::StrCat("`", parameter.name, "=", parameter.usual, "` ", parameter.says)));
      CHECK_THAT(told,
                 Contains(absl::StrCat("  ", parameter.name, "=", parameter.usual, ": ", parameter.says)));
    }
  }
  // A parameter is called by its own name in every language: --set takes no other.
  CHECK_THAT(desk.Run("--lang zh findings rules").out, Contains("  days=365："));
  const auto json = nlohmann::json::parse(desk.Run("--json findings rules").out);
  CHECK(json["rules"].size() == model::FindingRules().size());
}

TEST_CASE("what the command findings refuses") {
  const Desk desk;
  RunFindingsPage(desk);
  struct Case {
    std::string command, says;
  };
  const std::vector<Case> cases = {
      {"findings --rule none", "--rule: \"none\" is not one of IDLE, HELD_UPSTREAM"},
      {"findings --set IDLE.day=1", "names no parameter: IDLE has days, serious_days"},
      {"findings --set days=1", "is no setting"},
      {"findings --rule SPLIT --set IDLE.days=1", "IDLE is not among the rules"},
      {"findings --party nobody", "no party \"nobody\""},
      {"findings --fund none", "no fund \"none\""},
      {"findings --on soon", "--on"},
      {"--json findings --csv", "give one of them"},
  };
  for (const Case& one : cases) {
    const Ran ran = desk.Run("--ledger ledger " + one.command);
    INFO(one.command << "\n" << ran.out << ran.err);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.out + ran.err, Contains(one.says));
  }
  const Ran ran = desk.Run("--ledger ledger findings --rule held-upstream --top 1 --on 2026-03-01");
  CHECK_THAT(ran.out, Contains("  1 of 3 findings shown; --top 0 for all.\n"));
}

}  // namespace
}  // namespace fundtrail::testing
