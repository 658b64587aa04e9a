// A store for a replay, and a file for rows that need none, in a folder of their own that goes with it. What a replay that was interrupted left goes with the
// next.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "ledger/base/own_folder.h"
#include "ledger/store/row_file.h"
#include "ledger/store/store.h"

namespace fundtrail::audit {

class Scratch {
 public:
  // Under `where`, or under the system's temporary folder when it is empty. UNAVAILABLE when it cannot be made.
  static StatusOr<std::unique_ptr<Scratch>> Make(const std::string& where);

  store::Store& rows() { return *rows_; }
  store::RowFile& in_order() { return *in_order_; }

 private:
  Scratch(std::unique_ptr<OwnFolder> folder, std::unique_ptr<store::Store> rows,
          std::unique_ptr<store::RowFile> in_order)
      : folder_(std::move(folder)), rows_(std::move(rows)), in_order_(std::move(in_order)) {}
  const std::unique_ptr<OwnFolder> folder_;  // goes last
  const std::unique_ptr<store::Store> rows_;
  const std::unique_ptr<store::RowFile> in_order_;
};

}  // namespace fundtrail::audit
