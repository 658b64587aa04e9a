// While fundtraild serves a ledger nobody else writes to it: not by the folder, whatever of it was tidied away.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;

const std::string kPay =
    " pay --from donor --to hub --asset CNY --fund winter --key clerk --as root --amount ";

TEST_CASE("while the server runs a second writer is refused, though every lock file was removed") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("rows.csv",
             "date,from,to,amount,asset,fund,purpose\n2026-01-01,donor,hub,7.00,CNY,winter,tents\n");
  auto daemon = std::make_unique<Daemon>(desk);
  REQUIRE_FALSE(daemon->address().empty());
  const std::string server = "--server " + daemon->address();
  fs::remove(desk.path("l/store/LOCK"));
  fs::remove(desk.path("l/store/IDENTITY"));
  fs::create_directory_symlink(desk.path("l"), desk.path("link"));
  REQUIRE(desk.Shell("cp -al l hard && rm -f hard/store/LOCK").exit == 0);

  const std::string who =
      "another process (" + std::to_string(daemon->pid()) + ", fundtraild) has this ledger open";
  for (const std::string name : {"l", "link", "l/../l/.", "hard"}) {
    for (const std::string& command : {kPay + "1", std::string(" import csv rows.csv --key clerk --as root"),
                                       std::string(" party add more --name More --key k")}) {
      INFO(name << command);
      const auto second = desk.Run("--ledger " + name + command);
      INFO(second.err);
      CHECK(second.exit == 3);
      CHECK_THAT(second.err, Contains(who));
      CHECK_THAT(second.err, Contains("stop it first, or send what you have to it (--server HOST:PORT)"));
      CHECK(second.out == "");
    }
    const auto served = desk.Shell(ServerProgram() + " --listen 127.0.0.1:0 --ledger " + name);
    CHECK(served.exit == 3);
    CHECK_THAT(served.err, Contains(who));
    CHECK(desk.Run("--ledger " + name + " balance hub").exit == 0);  // who reads needs no lock
  }
  CHECK(desk.Run("init l --name example.org/l --root-key k").exit == 2);

  CHECK(desk.Run(server + kPay + "5").exit == 0);
  CHECK(daemon->Signal(SIGKILL) == -1);  // its lock goes with it
  const auto after = desk.Run("--ledger l" + kPay + "6");
  INFO(after.err);
  CHECK(after.exit == 0);
  const auto verified = desk.Run("verify l --vkey \"$(cat l/vkey)\"");
  CHECK(verified.exit == 0);
  CHECK_THAT(desk.Run("--ledger l checkpoint").out, Contains("\n9\n"));
  CHECK_THAT(desk.Run("--ledger l balance hub").out, Contains("11.00"));
}

TEST_CASE(
    "a server whose folder was moved or replaced writes nothing by the old name, says so, and answers "
    "questions") {
  const Desk desk;
  desk.MakeLedger();
  Daemon daemon(desk);
  const std::string server = "--server " + daemon.address();
  CHECK(desk.Run(server + kPay + "5").exit == 0);
  REQUIRE(desk.Shell("mv l moved && cp -a moved l").exit == 0);
  const auto refused = desk.Run("--timeout 1 " + server + kPay + "6");
  CHECK(refused.exit == 3);
  CHECK(daemon.Says("was moved or replaced while it was open for writing, so nothing more is written"));
  CHECK_THAT(desk.Run(server + " balance hub").out, Contains("5.00"));
  CHECK(daemon.Signal(SIGTERM) == 0);
  for (const std::string name : {"l", "moved"}) {
    CHECK(desk.Run("verify " + name + " --state s-" + name + " --vkey \"$(cat l/vkey)\"").exit == 0);
    CHECK_THAT(desk.Run("--ledger " + name + " checkpoint").out, Contains("\n8\n"));
  }
}

}  // namespace
}  // namespace fundtrail::testing
