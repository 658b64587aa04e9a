// Threads that answer questions, so that a long one holds none of gRPC's. Bounded, and fair: addresses take turns, and
// none has all of the threads while others wait.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "ledger/base/status.h"

namespace fundtrail::server {

class Workers {
 public:
  // Of one address a quarter of `most_waiting` may wait.
  Workers(unsigned threads, std::size_t most_waiting);
  ~Workers();  // Stop
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // RESOURCE_EXHAUSTED when too many wait, UNAVAILABLE after Stop: then `work` is not called.
  Status Run(const std::string& address, std::function<void()> work);
  // For the rest of what was begun: only Stop turns it away.
  Status Go(const std::string& address, std::function<void()> work);
  // Does what waits, and returns.
  void Stop();

 private:
  struct Client {
    std::deque<std::function<void()>> waiting;
    unsigned running = 0;
  };
  Status Add(const std::string& address, std::function<void()> work);
  bool Next(std::string* address);
  void Work();

  const std::size_t most_waiting_, of_one_;
  const unsigned most_running_;  // of one address
  std::mutex mutex_;
  std::condition_variable to_do_;
  std::unordered_map<std::string, Client> clients_;  // who waits or is answered
  std::deque<std::string> turns_;                    // those who wait, each once
  std::size_t waiting_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace fundtrail::server
