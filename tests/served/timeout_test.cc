// --timeout bounds every command that asks: a server that is silent, sleeps, is stopped or full, and hosts that say nothing.
#include <arpa/inet.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "ledger/pipeline/retry.h"
#include "server/status.h"
#include "tests/served/client.h"
#include "tests/served/daemon.h"
#include "tests/support/certificates.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using Seconds = std::chrono::duration<double>;

// Accepts, as the machine does for it, and says nothing.
class SilentPort {
 public:
  SilentPort() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(socket_, 100) == 0);
    REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  ~SilentPort() { close(socket_); }
  const std::string& address() const { return address_; }

 private:
  const int socket_;
  std::string address_;
};

// Questions that are answered late, or not.
class Slow final : public v1::Ledger::Service {
 public:
  using Answer = std::function<grpc::Status(grpc::ServerContext*)>;
  explicit Slow(Answer answer, std::string note = "") : answer_(std::move(answer)), note_(std::move(note)) {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
  }
  ~Slow() override {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }
  const std::string& address() const { return address_; }

  // Until the client has gone.
  static grpc::Status Sleep(grpc::ServerContext* context) {
    while (!context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return grpc::Status::CANCELLED;
  }

  using Context = grpc::ServerContext;
  grpc::Status GetCheckpoint(Context* c, const v1::CheckpointRequest*,
                             v1::CheckpointAnswer* answer) override {
    answer->mutable_as_of()->set_note(note_);
    answer->mutable_as_of()->set_ledger("example.org/l");
    return answer_(c);
  }
  grpc::Status Show(Context* c, const v1::ShowRequest*, v1::ShowAnswer*) override { return answer_(c); }
  grpc::Status Balance(Context* c, const v1::BalanceRequest*, v1::BalanceAnswer*) override {
    return answer_(c);
  }
  grpc::Status Trace(Context* c, const v1::TraceRequest*, v1::TraceAnswer*) override { return answer_(c); }
  grpc::Status LedgerKeys(Context* c, const v1::LedgerKeysRequest*, v1::LedgerKeyAnswer*) override {
    return answer_(c);
  }
  grpc::Status Prove(Context* c, const v1::ProveRequest*, v1::ProveAnswer*) override { return answer_(c); }
  grpc::Status List(Context* c, const v1::ListRequest*, grpc::ServerWriter<v1::ListAnswer>* w) override {
    return Stream(c, w);
  }
  grpc::Status Statement(Context* c, const v1::StatementRequest*,
                         grpc::ServerWriter<v1::StatementAnswer>* w) override {
    return Stream(c, w);
  }
  grpc::Status Registers(Context* c, const v1::RegistersRequest*,
                         grpc::ServerWriter<v1::RegistersAnswer>* w) override {
    return Stream(c, w);
  }
  grpc::Status Summary(Context* c, const v1::SummaryRequest*, v1::SummaryAnswer*) override {
    return answer_(c);
  }
  grpc::Status FlowsBy(Context* c, const v1::FlowsByRequest*, v1::FlowsByAnswer*) override {
    return answer_(c);
  }
  grpc::Status Compare(Context* c, const v1::CompareRequest*, v1::CompareAnswer*) override {
    return answer_(c);
  }
  grpc::Status Committed(Context* c, const v1::CommittedRequest*, v1::CommittedAnswer*) override {
    return answer_(c);
  }
  grpc::Status Series(Context* c, const v1::SeriesRequest*, v1::SeriesAnswer*) override { return answer_(c); }
  grpc::Status Top(Context* c, const v1::TopRequest*, grpc::ServerWriter<v1::TopAnswer>* w) override {
    return Stream(c, w);
  }
  grpc::Status Idle(Context* c, const v1::IdleRequest*, grpc::ServerWriter<v1::IdleAnswer>* w) override {
    return Stream(c, w);
  }
  grpc::Status Findings(Context* c, const v1::FindingsRequest*,
                        grpc::ServerWriter<v1::FindingsAnswer>* w) override {
    return Stream(c, w);
  }
  grpc::Status Log(Context* c, const v1::LogRequest*, grpc::ServerWriter<v1::LogAnswer>* w) override {
    return Stream(c, w);
  }
  grpc::Status Keys(Context* c, const v1::KeysRequest*, grpc::ServerWriter<v1::KeyAnswer>* w) override {
    return Stream(c, w);
  }
  grpc::Status Records(Context* c, const v1::RecordsRequest*,
                       grpc::ServerWriter<v1::RecordsAnswer>* w) override {
    return Stream(c, w);
  }

  std::atomic<bool> a_page_first{false};

 private:
  template <typename Page>
  grpc::Status Stream(Context* context, grpc::ServerWriter<Page>* writer) {
    if (a_page_first) writer->Write(Page());
    return answer_(context);
  }
  const Answer answer_;
  const std::string note_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

const std::string kPay =
    "pay --from donor --to hub --amount 1 --asset CNY --fund winter --key clerk --as root";

std::vector<std::string> Commands(const Desk& desk, const std::string& address, const std::string& options) {
  std::vector<std::string> all;
  for (const std::string& command :
       {std::string("show 1"), std::string("list"), std::string("list --csv"), std::string("balance hub"),
        std::string("statement hub --csv"), std::string("statement hub"), std::string("trace from 1.1"),
        std::string("party tree"), std::string("summary"), std::string("top"), std::string("series"),
        std::string("idle --csv"), std::string("key list"), std::string("ledger-key list"),
        std::string("checkpoint"), std::string("proof 1 --out p"), std::string("consistency kept"), kPay,
        std::string("import csv rows.csv --key clerk --as root")})
    all.push_back(options + "--server " + address + " " + command);
  all.push_back(options + "verify " + address + " --vkey " + VkeyOf(desk));
  all.push_back(options + "clone " + address + " copy --vkey " + VkeyOf(desk));
  return all;
}

void Prepare(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    first.MakeLedger();
    first.write("kept", first.Run("--ledger l checkpoint").out);
    first.write("rows.csv", "date,from,to,amount,asset,fund\n2026-01-02,donor,hub,1,CNY,winter\n");
  });
}

// All of them at once: they wait, and do no work.
void CheckGiveUp(const Desk& desk, const std::vector<std::string>& commands) {
  std::vector<std::string> problems(commands.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    threads.emplace_back([&, i] {
      const std::string name = "run" + std::to_string(i);
      const auto start = std::chrono::steady_clock::now();
      // Each with files of its own.
      const int status =
          std::system(("cd '" + desk.path("") + "' && XDG_STATE_HOME=\"$PWD/state\" timeout 60 " + Program() +
                       " " + commands[i] + " </dev/null >" + name + ".out 2>" + name + ".err")
                          .c_str());
      const Seconds took = std::chrono::steady_clock::now() - start;
      const std::string err = desk.read(name + ".err");
      // A loaded machine is slow too, but nobody waits for the 20 or 60 seconds of old.
      if (WEXITSTATUS(status) != 3 || took > Seconds(15) || !Has(err, "(--timeout 2)"))
        problems[i] = commands[i] + ": exit " + std::to_string(WEXITSTATUS(status)) + " after " +
                      std::to_string(took.count()) + " s: " + err;
    });
  }
  for (auto& thread : threads) thread.join();
  for (const std::string& problem : problems) {
    INFO(problem);
    CHECK(problem.empty());
  }
}

TEST_CASE("whatever is asked of whom does not answer ends with the time of --timeout") {
  const Desk desk;
  Prepare(desk);
  SECTION("a port that accepts and says nothing") {
    const SilentPort port;
    CheckGiveUp(desk, Commands(desk, port.address(), "--timeout 2 "));
  }
  SECTION("a port that says nothing to the beginning of TLS") {
    const SilentPort port;
    MakeCertificate(desk.path(""), "ca");
    CheckGiveUp(desk, Commands(desk, port.address(), "--timeout 2 --ca ca.pem "));
  }
  SECTION("a server that takes the question and sleeps") {
    const Slow server(Slow::Sleep);
    CheckGiveUp(desk, Commands(desk, server.address(), "--timeout 2 "));
  }
  SECTION("a server that is full for ever") {
    const Slow server([](grpc::ServerContext*) {
      return server::ToGrpc(
          pipeline::AgainIn(std::chrono::milliseconds(100), "too many questions wait: ask again"));
    });
    CheckGiveUp(desk, Commands(desk, server.address(), "--timeout 2 "));
    const auto ran = desk.Run("--timeout 2 --server " + server.address() + " balance hub");
    CHECK_THAT(ran.err, Contains("the server has been full for "));
    CHECK_THAT(ran.err, Contains("too many questions wait"));
  }
  SECTION("a fundtraild that was stopped") {
    Daemon daemon(desk);
    REQUIRE_FALSE(daemon.address().empty());
    kill(daemon.pid(), SIGSTOP);
    CheckGiveUp(desk, Commands(desk, daemon.address(), "--timeout 2 "));
    kill(daemon.pid(), SIGCONT);
  }
}

TEST_CASE("a stream that stops in the middle is waited for as long as one page may take") {
  const Desk desk;
  Prepare(desk);
  Slow server(Slow::Sleep);
  server.a_page_first = true;
  for (const char* command : {"list", "list --csv", "statement hub --csv", "party list", "fund list"}) {
    const auto start = std::chrono::steady_clock::now();
    const auto ran = desk.Run("--timeout 1 --server " + server.address() + " " + command);
    INFO(command << ran.out << ran.err);
    CHECK(ran.exit == 3);
    CHECK_THAT(ran.err, Contains("the server is there, and has sent nothing for 1 seconds"));
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(15));
  }
}

TEST_CASE("a server that is full for a moment is waited for, by questions as well") {
  const Desk desk;
  Prepare(desk);
  const std::string note = desk.read("kept");
  const auto begun = std::chrono::steady_clock::now();
  const Slow server(
      [&](grpc::ServerContext*) {
        if (std::chrono::steady_clock::now() - begun > std::chrono::milliseconds(1'500))
          return grpc::Status::OK;
        return server::ToGrpc(pipeline::AgainIn(std::chrono::milliseconds(100), "too many questions wait"));
      },
      note);
  const auto ran = desk.Run("--timeout 30 --server " + server.address() + " checkpoint");
  INFO(ran.err);
  CHECK(ran.exit == 0);
  CHECK(ran.out == note);
}

TEST_CASE("Ctrl-C ends a command that waits, at once") {
  const Desk desk;
  const SilentPort port;
  for (const char* command : {"balance hub", "list --csv", "checkpoint"}) {
    const auto start = std::chrono::steady_clock::now();
    const auto ran = desk.Shell("timeout -s INT 1 " + Program() + " --timeout 60 --server " + port.address() +
                                " " + command);
    CHECK(ran.exit == 124);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(8));
  }
}

TEST_CASE(
    "a host of an archive that says nothing, or a byte a second, is given up with the time of --timeout") {
  const Desk desk;
  Prepare(desk);
  const SilentPort port;
  for (const char* scheme : {"http://", "https://"}) {
    const auto start = std::chrono::steady_clock::now();
    const auto ran =
        desk.Run("--timeout 2 verify " + (scheme + port.address()) + "/ledger --vkey " + VkeyOf(desk));
    INFO(ran.out << ran.err);
    CHECK(ran.exit == 3);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(15));
  }
}

}  // namespace
}  // namespace fundtrail::testing
