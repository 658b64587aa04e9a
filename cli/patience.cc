// See patience.h.
#include "cli/patience.h"

#include <algorithm>
#include <iostream>
#include <thread>

#include "ledger/base/text.h"
#include "server/retry.h"

namespace fundtrail::cli {
namespace {

bool Passes(const Status& failed) {
  return failed.code() == absl::StatusCode::kUnavailable || failed.code() == absl::StatusCode::kCancelled ||
         failed.code() == absl::StatusCode::kDeadlineExceeded || server::RetryDelay(failed).has_value();
}

}  // namespace

bool Patience::Again(const Status& failed) {
  const auto pause = std::max(wait_, server::RetryDelay(failed).value_or(wait_));
  if (connection_.own() != nullptr || !Passes(failed) || Clock::now() + pause > until_) return false;
  const bool away = failed.code() == absl::StatusCode::kUnavailable;
  if (away && !told_) {
    std::cerr << "fundtrail: asking again for " << connection_.timeout().count()
              << " seconds: " << Escaped(std::string(failed.message())) << "\n";
    told_ = true;
  }
  std::this_thread::sleep_for(pause);
  if (away) {
    // Else gRPC would go on telling us of its last attempt.
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until_ - Clock::now());
    connection_.AwaitServer(std::clamp(left, std::chrono::milliseconds(1), kLongest));
  }
  wait_ = std::min(2 * wait_, kLongest);
  return true;
}

void Patience::Progress() {
  until_ = Clock::now() + connection_.timeout();
  wait_ = kFirst;
}

}  // namespace fundtrail::cli
