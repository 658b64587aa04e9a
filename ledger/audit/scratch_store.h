// A store for a replay, in a folder of its own that goes with it. What a replay that was interrupted left goes with the
// next.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "ledger/base/own_folder.h"
#include "ledger/store/store.h"

namespace fundtrail::audit {

class Scratch {
 public:
  // Under `where`, or under the system's temporary folder when it is empty. UNAVAILABLE when it cannot be made.
  static StatusOr<std::unique_ptr<Scratch>> Make(const std::string& where);

  store::Store& rows() { return *rows_; }

 private:
  Scratch(std::unique_ptr<OwnFolder> folder, std::unique_ptr<store::Store> rows)
      : folder_(std::move(folder)), rows_(std::move(rows)) {}
  const std::unique_ptr<OwnFolder> folder_;  // goes last
  const std::unique_ptr<store::Store> rows_;
};

}  // namespace fundtrail::audit
