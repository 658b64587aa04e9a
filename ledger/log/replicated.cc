// See replicated.h.
#include "ledger/log/replicated.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

namespace fundtrail::log {

namespace {
constexpr std::chrono::milliseconds kFirstPause{20}, kLongestPause{1'000};
}

ReplicatedSettings SleepingSettings(std::string holder, std::chrono::milliseconds patience) {
  ReplicatedSettings settings;
  settings.holder = std::move(holder);
  settings.patience = patience;
  settings.sleep = [](std::chrono::milliseconds pause) { std::this_thread::sleep_for(pause); };
  return settings;
}

Status LogIsBehind(std::uint64_t log_size, std::uint64_t size) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the log has ", log_size, " records, and this machine has ", size,
      ": a failover forgot some that have receipts. Nothing is recorded; `fundtrail --ledger DIR "
      "replicate give-back` puts them back from here"));
}

Status LogIsAnother(const std::string& where) {
  return absl::DataLossError(
      absl::StrCat("the log has other records than this machine, ", where,
                   ": two histories. Stop all servers and keep both, people must decide which holds"));
}

Status Replicated::Commit(const std::vector<Bytes>& records, const Hash& root, ByteView note) {
  Status kept = log_->Append(head_, records, root, note);
  if (absl::IsUnknown(kept)) kept = Decide(records, root, note);
  if (!kept.ok()) return kept;
  head_.size += records.size();
  head_.root = root;
  head_.note = Bytes(note);
  return kept;
}

// OK: the log has the records, and `head_` is still the one before them, at the epoch in force.
Status Replicated::Decide(const std::vector<Bytes>& records, const Hash& root, ByteView note) {
  const auto until = settings_.now() + settings_.patience;
  Status last = absl::UnknownError("");
  for (auto pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    const auto taken = log_->Take(settings_.holder, store::Taking::kAgain);
    if (taken.ok()) {
      head_.epoch = taken->epoch;
      if (taken->size == head_.size + records.size() && taken->root == root) return absl::OkStatus();
      if (taken->size < head_.size) return LogIsBehind(taken->size, head_.size);
      if (taken->size != head_.size || taken->root != head_.root)
        return LogIsAnother(absl::StrCat("behind record ", head_.size));
      // They are not there, and under the new epoch what was sent before never will be.
      last = log_->Append(head_, records, root, note);
      if (!absl::IsUnknown(last)) return last;
    } else if (absl::IsUnavailable(taken.status())) {
      last = taken.status();
    } else {
      return taken.status();
    }
    if (settings_.now() >= until) break;
    settings_.sleep(pause);
  }
  return absl::UnavailableError(absl::StrCat("whether the log has them is not known: ", last.message()));
}

}  // namespace fundtrail::log
