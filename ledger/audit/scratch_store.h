// A store for a replay, in a folder of its own that goes with it; what a replay that was interrupted left goes with the next.
#pragma once

#include <memory>
#include <string>

#include "ledger/store/store.h"

namespace fundtrail::audit {

class Scratch {
 public:
  // Under `where`, or under the system's temporary folder when it is empty. UNAVAILABLE when it cannot be made.
  static StatusOr<std::unique_ptr<Scratch>> Make(const std::string& where);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  store::Store& rows() { return *rows_; }

 private:
  Scratch(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  const std::string path_;
  const int lock_;  // held as long as it is in use
  std::unique_ptr<store::Store> rows_;
};

}  // namespace fundtrail::audit
