// How often one address may ask: a token bucket each, for as many addresses as fit. See address.h.
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

  // Lets this address ask something that costs so much (an ordinary question: 1; at most `burst` is charged), or
  // answers in how many seconds it may. 0: now.
  double Take(const std::string& address, double cost);

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
