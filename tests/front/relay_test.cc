// Bytes between clients and what takes gRPC's place here: unchanged both ways, bounded, with TLS and without.
#include "server/front/relay.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <mutex>
#include <thread>

namespace fundtrail::testing {
namespace {

using server::FrontLimits;
using server::Relay;
using server::Shares;

const std::string kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

std::string Data(std::size_t size, char letter = 'd') {
  std::string frame{static_cast<char>(size >> 16), static_cast<char>(size >> 8), static_cast<char>(size)};
  return frame + std::string("\0\0\0\0\0\1", 6) + std::string(size, letter);
}

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// What is there within five seconds; all that comes until the end when `size` is 0.
std::string Read(int socket, std::size_t size) {
  const timeval patience{5, 0};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::string all;
  std::array<char, 65'536> buffer{};
  while (size == 0 || all.size() < size) {
    const ssize_t got = recv(socket, buffer.data(),
                             size == 0 ? buffer.size() : std::min(buffer.size(), size - all.size()), 0);
    if (got <= 0) break;
    all.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return all;
}

void Write(int socket, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t put = send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (put <= 0) return;
    sent += static_cast<std::size_t>(put);
  }
}

// A relay with what it gives to the server.
struct Between {
  explicit Between(FrontLimits limits = {}, const Relay::Tls& tls = {}) : shares(limits, Now) {
    auto started = Relay::Start(
        &shares, tls,
        [this](int socket) {
          const std::lock_guard lock(mutex);
          given.push_back(socket);
        },
        [](std::size_t bytes, bool /*too_long*/) {
          return server::CallEnd{8, std::to_string(bytes) + " are too many", ""};
        },
        2);
    REQUIRE(started.ok());
    relay = *std::move(started);
  }
  ~Between() {
    relay.reset();
    for (const int socket : given) close(socket);
  }
  // A client's end.
  int Connect(const std::string& address = "ipv4:10.0.0.7") const {
    std::array<int, 2> pair{};
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) == 0);
    const int flags = fcntl(pair[1], F_GETFL);
    fcntl(pair[1], F_SETFL, flags | O_NONBLOCK);
    relay->Take(pair[1], address);
    return pair[0];
  }
  // The server's end of the n-th connection; -1 when there is none within five seconds.
  int Given(std::size_t number) {
    for (int i = 0; i < 500; ++i) {
      {
        const std::lock_guard lock(mutex);
        if (given.size() > number) {
          const int flags = fcntl(given[number], F_GETFL);
          fcntl(given[number], F_SETFL, flags & ~O_NONBLOCK);
          return given[number];
        }
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return -1;
  }
  bool Empties() const {
    for (int i = 0; i < 500 && shares.connections() > 0; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return shares.connections() == 0;
  }
  Shares shares;
  std::mutex mutex;
  std::vector<int> given;
  std::unique_ptr<Relay> relay;
};

TEST_CASE("bytes go both ways unchanged, and the server is told the client's address") {
  Between between;
  const int client = between.Connect("ipv6:2001:db8::");
  Write(client, kPreface.substr(0, 10));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(between.given.empty());  // nothing is held for it at the server before it is known to speak HTTP/2
  Write(client, kPreface.substr(10));
  const int server = between.Given(0);
  REQUIRE(server >= 0);
  sockaddr_un name{};
  socklen_t size = sizeof name;
  REQUIRE(getpeername(server, reinterpret_cast<sockaddr*>(&name), &size) == 0);
  const std::string path(name.sun_path + 1, size - sizeof name.sun_family - 1);
  CHECK(path.rfind("fundtrail/", 0) == 0);
  CHECK(path.substr(path.rfind('/')) == "/ipv6:2001:db8::");
  CHECK(Read(server, kPreface.size()) == kPreface);
  // More than any buffer on the way holds, both ways at once.
  std::string large;
  for (int i = 0; i < 200; ++i) large += Data(16'384, static_cast<char>('a' + i % 26));
  std::thread up([&] { Write(client, large); });
  std::thread down([&] { Write(server, large); });
  std::string at_client;
  std::thread reader([&] { at_client = Read(client, large.size()); });
  CHECK(Read(server, large.size()) == large);
  for (auto* thread : {&up, &down, &reader}) thread->join();
  CHECK(at_client == large);
  CHECK(between.shares.connections() == 1);
  close(client);
  CHECK(Read(server, 0).empty());
  CHECK(between.Empties());
}

TEST_CASE("what the server says last arrives, and then the end") {
  Between between;
  const int client = between.Connect();
  Write(client, kPreface);
  const int server = between.Given(0);
  REQUIRE(server >= 0);
  Write(server, Data(30'000));
  shutdown(server, SHUT_RDWR);
  CHECK(Read(client, 0) == Data(30'000));
  close(client);
  CHECK(between.Empties());
}

TEST_CASE("a client that takes nothing holds little, and stops neither itself for ever nor others") {
  Between between;
  const int deaf = between.Connect(), other = between.Connect();
  Write(deaf, kPreface);
  const int server = between.Given(0);
  REQUIRE(server >= 0);
  // The server can write so much, and no more.
  fcntl(server, F_SETFL, fcntl(server, F_GETFL) | O_NONBLOCK);
  std::size_t written = 0;
  for (int quiet = 0; quiet < 20;) {
    const std::string more = Data(16'384);
    const ssize_t put = send(server, more.data(), more.size(), MSG_NOSIGNAL);
    if (put > 0) {
      written += static_cast<std::size_t>(put);
      quiet = 0;
    } else {
      ++quiet;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  CHECK(written < std::size_t{1} << 20);
  Write(other, kPreface);
  const int second = between.Given(1);
  REQUIRE(second >= 0);
  CHECK(Read(second, kPreface.size()) == kPreface);
  close(deaf);
  close(other);
  CHECK(between.Empties());
}

TEST_CASE("a client that says something else is told so, and ends") {
  Between between;
  const int client = between.Connect();
  Write(client, "GET / HTTP/1.1\r\n\r\n");
  const std::string told = Read(client, 0);
  CHECK(told.find("this port speaks gRPC, over HTTP/2") != std::string::npos);
  CHECK(between.given.empty());
  close(client);
  CHECK(between.Empties());
}

TEST_CASE("frames that have to wait are sent on when their time has come") {
  FrontLimits limits;
  limits.frames_per_second = 200;  // 400 at once
  Between between(limits);
  const int client = between.Connect();
  std::string pings;
  for (int i = 0; i < 500; ++i) pings += std::string("\0\0\0\6\0\0\0\0\0", 9);
  const double began = Now();
  Write(client, kPreface + pings);
  const int server = between.Given(0);
  REQUIRE(server >= 0);
  CHECK(Read(server, kPreface.size() + pings.size()) == kPreface + pings);
  CHECK(Now() - began >= 0.45);  // 99 too many, at 200 a second: they cannot have come before
  close(client);
  CHECK(between.Empties());
}

TEST_CASE("connections that come too fast begin one after the other") {
  FrontLimits limits;
  limits.connections_per_second = 20;  // ten at once
  Between between(limits);
  std::vector<int> clients;
  const double began = Now();
  for (int i = 0; i < 20; ++i) Write(clients.emplace_back(between.Connect()), kPreface);
  REQUIRE(between.Given(19) >= 0);
  CHECK(Now() - began >= 0.49);
  for (const int client : clients) close(client);
  CHECK(between.Empties());
}

TEST_CASE("a connection that may open no call more is told, and ends when its calls have") {
  FrontLimits limits;
  limits.calls_per_address = 1;
  Between between(limits);
  const int client = between.Connect();
  const auto headers = [](char stream) { return std::string("\0\0\1\1\4\0\0\0", 8) + stream + "h"; };
  Write(client, kPreface + headers(1) + headers(3));
  const int server = between.Given(0);
  REQUIRE(server >= 0);
  CHECK(Read(server, kPreface.size() + 10) == kPreface + headers(1));
  const std::string goodbye = Read(client, 9 + 8);
  CHECK(goodbye[3] == 7);
  CHECK(goodbye[12] == 1);
  const std::string answer = std::string("\0\0\1\1\5\0\0\0\1h", 10);
  Write(server, answer);
  const std::string rest = Read(client, 0);
  CHECK(rest.substr(rest.size() - answer.size()) == answer);
  CHECK(Read(server, 0).empty());
  close(client);
  CHECK(between.Empties());
}

std::string Hello(const std::string& message) {
  return std::string("\0\0\1\1\4\0\0\0\1h", 10) + std::string("\0\0\5\0\0\0\0\0\1", 9) + message;
}

TEST_CASE("a message that is too long is answered here, where the server's frames leave room for it") {
  Between between;
  const int client = between.Connect();
  Write(client, kPreface);
  const int server = between.Given(0);
  REQUIRE(server >= 0);
  const std::string half = Data(16'384).substr(0, 1'000);
  Write(server, half);
  CHECK(Read(client, half.size()) == half);
  const std::string said = Hello(std::string("\0\x7f\0\0\0", 5));
  Write(client, said);
  CHECK(Read(server, kPreface.size() + said.size() + 13) == kPreface + said + server::CancelFrame(1));
  Write(server, Data(16'384).substr(half.size()));
  const std::string end = server::EndFrames(1, {8, std::to_string(0x7f000000) + " are too many", ""}, false);
  CHECK(Read(client, 16'393 - half.size() + end.size()) == Data(16'384).substr(half.size()) + end);
  close(client);
  CHECK(between.Empties());
}

TEST_CASE("who begins a message and never ends it is let go, and told why") {
  FrontLimits limits;
  limits.message_seconds = 0.2;
  Between between(limits);
  const int client = between.Connect();
  Write(client, kPreface + Hello(std::string("\0\0\1\0\0", 5)));
  const std::string told = Read(client, 0);
  CHECK(told.find("a message was not whole in time") != std::string::npos);
  CHECK(between.Empties());
  close(client);
}

TEST_CASE("connections above the limit are closed, and a stop closes all") {
  FrontLimits limits;
  limits.connections = 4;
  Between between(limits);
  std::vector<int> clients;
  for (int i = 0; i < 4; ++i) clients.push_back(between.Connect());
  CHECK(between.shares.connections() == 2);  // one address has at most twice what is left for others
  CHECK(Read(clients[3], 0).empty());
  between.relay->Stop(std::chrono::milliseconds(0));
  CHECK(Read(clients[0], 0).empty());
  CHECK(between.shares.connections() == 0);
  const int late = between.Connect();
  CHECK(Read(late, 0).empty());
  for (const int client : clients) close(client);
  close(late);
}

}  // namespace
}  // namespace fundtrail::testing
