// Asking again while a server is away for a moment, restarts or is full. Only for what may be asked twice: questions,
// and entries, which are taken once however often they come.
#pragma once

#include <chrono>

#include "cli/client/connection.h"

namespace fundtrail::cli {

class Patience {
 public:
  // Begins to wait, for what the connection has left of its --timeout. With --ledger there is nobody to wait for.
  explicit Patience(Connection* connection);
  ~Patience();
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

  // After an attempt failed: true when it is worth another one, and has then waited for as long as is decent. False when
  // it will not pass, or the time has gone.
  bool Again(const Status& failed);
  // What to tell of what it failed with at last: for how long a server was waited for that is away, full or silent.
  Status Told(const Status& failed) const;
  // Something was had before it failed: the time begins anew.
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
