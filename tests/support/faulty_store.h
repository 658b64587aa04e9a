// A store whose disk fails at a Write that the test chooses. It shares what is under it, so that a test can
// let it go, as a process that dies does, and open what is left.
#pragma once

#include <memory>
#include <utility>

#include "ledger/store/store.h"

namespace fundtrail::testing {

enum class Fault {
  kNothingWritten,  // the disk was full
  kAllWritten,      // the rows reached the disk, and only the answer was lost
};

class FaultyStore final : public store::Store {
 public:
  // Write number `failing` (from 1) fails, and only that one; 0 is none.
  explicit FaultyStore(std::shared_ptr<store::Store> inner, int failing = 0,
                       Fault fault = Fault::kNothingWritten)
      : inner_(std::move(inner)), failing_(failing), fault_(fault) {}

  StatusOr<std::optional<Bytes>> Get(ByteView key) const override { return inner_->Get(key); }
  std::unique_ptr<store::Cursor> Scan(ByteView begin, ByteView end) const override {
    return inner_->Scan(begin, end);
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    return inner_->Last(begin, end);
  }
  Status Write(const store::Batch& batch) override {
    if (++writes_ != failing_) return inner_->Write(batch);
    if (fault_ == Fault::kAllWritten) {
      const Status written = inner_->Write(batch);
      if (!written.ok()) return written;
    }
    return absl::UnavailableError("the disk is on fire");
  }
  std::unique_ptr<store::Reader> Snapshot() const override { return inner_->Snapshot(); }

  int writes() const { return writes_; }

 private:
  std::shared_ptr<store::Store> inner_;
  int failing_;
  Fault fault_;
  int writes_ = 0;
};

}  // namespace fundtrail::testing
