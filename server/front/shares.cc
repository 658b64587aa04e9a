// See shares.h.
#include "server/front/shares.h"

#include <algorithm>
#include <utility>

#include "ledger/base/share.h"

namespace fundtrail::server {
namespace {

constexpr double kFrameBurst = 2, kResetBurst = 10, kConnectBurst = 0.5;  // seconds' worth
constexpr double kLongestQueue = 3;                                       // seconds, of connections
constexpr std::size_t kMaxRemembered = 10'000;  // addresses, those without a connection among them

}  // namespace

void Bucket::Fill(double now) {
  tokens_ = std::min(burst_, tokens_ + (now - at_) * per_second_);
  at_ = now;
}

void Bucket::Charge(double cost, double now) {
  Fill(now);
  tokens_ = std::clamp(tokens_ - cost, -burst_, burst_);
}

double Bucket::Wait(double now) {
  Fill(now);
  return tokens_ >= 0 ? 0 : -tokens_ / per_second_;
}

bool Bucket::Full(double now) {
  Fill(now);
  return tokens_ >= burst_;
}

Shares::Share::Share(Shares* all, double now)
    : all_(*all),
      frames_(all->limits_.frames_per_second, kFrameBurst * all->limits_.frames_per_second),
      given_up_(all->limits_.resets_per_second, kResetBurst * all->limits_.resets_per_second) {
  for (Bucket* bucket : {&frames_, &given_up_}) bucket->Charge(0, now);
}

std::optional<double> Shares::Share::BeginIn() {
  const std::lock_guard lock(all_.mutex_);
  const double now = all_.now_();
  const double until = std::max(connected_until_, now) + 1 / all_.limits_.connections_per_second;
  const double wait = std::max(0.0, until - now - kConnectBurst);
  if (wait > kLongestQueue) {
    ++all_.turned_away_;
    return std::nullopt;
  }
  connected_until_ = until;
  return wait;
}

bool Shares::Share::Begin() {
  const std::lock_guard lock(all_.mutex_);
  const FrontLimits& limits = all_.limits_;
  if (calls_ >= limits.calls_per_address || !MayShare(calls_, all_.calls_, 1, limits.calls)) return false;
  ++calls_;
  ++all_.calls_;
  return true;
}

void Shares::Share::End(std::size_t calls) {
  const std::lock_guard lock(all_.mutex_);
  calls_ -= calls;
  all_.calls_ -= calls;
}

bool Shares::Share::Reserve(std::size_t bytes) {
  const std::lock_guard lock(all_.mutex_);
  if (!MayShare(messages_, all_.messages_, bytes, all_.limits_.messages_bytes)) return false;
  messages_ += bytes;
  all_.messages_ += bytes;
  return true;
}

void Shares::Share::Release(std::size_t bytes) {
  const std::lock_guard lock(all_.mutex_);
  messages_ -= bytes;
  all_.messages_ -= bytes;
}

void Shares::Share::GiveUp(std::size_t calls) {
  const std::lock_guard lock(all_.mutex_);
  given_up_.Charge(static_cast<double>(calls), all_.now_());
}

void Shares::Share::Charge(double cost) {
  const std::lock_guard lock(all_.mutex_);
  frames_.Charge(cost, all_.now_());
}

double Shares::Share::WaitForFrame() {
  const std::lock_guard lock(all_.mutex_);
  return frames_.Wait(all_.now_());
}

double Shares::Share::WaitForCall() {
  const std::lock_guard lock(all_.mutex_);
  return given_up_.Wait(all_.now_());
}

std::shared_ptr<Share> Shares::Connect(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const double now = now_();
  auto own = by_address_.find(address);
  if (own == by_address_.end()) {
    if (by_address_.size() >= kMaxRemembered) Forget();
    own = by_address_.emplace(address, std::unique_ptr<Share>(new Share(this, now))).first;
  }
  Share& share = *own->second;
  if (share.connections_ >= limits_.connections_per_address ||
      !MayShare(share.connections_, connections_, 1, limits_.connections)) {
    ++turned_away_;
    return nullptr;
  }
  ++share.connections_;
  ++connections_;
  return {&share, [this, address](Share* /*one*/) { Disconnect(address); }};
}

void Shares::Disconnect(const std::string& address) {
  const std::lock_guard lock(mutex_);
  --connections_;
  const auto own = by_address_.find(address);
  Share& share = *own->second;
  if (--share.connections_ > 0) return;
  const double now = now_();
  // Its debts are remembered; one that has none is as one that never came.
  if (share.frames_.Full(now) && share.given_up_.Full(now) && share.connected_until_ <= now)
    by_address_.erase(own);
}

// Those that have paid their debts since, or, if they are still too many, all that have no connection.
void Shares::Forget() {
  const double now = now_();
  std::erase_if(by_address_, [&](const auto& entry) {
    Share& share = *entry.second;
    return share.connections_ == 0 && share.frames_.Wait(now) == 0 && share.given_up_.Wait(now) == 0 &&
           share.connected_until_ <= now;
  });
  if (by_address_.size() < kMaxRemembered) return;
  std::erase_if(by_address_, [](const auto& entry) { return entry.second->connections_ == 0; });
}

std::size_t Shares::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

std::size_t Shares::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

std::uint64_t Shares::turned_away() const {
  const std::lock_guard lock(mutex_);
  return turned_away_;
}

}  // namespace fundtrail::server
