// A county's needs and projects with the real program: declared, verified, approved and paid for, and who is left out.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/root_desk.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kPay = "--ledger l pay --asset CNY --fund winter --key clerk ";

void Pay(const Desk& desk, const std::string& options) {
  const auto ran = desk.Run(kPay + options);
  INFO(options << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit == 0);
}

// Places, categories, the office that judges, and one project that is not approved yet, of record 13.
void Begin(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    first.MakeLedger();
    Do(first, "place add cn --name China --level 0");
    Do(first, "place add dafang --name Dafang --parent cn --level 3");
    Do(first, "place add qianxi --name Qianxi --parent cn --level 3");
    Do(first, "category add EDU --name Education");
    Do(first, "category add HEA --name Health");
    Do(first, "party add county --name 'County office' --place cn");
    Do(first,
       "project add lunches --name 'Warm lunches' --owner hub --place dafang --category EDU --people 400 "
       "--asset CNY --budget 12,500.00 --target pupils=400=persons");
  });
}

// Money in the project and outside it: 950.00 lie in it, and 550.00 in none. Records 14 to 18.
void Fund(const Desk& desk) {
  Do(desk, "project approve lunches --by county");
  Pay(desk, "--from donor --to hub --amount 1000 --to-project lunches");
  Pay(desk, "--from donor --to hub --amount 500");
  Pay(desk, "--from hub --to village --amount 400 --project lunches");
  Pay(desk, "--from hub --to hub --amount 50 --project lunches --to-general");
}

void BeginWithMoney(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    Begin(first);
    Fund(first);
  });
}

const char kNeeds[] =
    "id,owner,place,category,people,severity,asset,amount\n"
    "n1,hub,dafang,EDU,400,3,CNY,\"1,100.00\"\n"
    "n2,hub,qianxi,HEA,1200,4,CNY,6000\n";

void ImportNeeds(const Desk& desk) {
  desk.write("needs.csv", kNeeds);
  Do(desk, "import registers need needs.csv --as root --verify-by county");
}

TEST_CASE(
    "money is put in a project once another body approved it, and wherever an account is shown so is it") {
  const Desk desk;
  Begin(desk);
  const auto early = desk.Run(kPay + "--from donor --to hub --amount 1 --to-project lunches");
  CHECK(early.exit == 1);
  CHECK_THAT(early.err, Contains("PROJECT_NOT_OPEN"));
  const auto own = desk.Run("--ledger l project approve lunches --by hub --key k");
  CHECK(own.exit == 1);
  CHECK_THAT(own.err, Contains("APPROVER_RECUSED"));
  Fund(desk);
  const std::string shown = Told(desk, "project show lunches");
  CHECK_THAT(shown, Contains("  budget           12,500.00\n"));
  CHECK_THAT(shown, Contains("  targets          pupils=400=persons\n"));
  CHECK_THAT(shown,
             Contains("  said about it    record 14, signed by root: approve project lunches: decision "
                      "approved; by county; of the version of record 13\n"));
  CHECK_THAT(Told(desk, "show 13"), Contains("budget 1250000 (smallest unit)"));
  CHECK_THAT(Told(desk, "show 14"),
             Contains("approve project lunches: decision approved; by county; of the version of record 13"));
  CHECK_THAT(Told(desk, "show 15.1"), Contains("donation, "));
  CHECK_THAT(Told(desk, "show 15.1"), Contains("fund winter, to project lunches\n"));
  CHECK_THAT(Told(desk, "show 18.1"), Contains("reclassification, "));
  CHECK_THAT(Told(desk, "show 18.1"), Contains("fund winter, project lunches, to general money\n"));
  CHECK_THAT(Told(desk, "list"), Contains("lunches to general money"));
  CHECK_THAT(Told(desk, "balance hub"), Contains("fund    project"));
  CHECK_THAT(Told(desk, "balance hub --csv"),
             Contains(",lunches,0.00,0.00,550.00,0.00,0.00,0.00,0.00,0.00,"));
  CHECK_THAT(Told(desk, "statement hub"), Contains("fund winter, project lunches, CNY"));
  CHECK_THAT(Told(desk, "statement hub"), Contains("fund winter, CNY"));
  CHECK_THAT(Told(desk, "trace to --party village"), Contains("[winter, project lunches]"));
  CHECK_THAT(Told(desk, "list --csv"), Contains(",project,to_project,to_general,project_words,place,"));
  Pay(desk, "--from donor --to hub --amount 5 --project-words 'a school kitchen'");
  CHECK_THAT(Told(desk, "show 19.1"), Contains("fund winter, project in words: a school kitchen\n"));
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

TEST_CASE("an amount counts the asset beside it, and says so when there is none") {
  const Desk desk;
  Begin(desk);
  const std::string add = "--ledger l need add n --owner hub --place dafang --category EDU --key k ";
  const struct {
    std::string options, says;
  } kCases[] = {
      {"--amount 5", "--amount needs --asset"},
      {"--amount 5 --asset XYZ", "--asset: this ledger has no asset \"XYZ\""},
      {"--amount 5.001 --asset CNY", "--amount: \"5.001\" is not an amount of an asset with 2 decimals"},
      {"--asset CNY --amount five", "--amount: \"five\" is not an amount of an asset with 2 decimals"},
  };
  for (const auto& one : kCases) {
    INFO(one.options);
    const auto ran = desk.Run(add + one.options);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains(one.says));
  }
  REQUIRE(desk.Run(add + "--amount 1,100 --asset CNY").exit == 0);
  CHECK_THAT(Told(desk, "need show n"), Contains("  amount           1,100.00\n"));
  CHECK_THAT(Told(desk, "need list"), Contains("1,100.00"));
  CHECK_THAT(Told(desk, "need list --csv"), Contains(",CNY,1100.00,"));
  const auto more = desk.Run("--ledger l need amend n --amount 1200 --key k");
  CHECK(more.exit == 0);
  CHECK_THAT(more.err, Contains("amount \"1,100.00\" becomes \"1,200.00\""));
  Do(desk, "asset add BED --decimals 0");
  const auto beds = desk.Run("--ledger l need amend n --asset BED --key k");
  CHECK(beds.exit == 2);
  CHECK_THAT(beds.err, Contains("--amount: it counted \"CNY\", and would count \"BED\": say the amount too"));
  CHECK(desk.Run("--ledger l need amend n --asset BED --amount 12 --key k").exit == 0);
  CHECK_THAT(Told(desk, "need show n"), Contains("  amount           12\n"));
}

TEST_CASE("a need is corrected in its own asset, and keeps the figures that nobody corrected") {
  const Desk desk;
  BeginWithMoney(desk);
  Do(desk,
     "need add n --owner hub --place dafang --category EDU --people 400 --severity 3 --asset CNY --amount "
     "1,100.00");
  Do(desk, "need add bare --owner hub --place dafang --category EDU --people 5");
  const std::string verify = "--ledger l need verify n --by county --result corrected --key k ";
  const auto said = desk.Run(verify + "--amount 900.50");
  INFO(said.out << said.err);
  REQUIRE(said.exit == 0);
  CHECK_THAT(said.err,
             Contains("fundtrail: the present version, of record 19, is need n: owner hub; place dafang; "
                      "category EDU; people 400; severity 3; asset CNY; amount 1,100.00\n"));
  const std::string words =
      "verify need n: result corrected; people 400; severity 3; amount 900.50; by county; of the version of "
      "record 19\n";
  CHECK_THAT(said.err, Contains("fundtrail: what is said about it: " + words));
  CHECK_THAT(Told(desk, "need show n"), Contains("  said about it    record 21, signed by root: " + words));
  CHECK_THAT(Told(desk, "show 21"), Contains("amount 90050 (smallest unit)"));
  const auto figures = nlohmann::json::parse(Told(desk, "--json coverage"))["total"]["figures"];
  CHECK(figures["asked"] == "90050");
  CHECK(figures["people"] == "400");
  // What somebody says is nothing is nothing.
  const auto less = desk.Run(verify + "--people 350 --amount 0");
  CHECK(less.exit == 0);
  CHECK_THAT(less.err, Contains("result corrected; people 350; severity 3; by county; "));
  // Of a need that is confirmed or refused no figures are signed.
  const auto confirmed = desk.Run("--ledger l need verify n --by county --key k");
  CHECK(confirmed.exit == 0);
  CHECK_THAT(confirmed.err, Contains("verify need n: result confirmed; by county; "));
  const struct {
    std::string command, says;
  } kCases[] = {
      {verify + "--amount 900.555", "--amount: \"900.555\" is not an amount of an asset with 2 decimals"},
      {"--ledger l need verify bare --by county --result corrected --amount 5 --key k",
       "--amount counts the asset of the item, and that names none"},
  };
  for (const auto& one : kCases) {
    INFO(one.command);
    const auto ran = desk.Run(one.command);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains(one.says));
  }
}

TEST_CASE("who judges a project is told what it is, and another version is refused") {
  const Desk desk;
  Begin(desk);
  const auto stale = desk.Run("--ledger l project approve lunches --by county --record 12 --key k");
  CHECK(stale.exit == 1);
  CHECK_THAT(stale.err, Contains("AMEND_STALE"));
  CHECK_THAT(stale.err, Contains("fundtrail: the present version, of record 13, is project lunches: Warm "
                                 "lunches; owner hub; "));
  CHECK_THAT(stale.err, Contains("; budget 12,500.00; targets pupils=400=persons\n"));
  CHECK_THAT(stale.err, Contains("fundtrail: what is said about it: approve project lunches: decision "
                                 "approved; by county; of the version of record 12\n"));
  const auto said = desk.Run("--ledger l project approve lunches --by county --record 13 --key k");
  CHECK(said.exit == 0);
  CHECK_THAT(said.err, Contains("of the version of record 13\n"));
}

TEST_CASE("money of a project is sent back to where it came from, and nobody need name the project") {
  const Desk desk;
  BeginWithMoney(desk);
  const struct {
    std::string options;
    bool of_project;
  } kCases[] = {
      {"--from village --to hub --amount 10 --return 17.1", true},                 // 19: paid in the project
      {"--from hub --to village --amount 4 --return 19.1", true},                  // 20: sent back itself
      {"--from hub --to donor --amount 100 --return 15.1 --kind reversal", true},  // 21: put in the project
      {"--from hub --to donor --amount 1 --return 16.1", false},                   // 22: general money
      {"--from hub --to hub --amount 2 --return 18.1", false},                     // 23: taken out of it
  };
  int record = 19;
  for (const auto& one : kCases) {
    INFO(one.options);
    const auto ran = desk.Run(kPay + one.options);
    INFO(ran.err);
    REQUIRE(ran.exit == 0);
    CHECK(Has(ran.err, "fundtrail: sends back money of the project lunches\n") == one.of_project);
    const auto json = nlohmann::json::parse(Told(desk, "--json show " + std::to_string(record++) + ".1"));
    CHECK(json["transfers"][0]["transfer"].value("project", "") == (one.of_project ? "lunches" : ""));
  }
  const auto unknown = desk.Run(kPay + "--from hub --to donor --amount 1 --return 99.1");
  CHECK(unknown.exit == 1);
  CHECK_THAT(unknown.err, Contains("RETURN_UNKNOWN"));
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

TEST_CASE("needs of a file are verified as they come in, and a second run adds nothing") {
  const Desk desk;
  Begin(desk);
  desk.write("needs.csv",
             std::string(kNeeds) + "n3,hub,qianxi,EDU,20,2,BED,5\n" + "n4,hub,qianxi,EDU,20,2,,5\n");
  const std::string import =
      "--ledger l --json import registers need needs.csv --key k --as root --verify-by county";
  const auto first = desk.Run(import);
  INFO(first.out << first.err);
  CHECK(first.exit == 1);  // rows were rejected
  const auto file = nlohmann::json::parse(first.out)["files"][0];
  CHECK(file["added"] == "2");
  CHECK(file["rejected"] == "2");
  CHECK(file["reject_codes"]["REFERENCE_UNKNOWN"] == "1");
  CHECK(file["reject_codes"]["FIELD_INVALID"] == "1");
  CHECK(file["attested"]["said"] == "2");
  CHECK(file["attested"]["refused"] == "0");
  CHECK(file["attested"]["entries"] == "1");
  CHECK_THAT(desk.read("needs.csv.rejects.csv"), Contains("there is no asset BED"));
  CHECK_THAT(desk.read("needs.csv.rejects.csv"), Contains("needs `asset`, whose amount it is"));
  const std::string shown = Told(desk, "need show n1");
  CHECK_THAT(shown, Contains("  amount           1,100.00\n"));
  CHECK_THAT(shown,
             Contains("  said about it    record 15, signed by county: verify need n1: result confirmed; by "
                      "county; of the version of record 14\n"));
  const std::string before = desk.Run("--ledger l checkpoint").out;
  const auto again = nlohmann::json::parse(desk.Run(import).out)["files"][0];
  CHECK(again["present"] == "2");
  CHECK(again["attested"]["said"] == "0");
  CHECK(again["attested"]["before"] == "2");
  CHECK(again["attested"]["not_judged"] == "0");
  CHECK(desk.Run("--ledger l checkpoint").out == before);

  // A new version is verified anew, and whoever may not do so is told.
  REQUIRE(desk.Run("--ledger l need amend n1 --people 450 --key k").exit == 0);
  const auto stale = desk.Run("--ledger l need verify n1 --by county --record 14 --key k");
  CHECK(stale.exit == 1);
  CHECK_THAT(stale.err, Contains("AMEND_STALE"));
  // The need is not as the file has it: its row is rejected, and nothing is said of it.
  const auto other = nlohmann::json::parse(desk.Run(import).out)["files"][0];
  CHECK(other["reject_codes"]["ID_TAKEN"] == "1");
  CHECK(other["attested"]["said"] == "0");
  CHECK(other["attested"]["before"] == "1");
  const auto own = nlohmann::json::parse(
      desk.Run("--ledger l --json import registers need needs.csv --key k --as root --amend --verify-by hub")
          .out)["files"][0];
  CHECK(own["amended"] == "1");
  CHECK(own["attested"]["refusals"]["NEED_SELF_VERIFIED"] == "1");
  CHECK_THAT(own["attested"]["first_refusal"].get<std::string>(), Contains("need n1: "));
  const auto place =
      desk.Run("--ledger l import registers place needs.csv --key k --as root --verify-by county");
  CHECK(place.exit == 2);
  CHECK_THAT(place.err, Contains("--verify-by goes with `import registers need`"));
}

TEST_CASE("coverage shows who is left out, and adds up to what was brought in") {
  const Desk desk;
  BeginWithMoney(desk);
  ImportNeeds(desk);
  const std::string all = Told(desk, "coverage --place cn");
  CHECK_THAT(all, Contains("Coverage by place, CNY, on "));
  CHECK_THAT(
      all, Contains("placed 950.00 + elsewhere 0.00 + general 550.00 = brought in 1,500.00 - back at sources "
                    "0.00 + exchanged 0.00 CNY; of what was brought in, 0.00 of unrecorded origin, 0.00 "
                    "committed and not paid\n"));
  CHECK_THAT(all, Contains("86.36%  covered"));
  CHECK_THAT(all, Contains("1 vacuum (1,200 people), 1 covered (400 people)"));
  const std::string vacuum = Told(desk, "coverage --place cn --state vacuum");
  CHECK_THAT(vacuum, Contains("qianxi"));
  CHECK_THAT(vacuum, !Contains("dafang"));
  CHECK_THAT(vacuum, Contains("placed 950.00 + "));
  const std::string csv = Told(desk, "coverage --place cn --csv");
  CHECK_THAT(csv, Contains("item,dafang,Dafang,,,0,1100.00,950.00,400.00,0.00,150.00,0.00,0.8636,400,1,1,"));
  CHECK_THAT(
      csv,
      Contains("item,qianxi,Qianxi,,,0,6000.00,0.00,0.00,0.00,6000.00,0.00,0.0000,1200,1,0,0,vacuum,no,"));
  CHECK_THAT(csv, Contains("\ntotal,"));
  const auto json = nlohmann::json::parse(Told(desk, "--json coverage"));
  CHECK(json["total"]["figures"]["placed"] == "95000");
  CHECK(json["total"]["figures"]["asked"] == "710000");
  CHECK(json["general"] == "55000");
  CHECK(json["asset"] == "CNY");
  CHECK_THAT(Told(desk, "coverage --by cell"), Contains("dafang, EDU"));
  CHECK_THAT(Told(desk, "coverage --by category"), Contains("Education"));
  CHECK_THAT(Told(desk, "coverage --by project"), Contains("Warm lunches"));
  CHECK_THAT(Told(desk, "coverage --as-of 13"), Contains(", as of record 13\n"));

  Do(desk, "need add late --owner hub --place qianxi --category EDU --people 50 --asset CNY --amount 200.00");
  CHECK_THAT(
      Told(desk, "coverage"),
      Contains("1 need does not count: nobody verified its present version (--unverified counts it). It "
               "asks for 200.00 CNY.\n"));
  CHECK(nlohmann::json::parse(Told(desk, "--json coverage --unverified"))["total"]["figures"]["asked"] ==
        "730000");
  for (const char* wrong : {"coverage --by year", "coverage --state empty", "coverage --place nowhere",
                            "coverage --on soon", "coverage --depth 11", "coverage --csv --json"}) {
    INFO(wrong);
    CHECK(desk.Run(std::string("--ledger l ") + wrong).exit == 2);
  }

  // A project there, approved as it comes in, and the place is in no vacuum any more.
  desk.write("projects.csv",
             "id,name,owner,places,categories,asset,budget,targets\n"
             "clinic,Clinic,hub,dafang=4000; qianxi=6000,HEA,CNY,6000,patients=1200\n");
  Do(desk, "import registers project projects.csv --as root --approve-by county");
  CHECK_THAT(Told(desk, "project show clinic"), Contains("places           dafang=4000; qianxi=6000\n"));
  CHECK_THAT(Told(desk, "coverage --place cn --state vacuum"), !Contains("qianxi"));
  Pay(desk, "--from donor --to hub --amount 100 --project clinic");
  CHECK_THAT(Told(desk, "coverage --place cn --csv"), Contains(",6000.00,60.00,0.00,"));
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

TEST_CASE("coverage by fund, by recipient and with places of today, and what was paid straight for needs") {
  const Desk desk;
  BeginWithMoney(desk);
  ImportNeeds(desk);
  Pay(desk, "--from hub --to village --amount 120 --need n2");
  Do(desk, "need add more --owner hub --place qianxi --category EDU --people 50 --severity 2");
  Do(desk, "need verify more --by county");
  const std::string all = Told(desk, "coverage --place cn");
  CHECK_THAT(all, Contains("placed 1,070.00 + elsewhere 0.00 + general 430.00 = brought in 1,500.00 - back"));
  CHECK_THAT(all, Contains("\nOf what is placed, 120.00 CNY was paid straight for needs, in no project.\n"));
  CHECK_THAT(all, Contains("crisis"));
  CHECK_THAT(all, Contains("emergency  from 1,600 to 1,650"));
  const std::string csv = WithoutCheckpoint(Told(desk, "coverage --place cn --csv"));
  CHECK_THAT(csv, Contains(",crowded_cells,direct,people_at_least,severity,promised\n"));
  CHECK_THAT(csv, Contains(",120.00,1200,4,0.00\n"));
  const auto figures = nlohmann::json::parse(Told(desk, "--json coverage"))["total"]["figures"];
  CHECK(figures["direct"] == "12000");
  CHECK(figures["people_at_least"] == "1600");
  CHECK(figures["people"] == "1650");
  CHECK(figures["severity"] == 4);

  const std::string by_fund = Told(desk, "coverage --by fund");
  CHECK_THAT(by_fund, Contains("Coverage by fund, CNY, on "));
  CHECK_THAT(by_fund, Contains("1,070.00"));
  CHECK_THAT(Told(desk, "coverage --by fund --csv"),
             Contains(",,,0,0.00,1070.00,520.00,0.00,0.00,1070.00,,0,0,1,0,,no,"));
  CHECK_THAT(Told(desk, "coverage --by project"), Contains("paid straight for needs"));
  CHECK_THAT(Told(desk, "coverage --by-recipient"),
             Contains(", money where its recipients have their seats\n"));
  CHECK_THAT(Told(desk, "coverage --by-recipient"), Contains("no place"));  // the village has no seat
  CHECK_THAT(Told(desk, "coverage --places today"), Contains(", places of that day\n"));
  const struct {
    std::string command, says;
  } kCases[] = {
      {"coverage --places tomorrow", "--places: \"tomorrow\" is not today"},
      {"coverage --by fond", "is not one of place, category, programme, project, fund, cell"},
  };
  for (const auto& one : kCases) {
    INFO(one.command);
    const auto ran = desk.Run("--ledger l " + one.command);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains(one.says));
  }
  CHECK_THAT(desk.Run("coverage --help").out, Contains("--by-recipient"));
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

TEST_CASE("the money of a project adds up, with who holds it and what was reported") {
  const Desk desk;
  BeginWithMoney(desk);
  Do(desk, "project report lunches --by hub --indicator pupils --actual 120 --until 2020-02-28");
  const auto nothing =
      desk.Run("--ledger l project report lunches --by hub --indicator cups --actual 1 --key k");
  CHECK(nothing.exit == 1);
  CHECK_THAT(nothing.err, Contains("is not an indicator of the project"));
  const std::string money = Told(desk, "project money lunches");
  CHECK_THAT(money, Contains("project lunches: Warm lunches\n"));
  CHECK_THAT(money, !Contains("said about it"));
  CHECK_THAT(money, Contains("  state            running: approved, and money was put in (on "));
  CHECK_THAT(
      money,
      Contains("0.00 CNY brought in by sources + 1,000.00 moved in = 550.00 held + 0.00 ends here + "
               "400.00 reached recipients + 0.00 back at sources + 0.00 sent back + 50.00 taken out\n"));
  CHECK_THAT(money, Contains("红十字会 (hub), fund winter"));
  CHECK_THAT(
      money,
      Contains("     0     400       120     30.00%        1      19  sum     latest   pupils, persons\n"));
  CHECK_THAT(Told(desk, "project money lunches --as-of 15"), Contains("= 1,000.00 held + "));
  const auto json = nlohmann::json::parse(Told(desk, "--json project money lunches"));
  CHECK(json["totals"][0]["held"] == "55000");
  CHECK(json["state"] == "RUNNING");
  CHECK(json["results"][0]["reported"] == "120");
  CHECK_THAT(Told(desk, "project money"), Contains("general money, which is in no project\n"));
  CHECK(desk.Run("--ledger l project money none").exit == 2);
}

}  // namespace
}  // namespace fundtrail::testing
