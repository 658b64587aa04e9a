// See rate.h.
#include "server/rate.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

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

std::string Rate::AddressOf(const std::string& peer) {
  if (peer.rfind("ipv4:", 0) == 0) return peer.substr(0, peer.rfind(':'));
  if (peer.rfind("ipv6:", 0) != 0) return peer;
  // "ipv6:%5B2001:db8::7%5D:4711", and a zone behind %25 perhaps.
  constexpr std::string_view kOpen = "ipv6:%5B";
  const std::string host = peer.substr(std::min(peer.size(), kOpen.size()));
  in6_addr address{};
  if (inet_pton(AF_INET6, host.substr(0, host.find('%')).c_str(), &address) != 1)
    return peer.substr(0, peer.rfind(':'));
  if (!IN6_IS_ADDR_V4MAPPED(&address)) std::fill(address.s6_addr + 8, address.s6_addr + 16, std::uint8_t{0});
  std::string text(INET6_ADDRSTRLEN, '\0');
  inet_ntop(AF_INET6, &address, text.data(), INET6_ADDRSTRLEN);
  return "ipv6:" + text.substr(0, text.find('\0'));
}

}  // namespace fundtrail::server
