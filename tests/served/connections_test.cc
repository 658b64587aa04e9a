// More connections than there may be: the server outlives them, and takes new ones when they are gone.
#include <arpa/inet.h>
#include <grpcpp/generic/generic_stub.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/served/client.h"
#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// Connections that say who they are, as HTTP/2 has it, and nothing more.
struct Crowd {
  Crowd(const std::string& address, int count) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < count; ++i) {
      sockets.push_back(socket(AF_INET, SOCK_STREAM, 0));
      REQUIRE(connect(sockets.back(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
      const std::string begin("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33);
      (void)send(sockets.back(), begin.data(), begin.size(), MSG_NOSIGNAL);
    }
  }
  ~Crowd() {
    for (const int one : sockets) close(one);
  }
  // Those that the server has closed: it greets the others, as HTTP/2 does.
  std::size_t Closed() const {
    std::size_t closed = 0;
    for (const int one : sockets) {
      const timeval long_enough{10, 0};
      setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, &long_enough, sizeof long_enough);
      char byte = 0;
      if (recv(one, &byte, 1, MSG_PEEK) <= 0) ++closed;
    }
    return closed;
  }
  std::vector<int> sockets;
};

bool Answers(const Desk& desk, const Daemon& daemon) {
  return desk.Run("--server " + daemon.address() + " balance hub").exit == 0;
}

TEST_CASE("more connections than may be are closed at once, and make room when they end") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("f.toml", "[limits]\nconnections = 12\nconnections_per_address = 10\n");
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--config", desk.path("f.toml")});
  {
    const Crowd crowd(daemon.address(), 15);
    CHECK(crowd.Closed() == 7);  // one address has at most twice what is left for others
    CHECK_FALSE(Answers(desk, daemon));
  }
  bool answers = false;
  for (int i = 0; i < 100 && !answers; ++i) answers = Answers(desk, daemon);
  CHECK(answers);
  CHECK(daemon.Signal(SIGTERM) == 0);
}

TEST_CASE(
    "a process that may have few files open takes fewer connections, and serves on after a flood of them") {
  const Desk desk;
  desk.MakeLedger();
  Daemon daemon(desk, {"--listen", "127.0.0.1:0"}, {"/usr/bin/prlimit", "--nofile=560:560"});
  CHECK(
      daemon.Says("limits.connections is 1000, and there will be 16: this process may have 560 files open"));
  for (int round = 0; round < 3; ++round) {
    const Crowd crowd(daemon.address(), 200);
    const std::size_t closed = crowd.Closed();
    CHECK(closed >= 190);  // exactly, when those of the round before are gone already
    CHECK(closed < 200);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));  // until the server knows that they are gone
  }
  const auto key = ClerkOf(desk);
  Receipts receipts;
  for (int i = 0; i < 100 && receipts.empty(); ++i)
    (void)PayUntilRefused(daemon.address(), key, 1, &receipts, 1);
  REQUIRE(receipts.size() == 1);
  CheckReceipts(desk, daemon.address(), receipts);
  CHECK(daemon.Signal(SIGTERM) == 0);
}

// Of the server, in MB.
std::size_t Resident(const Daemon& daemon) {
  std::ifstream status("/proc/" + std::to_string(daemon.pid()) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmRSS:", 0) == 0) return std::stoul(line.substr(6)) / 1'024;
  return 0;
}

// A question of 1 MB whose fields nobody knows: in memory they take 30 times as much.
std::string Odd() {
  std::string odd;
  for (int i = 0; i < 500'000; ++i) odd += "\x7b\x7c";
  return odd;
}

TEST_CASE("clients that send what takes much memory and take no answer hold none of it") {
  const Desk desk;
  desk.MakeLedger();
  Daemon daemon(desk);
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 5);  // the server may send so much unasked
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  grpc::GenericStub stub(
      grpc::CreateCustomChannel(daemon.address(), grpc::InsecureChannelCredentials(), arguments));
  const std::string odd = Odd();
  const grpc::Slice slice(odd);
  grpc::CompletionQueue queue;
  void* tag = nullptr;
  bool ok = false;
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::GenericClientAsyncReaderWriter>> held;
  for (int i = 0; i < 40; ++i) {
    for (const char* method : {"/fundtrail.v1.Ledger/GetCheckpoint", "/fundtrail.v1.Submission/SubmitStream",
                               "/fundtrail.v1.Submission/Submit"}) {
      if (i >= 30 && std::string(method) == "/fundtrail.v1.Submission/SubmitStream")
        continue;  // 32 may be open
      contexts.push_back(std::make_unique<grpc::ClientContext>());
      held.push_back(stub.PrepareCall(contexts.back().get(), method, &queue));
      held.back()->StartCall(nullptr);
      queue.Next(&tag, &ok);
      held.back()->Write(grpc::ByteBuffer(&slice, 1), nullptr);
      queue.Next(&tag, &ok);
    }
  }
  std::this_thread::sleep_for(std::chrono::seconds(1));
  const std::size_t resident = Resident(daemon);
  WARN("110 such calls are open, and the server has " << resident << " MB");
  CHECK(resident > 10);
  if (!RunsSanitized()) CHECK(resident < 400);  // one held by each of the calls would be 3,000
  CHECK(Answers(desk, daemon));
  for (auto& context : contexts) context->TryCancel();
  held.clear();
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
}

TEST_CASE("server reflection takes a bounded number of threads, however many ask for it") {
  const Desk desk;
  desk.MakeLedger();
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--backups", desk.path("backups")});
  grpc::GenericStub stub(OwnChannel(daemon.address()));
  grpc::CompletionQueue queue;
  void* tag = nullptr;
  bool ok = false;
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::GenericClientAsyncReaderWriter>> held;
  for (int i = 0; i < 100; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    held.push_back(stub.PrepareCall(
        contexts.back().get(), "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue));
    held.back()->StartCall(nullptr);
    queue.Next(&tag, &ok);
  }
  std::this_thread::sleep_for(std::chrono::seconds(1));
  const std::filesystem::directory_iterator tasks("/proc/" + std::to_string(daemon.pid()) + "/task");
  const auto threads = std::distance(std::filesystem::begin(tasks), std::filesystem::end(tasks));
  CHECK(threads > 5);
  CHECK(threads < 64);
  CHECK(Answers(desk, daemon));
  for (auto& context : contexts) context->TryCancel();
  held.clear();
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
}

TEST_CASE("tools find the services by server reflection") {
  const Desk desk;
  desk.MakeLedger();
  Daemon daemon(desk);
  const Ran ran = desk.Shell("/usr/bin/python3 - " + daemon.address(), R"(
import sys, grpc
channel = grpc.insecure_channel(sys.argv[1])
call = channel.stream_stream('/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo')
print(next(call(iter([b'\x3a\x00']), timeout=10)))  # list_services: ""
)");
  INFO(ran.err);
  CHECK(ran.exit == 0);
  for (const char* service : {"fundtrail.v1.Submission", "fundtrail.v1.Ledger", "grpc.health.v1.Health"})
    CHECK_THAT(ran.out, Contains(service));
}

TEST_CASE("a stop waits for no stream on which no entry comes, and ends in order") {
  const Desk desk;
  desk.MakeLedger();
  const auto key = ClerkOf(desk);
  Daemon daemon(desk);
  const auto stub = v1::Submission::NewStub(OwnChannel(daemon.address()));
  grpc::ClientContext context;
  const auto stream = stub->SubmitStream(&context);
  v1::SubmitRequest request;
  request.set_signed_entry(Signed(key, 1, Payment("donor", "hub", 1)));
  REQUIRE(stream->Write(request));
  v1::SubmitResult result;
  REQUIRE(stream->Read(&result));
  CHECK(result.has_receipt());
  const auto began = std::chrono::steady_clock::now();
  CHECK(daemon.Signal(SIGTERM) == 0);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));  // of stop_seconds' 20
  CHECK_FALSE(stream->Read(&result));
  CHECK(stream->Finish().error_code() == grpc::StatusCode::UNAVAILABLE);
}

TEST_CASE("a process that may have too few files open for the ledger itself does not start") {
  const Desk desk;
  desk.MakeLedger();
  const Daemon daemon(desk, {"--listen", "127.0.0.1:0"}, {"/usr/bin/prlimit", "--nofile=256:256"});
  CHECK(daemon.address().empty());
  CHECK(daemon.Says("this process may have 256 files open and needs 3512: raise the limit"));
}

}  // namespace
}  // namespace fundtrail::testing
