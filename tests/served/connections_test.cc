// More connections than there may be: the server outlives them, and takes new ones when they are gone.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "tests/served/client.h"
#include "tests/served/daemon.h"

namespace fundtrail::testing {
namespace {

// Connections that say nothing.
struct Crowd {
  Crowd(const std::string& address, int count) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < count; ++i) {
      sockets.push_back(socket(AF_INET, SOCK_STREAM, 0));
      REQUIRE(connect(sockets.back(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
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
    CHECK(crowd.Closed() == 5);
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
      daemon.Says("limits.connections is 1000, and there will be 48: this process may have 560 files open"));
  for (int round = 0; round < 3; ++round) {
    const Crowd crowd(daemon.address(), 200);
    CHECK(crowd.Closed() == 152);
  }
  const auto key = ClerkOf(desk);
  Receipts receipts;
  for (int i = 0; i < 100 && receipts.empty(); ++i)
    (void)PayUntilRefused(daemon.address(), key, 1, &receipts, 1);
  REQUIRE(receipts.size() == 1);
  CheckReceipts(desk, daemon.address(), receipts);
  CHECK(daemon.Signal(SIGTERM) == 0);
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
  CHECK(daemon.Says("this process may have 256 files open and needs 1512: raise the limit"));
}

}  // namespace
}  // namespace fundtrail::testing
