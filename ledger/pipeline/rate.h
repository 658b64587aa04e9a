// How often one address may ask, and how much of what it sends may be refused. Each is a token bucket, for as many addresses
// as fit. See net/address.h.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

namespace fundtrail::pipeline {

class Rate {
 public:
  using Seconds = std::function<double()>;  // a clock that only goes forward
  Rate(double per_second, double burst, Seconds now)
      : per_second_(per_second), burst_(burst), now_(std::move(now)) {}

  // Lets this address ask something that costs so much, or answers in how many seconds it may. 0: now. An ordinary
  // question costs 1; at most `burst` is charged.
  double Take(const std::string& address, double cost);

  // For what is known to cost only when it is done. The address owes what it does not have, but never more than it
  // earns in kMaxOwedSeconds. Whoever goes on while it owes waits longer and longer, up to that.
  void Charge(const std::string& address, double cost);
  // In how many seconds this address owes nothing. 0: now.
  double Owes(const std::string& address);
  static constexpr double kMaxOwedSeconds = 10;

 private:
  struct Bucket {
    double tokens;
    double at;
  };
  static constexpr std::size_t kMaxAddresses = 10'000;

  Bucket* Now(const std::string& address);

  const double per_second_, burst_;
  const Seconds now_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

// This machine's.
Rate::Seconds SteadySeconds();

}  // namespace fundtrail::pipeline
