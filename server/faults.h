// The faults of this program that calls ran into (base/guard.h): counted, and each said once, as the next thousand
// calls may run into the same.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "ledger/base/guard.h"

namespace fundtrail::server {

class Faults {
 public:
  explicit Faults(TellFault say) : say_(std::move(say)) {}

  void Tell(const Status& fault) {
    {
      const std::lock_guard lock(mutex_);
      ++count_;
      if (said_.size() >= kMaxSaid || !said_.insert(std::string(fault.message())).second) return;
    }
    if (say_) say_(fault);
  }
  std::uint64_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  static constexpr std::size_t kMaxSaid = 100;
  const TellFault say_;
  mutable std::mutex mutex_;
  std::uint64_t count_ = 0;
  std::set<std::string> said_;
};

}  // namespace fundtrail::server
