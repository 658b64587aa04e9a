// Receipts that wait until the quorum of the policy's witnesses has cosigned their checkpoint (`receipts = "cosigned"`).
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "ledger/base/status.h"
#include "ledger/witness/witnesses.h"

namespace fundtrail::server {

class CosignedReceipts {
 public:
  // `within`: that a group waits for its cosignatures.
  explicit CosignedReceipts(std::chrono::milliseconds within) : within_(within) {}

  // Whom to ask from now on: until then nobody cosigns anything.
  void Ask(std::weak_ptr<witness::Witnesses> witnesses) {
    const std::lock_guard lock(mutex_);
    witnesses_ = std::move(witnesses);
  }

  // log::Ledger::Confirm.
  StatusOr<std::string> Confirm(const std::string& checkpoint) {
    std::shared_ptr<witness::Witnesses> asked;
    {
      const std::lock_guard lock(mutex_);
      asked = witnesses_.lock();
    }
    if (asked == nullptr) return witness::NotCosigned("no witness is asked yet");
    return asked->Cosign(checkpoint, within_);
  }

 private:
  const std::chrono::milliseconds within_;
  std::mutex mutex_;
  std::weak_ptr<witness::Witnesses> witnesses_;
};

}  // namespace fundtrail::server
