// See rate.h.
#include "server/rate.h"

#include <algorithm>

namespace fundtrail::server {

bool Rate::Allow(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const double now = now_();
  if (buckets_.size() >= kMostAddresses && buckets_.count(address) == 0) {
    // Those that are full again say nothing that a new one would not.
    std::erase_if(buckets_, [&](const auto& entry) {
      return entry.second.tokens + (now - entry.second.at) * per_second_ >= burst_;
    });
    if (buckets_.size() >= kMostAddresses) return false;
  }
  Bucket& bucket = buckets_.try_emplace(address, Bucket{burst_, now}).first->second;
  bucket.tokens = std::min(burst_, bucket.tokens + (now - bucket.at) * per_second_);
  bucket.at = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

std::string Rate::AddressOf(const std::string& peer) {
  if (peer.rfind("ipv4:", 0) != 0 && peer.rfind("ipv6:", 0) != 0) return peer;
  return peer.substr(0, peer.rfind(':'));
}

}  // namespace fundtrail::server
