// A ledger whose log is in a PostgreSQL too, with the real programs: the commands of the operators' page, and two machines of which
// one dies.
#include <catch2/catch.hpp>
#include <memory>
#include <sstream>

#include "nlohmann/json.hpp"
#include "tests/postgres/cluster.h"
#include "tests/served/copy_process.h"
#include "tests/served/daemon.h"
#include "tests/served/payments.h"

namespace fundtrail::testing {
namespace {

using Catch::Matchers::Contains;

// A server of the folder, which may end by itself.
std::unique_ptr<CopyProcess> Serve(const Desk& desk, const std::string& folder) {
  return std::make_unique<CopyProcess>(
      desk, folder,
      std::vector<std::string>{ServerProgram(), "--ledger", desk.path(folder), "--listen", "127.0.0.1:0"});
}

Ran Pay(const Desk& desk, const std::string& where, int number) {
  return desk.Run(where + PayWords(IdOf(number)));
}

TEST_CASE("the log on three machines: the commands of the operators' page do what it says") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  PostgresFolder folder;
  PostgresNode n1(folder, "n1"), n2(folder, "n2");
  n1.MakePrimary("n2", false);
  n2.MakeStandby(n1, "none");
  const Desk desk;
  desk.MakeLedger();
  const std::string guide = FileText(FUNDTRAIL_SOURCE_DIR "/docs/operators.md");
  const auto from = guide.find("## The log on three machines"), to = guide.find("\n## ", from);
  REQUIRE(to != std::string::npos);
  std::istringstream lines(guide.substr(from, to - from));
  std::unique_ptr<CopyProcess> server;
  bool shown = false;
  int run = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line == "```") shown = !shown;
    if (!shown || line == "```") continue;
    for (const auto& [page, real] : std::vector<std::pair<std::string, std::string>>{
             {"demo/ledger", "l"},
             {"postgres://ledger@127.0.0.1:5432,127.0.0.1:5433/fundtrail", UrlOf({&n1, &n2})}})
      if (const auto at = line.find(page); at != std::string::npos) line.replace(at, page.size(), real);
    INFO(line);
    ++run;
    if (line.rfind("fundtraild ", 0) == 0) {
      server = Serve(desk, "l");
      REQUIRE(server->Says(" tls="));
      CHECK(Pay(desk, "--server " + server->Said("address="), 1).exit == 0);
      continue;
    }
    if (const auto at = line.find("127.0.0.1:7450,127.0.0.1:7451"); at != std::string::npos) {
      REQUIRE(server != nullptr);
      line.replace(at, 29, "127.0.0.1:9," + server->Said("address="));
      CHECK(desk.Run(line.substr(10)).exit == 0);
      CHECK(server->Signal(SIGTERM) == 0);
      continue;
    }
    const bool is_own = line.rfind("fundtrail ", 0) == 0;
    const Ran ran =
        is_own
            ? desk.Run(line.substr(10))
            : desk.Shell("PGHOST=127.0.0.1 PGUSER=postgres PGPORT=" + std::to_string(n1.port()) + " " + line);
    INFO(ran.out << ran.err);
    CHECK(ran.exit == 0);
  }
  CHECK(run == 9);
  CHECK(desk.Run("verify copy --vkey \"$(cat l/vkey)\"").exit == 0);
  // It is left: the folder goes on alone.
  CHECK(Pay(desk, "--ledger l", 2).exit == 0);
  CHECK(desk.Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

TEST_CASE(
    "a server that is killed, and then a primary: the second machine goes on, and every receipt holds") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  PostgresFolder folder;
  PostgresNode n1(folder, "n1"), n2(folder, "n2"), n3(folder, "n3");
  n1.MakePrimary("n2");
  n2.MakeStandby(n1, "n3");
  const std::string url = UrlOf({&n1, &n2, &n3});
  const Desk desk;
  desk.MakeLedger();
  for (const char* copy : {"l2", "l3"})
    std::filesystem::copy(desk.path("l"), desk.path(copy),
                          std::filesystem::copy_options::recursive);  // with its key
  REQUIRE(desk.Run("--ledger l replicate attach " + url).exit == 0);
  REQUIRE(desk.Run("--ledger l2 replicate attach " + url).exit == 0);

  auto first = Serve(desk, "l");
  REQUIRE(first->Says(" tls="));
  std::vector<nlohmann::json> receipts;
  const auto pay = [&](CopyProcess* server) {
    const Ran paid = Pay(desk, "--server " + server->Said("address="), static_cast<int>(receipts.size()));
    INFO(paid.out << paid.err);
    REQUIRE(paid.exit == 0);
    receipts.push_back(nlohmann::json::parse(paid.out));
  };
  for (int i = 0; i < 3; ++i) pay(first.get());

  // While it lives, nobody else records: neither the program on another folder, nor a second server.
  const Ran held = Pay(desk, "--ledger l2", 50);
  CHECK(held.exit == 3);
  CHECK_THAT(held.err, Contains("one process at a time has it"));
  const Ran behind = desk.Run("--ledger l2 --json replicate status");
  CHECK(behind.exit == 0);
  CHECK(nlohmann::json::parse(behind.out)["standing"] == "ahead");
  auto second = Serve(desk, "l2");
  CHECK(second->Says("role=standby"));
  CHECK(WaitUntil([&] {
    return nlohmann::json::parse(desk.Run("--ledger l2 --json replicate status").out)["standing"] == "same";
  }));
  // One that recorded something alone is no beginning of the log, though it is shorter.
  CHECK(Pay(desk, "--ledger l3", 51).exit == 0);
  std::filesystem::copy_file(desk.path("l/log-url"), desk.path("l3/log-url"));
  const Ran other = desk.Run("--ledger l3 --json replicate status");
  CHECK(other.exit == 1);
  CHECK(nlohmann::json::parse(other.out)["standing"] == "other");

  first->Signal(SIGKILL);
  REQUIRE(second->Says("role=active"));
  pay(second.get());
  n1.Kill();
  n2.Promote();
  n3.MakeStandby(n2, "none");
  pay(second.get());
  // Every author who asks again gets the receipt that there was.
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    const Ran again = Pay(desk, "--server " + second->Said("address="), static_cast<int>(i));
    INFO(again.out << again.err);
    CHECK(again.exit == 0);
    CHECK(nlohmann::json::parse(again.out)["record"] == receipts[i]["record"]);
  }
  CHECK(second->Signal(SIGTERM) == 0);
  for (const char* machine : {"l2", "l"}) {
    REQUIRE(WaitUntil(
        [&] { return desk.Run(std::string("--ledger ") + machine + " replicate give-back").exit == 0; }));
    CHECK(desk.Run(std::string("verify ") + machine + " --vkey \"$(cat l/vkey)\"").exit == 0);
    const Ran same = desk.Run(std::string("--ledger ") + machine + " --json replicate status");
    CHECK(nlohmann::json::parse(same.out)["standing"] == "same");
  }
}

}  // namespace
}  // namespace fundtrail::testing
