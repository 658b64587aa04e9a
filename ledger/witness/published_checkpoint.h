// The newest checkpoint of the ledger that witnesses cosigned, for whoever answers questions.
#pragma once

#include <memory>
#include <mutex>
#include <string_view>

#include "fundtrail/v1/checkpoint.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::witness {

class PublishedCheckpoint {
 public:
  // Null until there is one.
  std::shared_ptr<const v1::CheckpointRef> newest() const {
    const std::lock_guard lock(mutex_);
    return newest_;
  }
  // Never goes back: FAILED_PRECONDITION for a smaller one than there is. INVALID_ARGUMENT when it is none.
  Status Set(std::string_view note);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const v1::CheckpointRef> newest_;
};

}  // namespace fundtrail::witness
