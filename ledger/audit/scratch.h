// A store for a replay, in a folder of its own that goes with it.
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
  explicit Scratch(std::string path) : path_(std::move(path)) {}
  const std::string path_;
  std::unique_ptr<store::Store> rows_;
};

}  // namespace fundtrail::audit
