// See rate.h.
#include "ledger/pipeline/rate.h"

#include <algorithm>
#include <chrono>

namespace fundtrail::pipeline {
namespace {

constexpr double kWhenNoRoom = 1;  // seconds

}  // namespace

// As it stands now, holding the mutex; null when there are too many addresses.
Rate::Bucket* Rate::Now(const std::string& address) {
  const double now = now_();
  if (buckets_.size() >= kMaxAddresses && buckets_.count(address) == 0) {
    // Those that are full again say nothing that a new one would not.
    std::erase_if(buckets_, [&](const auto& entry) {
      return entry.second.tokens + (now - entry.second.at) * per_second_ >= burst_;
    });
    if (buckets_.size() >= kMaxAddresses) return nullptr;
  }
  Bucket& bucket = buckets_.try_emplace(address, Bucket{burst_, now}).first->second;
  bucket.tokens = std::min(burst_, bucket.tokens + (now - bucket.at) * per_second_);
  bucket.at = now;
  return &bucket;
}

double Rate::Take(const std::string& address, double cost) {
  const std::lock_guard lock(mutex_);
  Bucket* const bucket = Now(address);
  if (bucket == nullptr) return kWhenNoRoom;
  const double wanted = std::min(cost, burst_);
  if (bucket->tokens < wanted) return (wanted - bucket->tokens) / per_second_;
  bucket->tokens -= wanted;
  return 0;
}

void Rate::Charge(const std::string& address, double cost) {
  const std::lock_guard lock(mutex_);
  Bucket* const bucket = Now(address);
  if (bucket != nullptr) bucket->tokens = std::max(bucket->tokens - cost, -kMaxOwedSeconds * per_second_);
}

double Rate::Owes(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto found = buckets_.find(address);
  if (found == buckets_.end()) return 0;
  const double tokens = found->second.tokens + (now_() - found->second.at) * per_second_;
  return std::max(0.0, -tokens / per_second_);
}

Rate::Seconds SteadySeconds() {
  return [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
}

}  // namespace fundtrail::pipeline
