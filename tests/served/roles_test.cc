// Two servers of one ledger whose log is in a PostgreSQL: one records, the other stands by, and clients that know both need not
// know which is which. Whatever is done to the one that records, each receipt that was given is found again.
#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/postgres/cluster.h"
#include "tests/served/copy_process.h"
#include "tests/served/daemon.h"
#include "tests/served/payments.h"

namespace fundtrail::testing {
namespace {

using Catch::Matchers::Contains;

// A ledger in the folders `l` and `l2`, and its log on two nodes.
struct Pair {
  PostgresFolder folder;
  PostgresNode n1{folder, "n1"}, n2{folder, "n2"};
  Desk desk;

  Pair() {
    n1.MakePrimary("n2");
    n2.MakeStandby(n1, "none");
    n1.Sql("GRANT pg_read_all_stats TO ledger");  // the standby must have it, so it comes second
    desk.MakeLedger();
    const Ran attached = desk.Run("--ledger l replicate attach " + UrlOf({&n1, &n2}));
    INFO(attached.err);
    REQUIRE(attached.exit == 0);
    std::filesystem::copy(desk.path("l"), desk.path("l2"), std::filesystem::copy_options::recursive);
  }
  std::unique_ptr<CopyProcess> Serve(const std::string& dir,
                                     const std::string& listen = "127.0.0.1:0") const {
    auto server = std::make_unique<CopyProcess>(
        desk, dir,
        std::vector<std::string>{ServerProgram(), "--ledger", desk.path(dir), "--listen", listen, "--metrics",
                                 "127.0.0.1:0", "--http", "127.0.0.1:0", "--backups",
                                 desk.path(dir + ".backups")});
    INFO(server->Log());
    REQUIRE(server->Says("metrics url="));
    REQUIRE(server->Says(" tls="));
    return server;
  }
  std::string Metric(const CopyProcess& server, const std::string& name) const {
    const Ran ran = desk.Shell("{ curl -s " + server.Said("metrics url=") + " | grep '^" + name +
                               " ' | cut -d' ' -f2; }");
    return ran.out.substr(0, ran.out.find('\n'));
  }
  Ran Pay(const std::string& where, int number) const {
    return desk.Run("--server " + where + PayWords(IdOf(number)));
  }
};

// Pays again and again, one payment after another, as several commands; each receipt is a line of a file.
class Load {
 public:
  Load(const Desk& desk, std::string servers, int first, int count)
      : file_(desk.path("receipts" + std::to_string(first))), first_(first), thread_([=, this, &desk] {
          for (int i = 0; i < count; ++i) {
            const std::string command = "cd '" + desk.path("") + "' && " + Program() + " --server " +
                                        servers + PayWords(IdOf(first + i)) + " </dev/null >'" + file_ +
                                        ".one' 2>>'" + file_ + ".err'";
            if (std::system(command.c_str()) != 0) continue;
            given_[first + i] = nlohmann::json::parse(FileText(file_ + ".one"))["record"].dump();
            ++done_;
          }
        }) {}
  ~Load() { End(); }
  int done() const { return done_; }
  // Receipts, by the number of the payment.
  const std::map<int, std::string>& End() {
    if (thread_.joinable()) thread_.join();
    return given_;
  }
  std::string Errors() const { return FileText(file_ + ".err"); }

 private:
  const std::string file_;
  const int first_;
  std::map<int, std::string> given_;
  std::atomic<int> done_{0};
  std::thread thread_;
};

// How many of the receipts are not found again, when each author asks once more.
int Lost(const Pair& pair, const std::string& where, const std::map<int, std::string>& receipts) {
  int lost = 0;
  for (const auto& [number, record] : receipts) {
    const Ran again = pair.Pay(where, number);
    INFO(number << ": " << again.out << again.err);
    CHECK(again.exit == 0);
    if (again.exit != 0 || nlohmann::json::parse(again.out)["record"].dump() != record) ++lost;
  }
  return lost;
}

TEST_CASE("one of two servers records; the other answers questions, and says who takes entries") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  const Pair pair;
  auto first = pair.Serve("l");
  REQUIRE(first->Says("role=active"));
  auto second = pair.Serve("l2");
  CHECK(second->Says("role=standby"));
  const std::string a = first->Said("address="), b = second->Said("address=");
  CHECK(pair.Pay(a, 1).exit == 0);
  REQUIRE(WaitUntil([&] { return pair.desk.Run("--server " + b + " show 7").exit == 0; }));
  CHECK_FALSE(second->Log().find("role=active") != std::string::npos);

  // One signal for both, as of a timer on each machine: the one that records makes the backup, and the other says why it does not.
  for (const auto* server : {first.get(), second.get()}) kill(server->pid(), SIGUSR1);
  CHECK(first->Says("backup path="));
  CHECK(second->Says("no backup was made: this server stands by, and the one that records makes them"));
  CHECK(second->Log().find("backup path=") == std::string::npos);

  // An entry is told where to go, and is not kept meanwhile.
  const Ran refused = pair.Pay(b + " --timeout 2", 2);
  CHECK(refused.exit == 3);
  CHECK_THAT(refused.err + refused.out, Contains("this server stands by: send the entry with --server " + a));
  const Ran chinese = pair.desk.Run("--lang zh --server " + b + " --timeout 1" + PayWords(IdOf(2)));
  CHECK_THAT(chinese.err, Contains("待命"));
  // A client that knows both pays, whichever it names first, and has what it wrote.
  for (const std::string& both : {a + "," + b, b + "," + a}) {
    const int number = both.rfind(a, 0) == 0 ? 3 : 4;
    const Ran paid = pair.Pay(both, number);
    INFO(paid.err);
    CHECK(paid.exit == 0);
    CHECK(nlohmann::json::parse(paid.out)["record"] == std::to_string(number + 5));
  }
  pair.desk.Shell("mkdir -p config/fundtrail");
  pair.desk.write("config/fundtrail/config.toml",
                  "[ledgers.two]\nserver = [\"127.0.0.1:9\", \"" + b + "\", \"" + a + "\"]\n");
  CHECK(pair.desk.Run("-L two" + PayWords(IdOf(5))).exit == 0);
  CHECK(pair.desk.Run("-L two balance hub").exit == 0);
  // Where none answers, each is named.
  const Ran none = pair.desk.Run("--server 127.0.0.1:9,127.0.0.1:10 show 1");
  CHECK(none.exit == 3);
  CHECK_THAT(none.err, Contains("server 127.0.0.1:9: ") && Contains("; then server 127.0.0.1:10: "));
  CHECK_THAT(pair.desk.Run("--lang zh --server 127.0.0.1:9,127.0.0.1:10 show 1").err,
             Contains("服务器 127.0.0.1:9：") && Contains("然后"));
  CHECK(pair.desk.Run("--server " + a + ",nowhere show 1").exit == 2);

  // Whoever asks the log sees both.
  const auto status = nlohmann::json::parse(pair.desk.Run("--ledger l2 --json replicate status").out);
  REQUIRE(status["machines"].size() == 2);
  CHECK(status["machines"][0]["silent_seconds"] < 10);
  CHECK_THAT(pair.desk.Run("--ledger l2 replicate status").out,
             Contains("  server        ") && Contains(" at " + b));

  // Pages say that they are of a copy, and metrics which machine records.
  const std::string page = pair.desk.Shell("curl -s " + second->Said("archive at ") + "/").out;
  CHECK_THAT(page, Contains("<html"));
  CHECK(pair.Metric(*first, "fundtrail_log_role") == "1");
  CHECK(pair.Metric(*second, "fundtrail_log_role") == "0");
  CHECK(pair.Metric(*first, "fundtrail_writable") == "1");
  CHECK(pair.Metric(*second, "fundtrail_writable") == "0");
  CHECK(pair.Metric(*first, "fundtrail_log_takeovers_total") == "1");
  CHECK(pair.Metric(*second, "fundtrail_log_takeovers_total") == "0");
  CHECK(pair.Metric(*first, "fundtrail_log_commit_seconds_count") == "4");
  CHECK(pair.Metric(*first, "fundtrail_log_in_doubt_total") == "0");
  CHECK(pair.Metric(*first, "fundtrail_log_behind") == "0");
  CHECK(pair.Metric(*first, "fundtrail_log_synchronous_standbys") == "1");
  CHECK(pair.Metric(*first, "fundtrail_log_epoch") == pair.Metric(*second, "fundtrail_log_epoch"));
  REQUIRE(WaitUntil([&] { return pair.Metric(*second, "fundtrail_log_follow_lag_records") == "0"; }));

  // It ends in order: the other one takes over at once.
  CHECK(first->Signal(SIGTERM) == 0);
  CHECK(second->Says("role=active"));
  CHECK(pair.Pay(a + "," + b, 6).exit == 0);
  kill(second->pid(), SIGUSR1);
  CHECK(second->Says("backup path="));
  CHECK(second->Signal(SIGTERM) == 0);
  CHECK(pair.desk.Run("verify l2 --vkey " + VkeyOf(pair.desk)).exit == 0);
}

TEST_CASE(
    "the server that records is killed under load, and stopped, and woken: each receipt is found again") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  const Pair pair;
  auto first = pair.Serve("l");
  REQUIRE(first->Says("role=active"));
  auto second = pair.Serve("l2");
  const std::string a = first->Said("address="), b = second->Said("address=");
  std::map<int, std::string> receipts;
  const auto keep = [&](Load* load) {
    for (const auto& [number, record] : load->End()) receipts[number] = record;
    INFO(load->Errors());
    CHECK(load->done() == 20);
  };
  {
    Load one(pair.desk, a + "," + b, 100, 20), two(pair.desk, b + "," + a, 200, 20);
    REQUIRE(WaitUntil([&] { return one.done() > 4 && two.done() > 4; }));
    first->Signal(SIGKILL);
    keep(&one);
    keep(&two);
  }
  CHECK(second->Says("role=active"));
  // The machine that died comes back, and stands by on the same port.
  first = pair.Serve("l", a);
  CHECK(first->Says("role=standby"));
  {
    Load one(pair.desk, a + "," + b, 300, 20), two(pair.desk, b + "," + a, 400, 20);
    REQUIRE(WaitUntil([&] { return one.done() > 2 && two.done() > 2; }));
    kill(second->pid(), SIGSTOP);
    // Somebody waits for the one that hangs: what it is given then must not be recorded twice, nor answered by it.
    Load waits(pair.desk, b + " --timeout 30", 500, 1);
    REQUIRE(WaitUntil([&] { return first->Log().find("role=active") != std::string::npos; }, 40));
    keep(&one);
    keep(&two);
    kill(second->pid(), SIGCONT);
    REQUIRE(WaitUntil([&] { return !second->Running(); }));
    CHECK(second->Wait() == 3);
    CHECK_THAT(second->Log(), Contains("the log was taken by"));
    CHECK(waits.End().empty());
  }
  CHECK(receipts.size() == 80);
  CHECK(Lost(pair, a, receipts) == 0);
  std::map<int, std::string> wrong = receipts;
  wrong[100] = "0";
  CHECK(Lost(pair, a, wrong) == 1);  // so this can fail
  CHECK(first->Signal(SIGTERM) == 0);
  CHECK(pair.desk.Run("verify l --vkey " + VkeyOf(pair.desk)).exit == 0);
}

// The records that it printed so far.
std::vector<std::uint64_t> Watched(const CopyProcess& watcher) {
  std::vector<std::uint64_t> records;
  std::istringstream lines(watcher.Log());
  for (std::string line; std::getline(lines, line) && !lines.eof();)
    if (line.rfind("{", 0) == 0)
      records.push_back(std::stoull(nlohmann::json::parse(line)["index"].get<std::string>()));
  return records;
}

TEST_CASE("whoever watches several servers goes on at another when one dies, and sees each record once") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  const Pair pair;
  auto first = pair.Serve("l");
  REQUIRE(first->Says("role=active"));
  auto second = pair.Serve("l2");
  const std::string a = first->Said("address="), b = second->Said("address=");
  // One knows from which record on, the other begins with what comes next.
  CopyProcess from(pair.desk, "from",
                   {Program(), "--server", a + "," + b, "--timeout", "40", "--json", "watch", "--from", "0"});
  CopyProcess now(pair.desk, "now",
                  {Program(), "--server", a + "," + b, "--timeout", "40", "--json", "watch"});
  REQUIRE(WaitUntil([&] { return Watched(from).size() == 7; }));
  int number = 0;
  REQUIRE(WaitUntil([&] {
    CHECK(pair.Pay(a, ++number).exit == 0);
    return !Watched(now).empty();
  }));
  const auto reach = [&] {
    const std::uint64_t last = 6 + static_cast<std::uint64_t>(number);
    const auto at_end = [&](const CopyProcess& watcher) {
      const auto records = Watched(watcher);
      return !records.empty() && records.back() == last;
    };
    return WaitUntil([&] { return at_end(from) && at_end(now); }, 40);
  };
  CHECK(reach());
  first->Signal(SIGKILL);
  for (int i = 0; i < 5; ++i) CHECK(pair.Pay(a + "," + b + " --timeout 40", ++number).exit == 0);
  CHECK(reach());
  // And back, when that one ends in order.
  first = pair.Serve("l", a);
  REQUIRE(first->Says("role=standby"));
  CHECK(second->Signal(SIGTERM) == 0);
  CHECK(pair.Pay(a + "," + b + " --timeout 40", ++number).exit == 0);
  CHECK(reach());
  for (CopyProcess* watcher : {&from, &now}) {
    INFO(watcher->Log());
    const auto records = Watched(*watcher);
    for (std::size_t i = 1; i < records.size(); ++i) CHECK(records[i] == records[i - 1] + 1);
    CHECK(watcher->Signal(SIGINT) == 0);
  }
  CHECK(Watched(from).front() == 0);
  // Where none is left it says so, with each.
  first->Signal(SIGKILL);
  const Ran none = pair.desk.Run("--server " + a + "," + b + " --timeout 8 watch --from 0");
  CHECK(none.exit == 3);
  CHECK_THAT(none.err, Contains(a) && Contains(b));
}

}  // namespace
}  // namespace fundtrail::testing
