// The ledger's key is replaced while the server runs: over the network, beside others who write, back up and ask.
#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <thread>

#include "ledger/tree/checkpoint.h"
#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

TEST_CASE("a running server takes a rotation, goes on under the new key, and after kill -9 too") {
  const Desk desk;
  desk.MakeLedger();
  const std::string old_vkey = FirstLine(desk.read("l/vkey"));
  auto daemon = std::make_unique<Daemon>(
      desk, std::vector<std::string>{"--listen", "127.0.0.1:0", "--backups", desk.path("backups")});
  REQUIRE_FALSE(daemon->address().empty());
  std::string at = "--server " + daemon->address() + " ";
  const std::string pay =
      "pay --from donor --to hub --asset CNY --fund winter --key clerk --as root --amount ";
  std::atomic<bool> stop{false};
  std::atomic<int> failed{0};
  std::thread others([&] {
    const Desk elsewhere;  // its own files of the shell
    std::filesystem::copy(desk.path("clerk"), elsewhere.path("clerk"));
    for (int i = 1; !stop; ++i)
      if (elsewhere.Run(at + pay + std::to_string(i)).exit != 0) ++failed;
  });
  REQUIRE(desk.Run("--ledger l ledger-key prepare --out rotation.json").exit == 0);
  CHECK(desk.Run(at + "submit rotation.json --key k --dry-run").exit == 0);
  const auto rotated = desk.Run(at + "ledger-key rotate rotation.json --key k --receipt r");
  INFO(rotated.err);
  CHECK(rotated.exit == 0);
  const std::string vkey = FirstLine(desk.read("l/vkey"));
  CHECK(vkey != old_vkey);
  CHECK_THAT(rotated.out, Contains(vkey));
  kill(daemon->pid(), SIGUSR1);
  CHECK(daemon->Says("backup path="));
  stop = true;
  others.join();
  CHECK(failed == 0);

  CHECK(desk.Run("receipt verify r --vkey '" + vkey + "'").exit == 0);
  CHECK(desk.Run(at + "submit rotation.json --key k --dry-run").exit ==
        1);  // old_key is not the ledger's now
  CHECK_THAT(desk.Run(at + "ledger-key list").out, Contains(vkey));
  const auto checkpoint = desk.Run(at + "checkpoint").out;
  CHECK(tree::OpenCheckpoint(checkpoint, tree::ParseVkey(vkey).value()).ok());
  for (const std::string& key : {old_vkey, vkey}) {
    CHECK(desk.Run("verify " + daemon->Said("backup path=") + " --vkey '" + key + "' --state s1").exit == 0);
    CHECK(desk.Run("clone " + daemon->address() + " copy --vkey '" + key + "'").exit == 0);
  }
  CHECK(daemon->Signal(SIGKILL) == -1);
  daemon = std::make_unique<Daemon>(desk);
  at = "--server " + daemon->address() + " ";
  CHECK(desk.Run(at + pay + "7 --yes").exit == 0);
  CHECK(daemon->Signal(SIGTERM) == 0);
  CHECK(desk.Run("verify l --vkey '" + old_vkey + "' --state s2").exit == 0);
}

}  // namespace
}  // namespace fundtrail::testing
