// Names where commands ask for ids of registers, and in the files that they import; sums of a body and all below it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

constexpr const char* kPay = "--ledger l pay --from donor --amount 5 --asset CNY --key clerk ";

TEST_CASE("a name, or a part that one item alone has, is taken for its id, and that is told") {
  const Desk desk;
  desk.MakeLedger();
  const Ran whole = desk.Run("--ledger l balance 红十字会");
  CHECK(whole.exit == 0);
  CHECK(whole.err == "fundtrail: 红十字会 is hub\n");
  const Ran part = desk.Run("--ledger l balance 东");
  CHECK(part.exit == 0);
  CHECK(part.err == "fundtrail: 东 is village, Village 东\n");
  // In other letters, where it could be an id.
  const Ran letters = desk.Run("--ledger l balance HUB --fund Winter");
  CHECK(letters.exit == 0);
  CHECK_THAT(letters.err, Contains("fundtrail: HUB is hub, 红十字会\n"));
  CHECK_THAT(letters.err, Contains("fundtrail: Winter is winter, Winter relief\n"));
  const Ran shown = desk.Run("--ledger l fund show 'winter relief'");
  CHECK(shown.exit == 0);
  CHECK_THAT(shown.err, Contains("winter relief is winter, Winter relief\n"));
}

TEST_CASE("initials of one name are taken where nothing else fits, and not by a command that signs") {
  const Desk desk;
  desk.MakeLedger();
  desk.Run("--ledger l party add gb --name 'United Kingdom, Government of' --key k");
  const Ran asked = desk.Run("--ledger l balance UK");
  CHECK(asked.exit == 0);
  CHECK(asked.err == "fundtrail: UK is gb, United Kingdom, Government of\n");
  CHECK(desk.Run("--ledger l balance HSZH").err == "fundtrail: HSZH is hub, 红十字会\n");
  CHECK(desk.Run(std::string(kPay) + "--to UK --fund winter").exit != 0);
  CHECK_THAT(desk.Run("--ledger l search UK").out, Contains("initials"));
  // With a name that has the text in it, it is that one.
  desk.Run("--ledger l party add ua --name Ukraine --key k");
  CHECK(desk.Run("--ledger l balance UK").err == "fundtrail: UK is ua, Ukraine\n");
}

TEST_CASE("an asset whose code differs from another's in capital letters alone is warned of") {
  const Desk desk;
  desk.MakeLedger();
  const std::string add = "--ledger l asset add ";
  const Ran alike = desk.Run(add + "cny --name Yuan --decimals 2 --key k");
  CHECK(alike.exit == 0);
  CHECK_THAT(alike.err,
             Contains("fundtrail: warning: the asset cny differs from the ledger's asset CNY in capital "
                      "letters alone; amounts of the two are never added up\n"));
  CHECK_THAT(desk.Run("--lang zh " + add + "Cny --name Yuan --decimals 2 --key k").err,
             Contains("资产 Cny 与账本的资产 CNY 仅大小写不同") && Contains("资产 cny 仅大小写不同"));
  CHECK_THAT(desk.Run(add + "XAU --name Gold --decimals 2 --key k").err, !Contains("warning"));
  CHECK_THAT(desk.Run("--ledger l asset amend CNY --name Renminbi --key k").err, !Contains("warning"));
}

TEST_CASE("an id is taken without a word") {
  const Desk desk;
  desk.MakeLedger();
  const Ran asked = desk.Run("--ledger l balance hub --fund winter");
  CHECK(asked.exit == 0);
  CHECK(asked.err.empty());
}

TEST_CASE(
    "a text that fits several items is refused, and they are told once; of one that fits none what is near "
    "is told") {
  const Desk desk;
  desk.MakeLedger();
  desk.Run("--ledger l party add hub2 --name 红十字分会 --key k");
  const Ran several = desk.Run("--ledger l balance 红十字");
  CHECK(several.exit == 2);
  CHECK_THAT(several.err, Contains("fundtrail: 红十字 may be:\n  hub  红十字会\n  hub2  红十字分会\n"));
  CHECK_THAT(several.err, Contains("fits 2 items of the register party; give the id of one\n"));
  // A program has them in the error alone.
  const Ran program = desk.Run("--ledger l -o json balance 红十字");
  CHECK(program.exit == 2);
  CHECK_THAT(program.out, Contains("fits 2 items of the register party; give the id of one: hub, hub2\""));
  CHECK_THAT(program.err, !Contains("may be:"));
  const Ran none = desk.Run("--ledger l balance hubb");
  CHECK(none.exit == 2);
  CHECK_THAT(none.err, Contains("fundtrail: nothing is called hubb. Near are:\n  hub  红十字会\n"));
  CHECK_THAT(none.err, Contains("this ledger has no party \"hubb\""));
}

TEST_CASE("what is signed takes whole names, and no parts of them") {
  const Desk desk;
  desk.MakeLedger();
  const Ran part = desk.Run(std::string(kPay) + "--to 红十字 --fund winter");
  CHECK(part.exit != 0);
  CHECK_THAT(part.err, Contains("fundtrail: 红十字 is no whole name."));
  CHECK_THAT(part.err, Contains("\n  hub  红十字会\n"));
  const Ran whole = desk.Run(std::string(kPay) + "--to 红十字会 --fund 'Winter relief'");
  CHECK(whole.exit == 0);
  CHECK_THAT(whole.err, Contains("fundtrail: 红十字会 is hub\n"));
  CHECK_THAT(whole.err, Contains("fundtrail: Winter relief is winter\n"));
  CHECK_THAT(desk.Run("--ledger l balance hub").out, Contains("5.00"));
}

TEST_CASE("a body and all below it are added up, and what they paid one another is told apart") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run(std::string(kPay) + "--to hub --fund winter").exit == 0);
  const std::string on =
      "--ledger l pay --from hub --to village --amount 2 --asset CNY --fund winter --key clerk";
  REQUIRE(desk.Run(on).exit == 0);
  const std::string header =
      "party,bodies,asset,received,paid,held,within_in,within_out,reached,ends_here,returned\n";
  CHECK(WithoutCheckpoint(desk.Run("--ledger l balance hub --below --csv").out) ==
        header + "hub,2,CNY,5.00,0.00,5.00,2.00,2.00,2.00,0.00,0.00\n");
  CHECK(WithoutCheckpoint(desk.Run("--ledger l balance village --below --csv").out) ==
        header + "village,1,CNY,2.00,0.00,2.00,0.00,0.00,2.00,0.00,0.00\n");
  // With the source among them nothing is from outside but what it brought in.
  CHECK(WithoutCheckpoint(desk.Run("--ledger l balance root --below --csv").out) ==
        header + "root,4,CNY,5.00,0.00,5.00,7.00,7.00,2.00,0.00,0.00\n");
  CHECK_THAT(desk.Run("--ledger l balance hub --below").out,
             Contains("红十字会 (hub) and all below it, 2 bodies together:\n"));
  // As docs/json.md has it, and with the checkpoint that other answers hold at.
  const auto json = nlohmann::json::parse(desk.Run("--ledger l --json balance hub --below").out);
  CHECK(json["party"] == "hub");
  CHECK(json["bodies"] == nlohmann::json::array({"hub", "village"}));
  const nlohmann::json line = {{"asset", "CNY"},      {"decimals", 2},
                               {"received", "500"},   {"received_text", "5.00"},
                               {"paid", "0"},         {"paid_text", "0.00"},
                               {"held", "500"},       {"held_text", "5.00"},
                               {"within_in", "200"},  {"within_in_text", "2.00"},
                               {"within_out", "200"}, {"within_out_text", "2.00"},
                               {"reached", "200"},    {"reached_text", "2.00"},
                               {"ends_here", "0"},    {"ends_here_text", "0.00"},
                               {"returned", "0"},     {"returned_text", "0.00"}};
  CHECK(json["lines"] == nlohmann::json::array({line}));
  CHECK(json["as_of"] == nlohmann::json::parse(desk.Run("--ledger l --json balance hub").out)["as_of"]);
  CHECK_FALSE(json.contains("as_of_record"));
  // Before the two payments.
  const std::string before = std::to_string(std::stoi(json["as_of"]["size"].get<std::string>()) - 3);
  const auto then =
      nlohmann::json::parse(desk.Run("--ledger l --json balance hub --below --as-of " + before).out);
  CHECK(then["as_of_record"] == before);
  CHECK(then["lines"].empty());
  // The lines come first, each on its own.
  CHECK_THAT(desk.Run("--ledger l -o jsonl balance hub --below").out,
             Catch::StartsWith("{\"asset\":\"CNY\",\"decimals\":2,\"received\":\"500\",") &&
                 Contains("\n{\"party\":\"hub\","));
  // What lies at the village is held by nobody.
  CHECK_THAT(desk.Run("--ledger l balance hub --below").out, Contains("held  reached  within\n"));
  CHECK_THAT(desk.Run("--ledger l balance village --below").out, Contains("reached") && !Contains("held"));
  CHECK_THAT(desk.Run("--ledger l balance village").out, Contains("reached") && !Contains("held"));
  CHECK_THAT(desk.Run("--ledger l statement village").out,
             Contains("Had before: 0.00\n") && Contains("0.00 + 2.00 in - 0.00 out = 2.00 reached\n"));
  const Ran nobody = desk.Run("--ledger l balance nobody --below");
  CHECK(nobody.exit == 2);
  CHECK_THAT(nobody.err, Contains("no party \"nobody\""));
}

TEST_CASE("an item that is added without an id gets one from its name, which nobody has") {
  const Desk desk;
  desk.MakeLedger();
  const Ran first = desk.Run("--ledger l party add --name 贵州省扶贫基金 --key k");
  CHECK(first.exit == 0);
  CHECK(first.err == "fundtrail: the new id is gui-zhou-sheng-fu-pin-ji-jin\n");
  const Ran second = desk.Run("--ledger l party add --name 贵州省扶贫基金 --key k");
  CHECK(second.exit == 0);
  CHECK_THAT(second.err, Contains("fundtrail: the new id is gui-zhou-sheng-fu-pin-ji-jin-2\n"));
  CHECK_THAT(second.err, Contains("is that of the party gui-zhou-sheng-fu-pin-ji-jin too"));
}

TEST_CASE("an import makes no second party with a name that is there") {
  const Desk desk;
  desk.MakeLedger();
  desk.Run("--ledger l party add oxfam --name OXFAM --key k");
  desk.write("rows.csv",
             "date,from,to,amount,asset,fund\n"
             "2026-01-02,捐赠人,红十字会,7.00,CNY,winter\n"
             "2026-01-03,donor,OXFAM,8.00,CNY,winter\n");
  const Ran imported = desk.Run("--ledger l import csv rows.csv --register --key k --as root");
  CHECK(imported.exit == 0);
  CHECK_THAT(imported.out, Contains("; 0 parties registered, 0 rows rejected\n"));
  CHECK_THAT(imported.out, Contains("found by name, where no id was given: 3"));
  CHECK_THAT(imported.out, Contains("    OXFAM is oxfam\n"));
  CHECK_THAT(desk.Run("--ledger l balance oxfam").out, Contains("8.00"));
}

TEST_CASE("a name where a new id is asked is told, and a source's body is named when it is not the root") {
  const Desk desk;
  desk.MakeLedger();
  const Ran named = desk.Run("--ledger l fund add 冬衣 --name 冬衣 --key k");
  CHECK(named.exit == 2);
  CHECK_THAT(named.err, Contains("ID: \"冬衣\" is no id") && Contains("Leave ID out, and --name makes one"));
  CHECK_THAT(desk.Run("--ledger l fund add --name 冬衣 --key k").err, Contains("the new id is dong-yi\n"));

  const std::string hub = desk.Run("keygen --out hub.key").out.substr(0, 64);
  REQUIRE(desk.Run("--ledger l key authorise " + hub + " --party hub --can administer --key k").exit == 0);
  const std::string add = "--ledger l party add --name ", source = " --role source ";
  const std::string warning = "stands below hub, which registers it; --parent says below whom else";
  CHECK_THAT(desk.Run(add + "Giver" + source + "--key hub.key").err, Contains("the source giver " + warning));
  CHECK_THAT(desk.Run(add + "Other" + source + "--parent hub --key hub.key").err, !Contains("warning"));
  CHECK_THAT(desk.Run(add + "Branch --key hub.key").err, !Contains("warning"));
  CHECK_THAT(desk.Run(add + "Donors" + source + "--key k").err, !Contains("warning"));
}

TEST_CASE(
    "ids that an import makes from Chinese names can be read, and a number tells apart what sounds alike") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("map.toml", "new_ids = \"readable\"\n");
  desk.write("rows.csv",
             "date,from,to,amount,asset,fund\n"
             "2026-01-02,donor,李明,7.00,CNY,winter\n"
             "2026-01-03,donor,黎明,8.00,CNY,winter\n"
             "2026-01-04,donor,李明,1.00,CNY,winter\n");
  const Ran imported = desk.Run("--ledger l import csv rows.csv --map map.toml --register --key k --as root");
  CHECK(imported.exit == 0);
  CHECK_THAT(imported.out, Contains("; 2 parties registered, 0 rows rejected\n"));
  CHECK_THAT(desk.Run("--ledger l party show li-ming").out, Contains("李明"));
  CHECK_THAT(desk.Run("--ledger l party show li-ming-2").out, Contains("黎明"));
}

}  // namespace
}  // namespace fundtrail::testing
