// A clerk whose line breaks at the wrong moment: the entry is in the ledger and the answer never came. She asks again, and
// has paid once.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>

#include "tests/served/daemon.h"
#include "tests/served/lossy_proxy.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const char kPay[] =
    "pay --from donor --to hub --amount 5 --asset CNY --fund winter --key clerk --as root --purpose "
    "blankets-for-the-north";

TEST_CASE("a payment whose answer is lost is told with how to ask again, and is paid once") {
  const Loss loss = GENERATE(Loss::kSilent, Loss::kClosed);
  const Desk desk;
  desk.MakeLedger();
  const Daemon daemon(desk);
  const LossyProxy line(daemon.address(), loss, "blankets-for-the-north", "example.org/l");
  const std::string direct = "--server " + daemon.address() + " ";
  const auto start = std::chrono::steady_clock::now();
  const auto lost = desk.Run("--server " + line.address() + " --timeout 2 --json " + kPay);
  INFO(lost.err << lost.out);
  REQUIRE(line.lost());
  CHECK(lost.exit == 3);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
  CHECK_THAT(lost.err, Contains(loss == Loss::kSilent ? "the server did not answer in time"
                                                      : "the server does not answer"));
  std::smatch told;
  REQUIRE(std::regex_search(
      lost.err, told,
      std::regex("The entry may have been taken.* say the same again with (--id ([0-9a-f]{32}) "
                 "--date ([0-9]{4}-[0-9]{2}-[0-9]{2}))")));
  const auto error = nlohmann::json::parse(lost.out)["error"];
  CHECK(error["id"] == told[2].str());
  CHECK(error["date"] == told[3].str());
  // The same, as it was told, gives the receipt of the record that is there.
  REQUIRE_THAT(desk.Run(direct + "checkpoint").out, Contains("example.org/l\n8\n"));
  const auto again = desk.Run(direct + kPay + " " + told[1].str());
  CHECK(again.exit == 0);
  CHECK_THAT(again.out, Contains("Record 7, "));
  CHECK_THAT(again.out, Contains("(it was in the ledger already)"));
  CHECK_THAT(desk.Run(direct + "checkpoint").out, Contains("example.org/l\n8\n"));
}

TEST_CASE("an entry from a file is sent again as the file has it") {
  const Desk desk;
  desk.MakeLedger();
  const Daemon daemon(desk);
  const std::string entry =
      R"("ledger":"example.org/l","author":"root","memo":"blankets-for-the-north","actions":[{"transfer":
      {"from":"donor","to":"hub","fund":"winter","asset":"CNY","amount":"100","kind":"DONATION"}}]})";
  const LossyProxy line(daemon.address(), Loss::kSilent, "blankets-for-the-north", "example.org/l");
  const std::string lossy = "--server " + line.address() + " --timeout 2 ";
  SECTION("signed elsewhere: nothing is to be added") {
    desk.write("e.json", "{" + entry);
    REQUIRE(desk.Run("sign e.json --key clerk --out e.signed").exit == 0);
    const auto lost = desk.Run(lossy + "submit e.signed");
    CHECK(lost.exit == 3);
    CHECK_THAT(lost.err, Contains("say the same again, with the same file"));
    CHECK_THAT(lost.err, !Contains("--id"));
  }
  SECTION("with an id of its own and no date: the date alone") {
    desk.write("e.json", R"({"id":"AAECAwQFBgcICQoLDA0ODw==",)" + entry);
    const auto lost = desk.Run(lossy + "submit e.json --key clerk --date 2026-02-01");
    CHECK(lost.exit == 3);
    CHECK_THAT(lost.err, Contains("say the same again with --date 2026-02-01"));
    CHECK_THAT(lost.err, !Contains("--id"));
  }
}

TEST_CASE("a refusal says nothing of an entry that may have been taken") {
  const Desk desk;
  desk.MakeLedger();
  const Daemon daemon(desk);
  const auto poor =
      desk.Run("--server " + daemon.address() +
               " --json pay --from hub --to village --amount 1 --asset CNY --fund winter --key clerk "
               "--as root");
  CHECK(poor.exit == 1);
  CHECK_THAT(poor.err, !Contains("may have been taken"));
  CHECK_FALSE(nlohmann::json::parse(poor.out)["error"].contains("id"));
}

TEST_CASE("the same id on the next day, without a date, gives the same receipt") {
  const Desk desk;
  desk.MakeLedger();
  const Daemon daemon(desk);
  const std::string at = "--server " + daemon.address() + " ";
  const std::string id = " --id 00112233445566778899aabbccddeeff";
  const auto first = desk.Run(at + kPay + id + " --date 2026-01-15 --receipt one");
  REQUIRE(first.exit == 0);
  const auto next_day = desk.Run(at + kPay + id + " --receipt two");
  INFO(next_day.err);
  CHECK(next_day.exit == 0);
  CHECK_THAT(next_day.out, Contains("(it was in the ledger already)"));
  CHECK(desk.read("one") == desk.read("two"));
  // Another entry under that id is refused, with or without a date; and a date that is given is meant.
  const auto other = desk.Run(at + kPay + id + " --reference other");
  CHECK(other.exit == 1);
  CHECK_THAT(other.err, Contains("ID_REUSED"));
  CHECK(desk.Run(at + kPay + id + " --date 2026-01-16").exit == 1);
  CHECK_THAT(desk.Run(at + "checkpoint").out, Contains("example.org/l\n8\n"));
}

TEST_CASE("an entry of a file with an id and no date is the same entry on the next day") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("e.json", R"({"id":"AAECAwQFBgcICQoLDA0ODw==","actions":[{"transfer":{"from":"donor","to":"hub",
    "fund":"winter","asset":"CNY","amount":"100","kind":"DONATION"}}]})");
  const std::string submit = "--ledger l submit e.json --key clerk --as root";
  REQUIRE(desk.Run(submit + " --date 2026-01-15").exit == 0);
  const auto next_day = desk.Run(submit);
  INFO(next_day.err);
  CHECK(next_day.exit == 0);
  CHECK_THAT(next_day.out, Contains("Record 7, "));
}

}  // namespace
}  // namespace fundtrail::testing
