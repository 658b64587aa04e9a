// Which needs are open, with the real program: declared, verified, paid for straight and through a project, and sent back.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/root_desk.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// The ids of its lines, in their order.
std::string Ids(const nlohmann::json& answer) {
  std::string ids;
  for (const auto& line : answer["lines"]) {
    if (!ids.empty()) ids += " ";
    ids += line["need"]["id"].get<std::string>();
  }
  return ids;
}

// Two counties, the office that verifies, and needs that it verified: of 1,000.00, of 600.00, and of people alone.
void Begin(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    first.MakeLedger();
    Do(first, "place add cn --name China --level 0");
    Do(first, "place add dafang --name Dafang --parent cn --level 3");
    Do(first, "place add qianxi --name Qianxi --parent cn --level 3");
    Do(first, "category add EDU --name Education");
    Do(first, "category add HEA --name Health");
    Do(first, "party add county --name 'County office' --place cn");
    first.write("needs.csv",
                "id,owner,place,category,people,severity,asset,amount,until\n"
                "meals,hub,dafang,EDU,400,3,CNY,\"1,000.00\",\n"
                "roofs,hub,qianxi,HEA,90,4,CNY,600,\n"
                "counsel,hub,qianxi,HEA,50,2,,,\n"
                "coats,hub,dafang,HEA,30,5,CNY,70,2025-12-31\n");
    Do(first, "import registers need needs.csv --as root --verify-by county");
  });
}

void Pay(const Desk& desk, const std::string& options) {
  const auto ran = desk.Run("--ledger l pay --asset CNY --fund winter --key clerk " + options);
  INFO(options << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit == 0);
}

TEST_CASE("whoever verifies a need writes amounts as elsewhere") {
  const Desk desk;
  Begin(desk);
  const std::string verify = "--ledger l need verify meals --by county --result corrected --key k --as root ";
  const auto verified = desk.Run(verify + "--amount 0.2万元");
  INFO(verified.err);
  REQUIRE(verified.exit == 0);
  CHECK_THAT(verified.err, Contains("amount 2,000.00"));
  CHECK(desk.Run(verify + "--amount 1,000.50").exit == 0);
  CHECK_THAT(desk.Run(verify + "--amount 5美元").err, Contains("--amount: \"5美元\" says 美元"));
  CHECK_THAT(desk.Run(verify + "--amount 1.250").err, Contains("may be 1.25 or 1,250.00: write one of them"));
}

TEST_CASE("needs show what came straight and through projects, and what is open") {
  const Desk desk;
  Begin(desk);
  CHECK(Ids(Ask(desk, "needs --on 2026-03-01")) == "roofs meals counsel");
  Do(desk,
     "project add lunches --name Lunches --owner hub --place dafang --category EDU --target pupils=400 "
     "--need meals=5000");
  Do(desk, "project approve lunches --by county");
  Pay(desk, "--from donor --to hub --amount 800 --to-project lunches");
  Pay(desk, "--from donor --to village --amount 600 --need roofs");
  Do(desk, "need add late --owner hub --place qianxi --category EDU --people 5");
  const auto answer = Ask(desk, "needs --on 2026-03-01");
  REQUIRE(answer["lines"].size() == 3);
  CHECK(answer["lines"][0]["state"] == "MET");
  CHECK(answer["lines"][0]["direct"] == "60000");
  CHECK(answer["lines"][0]["place_name"] == "Qianxi");
  CHECK(answer["lines"][1]["state"] == "PARTLY");
  CHECK(answer["lines"][1]["by_projects"] == "40000");
  CHECK(answer["lines"][1]["open"] == "60000");
  CHECK(answer["lines"][2]["state"] == "WITHOUT_AMOUNT");
  CHECK(answer["counts"].size() == 3);
  CHECK(answer["not_verified"] == "1");

  const std::string text = Told(desk, "needs --on 2026-03-01");
  CHECK_THAT(text, Contains("Needs on 2026-03-01\n"));
  CHECK_THAT(text, Contains("emergency"));
  CHECK_THAT(text, Contains("CNY, met: 1 need; asked 600.00, came 600.00, open 0.00\n"));
  CHECK_THAT(text, Contains("CNY, partly: 1 need; asked 1,000.00, came 400.00, open 600.00\n"));
  CHECK_THAT(text, Contains("1 more need in force is not shown: "));
  CHECK_THAT(text, Contains("Needs whose last day is over are not shown (--state expired shows them).\n"));
  CHECK_THAT(Told(desk, "needs --csv --place dafang --on 2026-03-01"),
             Contains("\nmeals,hub,dafang,Dafang,EDU,Education,,3,,400,,,CNY,1,1000.00,0.00,400.00,0.00,"
                      "600.00,partly,confirmed,,,no,"));
  CHECK(Ids(Ask(desk, "needs --category HEA --on 2026-03-01")) == "roofs counsel");
  CHECK(Ids(Ask(desk, "needs --state met --state without-amount --on 2026-03-01")) == "roofs counsel");
  CHECK(Ids(Ask(desk, "needs --state EXPIRED --on 2026-03-01")) == "coats");
  CHECK(Ids(Ask(desk, "needs --on 2025-06-01")) == "coats roofs meals counsel");
  CHECK(Ids(Ask(desk, "needs --unverified --on 2026-03-01")) == "roofs meals counsel late");
  CHECK(Ids(Ask(desk, "needs late coats --on 2026-03-01")) == "coats late");

  // Part by part.
  const auto first = Ask(desk, "needs --limit 2 --on 2026-03-01");
  CHECK(Ids(first) == "roofs meals");
  const std::string next = first["next"];
  CHECK(Ids(Ask(desk, "needs --limit 2 --on 2026-03-01 --after " + next)) == "counsel");
  CHECK_THAT(Told(desk, "needs --limit 2 --on 2026-03-01"),
             Contains("2 of 3 needs shown; --after " + next + " for more, --limit 0 for all.\n"));

  // What is sent back is open again, and not as of the record before it.
  const std::uint64_t size = std::stoull(answer["as_of"]["size"].get<std::string>());
  Pay(desk, "--from village --to donor --amount 100 --return " + std::to_string(size - 2) + ".1");
  CHECK(Ask(desk, "needs roofs")["lines"][0]["open"] == "10000");
  const auto then = Ask(desk, "needs roofs --as-of " + std::to_string(size - 1));
  CHECK(then["lines"][0]["open"] == "0");
  CHECK(then["as_of_record"] == std::to_string(size - 1));
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

TEST_CASE("a need that recurs asks for more every year") {
  const Desk desk;
  Begin(desk);
  Do(desk,
     "need add fuel --owner hub --place dafang --category EDU --asset CNY --amount 50 --from 2024-02-29 "
     "--recurring yes");
  CHECK(Ask(desk, "needs fuel --on 2026-02-27")["lines"][0]["asked"] == "10000");
  const auto third = Ask(desk, "needs fuel --on 2026-02-28")["lines"][0];
  CHECK(third["asked"] == "15000");
  CHECK(third["years"] == 3);
  CHECK_THAT(Told(desk, "needs fuel --on 2026-02-28"), Contains("every year, 3 so far"));
}

TEST_CASE("what cannot be asked of needs is told, with its exit code") {
  const Desk desk;
  Begin(desk);
  const struct {
    std::string command;
    std::string says;
  } kCases[] = {
      {"needs --place nowhere", "this ledger has no place \"nowhere\""},
      {"needs --category song", "this ledger has no category \"song\""},
      {"needs none", "this ledger has no need \"none\""},
      {"needs --state hungry",
       "--state: \"hungry\" is not one of open, partly, assigned, met, expired, without-amount"},
      {"needs --on soon", "--on"},
      {"needs --as-of 99", "there is no record 99 to ask as of"},
      {"needs meals --place dafang", "ids: single needs are asked for without a place"},
      {"needs meals meals", "ids: one is listed twice"},
      {"needs --after x", "is no page token of this question"},
  };
  for (const auto& one : kCases) {
    INFO(one.command);
    const auto ran = desk.Run("--ledger l " + one.command);
    CHECK(ran.exit == 2);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains(one.says));
  }
}

}  // namespace
}  // namespace fundtrail::testing
