// Threads that answer questions, so that a long one holds none of gRPC's. A bounded queue: when it is full, a question
// is turned away at once.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "ledger/base/status.h"

namespace fundtrail::server {

class Workers {
 public:
  Workers(unsigned threads, std::size_t most_waiting);
  ~Workers();  // Stop
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // RESOURCE_EXHAUSTED when too many wait, UNAVAILABLE after Stop: then `work` is not called.
  Status Run(std::function<void()> work);
  // Does what waits, and returns.
  void Stop();

 private:
  void Work();

  const std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable to_do_;
  std::deque<std::function<void()>> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace fundtrail::server
