// Tries a call again while a server is away for a moment, restarts or is full. Only for what may be sent twice:
// questions, and entries, which are recorded once however often they come.
#pragma once

#include <chrono>

#include "cli/client/connection.h"

namespace fundtrail::cli {

class ClientRetry {
 public:
  // The time begins: what the connection has left of its --timeout. With --ledger there is no server to wait for.
  explicit ClientRetry(Connection* connection);
  ~ClientRetry();
  ClientRetry(const ClientRetry&) = delete;
  ClientRetry& operator=(const ClientRetry&) = delete;

  // After an attempt failed: waits before the next one, longer each time, and answers true. False when another attempt
  // cannot help, or the time is over. Of several servers each is asked before it waits.
  bool WaitForNext(const Status& failed);
  // The error of the last attempt, with how long the client waited for a server that is away, full or silent.
  Status LastError(const Status& failed) const;
  // Part of the answer has come: the time begins anew.
  void Progress();

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kFirst{100}, kLongest{5'000};
  void Count();  // spends what has gone since it was last counted

  Connection& connection_;
  bool told_ = false;
  Clock::time_point begun_, counted_;
  std::chrono::milliseconds wait_ = kFirst;
};

}  // namespace fundtrail::cli
