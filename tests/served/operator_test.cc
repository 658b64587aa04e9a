// What an operator has: metrics, health, backups of a running server, new certificates, and the commands of the guide.
#include <arpa/inet.h>
#include <grpcpp/generic/generic_stub.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/served/client.h"
#include "tests/served/copy_process.h"
#include "tests/served/daemon.h"
#include "tests/served/witness_process.h"
#include "tests/support/certificates.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;

// What http://127.0.0.1:PORT/metrics says.
std::string Scrape(const std::string& url) {
  const auto at = url.find("127.0.0.1:");
  REQUIRE(at != std::string::npos);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(at + 10))));
  inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  const std::string ask = "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  REQUIRE(send(socket, ask.data(), ask.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(ask.size()));
  std::string answer;
  char buffer[4096];
  for (ssize_t size; (size = recv(socket, buffer, sizeof buffer, 0)) > 0;)
    answer.append(buffer, static_cast<std::size_t>(size));
  ::close(socket);
  return answer;
}

// The value of one series, -1 when there is none.
double Value(const std::string& metrics, const std::string& series) {
  const auto at = metrics.find("\n" + series + " ");
  return at == std::string::npos ? -1 : std::stod(metrics.substr(at + series.size() + 2));
}

constexpr char kPay[] = "pay --from donor --to hub --asset CNY --fund winter --key clerk --as root --amount ";

TEST_CASE("help of the server fits its terminal, and is whole in a pipe") {
  const Desk desk;
  const std::string help = desk.Shell(ServerProgram() + " --help").out;
  std::istringstream lines(help);
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  CHECK(longest > 100);
  desk.write("script", "stty cols 64 rows 100\n" + ServerProgram() + " --help\n");
  std::istringstream shown(desk.Shell("TERM=dumb script -qec 'sh script' /dev/null").out);
  std::string words;
  for (std::string line, word; std::getline(shown, line);) {
    while (!line.empty() && line.back() == '\r') line.pop_back();
    INFO(line);
    CHECK(line.size() <= 64);
    for (std::istringstream in(line); in >> word;) words += word + " ";
  }
  std::string whole;
  for (auto [in, word] = std::pair(std::istringstream(help), std::string()); in >> word;) whole += word + " ";
  CHECK(words == whole);
}

TEST_CASE("metrics tell what became of entries and questions, and how the ledger stands") {
  const Desk desk;
  desk.MakeLedger();
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0"});
  INFO(daemon.Log());
  REQUIRE_FALSE(daemon.address().empty());
  const std::string at = "--server " + daemon.address() + " ", url = daemon.Said("metrics url=");
  CHECK(desk.Run(at + kPay + "5 --id 000102030405060708090a0b0c0d0e0f --date 2026-03-01").exit == 0);
  CHECK(desk.Run(at + kPay + "5 --id 000102030405060708090a0b0c0d0e0f --date 2026-03-01").exit == 0);
  CHECK(
      desk.Run(at + "pay --from hub --to village --asset CNY --fund winter --key clerk --as root --amount 9")
          .exit == 1);
  CHECK(desk.Run(at + "show 7").exit == 0);
  CHECK(desk.Run(at + "show 99").exit == 2);
  const std::string metrics = Scrape(url);
  INFO(metrics);
  CHECK(Value(metrics, "fundtrail_entries_total{result=\"accepted\"}") == 1);
  CHECK(Value(metrics, "fundtrail_entries_total{result=\"repeated\"}") == 1);
  CHECK(Value(metrics, "fundtrail_entries_total{result=\"refused\"}") == 1);
  CHECK(Value(metrics, "fundtrail_refusals_total{code=\"INSUFFICIENT_FUNDS\"}") == 1);
  CHECK(Value(metrics, "fundtrail_questions_total{result=\"failed\"}") == 1);
  CHECK(Value(metrics, "fundtrail_questions_total{result=\"turned_away\"}") == 0);
  CHECK(Value(metrics, "fundtrail_questions_total{result=\"answered\"}") >= 1);
  CHECK(Value(metrics, "fundtrail_queue_entries") == 0);
  CHECK(Value(metrics, "fundtrail_queue_bytes") == 0);
  CHECK(Value(metrics, "fundtrail_group_entries_count") == 3);
  CHECK(Value(metrics, "fundtrail_group_entries_bucket{le=\"1\"}") == 3);
  CHECK(Value(metrics, "fundtrail_write_seconds_count") == 1);  // the others had nothing to write
  CHECK(Value(metrics, "fundtrail_write_seconds_sum") > 0);
  CHECK(Value(metrics, "fundtrail_written_bytes_total") > 300);
  CHECK(Value(metrics, "fundtrail_failed_writes_total") == 0);
  CHECK(Value(metrics, "fundtrail_records") == 8);
  CHECK(Value(metrics, "fundtrail_store_bytes") > 1000);
  CHECK(Value(metrics, "fundtrail_writable") == 1);
  const double age =
      static_cast<double>(time(nullptr)) - Value(metrics, "fundtrail_last_record_timestamp_seconds");
  CHECK(age > -2);
  CHECK(age < 60);
  // The guide explains each.
  const std::string guide = FileText(FUNDTRAIL_SOURCE_DIR "/docs/operators.md");
  for (std::size_t i = metrics.find("# TYPE fundtrail_"); i != std::string::npos;
       i = metrics.find("# TYPE fundtrail_", i + 7)) {
    const std::string name = metrics.substr(i + 7, metrics.find(' ', i + 7) - i - 7);
    INFO(name);
    CHECK_THAT(guide, Contains("`" + name + "`"));
  }
}

TEST_CASE("which ledger: the command line says it, or else the environment, or else the file") {
  const Desk desk;
  desk.MakeLedger();
  for (const char* name : {"flag", "env", "file"}) {
    desk.Run(std::string("init ") + name + " --name example.org/" + name + " --root-key k --date 2026-01-01");
  }
  desk.write("c.toml", "ledger = \"file\"\nlisten = \"127.0.0.1:0\"\n");
  const auto serves = [&](const std::string& before, const std::string& after) {
    const std::string started =
        "cd '" + desk.path(".") + "' && " + before + " exec " + ServerProgram() + " --config c.toml " + after;
    Daemon daemon(desk, {}, {"/bin/sh", "-c", started});
    INFO(daemon.Log());
    CHECK_FALSE(daemon.address().empty());
    return daemon.Said("serving ledger=");
  };
  CHECK(serves("", "") == "example.org/file");
  CHECK(serves("FUNDTRAIL_LEDGER=env", "") == "example.org/env");
  CHECK(serves("FUNDTRAIL_LEDGER=env", "--ledger flag") == "example.org/flag");
  CHECK(serves("", "--ledger flag") == "example.org/flag");
  for (const auto& [arguments, says] :
       {std::pair{"--copy c", "a copy keeps up with its ledger: give --from URL"},
        std::pair{"--copy c --ledger flag", "a ledger or a copy of one is served"}}) {
    Daemon daemon(
        desk, {},
        {"/bin/sh", "-c", "FUNDTRAIL_LEDGER=env exec " + ServerProgram() + " " + std::string(arguments)});
    CHECK(daemon.Wait() == 2);
    CHECK_THAT(daemon.Log(), Contains(says));
  }
}

TEST_CASE("metrics are for this machine alone") {
  const Desk desk;
  desk.MakeLedger();
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--metrics", "0.0.0.0:0"});
  CHECK(daemon.Wait() == 2);
  CHECK_THAT(daemon.Log(), Contains("metrics takes HOST:PORT of this machine alone"));
}

// What grpc.health.v1.Health/Check says of a service: 1 serving, 2 not, 0 when there is no such service.
int Health(const std::string& address, const std::string& service) {
  grpc::GenericStub stub(OwnChannel(address));
  const std::string request = "\x0a" + std::string(1, static_cast<char>(service.size())) + service;
  const grpc::Slice slice(request);
  const grpc::ByteBuffer asked(&slice, 1);
  grpc::ByteBuffer answer;
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", asked, &queue);
  grpc::Status status;
  call->StartCall();
  call->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!status.ok()) return 0;
  grpc::Slice bytes;
  REQUIRE(answer.DumpToSingleSlice(&bytes).ok());
  REQUIRE(bytes.size() == 2);
  REQUIRE(bytes.begin()[0] == 8);
  return bytes.begin()[1];
}

TEST_CASE("health is told of each service, and of writing when the disk has failed") {
  const Desk desk;
  desk.MakeLedger();
  Daemon daemon(desk, {"--listen", "127.0.0.1:0"},
                {"/bin/sh", "-c", "trap '' XFSZ; ulimit -f 100; exec \"$@\"", "sh"});
  CHECK(Health(daemon.address(), "") == 1);
  CHECK(Health(daemon.address(), "fundtrail.v1.Submission") == 1);
  CHECK(Health(daemon.address(), "fundtrail.v1.Ledger") == 1);
  CHECK(Health(daemon.address(), "fundtrail.v1.Nothing") == 0);
  Receipts receipts;
  CHECK(PayUntilRefused(daemon.address(), ClerkOf(desk), 1, &receipts).error_code() ==
        grpc::StatusCode::UNAVAILABLE);
  CHECK(Health(daemon.address(), "fundtrail.v1.Submission") == 2);
  CHECK(Health(daemon.address(), "fundtrail.v1.Ledger") == 1);
}

TEST_CASE("a folder that backups cannot go to is told of when the server starts") {
  const Desk desk;
  desk.MakeLedger();
  {
    Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--backups", "/proc/sys/fundtrail/backups"});
    REQUIRE_FALSE(daemon.address().empty());
    CHECK_THAT(daemon.Log(), Contains("no backup can be made in /proc/sys/fundtrail/backups: cannot make "));
  }
  const Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--backups", desk.path("new/backups")});
  REQUIRE_FALSE(daemon.address().empty());
  CHECK_THAT(daemon.Log(), !Contains("no backup"));
}

TEST_CASE("a backup of a running server opens, verifies, and takes the server's place") {
  const Desk desk;
  desk.MakeLedger();
  const auto key = ClerkOf(desk);
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--backups", desk.path("backups")});
  REQUIRE_FALSE(daemon.address().empty());
  // Two clients write while backups are made.
  std::atomic<bool> over{false};
  std::atomic<std::uint64_t> next{1};
  std::mutex mutex;
  Receipts receipts;
  std::vector<std::thread> clients;
  for (int c = 0; c < 2; ++c) {
    clients.emplace_back([&] {
      const auto stub = v1::Submission::NewStub(OwnChannel(daemon.address()));
      while (!over) {
        const std::uint64_t id = next++;
        v1::SubmitRequest request;
        request.set_signed_entry(Signed(key, id, Payment("donor", "hub", static_cast<std::int64_t>(id))));
        v1::Receipt receipt;
        grpc::ClientContext context;
        if (!stub->Submit(&context, request, &receipt).ok()) continue;
        const std::lock_guard lock(mutex);
        receipts.emplace(id, receipt);
      }
    });
  }
  const auto receipts_now = [&] {
    const std::lock_guard lock(mutex);
    return receipts.size();
  };
  std::string path;
  for (int i = 1; i <= 3; ++i) {
    // Of three more receipts one is of a record that the last backup cannot have: each client waits for one at most.
    const std::size_t wanted = receipts_now() + 3;
    for (int wait = 0; wait < 3'000 && receipts_now() < wanted; ++wait)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    const std::string before = daemon.Said("backup path=");
    kill(daemon.pid(), SIGUSR1);
    for (int wait = 0; wait < 500 && daemon.Said("backup path=") == before; ++wait)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    path = daemon.Said("backup path=");
    INFO(daemon.Log());
    REQUIRE(path != before);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  over = true;
  for (auto& client : clients) client.join();
  CHECK(std::distance(fs::directory_iterator(desk.path("backups")), fs::directory_iterator()) == 3);
  for (const auto& backup : fs::directory_iterator(desk.path("backups"))) {
    const auto verified = desk.Run("--json verify '" + backup.path().string() + "' --vkey " + VkeyOf(desk));
    INFO(verified.out << verified.err);
    CHECK(verified.exit == 0);
    CHECK(nlohmann::json::parse(verified.out)["size"] == backup.path().filename().string());
    CHECK_FALSE(fs::exists(backup.path() / "signing.key"));
  }
  CHECK(desk.Run("--ledger '" + path + "' balance hub").exit == 0);
  const auto pay = desk.Run("--ledger '" + path + "' " + kPay + "5");
  CHECK(pay.exit != 0);
  CHECK_THAT(pay.err, Contains("signing.key"));

  // The same size again: there is that backup already.
  kill(daemon.pid(), SIGUSR1);
  for (int wait = 0; wait < 500 && daemon.Said("backup path=") == path; ++wait)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  kill(daemon.pid(), SIGHUP);
  CHECK(daemon.Says("without TLS"));
  kill(daemon.pid(), SIGUSR1);
  CHECK(daemon.Says("no backup was made: there is a backup"));
  CHECK(daemon.Signal(SIGTERM) == 0);

  // The machine is lost. The last backup and the key, kept elsewhere, take its place; clients that have receipts
  // from after it send their entries again, and lose nothing.
  fs::rename(desk.path("l"), desk.path("lost"));
  fs::rename(path, desk.path("l"));
  fs::copy_file(desk.path("lost/signing.key"), desk.path("l/signing.key"));
  fs::permissions(desk.path("l/signing.key"), fs::perms::owner_read | fs::perms::owner_write);
  Daemon restored(desk);
  INFO(restored.Log());
  REQUIRE_FALSE(restored.address().empty());
  const auto stub = v1::Submission::NewStub(OwnChannel(restored.address()));
  for (auto& [id, receipt] : receipts) {
    v1::SubmitRequest request;
    request.set_signed_entry(Signed(key, id, Payment("donor", "hub", static_cast<std::int64_t>(id))));
    grpc::ClientContext context;
    REQUIRE(stub->Submit(&context, request, &receipt).ok());
  }
  CheckReceipts(desk, restored.address(), receipts);
}

TEST_CASE("the restore drill: departments send their receipts again, and all is found under new numbers") {
  const Desk desk;
  desk.MakeLedger();
  const auto reference = [&](const std::string& ref) {
    const auto shown = desk.Run("--ledger l show " + ref + " --json");
    REQUIRE(shown.exit == 0);
    return nlohmann::json::parse(shown.out)["entry"]["actions"][0]["transfer"]["reference"]
        .get<std::string>();
  };
  std::string path;
  {
    Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--backups", desk.path("backups")});
    REQUIRE_FALSE(daemon.address().empty());
    kill(daemon.pid(), SIGUSR1);
    REQUIRE(daemon.Says("backup path="));
    path = daemon.Said("backup path=");
    const std::string served = "--server " + daemon.address() + " " + kPay;
    REQUIRE(desk.Run(served + "11 --reference a --receipt a").exit == 0);
    REQUIRE(desk.Run(served + "12 --reference b --receipt b").exit == 0);
    REQUIRE(desk.Run(served + "13 --reference c --receipt c").exit == 0);
    CHECK(daemon.Signal(SIGTERM) == 0);
  }
  CHECK(reference("7.1") == "a");
  CHECK(reference("9.1") == "c");
  fs::rename(desk.path("l"), desk.path("lost"));
  fs::rename(path, desk.path("l"));
  fs::copy_file(desk.path("lost/signing.key"), desk.path("l/signing.key"));
  fs::permissions(desk.path("l/signing.key"), fs::perms::owner_read | fs::perms::owner_write);
  Daemon restored(desk);
  INFO(restored.Log());
  REQUIRE_FALSE(restored.address().empty());
  const std::string at = "--server " + restored.address() + " ";
  // Somebody else is first, and the receipts come in another order.
  REQUIRE(desk.Run(at + kPay + "14 --reference other").exit == 0);
  for (const char* name : {"c", "a", "b"}) {
    const auto sent = desk.Run(at + "submit " + name + " --receipt " + name + ".again");
    INFO(sent.err);
    CHECK(sent.exit == 0);
    CHECK(desk.Run("receipt verify " + std::string(name) + ".again --vkey " + VkeyOf(desk)).exit == 0);
  }
  const auto again = desk.Run(at + "submit a");
  CHECK(again.exit == 0);
  CHECK_THAT(again.out, Contains("it was in the ledger already"));
  CHECK(desk.Run(at + "submit a --dry-run").exit == 0);
  CHECK(restored.Signal(SIGTERM) == 0);
  CHECK(reference("7.1") == "other");
  CHECK(reference("8.1") == "c");
  CHECK(reference("9.1") == "a");
  CHECK(reference("10.1") == "b");
  CHECK(desk.Run("--ledger l show 11").exit == 2);
  CHECK(desk.Run("verify l --vkey " + VkeyOf(desk)).exit == 0);
  // Of a file that begins as a receipt does, and is none.
  desk.write("cut", desk.read("a").substr(0, desk.read("a").size() / 2));
  CHECK(desk.Run("--ledger l submit cut").exit == 2);
}

TEST_CASE("without a folder for them no backups are made, and what is in the way is told") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("file", "");
  {
    Daemon daemon(desk);
    kill(daemon.pid(), SIGUSR1);
    CHECK(daemon.Says("no backup was made: set backups"));
    CHECK(daemon.Signal(SIGTERM) == 0);
  }
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--backups", desk.path("file")});
  kill(daemon.pid(), SIGUSR1);
  CHECK(daemon.Says("no backup was made: cannot make the folder"));
  CHECK(desk.Run("--server " + daemon.address() + " " + kPay + "5").exit == 0);
}

TEST_CASE("new certificates are used without a restart, and those that cannot be are not") {
  const Desk desk;
  desk.MakeLedger();
  const auto shell = [&](const std::string& commands) { Shell(desk.path("."), commands); };
  for (const char* name : {"old", "new"}) MakeCertificate(desk.path("."), name);
  shell("cp old.pem cert.pem; cp old.key key.pem");
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--tls-cert", desk.path("cert.pem"), "--tls-key",
                       desk.path("key.pem")});
  INFO(daemon.Log());
  REQUIRE_FALSE(daemon.address().empty());
  const std::string at = "--server " + daemon.address() + " ";
  const auto serves = [&](const std::string& served, const std::string& not_served) {
    CHECK(desk.Run(at + "--ca " + served + ".pem checkpoint").exit == 0);
    CHECK(desk.Run(at + "--ca " + not_served + ".pem checkpoint").exit == 3);
  };
  serves("old", "new");
  // Half of the pair is there: the next connections still get the old one.
  shell("cp new.pem cert.pem");
  serves("old", "new");
  kill(daemon.pid(), SIGHUP);
  CHECK(daemon.Says("certificates stay as they were: " + desk.path("key.pem") + ": it is not the key of"));
  serves("old", "new");
  shell("cp new.key key.pem");
  kill(daemon.pid(), SIGHUP);
  CHECK(daemon.Says("certificates were read again"));
  serves("new", "old");
  shell("head -c 100 new.pem >cert.pem");
  kill(daemon.pid(), SIGHUP);
  CHECK(daemon.Says("certificates stay as they were: " + desk.path("cert.pem") +
                    ": certificate 1 in it cannot"));
  shell("rm key.pem cert.pem");
  kill(daemon.pid(), SIGHUP);
  CHECK(daemon.Says("certificates stay as they were: cannot read"));
  serves("new", "old");
  CHECK(daemon.Signal(SIGTERM) == 0);
}

// The guide for witnesses, run before the operator's: the witness that it starts, in place of the port that it names.
std::unique_ptr<WitnessProcess> RunWitnessGuide(const Desk& desk) {
  std::unique_ptr<WitnessProcess> witness;
  std::istringstream lines(FileText(FUNDTRAIL_SOURCE_DIR "/docs/witness.md"));
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("    fundtrail ", 0) != 0) continue;
    std::string command = line.substr(14);
    if (const auto at = command.find("demo/ledger"); at != std::string::npos) command.replace(at, 11, "l");
    INFO(command);
    if (command.rfind("witness ", 0) != 0) {
      CHECK(desk.Run(command).exit == 0);
    } else {
      witness = std::make_unique<WitnessProcess>(desk, command.substr(8) + " --listen 127.0.0.1:0");
      INFO(witness->Log());
      CHECK(witness->port() > 0);
    }
  }
  REQUIRE(witness != nullptr);
  return witness;
}

TEST_CASE("the commands of the operator's guide do what it says") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run(std::string("--ledger l ") + kPay + "5").exit == 0);  // record 7: the guide's backup has 8
  REQUIRE(desk.Run("--ledger l proof 7 --out payment.tlog-proof").exit == 0);
  desk.write("fundtraild.toml", "ledger = \"l\"\n");
  const auto witness = RunWitnessGuide(desk);
  desk.write("policy", "witness w " + witness->vkey() + " " + witness->url() + "\nquorum w\n");
  std::unique_ptr<Daemon> daemon;
  std::unique_ptr<CopyProcess> copy;
  const auto here = [&](std::string command) {
    for (const auto& [shown, real] :
         {std::pair<std::string, std::string>{"demo/ledger", "l"},
          {"/etc/fundtrail/fundtraild.toml", "fundtraild.toml"},
          {"/etc/fundtrail/policy", "policy"},
          {"/var/lib/fundtrail/backups", "backups"},
          {"/srv/www/ledger", "www"},
          {"root.key", "k"},
          {"127.0.0.1:7480", "127.0.0.1:0"},
          {"--from https://ledger.example.org",
           "--from " + (daemon != nullptr ? daemon->Said("archive at ") : std::string())},
          {"127.0.0.1:7450", copy != nullptr     ? copy->Said("address=")
                             : daemon != nullptr ? daemon->address()
                                                 : ""}}) {
      for (auto at = command.find(shown); at != std::string::npos; at = command.find(shown))
        command.replace(at, shown.size(), real);
    }
    return command;
  };
  const std::string guide = FileText(FUNDTRAIL_SOURCE_DIR "/docs/operators.md");
  std::istringstream lines(guide);
  int run = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("    ", 0) != 0) continue;
    const std::string command = here(line.substr(4));
    INFO(command);
    if (command.rfind("tools/cluster ", 0) == 0) continue;  // tests/cluster/run runs these
    REQUIRE(command.find(" /") == std::string::npos);       // nothing outside the desk is touched
    ++run;
    if (command.rfind("fundtraild --copy ", 0) == 0) {
      const std::string started = "cd '" + desk.path(".") + "' && exec " + ServerProgram() +
                                  command.substr(10) + " --listen 127.0.0.1:0";
      copy = std::make_unique<CopyProcess>(desk, "copy", std::vector<std::string>{"/bin/sh", "-c", started});
      CHECK(copy->Says(" tls="));
    } else if (command.rfind("fundtraild ", 0) == 0) {
      copy.reset();
      daemon.reset();
      const std::string started = "cd '" + desk.path(".") + "' && exec " + ServerProgram() +
                                  command.substr(10) + " --listen 127.0.0.1:0";
      daemon = std::make_unique<Daemon>(desk, std::vector<std::string>{},
                                        std::vector<std::string>{"/bin/sh", "-c", started});
      INFO(daemon->Log());
      CHECK_FALSE(daemon->address().empty());
      if (command.find("--policy") != std::string::npos) CHECK(daemon->Says("cosigned by the quorum"));
    } else if (command.rfind("kill -USR1 ", 0) == 0) {
      kill(daemon->pid(), SIGUSR1);
      CHECK(daemon->Says("backup path=backups/8"));
    } else {
      REQUIRE(command.rfind("fundtrail ", 0) == 0);
      const auto ran = desk.Run(command.substr(10));
      INFO(ran.out << ran.err);
      CHECK(ran.exit == 0);
    }
  }
  CHECK(run >= 11);
}

}  // namespace
}  // namespace fundtrail::testing
