// What monitoring reads: the server's counts as Prometheus metrics, on an address of their own. docs/operators.md
// lists them.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ledger/base/status.h"
#include "server/server_stats.h"

namespace fundtrail::server {

class Metrics {
 public:
  virtual ~Metrics() = default;
  virtual int port() const = 0;
};

// Serves http://ADDRESS/metrics (HOST:PORT; port 0: any free one) until the answer goes away. `stats` is asked on
// each visit, from any thread. UNAVAILABLE when the address cannot be listened on.
StatusOr<std::unique_ptr<Metrics>> ServeMetrics(const std::string& address,
                                                std::function<ServerStats()> stats);

}  // namespace fundtrail::server
