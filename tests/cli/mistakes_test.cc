// docs/mistakes.md with the real program: every mistake is mended as the page says, and the program stops at what would be one.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "ledger/folder/folder.h"
#include "tests/cli/page.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kPaying = "--ledger l pay --from donor --to hub --asset CNY --fund winter --key clerk ";

std::string Did(const Desk& desk, const std::string& command) {
  const Ran ran = desk.Run(command);
  INFO(command << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit == 0);
  return ran.out;
}

// A command that is refused with that exit code: what it says.
std::string Stopped(const Desk& desk, const std::string& command, int exit) {
  const Ran ran = desk.Run(command);
  INFO(command << "\n" << ran.out << ran.err);
  CHECK(ran.exit == exit);
  return ran.err;
}

TEST_CASE("the commands of the page on mistakes run, and mend what they say; the Chinese page has the same") {
  const Desk desk;
  const auto commands = CommandsOf(desk, "mistakes.md");
  REQUIRE(commands.size() == 43);
  CHECK(CommandsOf(desk, "zh/mistakes.md") == commands);
  for (const std::string& command : commands) {
    if (absl::StrContains(command, "--yes")) {
      std::string asked = command;
      asked.erase(asked.find(" --yes"), 6);
      CHECK_THAT(Stopped(desk, asked, 2), Contains("hub paid school 60.00 CNY on ") &&
                                              Contains(" already: 18.1, reference invoice-7. ") &&
                                              Contains("give --yes; `fundtrail --ledger ledger show 18.1` "));
    }
    const Ran ran = desk.Run(command);
    INFO(command << "\n" << ran.out << ran.err);
    CHECK(!ran.out.empty());
    // A row of the corrected file is rejected.
    const bool rejects = absl::StrContains(command, "import csv corrected.csv");
    REQUIRE(ran.exit <= (rejects ? 1 : 0));
    if (absl::StrContains(command, "reverse 13.1"))
      CHECK_THAT(ran.out, Contains("reverse-13.1.entry --key KEY") && Contains(" for village"));
    if (absl::StrContains(command, "show 13.1")) CHECK_THAT(ran.out, Contains("      undone by 14.1\n"));
    if (absl::StrContains(command, "--joined"))
      CHECK_THAT(ran.out,
                 Contains("Counted under school: The school (school-2), by join school-twice of record "));
    if (absl::StrContains(command, "balance school")) {
      CHECK_THAT(
          ran.out,
          Contains("Undone in fund winter: 285.00 CNY of what was received, 0.00 of what was paid out.\n"
                   "  Without the reversals and what they undid: 1,085.00 received, 0.00 paid out.\n"));
    }
  }
  CHECK_THAT(desk.read("corrected.csv.rejects.csv"), Contains("DUPLICATE_SUSPECTED: 25.1 pays as much"));
  const std::string list = Did(desk, "--ledger ledger list");
  CHECK_THAT(list, Contains("undone by 14.1") && Contains("undoes 13.1") &&
                       Contains("225.00 of it undone by 17.1") && Contains("undone by 20.1") &&
                       Contains("undone by 26.1"));
  // 45.00 of the corrected file, and nothing else.
  CHECK_THAT(Did(desk, "--ledger ledger balance village"), Contains("45.00 received, 0.00 paid out."));
  CHECK(desk.Run("verify ledger --vkey \"$(cat ledger/vkey)\"").exit == 0);
}

TEST_CASE("what was undone or sent back is undone no second time, and a part only when its amount is named") {
  const Desk desk;
  desk.MakeLedger();
  Did(desk, kPaying + "--amount 100");                                              // 7
  Did(desk, "--ledger l reverse 7.1 --amount 30 --reason 'too much' --key clerk");  // 8
  CHECK_THAT(Stopped(desk, "--ledger l reverse 7.1 --reason wrong --key clerk", 1),
             Contains("of 7.1, 100.00 CNY, there is 30.00 of it undone by 8.1: 70.00 CNY is left, which "
                      "--amount 70.00 undoes"));
  CHECK_THAT(Stopped(desk, "--ledger l reverse 7.1 --amount 70.01 --reason wrong --key clerk", 1),
             Contains("--amount: of 7.1 70.00 CNY is left to undo"));
  Did(desk, "--ledger l reverse 7.1 --amount 70 --reason 'all of it' --key clerk");  // 9
  CHECK_THAT(Stopped(desk, "--ledger l reverse 7.1 --reason wrong --key clerk", 1),
             Contains("7.1, 100.00 CNY, is undone by 8.1, 9.1: nothing is left to undo"));
  CHECK_THAT(Stopped(desk, "--ledger l reverse 8.1 --reason wrong --key clerk", 1),
             Contains("8.1 sends another payment back itself"));
  CHECK_THAT(Stopped(desk, "--ledger l reverse 7 --reason wrong --key clerk", 2),
             Contains("one payment, as 12.3"));
  CHECK_THAT(Stopped(desk, "--ledger l reverse 99.1 --reason wrong --key clerk", 2),
             Contains("no record 99"));
  // Both sides say it, and the CSV as well.
  CHECK_THAT(Did(desk, "--ledger l statement hub"),
             Contains("undone by 8.1, 9.1") && Contains("undoes 7.1") &&
                 Contains("Undone: 100.00 of what had come in, 0.00 of what had gone out.\n"));
  CHECK_THAT(Did(desk, "--ledger l list --csv"),
             Contains(",paid,100.00,,8.1 9.1,Winter relief,,,,,example.org/l,"));
  CHECK_THAT(
      Did(desk, "--ledger l balance donor"),
      Contains("Undone in fund winter: 0.00 CNY of what was received, 100.00 of what was paid out.\n"));
}

TEST_CASE("a key that may not undo a payment writes the entry for those who may") {
  const Desk desk;
  desk.MakeLedger();
  Did(desk, kPaying + "--amount 100");
  const std::string stranger = Did(desk, "keygen --out stranger").substr(0, 64);
  const auto json = nlohmann::json::parse(
      Did(desk, "--ledger l --json reverse 7.1 --reason wrong --key stranger --out undo.entry"));
  CHECK(json["file"] == "undo.entry");
  CHECK(json["party"] == "hub");
  CHECK(json["keys"].size() == 1);  // the clerk's, for root and all below
  CHECK(json["root_keys"].size() == 1);
  CHECK(std::none_of(json["keys"].begin(), json["keys"].end(),
                     [&](const nlohmann::json& key) { return key == stranger; }));
  // Whoever sends it twice records it once.
  Did(desk, "--ledger l submit undo.entry --key clerk");
  CHECK_THAT(Did(desk, "--ledger l submit undo.entry --key clerk"), Contains("it was in the ledger already"));
  CHECK_THAT(Did(desk, "--ledger l show 7.1"), Contains("undone by 8.1"));

  // What to do is said of other entries too.
  const std::string pay =
      "--ledger l pay --from donor --to hub --asset CNY --fund winter --amount 1 --key stranger ";
  CHECK_THAT(Stopped(desk, pay, 2), Contains("may sign for no party of this ledger yet") &&
                                        Contains("key authorise " + stranger + " --party PARTY"));
  CHECK_THAT(Stopped(desk, pay + "--as donor", 1), Contains("KEY_NOT_AUTHORISED") &&
                                                       Contains("these keys may: ") &&
                                                       Contains(" for root and all below"));
}

TEST_CASE("pay asks about a payment that was made, and about a date that nobody means") {
  const Desk desk;
  desk.MakeLedger();
  Did(desk, kPaying + "--amount 5 --date 2026-02-10 --reference a1");
  const auto asks = [&](const std::string& options) {
    const Ran ran = desk.Run(kPaying + "--dry-run " + options);
    INFO(options << "\n" << ran.out << ran.err);
    CHECK((ran.exit == 0 || ran.exit == 2));
    return ran.exit == 2;
  };
  CHECK(asks("--amount 5 --date 2026-02-10"));
  CHECK(asks("--amount 5 --date 2026-02-17"));
  CHECK(asks("--amount 5 --date 2026-02-03"));
  CHECK_FALSE(asks("--amount 5 --date 2026-02-18"));
  CHECK_FALSE(asks("--amount 5 --date 2026-02-17 --duplicate-days 6"));
  CHECK_FALSE(asks("--amount 6 --date 2026-02-10"));
  CHECK_FALSE(asks("--amount 5 --date 2026-02-10 --reference a2"));  // another number, another payment
  CHECK(asks("--amount 6 --date 2026-06-10 --reference a1"));        // the same number
  CHECK_FALSE(asks("--amount 5 --date 2026-02-10 --yes"));
  CHECK_FALSE(asks("--amount 5 --date 2026-02-10 --id 000102030405060708090a0b0c0d0e0f"));
  CHECK(asks("--amount 7 --date 2199-01-01"));
  CHECK(asks("--amount 7 --date 1990-01-01"));
  CHECK_FALSE(asks("--amount 7 --date 1990-01-01 --yes"));
  CHECK_THAT(Did(desk, "--ledger l checkpoint"), Contains("\n8\n"));  // nothing of that was written
  // What was undone may be paid.
  Did(desk, "--ledger l reverse 7.1 --reason wrong --key clerk");
  CHECK_FALSE(asks("--amount 5 --date 2026-02-10"));
  CHECK_THAT(Stopped(desk, kPaying + "--amount 5 --dry-run --receipt r", 2),
             Contains("--dry-run writes nothing: there is no receipt for it"));
}

TEST_CASE("pay without a date stops where this machine's clock is behind the ledger's newest record") {
  const Desk desk;
  desk.MakeLedger();
  Did(desk, kPaying + "--amount 1 --date 2026-02-10 --out late.entry");
  {
    const auto ledger = folder::OpenFolder(desk.path("l"));
    REQUIRE(ledger.ok());
    const log::Clock far = [] { return Timestamp(4'102'444'800'000'000); };  // 2100-01-01
    REQUIRE((*ledger)->AppendOne(desk.read("late.entry"), far).ok());
  }
  CHECK_THAT(Stopped(desk, kPaying + "--amount 2", 2),
             Contains("this machine's clock says 20") &&
                 Contains(", and the ledger's newest record is of 2100-01-01. Nothing was sent. Set the "
                          "clock, or give --date DAY"));
  CHECK_THAT(Stopped(desk, "--lang zh " + kPaying + "--amount 2", 2), Contains("本机时钟为 20"));
  const Ran paid = desk.Run(kPaying + "--amount 2 --date 2026-02-11");
  CHECK(paid.exit == 0);
  CHECK_THAT(paid.err, Contains("the record has the time of 2100-01-01, and this machine's clock says 20") &&
                           Contains(": one of the two clocks is wrong"));
}

TEST_CASE("a key whose rights were taken back is told so, and not that it never had any") {
  const Desk desk;
  desk.MakeLedger();
  const std::string clerk = Did(desk, "keygen --out other").substr(0, 64);
  const std::string pay =
      "--ledger l pay --from donor --to hub --asset CNY --fund winter --amount 1 --key other --date "
      "2026-02-01";
  Did(desk, "--ledger l key authorise " + clerk + " --party donor --can pay --key k");  // 7
  Did(desk, "--ledger l key revoke " + clerk + " --party donor --key k");               // 8
  CHECK_THAT(Stopped(desk, pay, 2),
             Contains("what the key " + clerk + " could do for donor was taken back by record 8"));
  CHECK_THAT(Stopped(desk, "--ledger l key authorise " + clerk + " --party hub --can pays --key k", 2),
             Contains("\"pays\" is none of administer, pay, approve, evaluate, acknowledge, declare"));
}

TEST_CASE("what a holder moves between its own accounts is said to be moved, and not paid") {
  const Desk desk;
  desk.MakeLedger();
  Did(desk, "--ledger l fund add summer --name Summer --key k");
  CHECK_THAT(Did(desk, kPaying + "--amount 100 --date 2026-02-10"), Contains("Paid 100.00 CNY, "));  // 8
  const std::string moved = Did(desk,
                                "--ledger l pay --from hub --to hub --asset CNY --fund winter --to-fund "
                                "summer --amount 30 --key clerk");
  CHECK_THAT(moved, Contains("Moved 30.00 CNY of 红十字会, 9.1\n"));
  CHECK(moved.find("Paid") == std::string::npos);
}

TEST_CASE("a payment is not made where its receipt could not be written") {
  const Desk desk;
  desk.MakeLedger();
  CHECK_THAT(Stopped(desk, kPaying + "--amount 5 --receipt none/r", 2),
             Contains("--receipt: nothing was sent: cannot make none/r: No such file or directory"));
  CHECK_THAT(Stopped(desk, "--lang zh " + kPaying + "--amount 5 --receipt none/r", 2),
             Contains("--receipt：什么都没有提交：无法创建 none/r："));
  CHECK_THAT(Stopped(desk, kPaying + "--amount 5 --out none/r", 2),
             Contains("cannot make none/r: No such file or directory"));
  CHECK_THAT(Did(desk, "--ledger l checkpoint"), Contains("\n7\n"));
  const Ran unread = desk.Shell("(" + Program() + " " + kPaying + "--amount 5 >/dev/full)");
  CHECK(unread.exit == 3);
  CHECK_THAT(unread.err,
             Contains("the answer could not be written; what the command did is done all the same"));
  CHECK_THAT(Did(desk, "--ledger l checkpoint"), Contains("\n8\n"));
}

TEST_CASE("what is written in another way than the program takes it is told as it is written") {
  const Desk desk;
  desk.MakeLedger();
  CHECK_THAT(Stopped(desk, "--ledger l need add --owner root --place p --category c --key k", 2),
             Contains("ID is required: choose one, as in need add "));
  CHECK_THAT(Stopped(desk, "--server localhost list", 2), Contains("has no port: give HOST:PORT"));
}

TEST_CASE("a balance may be of one project, and of an unknown one it is no answer") {
  const Desk desk;
  desk.MakeLedger();
  CHECK_THAT(Stopped(desk, "--ledger l balance hub --project nowhere", 2), Contains("nowhere"));
}

}  // namespace
}  // namespace fundtrail::testing
