// How long a good client waits beside others who send without end what is refused, repeated or turned away, from one
// address and from four. Attackers are processes of their own on this machine. They stand for other machines, so the
// server and the good client go before them (nice). Decides nothing; prints. See docs/benchmarks.md.
//
//   fundtrail_hostile_bench FUNDTRAILD [SECONDS [PART]]    of each scenario, 10 by default; PART: only what begins so
#include <arpa/inet.h>
#include <grpcpp/create_channel_posix.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "bench/bench.h"
#include "fundtrail/v1/service.grpc.pb.h"
#include "ledger/folder/folder.h"
#include "ledger/pipeline/retry.h"
#include "server/status.h"

extern char** environ;

namespace fundtrail::bench {
namespace {

constexpr std::size_t kRecorded = 1'000;  // payments that attackers know of

int Connect(int port, int last_byte) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in own{}, server{};
  own.sin_family = server.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + static_cast<in_addr_t>(last_byte));
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  server.sin_port = htons(static_cast<std::uint16_t>(port));
  if (bind(socket, reinterpret_cast<sockaddr*>(&own), sizeof own) != 0 ||
      connect(socket, reinterpret_cast<sockaddr*>(&server), sizeof server) != 0) {
    close(socket);
    return -1;
  }
  return socket;
}

// From 127.0.0.N.
std::shared_ptr<grpc::Channel> From(int port, int last_byte) {
  return grpc::CreateInsecureChannelFromFd("from", Connect(port, last_byte));
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

grpc::ByteBuffer Bytewise(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

// --- attackers: the same message again and again, so many calls at a time from each address -------------------------

struct Attack {
  double until;
  std::string method;
  grpc::ByteBuffer message;
  std::atomic<std::uint64_t> answered{0}, turned_away{0};
  std::atomic<int> open{0};
};

struct Unary {
  explicit Unary(Attack* of, const std::shared_ptr<grpc::Channel>& channel) : attack(*of), stub(channel) {
    ++attack.open;
    Go();
  }
  void Go() {
    context = std::make_unique<grpc::ClientContext>();
    stub.UnaryCall(context.get(), attack.method, grpc::StubOptions(), &attack.message, &answer,
                   [this](const grpc::Status& end) {
                     ++(end.ok() ? attack.answered : attack.turned_away);
                     if (Now() < attack.until && end.error_code() != grpc::StatusCode::UNAVAILABLE) {
                       Go();
                     } else {
                       --attack.open;
                     }
                   });
  }
  Attack& attack;
  grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub;
  std::unique_ptr<grpc::ClientContext> context;
  grpc::ByteBuffer answer;
};

struct Streaming final : grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
  Streaming(Attack* of, const std::shared_ptr<grpc::Channel>& channel) : attack(*of), stub(channel) {
    ++attack.open;
    stub.PrepareBidiStreamingCall(&context, attack.method, grpc::StubOptions(), this);
    StartRead(&result);
    StartWrite(&attack.message);
    StartCall();
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    ++attack.answered;
    StartRead(&result);
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return;
    if (Now() < attack.until) {
      StartWrite(&attack.message);
    } else {
      context.TryCancel();
    }
  }
  void OnDone(const grpc::Status& end) override {
    if (end.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) ++attack.turned_away;
    --attack.open;
  }
  Attack& attack;
  grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub;
  grpc::ClientContext context;
  grpc::ByteBuffer result;
};

// attack PORT KIND FIRST_ADDRESS ADDRESSES CALLS SECONDS FILE
int RunAttack(char** argv) {
  (void)!nice(15);
  const int port = std::stoi(argv[2]), first = std::stoi(argv[4]), addresses = std::stoi(argv[5]),
            calls = std::stoi(argv[6]);
  const std::string kind = argv[3];
  Attack attack;
  attack.until = Now() + std::stod(argv[7]);
  attack.method = std::string("/fundtrail.v1.") + (kind == "streams"  ? "Submission/SubmitStream"
                                                   : kind == "traces" ? "Ledger/Trace"
                                                                      : "Submission/SubmitBatch");
  attack.message = Bytewise(ReadFile(argv[8]));
  std::vector<std::unique_ptr<Unary>> unary;
  std::vector<std::unique_ptr<Streaming>> streams;
  for (int a = 0; a < addresses; ++a) {
    std::shared_ptr<grpc::Channel> channel;
    for (int c = 0; c < calls; ++c) {
      if (c % 20 == 0) channel = From(port, first + a);
      if (kind == "streams") {
        streams.push_back(std::make_unique<Streaming>(&attack, channel));
      } else {
        unary.push_back(std::make_unique<Unary>(&attack, channel));
      }
    }
  }
  while (attack.open > 0 && Now() < attack.until + 5) usleep(10'000);
  fmt::print("    {} from {} address(es), {} at a time from each: {} answered, {} turned away\n", kind,
             addresses, calls, attack.answered.load(), attack.turned_away.load());
  std::fflush(stdout);
  _exit(0);
}

// --- the server and its good client -------------------------------------------------------------------------------

pid_t Spawn(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  if (posix_spawn(&pid, argv[0], nullptr, nullptr, argv.data(), environ) != 0) std::exit(1);
  return pid;
}

struct Waits {
  std::vector<double> seconds;
  std::uint64_t tries = 0, failed = 0;
  void Print(const std::string& what) {
    std::sort(seconds.begin(), seconds.end());
    const auto at = [&](double part) {
      return seconds.empty()
                 ? 0.0
                 : 1'000 *
                       seconds[std::min(seconds.size() - 1, static_cast<std::size_t>(
                                                                part * static_cast<double>(seconds.size())))];
    };
    fmt::print("    {}: {} had, p50 {:.1f} p90 {:.1f} p99 {:.1f} max {:.1f} ms; {} tries, {} failed\n", what,
               seconds.size(), at(0.5), at(0.9), at(0.99), at(1), tries, failed);
  }
};

// Until it is had, however often it is turned away.
template <typename Call>
void Until(Waits* waits, double until, const Call& call) {
  const double start = Now();
  while (true) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    const Status end = server::FromGrpc(call(&context));
    ++waits->tries;
    const auto delay = pipeline::RetryDelay(end);
    if (delay.has_value() && Now() < until + 30) {
      std::this_thread::sleep_for(*delay);
      continue;
    }
    if (end.ok()) waits->seconds.push_back(Now() - start);
    if (!end.ok()) ++waits->failed;
    return;
  }
}

v1::Entry Payment(std::uint64_t id) {
  v1::Entry entry = EntryWith(id);
  AddPayment(&entry, "donor", "d1", 100);
  return entry;
}

struct World {
  std::string dir, recorded, foreign, large, one_recorded, one_foreign, trace;
};

World MakeWorld() {
  World world;
  char name[] = "/tmp/fundtrail-hostile-XXXXXX";
  world.dir = mkdtemp(name);
  const auto key = Key(), own = Must(crypto::SigningKey::FromSeed(Bytes(32, 'x')));
  const auto clock = log::SystemClock();
  const auto ledger = Must(
      folder::CreateFolder(world.dir + "/l", kName, Signed(Genesis(), key), clock, crypto::SystemRandom()));
  Must(ledger->AppendOne(Signed(Names(), key), clock).status());
  v1::SubmitBatchRequest recorded, foreign, large;
  std::vector<Bytes> entries;
  for (std::uint64_t i = 0; i < kRecorded; ++i) {
    entries.push_back(Signed(Payment(1'000 + i), key));
    recorded.add_signed_entries(entries.back());
    foreign.add_signed_entries(Signed(Payment(1'000'000 + i), own));
  }
  for (const auto& one : ledger->Append(entries, clock)) Must(one.status());
  for (std::uint64_t i = 0; i < 40; ++i) {
    v1::Entry entry = EntryWith(2'000'000 + i);
    for (int t = 0; t < 800; ++t) AddPayment(&entry, "donor", "d1", 100);
    large.add_signed_entries(Signed(entry, own));
  }
  v1::SubmitRequest one;
  const auto keep = [&](const std::string& file, const google::protobuf::Message& message) {
    std::ofstream(world.dir + "/" + file, std::ios::binary) << message.SerializeAsString();
    return world.dir + "/" + file;
  };
  world.recorded = keep("recorded", recorded);
  world.foreign = keep("foreign", foreign);
  world.large = keep("large", large);
  one.set_signed_entry(recorded.signed_entries(0));
  world.one_recorded = keep("one_recorded", one);
  one.set_signed_entry(foreign.signed_entries(0));
  world.one_foreign = keep("one_foreign", one);
  v1::TraceRequest trace;
  trace.set_direction(v1::DIRECTION_FROM);
  trace.set_party("donor");
  trace.set_paths(true);
  trace.set_tree(true);
  trace.set_path_budget(100'000);
  world.trace = keep("trace", trace);
  return world;
}

struct Scenario {
  std::string name, kind, file;
  int addresses, calls;
};

void Run(const std::string& self, const std::string& fundtraild, const World& world, const Scenario& scenario,
         double seconds) {
  fmt::print("{}\n", scenario.name);
  std::fflush(stdout);
  const std::string dir = world.dir + "/run";
  std::filesystem::remove_all(dir);
  std::filesystem::copy(world.dir + "/l", dir, std::filesystem::copy_options::recursive);
  const int port = 20'000 + static_cast<int>(getpid() % 30'000);
  const pid_t server = Spawn({fundtraild, "--ledger", dir, "--listen", "127.0.0.1:" + std::to_string(port)});
  for (int socket = -1; socket < 0; close(socket)) {
    socket = Connect(port, 1);
    if (socket < 0) usleep(20'000);
  }
  pid_t attacker = 0;
  if (scenario.addresses > 0) {
    attacker =
        Spawn({self, "attack", std::to_string(port), scenario.kind, "2", std::to_string(scenario.addresses),
               std::to_string(scenario.calls), std::to_string(seconds + 1), scenario.file});
    usleep(700'000);
  }
  const double until = Now() + seconds;
  const auto key = Key();
  Waits receipts, batches, questions;
  std::atomic<std::uint64_t> id{10'000'000};
  std::thread paying([&] {
    const auto stub = v1::Submission::NewStub(From(port, 1));
    while (Now() < until) {
      v1::SubmitRequest request;
      request.set_signed_entry(Signed(Payment(id++), key));
      Until(&receipts, until, [&](grpc::ClientContext* context) {
        v1::Receipt receipt;
        return stub->Submit(context, request, &receipt);
      });
      usleep(20'000);
    }
  });
  std::thread asking([&] {
    const auto stub = v1::Ledger::NewStub(From(port, 1));
    while (Now() < until) {
      Until(&questions, until, [&](grpc::ClientContext* context) {
        v1::BalanceRequest request;
        request.set_party("d1");
        v1::BalanceAnswer answer;
        return stub->Balance(context, request, &answer);
      });
      usleep(50'000);
    }
  });
  std::thread batching([&] {
    const auto stub = v1::Submission::NewStub(From(port, 6));
    while (Now() < until) {
      v1::SubmitBatchRequest request;
      for (int i = 0; i < 1'000; ++i) request.add_signed_entries(Signed(Payment(id++), key));
      Until(&batches, until, [&](grpc::ClientContext* context) {
        v1::SubmitBatchAnswer answer;
        return stub->SubmitBatch(context, request, &answer);
      });
      sleep(1);
    }
  });
  for (auto* thread : {&paying, &asking, &batching}) thread->join();
  receipts.Print("receipts");
  batches.Print("batches of 1,000");
  questions.Print("balances");
  std::fflush(stdout);
  int end = 0;
  if (attacker != 0) waitpid(attacker, &end, 0);
  kill(server, SIGTERM);
  waitpid(server, &end, 0);
  fmt::print("    the server ended with {}\n", WIFEXITED(end) ? WEXITSTATUS(end) : -1);
  std::fflush(stdout);
}

int Main(int argc, char** argv) {
  if (argc > 8 && std::string(argv[1]) == "attack") return RunAttack(argv);
  if (argc < 2) return 2;
  const double seconds = argc > 2 ? std::stod(argv[2]) : 10;
  const std::string part = argc > 3 ? argv[3] : "";
  Must(crypto::Init());
  const World world = MakeWorld();
  const std::string self = std::filesystem::read_symlink("/proc/self/exe");
  for (const Scenario& scenario :
       std::vector<Scenario>{{"alone", "", "", 0, 0},
                             {"one address, repeated batches", "batches", world.recorded, 1, 40},
                             {"one address, foreign batches", "batches", world.foreign, 1, 40},
                             {"one address, large batches", "batches", world.large, 1, 40},
                             {"one address, repeated streams", "streams", world.one_recorded, 1, 40},
                             {"one address, foreign streams", "streams", world.one_foreign, 1, 40},
                             {"four addresses, repeated batches", "batches", world.recorded, 4, 40},
                             {"four addresses, foreign batches", "batches", world.foreign, 4, 40},
                             {"four addresses, repeated streams", "streams", world.one_recorded, 4, 40},
                             {"four addresses, traces", "traces", world.trace, 4, 80}}) {
    if (scenario.name.rfind(part, 0) == 0) Run(self, argv[1], world, scenario, seconds);
  }
  std::filesystem::remove_all(world.dir);
  return 0;
}

}  // namespace
}  // namespace fundtrail::bench

int main(int argc, char** argv) { return fundtrail::bench::Main(argc, argv); }
