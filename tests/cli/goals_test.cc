// What six kinds of user want to do, and the commands that do it: the tables of docs/questions.md. The aim is one command each.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/cli/asked.h"
#include "tests/cli/demo.h"
#include "tests/support/made_text.h"

namespace fundtrail::testing {
namespace {

const std::vector<Asked>& JournalistGoals() {
  static const std::vector<Asked> all = {
      {"Find a body whose name I half know",
       {"search \"united kingdom\" --kind party"},
       {"united-kingdom-government-of"}},
      {"What did it give?", {"balance \"United Kingdom\" --below"}, {"USD 102,701,607.00"}},
      {"Where did it end?",
       {"trace from --party \"United Kingdom\""},
       {"102,701,607.00 USD asked =", "ends here, no further payment recorded", "held"}},
      {"What is not passed on, since when, in the whole ledger?",
       {"idle --on 2026-01-01"},
       {"2016-03-31", "281,551,662.00 USD held, the oldest since 2016-03-31"}},
      {"The ten largest recipients",
       {"top --role recipient --top 10"},
       {"NGOs (details not yet provided), recipient by inference", "10 of 79 bodies shown; --top 0 for all"}},
      {"Whose money has no recorded source?",
       {"trace from --party unrecorded --depth 1"},
       {"61,844,723.00 USD asked"}},
      {"Month by month", {"series --since 2020-01-01"}, {"2020-04 166,602,844.00 92,677,103.00"}},
      {"A picture to publish",
       {"trace from --party sweden-government-of --format svg"},
       {"<svg ", "20,960,356.00 USD asked"}},
      {"A spreadsheet", {"top --csv"}, {"world-food-programme,World Food Programme,holder"}},
      {"One payment, with its line in the file",
       {"show 10.1"},
       {"10.1 118,868.00 USD Switzerland, Government of", "reference flows.csv:5"}},
  };
  return all;
}

// They stand on the ledger `l` of the desk, whose last record is 7, and change it.
const std::vector<Asked>& ClerkGoals() {
  static const std::vector<Asked> all = {
      {"A key of my own", {"keygen --out new.key"}, {}},
      {"To be authorised, by the root key",
       {"key authorise \"$(awk '$1 == \"public\" {print $2}' new.key)\" --party hub --can pay --key k"},
       {"Record 8, "}},
      {"See what a file would pay",
       {"import csv payments.csv --key clerk --as root --dry-run"},
       {"3 rows", "Nothing was recorded"}},
      {"Pay the rows of a file",
       {"import csv payments.csv --key clerk --as root"},
       {"3 rows, 3 imported as 3 transfers", "0 rows rejected"}},
      {"The same file once more pays nothing",
       {"import csv payments.csv --key clerk --as root"},
       {"0 imported", "3 were in the ledger already"}},
      {"A file with titles of its own, in Chinese, in 万元",
       {"import csv gifts.csv --suggest | tee gifts.toml",
        "import csv gifts.csv --map gifts.toml --key clerk --as root"},
       {"factor = 10000", "1 row, 1 imported as 1 transfer"},
       "the first makes the map, which later files of that form use"},
      {"Try one payment",
       {"pay --from hub --to village --amount 5.00 --asset CNY --fund winter --key clerk --as root "
        "--dry-run"},
       {"it would be record 11", "Nothing was written."}},
      {"Pay it, with a receipt",
       {"pay --from hub --to village --amount 5.00 --asset CNY --fund winter --key clerk --as root --receipt "
        "r"},
       {"Paid 5.00 CNY, 红十字会 -> Village 东, 11.1"}},
      {"Not pay it twice",
       {"pay --from hub --to village --amount 5.00 --asset CNY --fund winter --key clerk --as root"},
       {"already: 11.1. Nothing was sent."},
       "",
       2},
      {"Undo it", {"reverse 11.1 --reason typo --key k"}, {"Village 东 -> 红十字会, 12.1"}},
      {"See what was undone", {"list --party village"}, {"undone by 12.1", "undoes 11.1"}},
      {"A receipt of an imported payment", {"proof 9.1 --out p"}, {}},
      {"Check a receipt that I was sent",
       {"receipt verify p --vkey \"$(head -n 1 l/vkey)\""},
       {"HOLDS record 9"}},
      {"An entry by hand", {"submit gloves.yaml --key clerk --as root"}, {"Record 13, "}},
      {"A list of bodies without ids, in Chinese",
       {"import registers party bodies.csv --suggest | tee bodies.toml",
        "import registers party bodies.csv --map bodies.toml --key k"},
       {"id = { name_in = \"单位名称\" }", "2 rows, 2 parties added in 1 entry"},
       "the first makes the map, which later lists of that form use"},
  };
  return all;
}

const std::vector<Asked>& AuditorGoals() {
  static const std::vector<Asked> all = {
      {"Verify all of it",
       {"verify demo/ledger --vkey \"$(head -n 1 demo/ledger/vkey)\""},
       {"HOLDS example.org/fts-demo", "545 transfers"}},
      {"Does the ledger go on from the checkpoint that I kept?",
       {"consistency kept.checkpoint --vkey \"$(head -n 1 demo/ledger/vkey)\""},
       {"HOLDS"}},
      {"What came since?", {"log kept.checkpoint.."}, {"No record came between them."}},
      {"What came between two records?", {"log 0..2"}, {"Records 1 to 2", "declare-place 1"}},
      {"Who recorded what, with whose key?", {"log --author ocha-fts"}, {"transfer 545", "569,811,958.00"}},
      {"All keys, revoked ones too", {"key list --all"}, {"everything"}},
      {"What a body got, by its accounts",
       {"balance \"United Nations Children's Fund\" --below"},
       {"USD 80,916,606.00"}},
      {"And the same by its payments",
       {"trace to --party \"United Nations Children's Fund\""},
       {"80,916,606.00 USD asked"}},
      {"Payments that are there twice",
       {"findings --rule DUPLICATE"},
       {"DUPLICATE: 0 serious, 4 to look at"}},
      {"Payments that were split below a limit",
       {"findings --rule SPLIT --set SPLIT.limit=100000000"},
       {"SPLIT: 15 serious"}},
      {"Money that came back", {"findings --rule ROUND_TRIP"}, {"ROUND_TRIP: 0 serious, 2 to look at"}},
      {"Money that lies for more than a year",
       {"findings --rule IDLE --on 2026-01-01"},
       {"IDLE: 33 serious"}},
      {"What a body had on a day",
       {"balance \"World Food Programme\" --below --as-of 2020-06-30"},
       {"81,152,281.00 0.00 81,152,281.00"}},
  };
  return all;
}

const std::vector<Asked>& CoordinatorGoals() {
  static const std::vector<Asked> all = {
      {"Where is nobody?",
       {"coverage --by cell --state vacuum"},
       {"gbt2260:520521101, HEA 双山镇, Health 9,000.00 0.00 0.00 9,000.00", "1 vacuum (3 people)"}},
      {"What is most urgent, and open?", {"needs"}, {"wheelchairs emergency", "open 49,000.00"}},
      {"Which pledge could serve it?", {"match --asset CNY"}, {"No pledge is for", "it is a proposal"}},
      {"Who answers for help here?", {"who-answers 马场镇 HEA"}, {"Nobody answers"}},
      {"Which townships have no group?", {"missing groups --level 4"}, {"猫场镇 (gbt2260:520521102)"}},
      {"Which policies overlap?", {"policy overlap"}, {"roof-grant safe-homes 40.00% to integrate"}},
      {"All that a county's bodies got",
       {"balance office --below"},
       {"and all below it, 15 bodies together", "CNY"}},
      {"What became of a project's money?",
       {"project money roofs"},
       {"10,000.00 reached recipients + 0.00 back at sources + 30,000.00 sent back"}},
      {"May the project go on?", {"standing roofs"}, {"It is suspended."}},
      {"What arrived?", {"acknowledgements"}, {"CNY, confirmed: 1 payment, paid 60,000.00"}},
      {"Which complaint waits for an answer?", {"concerns"}, {"roofs-leak quality", "0 overdue"}},
      {"Where was nothing announced?", {"publicity --silent"}, {"gbt2260:520521102", "gbt2260:520521103"}},
      {"What did donors pledge, and pay?", {"pledges"}, {"60,000.00 100.00%"}},
      {"How can others take part?", {"open"}, {"call-coats", "wheelchairs"}},
  };
  return all;
}

const std::vector<Asked>& OperatorGoals() {
  static const std::vector<Asked> all = {
      {"Which version is it?", {"--version"}, {"fundtrail "}},
      {"Which settings are in force?", {"config"}, {"ledger demo/ledger"}},
      {"A copy that any web server can host",
       {"archive public"},
       {"13 records of example.org/fts-demo in public"}},
      {"A copy that answers, made from it",
       {"clone public copy --vkey \"$(head -n 1 demo/ledger/vkey)\""},
       {"545 transfers replayed by the rules"}},
      {"Is a backup whole?",
       {"verify copy --vkey \"$(head -n 1 demo/ledger/vkey)\""},
       {"HOLDS example.org/fts-demo"}},
  };
  return all;
}

const std::vector<Asked>& DeveloperGoals() {
  static const std::vector<Asked> all = {
      {"An answer as JSON, with amounts as people write them",
       {"-o json balance ZOA"},
       {"\"received\": \"", "\"received_text\": \""}},
      {"A list as lines of JSON",
       {"-o jsonl list --limit 1"},
       {"\"amount\":\"11886800\",\"amount_text\":\"118868.00\"", "\"recorded\":\""}},
      {"An error as JSON",
       {"-o json balance nobody"},
       {"\"code\": \"NOT_FOUND\"", "\"sentence\": \"this ledger has no party"},
       "",
       2},
      {"What a command takes", {"help trace from"}, {"--party PARTY", "--format FORMAT"}},
  };
  return all;
}

void CheckGoals(const Desk& desk, const std::vector<Asked>& goals, const std::string& ledger) {
  for (const Asked& goal : goals) CheckAsked(desk, goal, ledger);
}

TEST_CASE("a journalist: to find, to follow, to rank, to publish") {
  CheckGoals(Demo::Payments(), JournalistGoals(), "demo/ledger");
}

TEST_CASE("a clerk: a key, a file, a payment, a mistake, a receipt") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run("--ledger l pay --from donor --to hub --amount 100,000.00 --asset CNY --fund winter --key "
                   "clerk "
                   "--as root --date 2026-01-02")
              .exit == 0);
  desk.write("payments.csv",
             "date,from,to,amount,asset,fund\n2026-01-05,hub,village,10.00,CNY,winter\n"
             "2026-01-06,hub,village,20.00,CNY,winter\n2026-01-07,hub,Village 东,30.00,CNY,winter\n");
  desk.write("bodies.csv", "序号,单位名称,角色\n1,双山镇政府,经手方\n2,双山镇村民,受助方\n");
  desk.write("gifts.csv", "日期;付款方;收款方;金额（万元）;资金\n2026年1月8日;红十字会;village;1.5;winter\n");
  desk.write(
      "gloves.yaml",
      "date: 2026-01-09\nactions:\n  - transfer:\n      from: hub\n      to: village\n      fund: winter\n"
      "      asset: CNY\n      amount: 15050\n      kind: DISBURSEMENT\n");
  CheckGoals(desk, ClerkGoals(), "l");
}

TEST_CASE("an auditor: to verify, to compare, to look for what repeats, turns or lies") {
  const Desk& desk = Demo::Payments();
  desk.write("kept.checkpoint", desk.Run("--ledger demo/ledger checkpoint").out);
  CheckGoals(desk, AuditorGoals(), "demo/ledger");
}

TEST_CASE("a county's coordinator: who is left out, who answers, what arrived") {
  const Desk desk;
  const auto ran = desk.Shell("FUNDTRAIL='" + Program() + "' bash '" + FUNDTRAIL_SOURCE_DIR +
                              "/examples/county/run.sh' year");
  INFO(ran.out << ran.err);
  REQUIRE(ran.exit == 0);
  CheckGoals(desk, CoordinatorGoals(), "year/ledger");
}

TEST_CASE("an operator: copies, and what is in force") {
  CheckGoals(Demo::Payments(), OperatorGoals(), "demo/ledger");
}

TEST_CASE("a developer: answers for programs") {
  CheckGoals(Demo::Payments(), DeveloperGoals(), "demo/ledger");
}

TEST_CASE("the page of questions has the goals of this test, and how many of them take one command") {
  std::string text;
  std::size_t goals = 0, alone = 0;
  const auto add = [&](const std::string& title, const std::vector<Asked>& all) {
    text += "\n### " + title +
            "\n\n| to do | `fundtrail …` | prints, among others | commands |\n|---|---|---|---|\n";
    for (const Asked& goal : all) {
      text += RowOf(goal);
      ++goals;
      alone += goal.commands.size() == 1 ? 1 : 0;
    }
  };
  add("A journalist, on the demo", JournalistGoals());
  add("A clerk, on a small ledger", ClerkGoals());
  add("An auditor, on the demo", AuditorGoals());
  add("A county's coordinator, on the year of examples/county", CoordinatorGoals());
  add("An operator, on the demo", OperatorGoals());
  add("A developer, on the demo", DeveloperGoals());
  text += "\nOf these " + std::to_string(goals) + ", " + std::to_string(alone) + " take one command.\n";
  CompareBlock("docs/questions.md", "<!-- goals -->", "<!-- end of the goals -->", text);
}

}  // namespace
}  // namespace fundtrail::testing
