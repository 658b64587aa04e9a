// A proxy in front of several servers, as operators put one: each connection goes to the first that takes it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/served/raw_http.h"

namespace fundtrail::testing {

class FirstOfProxy {
 public:
  explicit FirstOfProxy(std::vector<int> ports) : ports_(std::move(ports)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof any;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&any), size) != 0 || listen(listener_, 16) != 0)
      std::abort();
    getsockname(listener_, reinterpret_cast<sockaddr*>(&any), &size);
    address_ = "127.0.0.1:" + std::to_string(ntohs(any.sin_port));
    accepts_ = std::thread([this] { Accept(); });
  }
  ~FirstOfProxy() {
    over_ = true;
    accepts_.join();
    for (auto& one : carries_) one.join();
    close(listener_);
  }
  FirstOfProxy(const FirstOfProxy&) = delete;
  FirstOfProxy& operator=(const FirstOfProxy&) = delete;

  const std::string& address() const { return address_; }

 private:
  void Accept() {
    while (!over_) {
      pollfd waits{listener_, POLLIN, 0};
      if (poll(&waits, 1, 20) <= 0) continue;
      const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client >= 0) carries_.emplace_back([this, client] { Carry(client); });
    }
  }
  void Carry(int client) {
    for (const int port : ports_) {
      const Socket server(port);
      if (!server.connected) continue;
      while (!over_ && Pass(client, server.number) && Pass(server.number, client)) {
      }
      break;
    }
    close(client);
  }
  // What is there now, if anything. False at the end of the line.
  static bool Pass(int from, int to) {
    pollfd waits{from, POLLIN, 0};
    if (poll(&waits, 1, 2) <= 0) return true;
    char buffer[1 << 16];
    const ssize_t size = read(from, buffer, sizeof buffer);
    return size > 0 && send(to, buffer, static_cast<std::size_t>(size), MSG_NOSIGNAL) == size;
  }

  const std::vector<int> ports_;
  int listener_ = -1;
  std::string address_;
  std::atomic<bool> over_{false};
  std::vector<std::thread> carries_;  // of the thread that accepts
  std::thread accepts_;
};

}  // namespace fundtrail::testing
