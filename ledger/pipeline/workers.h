// Threads that answer questions, so that a long one holds none of gRPC's. Bounded, and fair. Addresses take turns, and
// none has all of the threads while others wait. When the queue is full, the address that has most in it makes way.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "ledger/base/guard.h"
#include "ledger/base/status.h"

namespace fundtrail::pipeline {

class Workers {
 public:
  // Of one address a quarter of `most_waiting` may wait. `fault` is told of work that throws.
  Workers(unsigned threads, std::size_t most_waiting, TellFault fault = {});
  ~Workers();  // Stop
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // RESOURCE_EXHAUSTED (AgainIn) when too many wait, UNAVAILABLE after Stop: then `work` is not called. When all places are
  // taken, one of an address with fewer waiting takes the place of the last of the address that has most. Of that one
  // `instead` is called with the same error, from this thread, and its work is not. Without an `instead` it keeps its
  // place.
  using Instead = std::function<void(const Status&)>;
  Status Start(const std::string& address, std::function<void()> work, Instead instead = {});
  // For work already admitted; refused only after Stop.
  Status Continue(const std::string& address, std::function<void()> work);
  // Does what waits, and returns.
  void Stop();
  std::size_t waiting() const;

 private:
  struct Waiting {
    std::function<void()> work;
    Instead instead;
  };
  struct Client {
    std::deque<Waiting> waiting;
    unsigned running = 0;
  };
  Status Add(const std::string& address, Waiting waiting);
  Instead MakeWay(std::size_t of_own);
  bool Next(std::string* address);
  void Work();

  const std::size_t most_waiting_, of_one_;
  const unsigned most_running_;  // of one address
  const TellFault fault_;
  mutable std::mutex mutex_;
  std::condition_variable to_do_;
  std::unordered_map<std::string, Client> clients_;  // who waits or is answered
  std::deque<std::string> turns_;                    // those who wait, each once
  std::size_t waiting_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace fundtrail::pipeline
