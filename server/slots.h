// What is held while a client takes its time: so many places in all, and so many for one address. Each stands for a page
// in memory and a snapshot of the store, so none is given beyond the bound.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace fundtrail::server {

class Slots {
 public:
  Slots(std::size_t most, std::size_t of_one_address) : most_(most), of_one_(of_one_address) {}

  // A place, given back when the last copy of the answer goes; null when there is none. The slots must outlive it.
  std::shared_ptr<void> Take(const std::string& address) {
    const std::lock_guard lock(mutex_);
    const auto own = by_address_.find(address);
    if (taken_ >= most_ || (own != by_address_.end() && own->second >= of_one_)) return nullptr;
    ++by_address_[address];
    ++taken_;
    return {this, [address](Slots* slots) { slots->GiveBack(address); }};
  }

 private:
  void GiveBack(const std::string& address) {
    const std::lock_guard lock(mutex_);
    --taken_;
    const auto own = by_address_.find(address);
    if (--own->second == 0) by_address_.erase(own);
  }

  const std::size_t most_, of_one_;
  std::mutex mutex_;
  std::size_t taken_ = 0;
  std::unordered_map<std::string, std::size_t> by_address_;  // those that hold any
};

}  // namespace fundtrail::server
