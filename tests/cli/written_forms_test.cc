// Days and amounts on the command line, in the forms that imports read; and what is asked about, since it may be two.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kPayment = "--ledger l pay --from donor --to hub --asset CNY --fund winter --key clerk ";

// What `pay --dry-run` says of it.
Ran Tried(const Desk& desk, const std::string& options) {
  return desk.Run(kPayment + options + " --dry-run");
}

TEST_CASE("a payment takes days in every clear form, and records the one") {
  const Desk desk;
  desk.MakeLedger();
  int amount = 0;
  for (const char* day : {"2026-03-05", "2026/3/5", "2026.3.5", "20260305", "2026年3月5日", "5 March 2026",
                          "Mar. 5, 2026", "5-Mar-2026", "Thursday, March 5, 2026", "2026-03-05 00:00:00"}) {
    INFO(day);
    const Ran paid = desk.Run(kPayment + "--amount " + std::to_string(++amount) + " --date '" + day + "'");
    INFO(paid.out << paid.err);
    CHECK(paid.exit == 0);
  }
  const auto listed =
      nlohmann::json::parse(desk.Run("--ledger l --json list --from 2026/3/5 --to '5 Mar 2026'").out);
  CHECK(listed["transfers"].size() == 10);
}

TEST_CASE("a day that may be two, and one that is none, are asked about") {
  const Desk desk;
  desk.MakeLedger();
  const auto asked = [&](const std::string& day, const std::string& words) {
    const Ran ran = Tried(desk, "--amount 5 --date '" + day + "'");
    INFO(day << "\n" << ran.err);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains(words));
  };
  asked("05/01/2026",
        "--date: \"05/01/2026\" may be 2026-01-05 or 2026-05-01: write the day with the year first");
  asked("13/02/2026", "--date: \"13/02/2026\" may be 2026-02-13: write the day with the year first");
  asked("2026/2/30", "--date: \"2026/2/30\" is not a day of the calendar");
  asked("Monday, March 5, 2026", "names another weekday: 2026-03-05 is a Thursday");
  asked("soon", "--date: \"soon\" is not a date written as YYYY-MM-DD");
  CHECK_THAT(desk.Run("--ledger l --lang zh list --from 05/01/2026").err,
             Contains("--from：“05/01/2026”可能是 2026-01-05 或 2026-05-01：请把年份写在最前面"));
}

TEST_CASE("questions and registers take the same days") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run(kPayment + "--amount 5 --date 2026-03-05").exit == 0);
  // A number alone is a record.
  const std::string balance = "--ledger l --json balance hub --as-of ";
  CHECK(nlohmann::json::parse(desk.Run(balance + "2026/3/5").out)["as_of_date"] == "2026-03-05");
  CHECK(nlohmann::json::parse(desk.Run(balance + "7").out)["as_of_record"] == "7");
  CHECK_THAT(desk.Run("--ledger l list --as-of 05/01/2026").err, Contains("--as-of: \"05/01/2026\" may be "));
  CHECK(desk.Run("--ledger l top --since 2026年1月1日 --until 2026/12/31").exit == 0);
  const std::string series = "--ledger l series --since 2026/1/1 --until 2026/12/31 --against ";
  CHECK(desk.Run(series + "2025/1/1..2025/12/31").exit == 0);
  CHECK_THAT(desk.Run(series + "01/02/2025..2025-12-31").err, Contains("--against: \"01/02/2025\" may be "));
  REQUIRE(desk.Run("--ledger l programme add p --name P --owner root --from 2026/1/1 --until '31 Dec 2026' "
                   "--key k")
              .exit == 0);
  CHECK_THAT(desk.Run("--ledger l programme show p").out, Contains("2026-01-01") && Contains("2026-12-31"));
}

TEST_CASE("a payment takes amounts as a list may have them") {
  const Desk desk;
  desk.MakeLedger();
  const auto paid = [&](const std::string& amount) {
    const Ran ran = desk.Run(kPayment + "--yes --amount '" + amount + "'");
    INFO(amount << "\n" << ran.err);
    REQUIRE(ran.exit == 0);
    const auto listed = nlohmann::json::parse(desk.Run("--ledger l --json list --limit 0").out);
    return listed["transfers"].back()["transfer"]["amount_text"].get<std::string>();
  };
  CHECK(paid("1,234.50") == "1234.50");
  CHECK(paid("0.5万") == "5000.00");
  CHECK(paid("3万元") == "30000.00");
  CHECK(paid("￥12.50") == "12.50");
  CHECK(paid("7 CNY") == "7.00");
}

TEST_CASE("a payment that is only tried says what it would pay, with names and decimals") {
  const Desk desk;
  desk.MakeLedger();
  CHECK_THAT(Tried(desk, "--amount 1,234.5").out,
             Contains("Nothing was written.\n") && Contains("Would pay 1,234.50 CNY, 捐赠人 -> 红十字会\n"));
  CHECK_THAT(Tried(desk, "--amount 5 --stage committed").out,
             Contains("Would commit 5.00 CNY, 捐赠人 -> 红十字会\n"));
  REQUIRE(desk.Run(kPayment + "--amount 5").exit == 0);
  CHECK_THAT(desk.Run("--ledger l pay --from hub --to donor --asset CNY --fund winter --key clerk --amount 5 "
                      "--return 7.1 --dry-run")
                 .out,
             Contains("Would send back 5.00 CNY, 红十字会 -> 捐赠人\n"));
  CHECK(nlohmann::json::accept(desk.Run("--json " + kPayment + "--amount 5 --yes --dry-run").out));
  REQUIRE(desk.Run("--ledger l fund add summer --name Summer --key k").exit == 0);
  CHECK_THAT(desk.Run("--ledger l pay --from hub --to hub --asset CNY --fund winter --to-fund summer --key "
                      "clerk --amount 5 --dry-run")
                 .out,
             Contains("Would move 5.00 CNY of 红十字会\n"));
}

TEST_CASE("what takes back a commitment is not said to send money back") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run(kPayment + "--amount 5 --stage committed").exit == 0);
  const std::string back =
      "--ledger l pay --from hub --to donor --asset CNY --fund winter --key clerk --amount 5 --return 7.1";
  CHECK_THAT(desk.Run(back + " --dry-run").out,
             Contains("Would take back 5.00 CNY that is committed and not paid, 红十字会 -> 捐赠人\n"));
  CHECK_THAT(desk.Run(back).out,
             Contains("Took back 5.00 CNY that was committed and not paid, 红十字会 -> 捐赠人, 8.1\n"));
}

TEST_CASE("an amount of another asset, and one that may be two, are asked about") {
  const Desk desk;
  desk.MakeLedger();
  const auto asked = [&](const std::string& amount, const std::string& words) {
    const Ran ran = Tried(desk, "--amount '" + amount + "'");
    INFO(amount << "\n" << ran.err);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains(words));
  };
  asked("5美元", "--amount: \"5美元\" says 美元, which is no sign of the asset CNY");
  asked("12%", "--amount: \"12%\" says %, which is no sign of the asset CNY");
  asked("1.250", "--amount: \"1.250\" may be 1.25 or 1,250.00: write one of them");
  asked("1.200,00", "--amount");
  CHECK_THAT(desk.Run("--lang zh " + kPayment + "--amount 1.250 --dry-run").err,
             Contains("--amount：“1.250”可能是 1.25 或 1,250.00：请写明是哪一个"));
}

TEST_CASE("what undoes and what registers takes the same amounts") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run(kPayment + "--amount 3万元").exit == 0);
  REQUIRE(desk.Run("--ledger l reverse 7.1 --amount 1万元 --reason 'too much' --key clerk").exit == 0);
  CHECK_THAT(desk.Run("--ledger l show 7.1").out, Contains("10,000.00"));
  REQUIRE(
      desk.Run("--ledger l pledge add p --owner donor --asset CNY --amount 2万元 --key k --as root").exit ==
      0);
  CHECK_THAT(desk.Run("--ledger l pledge show p").out, Contains("20,000.00"));
  CHECK_THAT(
      desk.Run("--ledger l pledge add q --owner donor --asset CNY --amount 5美元 --key k --as root").err,
      Contains("--amount: \"5美元\" says 美元"));
  CHECK_THAT(
      desk.Run("--ledger l pledge add q --owner donor --asset CNY --amount 1.250 --key k --as root").err,
      Contains("--amount: \"1.250\" may be 1.25 or 1,250.00: write one of them"));
}

}  // namespace
}  // namespace fundtrail::testing
