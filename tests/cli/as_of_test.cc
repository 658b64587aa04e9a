// --as-of with a day, of all questions that have it: the ledger as it stood when that day ended in UTC.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "ledger/crypto/ed25519.h"
#include "ledger/folder/folder.h"
#include "tests/cli/program.h"
#include "tests/support/ledgers.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;

// Record 0 is of 2026-03-01. Records 1 and 2 are of 2026-03-03, the second in its last second, and record 3 begins 2026-03-04.
void MakeDays(const Desk& desk) {
  TestClock clock;
  auto ledger =
      folder::CreateFolder(desk.path("l"), kLedgerName, GenesisBytes(), clock.Read(), crypto::SystemRandom());
  REQUIRE(ledger.ok());
  const auto pay = [&](std::uint64_t id, std::int64_t hours) {
    clock.now = TestClock().now + hours * kHour;
    REQUIRE((*ledger)->AppendOne(PaymentBytes(id), clock.Read()).ok());
  };
  pay(1, 48);
  clock.now = TestClock().now + 62 * kHour - 1;  // 2026-03-03T23:59:59.999999Z
  REQUIRE((*ledger)->AppendOne(PaymentBytes(2), clock.Read()).ok());
  pay(3, 62);  // 2026-03-04T00:00:00Z
}

std::string RecordOf(const Desk& desk, const std::string& question) {
  const Ran ran = desk.Run("--ledger l -o json " + question);
  INFO(question << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit == 0);
  return nlohmann::json::parse(ran.out)["as_of_record"];
}

TEST_CASE("a day is the last record by its end in UTC, and a day to come the newest") {
  const Desk desk;
  MakeDays(desk);
  const struct {
    const char* day;
    const char* record;
  } kCases[] = {{"2026-03-01", "0"}, {"2026-03-02", "0"}, {"2026-03-03", "2"},
                {"2026/3/3", "2"},   {"2026-03-04", "3"}, {"2100-01-01", "3"}};
  for (const auto& one : kCases) {
    INFO(one.day);
    CHECK(RecordOf(desk, std::string("list --as-of ") + one.day) == one.record);
  }
  const Ran told = desk.Run("--ledger l list --as-of 2026-03-03");
  CHECK(told.err ==
        "fundtrail: record 2 is the last by the end of 2026-03-03 (UTC): the answer is as of it\n");
  CHECK(told.out.starts_with("As of record 2:\n"));
  CHECK_THAT(desk.Run("--ledger l --lang zh list --as-of 2026-03-03").err,
             Contains("第 2 号记录是 2026-03-03（UTC）日终前的最后一条"));
  CHECK(desk.Run("--ledger l list --as-of 2").err.empty());
}

TEST_CASE("every question takes a day, as it takes a record") {
  const Desk desk;
  MakeDays(desk);
  for (const char* question : {"list",
                               "statement ministry",
                               "trace from --party donor",
                               "summary",
                               "top",
                               "series",
                               "idle",
                               "flows",
                               "search ministry",
                               "party list",
                               "party show donor",
                               "party tree",
                               "key list",
                               "findings",
                               "needs",
                               "pledges",
                               "concerns",
                               "acknowledgements",
                               "evaluations",
                               "policies",
                               "participation",
                               "coverage",
                               "open",
                               "publicity",
                               "committed"}) {
    INFO(question);
    CHECK(RecordOf(desk, std::string(question) + " --as-of 2026-03-03") == "2");
    CHECK(RecordOf(desk, std::string(question) + " --as-of 2") == "2");
  }
}

TEST_CASE("what is neither a record nor a day is told, and a day before the first record") {
  const Desk desk;
  MakeDays(desk);
  const auto told = [&](const std::string& as_of) {
    const Ran ran = desk.Run("--ledger l trace from --party donor --as-of " + as_of);
    CHECK(ran.exit == 2);
    return ran.err;
  };
  CHECK_THAT(told("yesterday"),
             Contains("--as-of: \"yesterday\" is neither a record, as 12, nor a day, as 2026-01-31"));
  CHECK_THAT(told("-1"), Contains("\"-1\" is neither a record"));
  CHECK_THAT(told("1.2"), Contains("\"1.2\" is neither a record"));
  CHECK_THAT(told("2026-02-30"), Contains("--as-of: \"2026-02-30\""));
  CHECK_THAT(told("03/04/2026"), Contains("--as-of: \"03/04/2026\" may be 2026-04-03 or 2026-03-04"));
  CHECK_THAT(
      told("2026-02-28"),
      Contains("--as-of: nothing was recorded by the end of 2026-02-28, UTC: record 0 is of 2026-03-01"));
}

TEST_CASE("a balance takes a day as one of value dates, and says so") {
  const Desk desk;
  MakeDays(desk);
  const std::string balance = desk.Run("--ledger l balance ministry --as-of 2026-03-03").out;
  CHECK_THAT(balance, Contains(", by the value dates up to 2026-03-03\n"));
  CHECK_THAT(desk.Run("--ledger l balance ministry --as-of 2").out, Contains(", as of record 2\n"));
}

}  // namespace
}  // namespace fundtrail::testing
