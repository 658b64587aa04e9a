// What is held while a client takes its time: so many places in all, and so many for one address. A place stands for a
// page in memory and a snapshot of the store, or for one byte of an answer. So none is given beyond the bound. Those who
// come later find some left, however many addresses hold as many as they may (base/share.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "ledger/base/share.h"

namespace fundtrail::pipeline {

class Slots {
 public:
  Slots(std::size_t most, std::size_t of_one_address) : most_(most), of_one_(of_one_address) {}

  // So many places, given back when the last copy of the answer goes; null when they are not there. The slots must
  // outlive it.
  std::shared_ptr<void> Take(const std::string& address, std::size_t count = 1) {
    const std::lock_guard lock(mutex_);
    const auto own = by_address_.find(address);
    const std::size_t of_own = own == by_address_.end() ? 0 : own->second;
    if (count > of_one_ - std::min(of_own, of_one_) || !MayShare(of_own, taken_, count, most_))
      return nullptr;
    by_address_[address] += count;
    taken_ += count;
    return {this, [address, count](Slots* slots) { slots->GiveBack(address, count); }};
  }

 private:
  void GiveBack(const std::string& address, std::size_t count) {
    const std::lock_guard lock(mutex_);
    taken_ -= count;
    const auto own = by_address_.find(address);
    if ((own->second -= count) == 0) by_address_.erase(own);
  }

  const std::size_t most_, of_one_;
  std::mutex mutex_;
  std::size_t taken_ = 0;
  std::unordered_map<std::string, std::size_t> by_address_;  // those that hold any
};

}  // namespace fundtrail::pipeline
