// Work on many things that need nothing of each other, spread over all cores.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace fundtrail {

// Calls `work(i)` once for each i below `count`, each on the next free one of so many threads, this one among them. Returns when all
// are done. `work` is called from several threads at once, and must not throw.
template <typename Work>
void OnThreads(std::size_t threads, std::size_t count, const Work& work) {
  std::atomic<std::size_t> next{0};
  const auto take = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min(threads, count); ++i) others.emplace_back(take);
  take();
  for (std::thread& other : others) other.join();
}

inline std::size_t CoreCount() { return std::max(1U, std::thread::hardware_concurrency()); }

// The same with a thread for each core.
template <typename Work>
void OnAllCores(std::size_t count, const Work& work) {
  OnThreads(CoreCount(), count, work);
}

}  // namespace fundtrail
