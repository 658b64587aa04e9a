// See progress.h.
#include "cli/render/progress.h"

#include <chrono>
#include <cmath>

#include "cli/render/style.h"

namespace fundtrail::render {

Seconds SteadySeconds() {
  return [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
}

Shown ProgressText(std::uint64_t done, std::uint64_t total, double seconds) {
  const auto count = [](double number) { return Money(std::llround(number), 0); };
  Shown text = Say("{} of {}", count(static_cast<double>(done)), count(static_cast<double>(total)));
  if (total > 0) text += Say(" ({} %)", done * 100 / total);
  if (seconds <= 0 || done == 0) return text;
  const double rate = static_cast<double>(done) / seconds;
  text += Say(", {} a second", count(rate));
  if (done < total) text += Say(", {} s left", count(static_cast<double>(total - done) / rate));
  return text;
}

void Progress::Update(std::uint64_t done, std::uint64_t total) {
  const double now = now_();
  if (now - start_ < 1 || now - last_ < (terminal_ ? 0.25 : 5)) return;
  last_ = now;
  shown_ = true;
  const std::string text = Say("{}: {}", label_, ProgressText(done, total, now - start_)).In(language_);
  write_(terminal_ ? "\r\x1b[K" + text : text + "\n");
}

void Progress::Again(Shown label) {
  Finish();
  label_ = std::move(label);
  start_ = now_();
  last_ = 0;
}

void Progress::Finish() {
  if (shown_ && terminal_) write_("\r\x1b[K");
  shown_ = false;
}

}  // namespace fundtrail::render
