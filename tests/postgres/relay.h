// A link between two machines, which can be cut, in both directions or in one, as a network that loses everything and says nothing. And
// which can be long: what is sent arrives later.
#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace fundtrail::testing {

// Connections to `port()` reach the other port of this machine.
class Relay {
 public:
  explicit Relay(int to) : to_(to) {
    sockaddr_in address = Loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("cannot listen");
    port_ = ::ntohs(address.sin_port);
    accepts_ = std::thread([this] { Accept(); });
  }
  ~Relay() {
    over_ = true;
    accepts_.join();
    for (auto& one : carries_) one.join();
    ::close(listener_);
  }
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  int port() const { return port_; }

  // What is sent meanwhile waits, as in a network that sends it again; nobody hears that the other one went away.
  void Cut(bool there, bool back) {
    there_ = !there;
    back_ = !back;
  }
  void Mend() { Cut(false, false); }
  // What is sent from now on arrives so much later, in either direction.
  void Delay(std::chrono::milliseconds one_way) { delay_ = one_way; }

 private:
  static sockaddr_in Loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = ::htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    return address;
  }
  void Accept() {
    while (!over_) {
      pollfd waits{listener_, POLLIN, 0};
      if (::poll(&waits, 1, 20) <= 0) continue;
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client >= 0) carries_.emplace_back([this, client] { Carry(client); });
    }
  }
  void Carry(int client) {
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    const sockaddr_in address = Loopback(to_);
    for (const int socket : {client, server}) ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while (!over_ && !(there_ && back_)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      Way there, back;
      for (bool open = true; !over_ && open;) {
        pollfd waits[] = {{there_ && !there.ended ? client : -1, POLLIN, 0},
                          {back_ && !back.ended ? server : -1, POLLIN, 0}};
        ::poll(waits, 2, there.under_way.empty() && back.under_way.empty() ? 10 : 1);
        if (waits[0].revents != 0) Take(client, &there);
        if (waits[1].revents != 0) Take(server, &back);
        open = (!there_ || Give(server, &there)) && (!back_ || Give(client, &back));
      }
    }
    ::close(server);
    ::close(client);
  }

  using Clock = std::chrono::steady_clock;
  // One direction of a connection: what is under way, and when each piece arrives.
  struct Way {
    std::deque<std::pair<Clock::time_point, std::string>> under_way;
    bool ended = false;
  };
  void Take(int from, Way* way) const {
    std::string bytes(1 << 16, '\0');
    const ssize_t size = ::read(from, bytes.data(), bytes.size());
    way->ended = size <= 0;
    if (way->ended) return;
    bytes.resize(static_cast<std::size_t>(size));
    way->under_way.emplace_back(Clock::now() + delay_.load(), std::move(bytes));
  }
  // False at the end of the line.
  static bool Give(int to, Way* way) {
    for (; !way->under_way.empty() && way->under_way.front().first <= Clock::now();
         way->under_way.pop_front()) {
      const std::string& bytes = way->under_way.front().second;
      for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t more = ::send(to, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (more <= 0) return false;
        sent += static_cast<std::size_t>(more);
      }
    }
    return !way->ended || !way->under_way.empty();
  }

  const int to_;
  const int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int port_ = 0;
  std::atomic<std::chrono::milliseconds> delay_{std::chrono::milliseconds(0)};
  std::atomic<bool> over_{false}, there_{true}, back_{true};
  std::list<std::thread> carries_;  // of the thread that accepts
  std::thread accepts_;
};

}  // namespace fundtrail::testing
