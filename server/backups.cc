// See backups.h.
#include "server/backups.h"

#include <system_error>

#include "ledger/base/guard.h"

namespace fundtrail::server {

Backups::~Backups() {
  if (thread_.joinable()) thread_.join();
}

bool Backups::Begin() {
  {
    const std::lock_guard lock(mutex_);
    if (under_way_) return false;
    under_way_ = true;
  }
  if (thread_.joinable()) thread_.join();  // of the one before, which is over
  const auto end = [this](const StatusOr<std::string>& path) {
    tell_(path);
    const std::lock_guard lock(mutex_);
    under_way_ = false;
    over_.notify_all();
  };
  try {
    thread_ = std::thread([this, end] { end(Guarded(make_)); });
  } catch (const std::system_error& error) {
    end(absl::ResourceExhaustedError(std::string("cannot start a thread for it: ") + error.what()));
  }
  return true;
}

bool Backups::Wait(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  return over_.wait_for(lock, most, [this] { return !under_way_; });
}

}  // namespace fundtrail::server
