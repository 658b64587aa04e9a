// See rate.h.
#include "server/rate.h"

#include <algorithm>

namespace fundtrail::server {
namespace {

constexpr double kWhenFull = 1;  // seconds

}  // namespace

double Rate::Take(const std::string& address, double cost) {
  const std::lock_guard lock(mutex_);
  const double now = now_();
  if (buckets_.size() >= kMostAddresses && buckets_.count(address) == 0) {
    // Those that are full again say nothing that a new one would not.
    std::erase_if(buckets_, [&](const auto& entry) {
      return entry.second.tokens + (now - entry.second.at) * per_second_ >= burst_;
    });
    if (buckets_.size() >= kMostAddresses) return kWhenFull;
  }
  Bucket& bucket = buckets_.try_emplace(address, Bucket{burst_, now}).first->second;
  bucket.tokens = std::min(burst_, bucket.tokens + (now - bucket.at) * per_second_);
  bucket.at = now;
  const double wanted = std::min(cost, burst_);
  if (bucket.tokens < wanted) return (wanted - bucket.tokens) / per_second_;
  bucket.tokens -= wanted;
  return 0;
}

}  // namespace fundtrail::server
