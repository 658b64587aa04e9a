// See workers.h.
#include "server/workers.h"

#include <utility>

#include "server/retry.h"

namespace fundtrail::server {

namespace {

constexpr std::chrono::milliseconds kWhenFull{200};

}  // namespace

Workers::Workers(unsigned threads, std::size_t most_waiting) : most_waiting_(most_waiting) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

Workers::~Workers() { Stop(); }

Status Workers::Run(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return absl::UnavailableError("the server is stopping: ask again in a moment");
  if (waiting_.size() >= most_waiting_)
    return AgainIn(kWhenFull, "too many questions wait: ask again in a moment");
  waiting_.push_back(std::move(work));
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

void Workers::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    to_do_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work();
    lock.lock();
  }
}

}  // namespace fundtrail::server
