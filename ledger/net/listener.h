// Accepts connections and hands them on. gRPC could do so itself, but it takes any number of them. It also stops listening
// for good at the first accept that fails, as when there are no descriptors left (gRPC 1.51, tcp_server_posix.cc).
#pragma once

#include <sys/socket.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "ledger/base/status.h"

namespace fundtrail::net {

class Listener {
 public:
  // `address`: HOST:PORT, [IPV6]:PORT, or unix:PATH. Port 0 is any that is free. Of a name all of its addresses are
  // listened on. INVALID_ARGUMENT for what is not an address, UNAVAILABLE when it cannot be had. A socket file that
  // nobody listens on any more is replaced.
  static StatusOr<std::unique_ptr<Listener>> Open(const std::string& address);
  ~Listener();  // Stop
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const { return port_; }  // 0 for a socket file

  // From now on `take` is given each connection, from a thread of the listener's: a socket that does not block, which is
  // `take`'s to close.
  using Take = std::function<void(int listener, int socket, const sockaddr_storage& peer)>;
  // `without` is told, from the same thread and again each 100 ms, when somebody waits for whom there is no descriptor.
  void Start(Take take, std::function<void()> without = {});
  // Accepts nothing more, and returns. The socket file is removed.
  void Stop();

 private:
  Listener();
  int ListenOn(const sockaddr* address, socklen_t size);
  Status OpenFile(const std::string& path);
  Status OpenHost(const std::string& host, const std::string& port);
  void Accept(const Take& take, const std::function<void()>& without);
  bool AcceptOne(int listener, const Take& take);

  std::vector<int> sockets_;
  std::string file_;
  int port_ = 0;
  const int stop_;  // an eventfd: readable when it is time to stop
  std::thread thread_;
};

// Lets this process have as many files open as it may, and answers how many that is.
std::size_t RaiseFileLimit();

}  // namespace fundtrail::net
