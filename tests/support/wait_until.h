// Waits for what another program or thread does.
#pragma once
#include <chrono>
#include <functional>
#include <thread>

namespace fundtrail::testing {

// Whether `done` came true within so many seconds.
inline bool WaitUntil(const std::function<bool()>& done, int seconds = 30) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!done()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

}  // namespace fundtrail::testing
