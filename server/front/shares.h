// What the clients of one address hold and may do, over all of their connections. gRPC 1.51 does not bound how often a call is
// begun and given up. Nor does it bound how many frames come that ask for nothing (CVE-2023-44487 and its kin). So it is counted
// here, before gRPC sees it. Knows nothing of sockets; the clock is given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace fundtrail::server {

// docs/operators.md explains each.
struct FrontLimits {
  std::size_t connections = 1'000;
  std::size_t connections_per_address = 250;
  double connections_per_second = 100;  // new ones of one address; at once: half of that
  std::size_t calls = 8'192;            // open at a time
  std::size_t calls_per_address = 1'536;
  double resets_per_second =
      100;  // calls that one address gives up before they are answered; at once: 10 times that
  double frames_per_second = 2'000;  // frames of one address that do no work; at once: twice that
  std::size_t message_bytes = std::size_t{4} << 20;     // of one message
  std::size_t messages_bytes = std::size_t{128} << 20;  // of all that have begun and are not whole
  double message_seconds = 60;                          // until one must be whole
};

// A token bucket. It may be in debt: what has happened is charged, covered or not.
class Bucket {
 public:
  Bucket(double per_second, double burst) : per_second_(per_second), burst_(burst), tokens_(burst) {}

  // A cost below zero is earned. Never more than `burst` is kept, and no deeper debt than that.
  void Charge(double cost, double now);
  // Seconds until it is out of debt; 0: it is.
  double Wait(double now);
  bool Full(double now);

 private:
  void Fill(double now);

  const double per_second_, burst_;
  double tokens_;
  double at_ = 0;
};

class Shares {
 public:
  using Seconds = std::function<double()>;  // a clock that only goes forward

  Shares(const FrontLimits& limits, Seconds now) : limits_(limits), now_(std::move(now)) {}

  // What the connections of one address have in common. From any thread; the shares must outlive it.
  class Share {
   public:
    // Seconds until its newest connection may begin. Nothing: so many wait already that it must go.
    std::optional<double> BeginIn();
    // A place for one more call, until End. False when there is none.
    bool Begin();
    void End(std::size_t calls);
    // So many calls were given up before they were answered.
    void GiveUp(std::size_t calls);
    // Room for a message of so many bytes, until Release. False when there is none.
    bool Reserve(std::size_t bytes);
    void Release(std::size_t bytes);
    // What frames cost; below zero, what was earned.
    void Charge(double cost);
    // Seconds until this address may send the next frame, or begin the next call. 0: now.
    double WaitForFrame();
    double WaitForCall();
    double Now() const { return all_.now_(); }
    const FrontLimits& limits() const { return all_.limits_; }

   private:
    friend class Shares;
    Share(Shares* all, double now);
    Shares& all_;
    std::size_t connections_ = 0, calls_ = 0, messages_ = 0;
    Bucket frames_, given_up_;
    double connected_until_ = 0;  // the time that its connections have used up, one after the other
  };

  // A place for one more connection of this address, until the answer goes; null when there is none.
  std::shared_ptr<Share> Connect(const std::string& address);

  std::size_t connections() const;
  std::size_t calls() const;
  std::uint64_t turned_away() const;  // connections; only grows

 private:
  void Disconnect(const std::string& address);
  void Forget();

  const FrontLimits limits_;
  const Seconds now_;
  mutable std::mutex mutex_;  // of all that follows, and of every Share
  std::unordered_map<std::string, std::unique_ptr<Share>> by_address_;
  std::size_t connections_ = 0, calls_ = 0, messages_ = 0;
  std::uint64_t turned_away_ = 0;
};

using Share = Shares::Share;

}  // namespace fundtrail::server
