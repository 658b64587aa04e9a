// See waiting.h.
#include "cli/render/waiting.h"

#include <utility>

#include "cli/render/style.h"

namespace fundtrail::render {
namespace {

constexpr int kSilentSeconds = 2;

}  // namespace

Waiting::Waiting(Language language, bool terminal, std::function<void(const std::string&)> write,
                 std::chrono::milliseconds second)
    : language_(language), write_(std::move(write)), second_(second) {
  if (terminal) thread_ = std::thread([this] { Run(); });
}

Waiting::~Waiting() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Waiting::Run() {
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  for (int seconds = kSilentSeconds;; ++seconds) {
    if (wake_.wait_until(lock, start + seconds * second_, [this] { return over_; })) {
      if (seconds > kSilentSeconds) write_("\r\x1b[K");
      return;
    }
    write_("\r\x1b[K" + Say("waiting for the answer: {} s", seconds).In(language_));
  }
}

}  // namespace fundtrail::render
