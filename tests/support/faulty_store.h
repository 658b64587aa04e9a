// A store whose disk fails at a Write that the test chooses. It shares what is under it, so that a test can
// let it go, as a process that dies does, and open what is left.
#pragma once

#include <memory>
#include <utility>

#include "ledger/store/forwarding_store.h"

namespace fundtrail::testing {

enum class Fault {
  kNothingWritten,  // the disk was full
  kAllWritten,      // the rows reached the disk, and only the answer was lost
};

class FaultyStore final : public store::ForwardingStore {
 public:
  // Write number `failing` (from 1) fails, and only that one; 0 is none.
  explicit FaultyStore(std::shared_ptr<store::Store> inner, int failing = 0,
                       Fault fault = Fault::kNothingWritten)
      : ForwardingStore(std::move(inner)), failing_(failing), fault_(fault) {}

  Status Write(const store::Batch& batch) override {
    if (++writes_ != failing_) return ForwardingStore::Write(batch);
    if (fault_ == Fault::kAllWritten) {
      const Status written = ForwardingStore::Write(batch);
      if (!written.ok()) return written;
    }
    return absl::UnavailableError("the disk is on fire");
  }
  Status WriteUnsynced(const store::Batch& batch) override { return Write(batch); }

  int writes() const { return writes_; }

 private:
  int failing_;
  Fault fault_;
  int writes_ = 0;
};

}  // namespace fundtrail::testing
