// Backups on a thread of their own, one at a time, so that a slow disk holds up nothing else.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "ledger/base/status.h"

namespace fundtrail::server {

class Backups {
 public:
  // `make` makes one and answers its path; `tell` is told what came of it. Both are called from that thread.
  Backups(std::function<StatusOr<std::string>()> make, std::function<void(const StatusOr<std::string>&)> tell)
      : make_(std::move(make)), tell_(std::move(tell)) {}
  ~Backups();  // waits for the one that is under way
  Backups(const Backups&) = delete;
  Backups& operator=(const Backups&) = delete;

  // Begins one. False when one is under way still.
  bool Begin();
  // Whether none is under way any more, at the latest after that time.
  bool Wait(std::chrono::milliseconds most);

 private:
  const std::function<StatusOr<std::string>()> make_;
  const std::function<void(const StatusOr<std::string>&)> tell_;
  std::mutex mutex_;
  std::condition_variable over_;
  bool under_way_ = false;
  std::thread thread_;
};

}  // namespace fundtrail::server
