// Says on a terminal that an answer is awaited, when it takes long, so that nobody takes the silence for the end.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "cli/render/shown.h"

namespace fundtrail::render {

// From its making to its end: says nothing in the first two seconds, then each second how long it has been. At the end it clears
// the line. Elsewhere than on a terminal it says nothing, and costs nothing.
class Waiting {
 public:
  // `write` is called by a thread of its own.
  Waiting(Language language, bool terminal, std::function<void(const std::string&)> write,
          std::chrono::milliseconds second = std::chrono::seconds(1));
  ~Waiting();
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  void Run();
  const Language language_;
  const std::function<void(const std::string&)> write_;
  const std::chrono::milliseconds second_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace fundtrail::render
