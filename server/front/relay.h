// Carries bytes between clients and gRPC. A client's connection is taken here, unwrapped when it speaks TLS, and looked
// at frame by frame (frames.h). gRPC gets the other end of a socket pair. What waits here is bounded: nothing more is
// read from a side while the other does not take what was read. Knows nothing of gRPC.
#pragma once

#include <openssl/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ledger/base/status.h"
#include "server/front/frames.h"
#include "server/front/shares.h"

namespace fundtrail::server {

class Relay {
 public:
  // Gives one end of a pair of sockets away, with the client's address in its peer's name (AddressOf reads it there).
  using ToServer = std::function<void(int socket)>;
  // The present settings of TLS, for a new connection; empty: plaintext.
  using Tls = std::function<std::shared_ptr<SSL_CTX>()>;

  // `shares` must outlive it. UNAVAILABLE when the system has no descriptors for it.
  static StatusOr<std::unique_ptr<Relay>> Start(Shares* shares, const Tls& tls, const ToServer& to_server,
                                                const Frames::Refuse& refuse, unsigned threads);
  ~Relay();  // Stop(0)
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // Takes a client's socket, which does not block; closes it when there is no room. From any thread.
  void Take(int socket, const std::string& address);
  // Sends on what the server has sent already, for so long at most, then closes all connections, and returns.
  void Stop(std::chrono::milliseconds within);

 private:
  class Loop;
  Relay() = default;

  Shares* shares_ = nullptr;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::atomic<std::uint64_t> taken_{0};
};

}  // namespace fundtrail::server
