// How often one address may ask: a token bucket each, for as many addresses as fit.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

namespace fundtrail::server {

class Rate {
 public:
  using Seconds = std::function<double()>;  // a clock that only goes forward
  Rate(double per_second, double burst, Seconds now)
      : per_second_(per_second), burst_(burst), now_(std::move(now)) {}

  // Whether this address may ask once more now.
  bool Allow(const std::string& address);
  // "ipv4:10.0.0.7:4711" without its port: "ipv4:10.0.0.7". Others as they are.
  static std::string AddressOf(const std::string& peer);

 private:
  struct Bucket {
    double tokens;
    double at;
  };
  static constexpr std::size_t kMostAddresses = 10'000;

  const double per_second_, burst_;
  const Seconds now_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace fundtrail::server
