// A witness on HTTP: POST .../add-checkpoint to be cosigned, GET .../<hash of the origin>/checkpoint for what it
// cosigned last.
#pragma once

#include <memory>
#include <string>

#include "ledger/base/status.h"
#include "ledger/witness/log_sink.h"
#include "ledger/witness/witness.h"

namespace fundtrail::witness {

class WitnessServer {
 public:
  // Serves at `listen`, HOST:PORT with port 0 for any free one, without TLS. UNAVAILABLE when the address cannot be had.
  // `witness` must outlive it. `sink` is told of what was cosigned, and of what a log signed and could not be.
  static StatusOr<std::unique_ptr<WitnessServer>> Start(const std::string& listen, Witness* witness,
                                                        LogSink sink);
  ~WitnessServer();  // ends what is being answered
  WitnessServer(const WitnessServer&) = delete;
  WitnessServer& operator=(const WitnessServer&) = delete;

  int port() const;

 private:
  class Serving;
  explicit WitnessServer(std::unique_ptr<Serving> serving);
  const std::unique_ptr<Serving> serving_;
};

}  // namespace fundtrail::witness
