// Work on many things that need nothing of each other, spread over all cores.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace fundtrail {

// Calls `work(i)` once for each i below `count`, each on the next free core, this thread's among them. Returns when all are
// done. `work` is called from several threads at once, and must not throw.
template <typename Work>
void OnAllCores(std::size_t count, const Work& work) {
  std::atomic<std::size_t> next{0};
  const auto take = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min(cores, count); ++i) others.emplace_back(take);
  take();
  for (std::thread& other : others) other.join();
}

}  // namespace fundtrail
