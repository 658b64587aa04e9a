// A limit on the size of files (ulimit -f, LimitFSIZE): as a full disk, in words, and never the end of a program.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/served/daemon.h"
#include "tests/served/raw_http.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE(
    "a server whose files may grow no more takes no entries, says why, answers questions, and lost nothing") {
  const Desk desk;
  desk.MakeLedger();
  std::string rows = "date,from,to,amount,asset,fund,purpose\n";
  for (int i = 1; i <= 400; ++i)
    rows += "2026-01-01,donor,hub," + std::to_string(i) + ".00,CNY,winter," + std::string(200, 'p') + "\n";
  desk.write("rows.csv", rows);
  Daemon daemon(desk, {"--listen", "127.0.0.1:0"}, {"/usr/bin/prlimit", "--fsize=60000"});
  INFO(daemon.Log());
  REQUIRE_FALSE(daemon.address().empty());
  const std::string server = "--server " + daemon.address();
  const auto pay = [&] {
    return desk.Run(
        "--timeout 1 " + server +
        " pay --from donor --to hub --asset CNY --fund winter --key clerk --as root --yes --amount 5");
  };
  REQUIRE(pay().exit == 0);
  CHECK(desk.Run("--timeout 1 " + server + " import csv rows.csv --key clerk --as root").exit == 3);
  CHECK(daemon.Says("may not grow further: raise the limit on the size of files (ulimit -f, LimitFSIZE)"));
  CHECK(daemon.Running());
  CHECK(pay().exit == 3);
  CHECK(desk.Run(server + " balance hub").exit == 0);
  const auto promised = desk.Run(server + " checkpoint").out;
  CHECK(daemon.Signal(SIGTERM) == 0);

  desk.write("promised", promised);
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\" --since promised").exit == 0);
  CHECK(desk.Run("--ledger l import csv rows.csv --key clerk --as root").exit == 0);
  CHECK_THAT(desk.Run("--ledger l balance hub").out, Contains("80,205.00"));  // each row once
}

TEST_CASE("many readers and few files: entries, questions and the next reader go on") {
  const Desk desk;
  desk.MakeLedger();
  // 512 for the ledger, 512 for readers, and a few for other clients.
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"},
                {"/usr/bin/prlimit", "--nofile=1060"});
  INFO(daemon.Log());
  REQUIRE_FALSE(daemon.address().empty());
  CHECK_THAT(daemon.Log(), Contains("raise that limit (ulimit -n, LimitNOFILE)"));
  const std::string before = "archive at http://127.0.0.1:", log = daemon.Log();
  REQUIRE_THAT(log, Contains(before));
  const int port = std::atoi(log.c_str() + log.find(before) + before.size());
  struct Idle {
    int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ~Idle() { close(socket); }
  };
  // Of twelve addresses, so that the share of one does not keep the others out.
  std::vector<std::unique_ptr<Idle>> idle;
  int connected = 0;
  for (std::uint32_t address = 2; address < 14; ++address) {
    for (int i = 0; i < 64; ++i) {
      idle.push_back(std::make_unique<Idle>());
      sockaddr_in from{}, to{};
      from.sin_family = to.sin_family = AF_INET;
      from.sin_addr.s_addr = htonl(0x7f000000 + address);
      to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      to.sin_port = htons(static_cast<std::uint16_t>(port));
      REQUIRE(bind(idle.back()->socket, reinterpret_cast<sockaddr*>(&from), sizeof from) == 0);
      if (connect(idle.back()->socket, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) ++connected;
    }
  }
  CHECK(connected == 12 * 64);
  const std::string server = "--server " + daemon.address();
  CHECK(desk.Run(server +
                 " pay --from donor --to hub --asset CNY --fund winter --key clerk --as root --amount 5")
            .exit == 0);
  CHECK(desk.Run(server + " balance hub").exit == 0);
  for (const char* path : {"/", "/robots.txt", "/checkpoint"}) CHECK(HttpGet(port, path).status == 200);
  CHECK(daemon.Running());
  idle.clear();
  CHECK(daemon.Signal(SIGTERM) == 0);
}

TEST_CASE("a command whose files may grow no more ends with 3 and words, and leaves the ledger whole") {
  const Desk desk;
  desk.MakeLedger();
  struct Case {
    int bytes;
    std::string command, says;
  };
  const std::vector<Case> cases = {
      {10, "keygen --out new", "cannot write"},
      {10, "init other --name example.org/o --root-key k", "File too large"},
      {10, "--ledger l list >out", "the answer could not be written"},
      {10, "--ledger l archive public", "File too large"},
      {10, "--ledger l pay --from donor --to hub --asset CNY --fund winter --key clerk --as root --amount 5",
       "grow"},
      {10, "clone l copy --vkey \"$(cat l/vkey)\"", "grow"},
      {10, "--ledger l ledger-key prepare --out rotation.json", "cannot write"},
  };
  for (const Case& c : cases) {
    INFO(c.command);
    // What it says goes through a pipe, since the limit is on what the shell would write for it too.
    desk.Shell("{ prlimit --fsize=" + std::to_string(c.bytes) + " " + Program() + " " + c.command +
               "; echo exit $?; } 2>&1 | cat >said; true");
    const std::string said = desk.read("said");
    INFO(said);
    CHECK_THAT(said, Contains("exit 3\n"));
    CHECK_THAT(said, Contains(c.says));
  }
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
  CHECK_THAT(desk.Run("--ledger l checkpoint").out, Contains("\n7\n"));
}

}  // namespace
}  // namespace fundtrail::testing
