// Accepting connections, where it is possible and where it is not.
#include "ledger/net/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <vector>

#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

using net::Listener;

// A client's socket; it connects when it is told to.
struct Client {
  explicit Client(int family) : socket(::socket(family, SOCK_STREAM, 0)) { REQUIRE(socket >= 0); }
  ~Client() { close(socket); }
  bool Connect(int port) const {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  bool Connect(const std::string& path) const {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, path.data(), path.size());
    return connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  int socket;
};

// Sends one byte on each connection and closes it.
Listener::Take Greet() {
  return [](int, int socket, const sockaddr_storage&) {
    send(socket, "!", 1, MSG_NOSIGNAL);
    close(socket);
  };
}

bool IsGreeted(const Client& client) {
  char byte = 0;
  return read(client.socket, &byte, 1) == 1 && byte == '!';
}

Status Refused(const std::string& address) { return Listener::Open(address).status(); }

TEST_CASE("connections are taken on a free port, until it stops") {
  auto listener = Listener::Open("127.0.0.1:0");
  REQUIRE(listener.ok());
  const int port = (*listener)->port();
  CHECK(port > 0);
  (*listener)->Start(Greet());
  for (int i = 0; i < 3; ++i) {
    const Client client(AF_INET);
    REQUIRE(client.Connect(port));
    CHECK(IsGreeted(client));
  }
  const Status twice = Refused("127.0.0.1:" + std::to_string(port));
  CHECK(twice.code() == absl::StatusCode::kUnavailable);
  CHECK(std::string(twice.message()) ==
        "cannot listen on 127.0.0.1:" + std::to_string(port) + ": Address already in use");
  (*listener)->Stop();
  CHECK_FALSE(Client(AF_INET).Connect(port));
  CHECK(Refused("127.0.0.1:" + std::to_string(port)).ok());  // and the port can be had again at once
}

TEST_CASE("all addresses of a name are listened on, on one port") {
  auto listener = Listener::Open("localhost:0");
  REQUIRE(listener.ok());
  (*listener)->Start(Greet());
  const Client client(AF_INET);
  REQUIRE(client.Connect((*listener)->port()));
  CHECK(IsGreeted(client));
}

TEST_CASE("what is no address is told") {
  for (const char* wrong : {"127.0.0.1", "127.0.0.1:http", "127.0.0.1:70000", "127.0.0.1:-1", ":7450",
                            "127.0.0.1:", "not a host:1", "unix:"}) {
    INFO(wrong);
    CHECK(Refused(wrong).code() == absl::StatusCode::kInvalidArgument);
  }
  CHECK(Refused("unix:/" + std::string(200, 'x')).code() == absl::StatusCode::kInvalidArgument);
  CHECK(Refused("203.0.113.7:0").code() == absl::StatusCode::kUnavailable);
  CHECK(Refused("unix:/no/such/folder/socket").code() == absl::StatusCode::kUnavailable);
}

TEST_CASE("a socket file is replaced when nobody listens on it, and removed at the end") {
  const TempDir dir;
  const std::string path = dir / "socket";
  {  // left behind by a process that died
    const Client dead(AF_UNIX);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::memcpy(at.sun_path, path.data(), path.size());
    REQUIRE(bind(dead.socket, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  }
  REQUIRE(std::filesystem::exists(path));
  auto listener = Listener::Open("unix:" + path);
  REQUIRE(listener.ok());
  CHECK((*listener)->port() == 0);
  (*listener)->Start(Greet());
  CHECK(Refused("unix:" + path).code() == absl::StatusCode::kUnavailable);  // somebody listens
  const Client client(AF_UNIX);
  REQUIRE(client.Connect(path));
  CHECK(IsGreeted(client));
  (*listener)->Stop();
  CHECK_FALSE(std::filesystem::exists(path));
  REQUIRE(std::filesystem::create_directory(path));
  CHECK(Refused("unix:" + path).code() == absl::StatusCode::kUnavailable);
  CHECK(std::filesystem::is_directory(path));  // what is no socket is not touched
}

TEST_CASE("without descriptors connections wait, and are taken when there are some again") {
  auto listener = Listener::Open("127.0.0.1:0");
  REQUIRE(listener.ok());
  const Client first(AF_INET), second(AF_INET);
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  std::vector<int> taken;
  (*listener)->Start(Greet());
  REQUIRE(first.Connect((*listener)->port()));
  CHECK(IsGreeted(first));
  const rlimit few{static_cast<rlim_t>(second.socket) + 1, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
  for (int file = 0; (file = dup(first.socket)) >= 0;) taken.push_back(file);
  REQUIRE(second.Connect((*listener)->port()));
  const timeval soon{0, 300'000};
  REQUIRE(setsockopt(second.socket, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon) == 0);
  CHECK_FALSE(IsGreeted(second));
  for (const int file : taken) close(file);
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  const timeval long_enough{10, 0};
  REQUIRE(setsockopt(second.socket, SOL_SOCKET, SO_RCVTIMEO, &long_enough, sizeof long_enough) == 0);
  CHECK(IsGreeted(second));
}

TEST_CASE("the limit of open files is raised as far as it may") {
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit low{64, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &low) == 0);
  CHECK(net::RaiseFileLimit() == before.rlim_max);
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
}

}  // namespace
}  // namespace fundtrail::testing
