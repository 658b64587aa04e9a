// See workers.h.
#include "server/workers.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/retry.h"

namespace fundtrail::server {

namespace {

constexpr std::chrono::milliseconds kWhenFull{200};

}  // namespace

Workers::Workers(unsigned threads, std::size_t most_waiting)
    : most_waiting_(most_waiting),
      of_one_(std::max<std::size_t>(1, most_waiting / 4)),
      most_running_(std::max(1u, threads - 1)) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

Workers::~Workers() { Stop(); }

Status Workers::Run(const std::string& address, std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  const auto own = clients_.find(address);
  const std::size_t of_own = own == clients_.end() ? 0 : own->second.waiting.size();
  if (!stopping_ && (waiting_ >= most_waiting_ || of_own >= of_one_))
    return AgainIn(kWhenFull, "too many questions wait: ask again in a moment");
  return Add(address, std::move(work));
}

Status Workers::Go(const std::string& address, std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  return Add(address, std::move(work));
}

Status Workers::Add(const std::string& address, std::function<void()> work) {
  if (stopping_) return absl::UnavailableError("the server is stopping: ask again in a moment");
  Client& client = clients_[address];
  if (client.waiting.empty()) turns_.push_back(address);
  client.waiting.push_back(std::move(work));
  ++waiting_;
  to_do_.notify_one();
  return absl::OkStatus();
}

void Workers::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  to_do_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

// Whose turn it is, if anybody's, who goes behind the others for the next.
bool Workers::Next(std::string* address) {
  const auto turn = std::find_if(turns_.begin(), turns_.end(), [this](const std::string& one) {
    return clients_.find(one)->second.running < most_running_;
  });
  if (turn == turns_.end()) return false;
  *address = std::move(*turn);
  turns_.erase(turn);
  return true;
}

void Workers::Work() {
  std::unique_lock lock(mutex_);
  std::string address;
  while (true) {
    to_do_.wait(lock, [&] { return Next(&address) || (stopping_ && waiting_ == 0); });
    if (address.empty()) return;
    Client& client = clients_.find(address)->second;  // stays where it is while it runs
    const auto work = std::move(client.waiting.front());
    client.waiting.pop_front();
    --waiting_;
    ++client.running;
    if (!client.waiting.empty()) turns_.push_back(address);
    lock.unlock();
    work();
    lock.lock();
    --client.running;
    if (!client.waiting.empty()) to_do_.notify_one();  // who waited for this
    if (client.waiting.empty() && client.running == 0) clients_.erase(address);
    address.clear();
    if (stopping_ && waiting_ == 0) to_do_.notify_all();
  }
}

}  // namespace fundtrail::server
