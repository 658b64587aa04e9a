// Who is left out, who answers, and what lies with a project. A server, the folder and a clone give the same answers, to the letter.
#include <catch2/catch.hpp>
#include <string>

#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

void Do(const Desk& desk, const std::string& command) {
  const auto ran = desk.Run("--ledger l " + command);
  INFO(command << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit == 0);
}

// A county with needs, a project with money in and beside it, a team that nobody else joins, and a duty.
void Begin(const Desk& desk) {
  const std::string key = " --key k", pay = "pay --asset CNY --fund winter --key clerk ";
  desk.MakeLedger();
  Do(desk, "place add cn --name China --level 0" + key);
  Do(desk, "place add dafang --name Dafang --parent cn --level 3" + key);
  Do(desk, "place add qianxi --name Qianxi --parent cn --level 3" + key);
  Do(desk, "category add EDU --name Education" + key);
  Do(desk, "category add HEA --name Health" + key);
  Do(desk, "party add county --name 'County office' --place cn" + key);
  Do(desk,
     "project add lunches --name 'Warm lunches' --owner hub --place dafang --category EDU --people 400 "
     "--asset "
     "CNY --budget 12,500.00 --target pupils=400=persons" +
         key);
  Do(desk, "project approve lunches --by county" + key);
  desk.write("needs.csv",
             "id,owner,place,category,people,severity,asset,amount\n"
             "n1,hub,dafang,EDU,400,3,CNY,\"1,100.00\"\n"
             "n2,hub,qianxi,HEA,1200,4,CNY,6000\n");
  Do(desk, "import registers need needs.csv --as root --verify-by county" + key);
  Do(desk,
     "need add late --owner hub --place qianxi --category EDU --people 50 --asset CNY --amount 200.00" + key);
  desk.write("teams.csv",
             "id,owner,party,place,category,status,activity\n"
             "t1,hub,village,dafang,EDU,active,=cooking\n"
             "t2,hub,county,dafang,EDU,active,teaching\n");
  Do(desk, "import registers deployment teams.csv --as root" + key);
  Do(desk, "duty assign lead-cn --party hub --role lead --place cn" + key);
  Do(desk, "duty accept lead-cn --by hub" + key);
  Do(desk, pay + "--from donor --to hub --amount 1000 --to-project lunches");
  Do(desk, pay + "--from donor --to hub --amount 500");
  Do(desk, pay + "--from hub --to village --amount 400 --project lunches");
  Do(desk, "project report lunches --by hub --indicator pupils --actual 120 --until 2026-02-28" + key);
}

TEST_CASE("coverage and what belongs to it are the same from a server, from the folder and from a clone") {
  const Desk desk;
  Begin(desk);
  const Daemon daemon(desk);
  INFO(daemon.Log());
  REQUIRE_FALSE(daemon.address().empty());
  const auto cloned = desk.Run("clone " + daemon.address() + " copy --vkey " + VkeyOf(desk));
  INFO(cloned.err);
  REQUIRE(cloned.exit == 0);
  const std::string at = "--server " + daemon.address() + " ";
  // Of a clone the JSON is enough: it has all of the answer, of which text and tables are made.
  const auto same = [&](const std::string& question, bool of_clone = false) {
    INFO(question);
    const auto folder = desk.Run("--ledger l " + question), served = desk.Run(at + question);
    const auto clone = of_clone ? desk.Run("--ledger copy " + question) : folder;
    CHECK(served.exit == folder.exit);
    CHECK(clone.exit == folder.exit);
    if (folder.exit != 0) return false;
    CHECK_FALSE(folder.out.empty());
    CHECK(served.out == folder.out);
    CHECK(clone.out == folder.out);
    return true;
  };
  for (const std::string question :
       {"coverage", "coverage --place cn --depth 2", "coverage --place cn --state vacuum",
        "coverage --by category --category EDU", "coverage --by programme", "coverage --by project",
        "coverage --by cell --crowded", "coverage --by cell --unverified", "coverage --on 2026-06-30",
        "coverage --as-of 20", "fragmentation cn", "fragmentation dafang EDU", "who-answers dafang EDU",
        "deployment idle", "need list", "deployment list"}) {
    CHECK(same(question));
    CHECK(same("--json " + question, true));
    CHECK(same(question + " --csv"));
  }
  for (const std::string question :
       {"project show lunches", "project money lunches", "project money", "need show n1"}) {
    CHECK(same(question));
    CHECK(same("--json " + question, true));
  }
  for (const char* wrong : {"coverage --place nowhere", "coverage --as-of 999", "project money none"})
    CHECK_FALSE(same(wrong, true));
  const auto vacuum = desk.Run("--ledger copy coverage --place cn --state vacuum");
  CHECK(vacuum.exit == 0);
  CHECK_THAT(vacuum.out, Contains("qianxi"));
  CHECK_THAT(vacuum.out,
             Contains("placed 1,000.00 + elsewhere 0.00 + general 500.00 = brought in 1,500.00 - "));
}

TEST_CASE("a need that stands at no place of today has money and no state, and the client takes that") {
  const Desk desk;
  const std::string key = " --key k", pay = "pay --asset CNY --fund winter --key clerk ";
  desk.MakeLedger();
  Do(desk, "place add cn --name China --level 0" + key);
  Do(desk, "place add far --name Far --level 0" + key);
  Do(desk, "place add old --name Old --parent cn --level 3 --valid-to 2020-12-31" + key);
  Do(desk, "place add east --name East --parent cn --level 3 --succeeds old" + key);
  Do(desk, "place add west --name West --parent far --level 3 --succeeds old" + key);
  Do(desk, "category add EDU --name Education" + key);
  Do(desk, "party add county --name 'County office' --place cn" + key);
  Do(desk,
     "need add n --owner hub --place old --category EDU --people 400 --asset CNY --amount 1000.00" + key);
  Do(desk, "need verify n --by county" + key);
  Do(desk, pay + "--from donor --to hub --amount 500");
  Do(desk, pay + "--from hub --to village --amount 400 --need n");
  const Daemon daemon(desk);
  REQUIRE_FALSE(daemon.address().empty());
  for (const std::string& at : {std::string("--ledger l "), "--server " + daemon.address() + " "}) {
    for (const char* question : {"coverage", "coverage --by cell", "coverage --by category"}) {
      const auto ran = desk.Run(at + question + " --places today --csv");
      INFO(at << question << "\n" << ran.out << ran.err);
      CHECK(ran.exit == 0);
      CHECK_THAT(ran.out, Contains(",1000.00,400.00,"));
    }
    CHECK_THAT(desk.Run(at + "coverage --places today").out, Contains("no place"));
  }
}

}  // namespace
}  // namespace fundtrail::testing
