// See timed_log.h.
#include "server/timed_log.h"

#include <string>
#include <utility>
#include <vector>

#include "ledger/store/forwarding_log.h"

namespace fundtrail::server {
namespace {

class TimedLog final : public store::ForwardingLog {
 public:
  TimedLog(std::unique_ptr<store::GroupLog> inner, pipeline::Rate::Seconds now, LogWatch* watch)
      : ForwardingLog(std::move(inner)), now_(std::move(now)), watch_(*watch) {}

  StatusOr<store::LogHead> Take(const std::string& holder, store::Taking taking) override {
    auto head = ForwardingLog::Take(holder, taking);
    watch_.Taken(taking == store::Taking::kAnew, head.status());
    return head;
  }
  Status Append(const store::LogHead& before, const std::vector<Bytes>& records, const Hash& root,
                ByteView note) override {
    const double start = now_();
    Status kept = ForwardingLog::Append(before, records, root, note);
    watch_.Appended(root, now_() - start, kept);
    return kept;
  }

 private:
  const pipeline::Rate::Seconds now_;
  LogWatch& watch_;
};

}  // namespace

void LogWatch::Appended(const Hash& group, double seconds, const Status& kept) {
  const std::lock_guard lock(mutex_);
  const bool again = in_doubt_ == group;
  if (kept.ok() && !again) times_.seconds.Add(seconds);
  if (absl::IsUnknown(kept) && !again) {
    ++times_.in_doubt;
    in_doubt_ = group;
  }
  if (absl::IsFailedPrecondition(kept)) ++times_.fenced;
}

void LogWatch::Taken(bool anew, const Status& taken) {
  const std::lock_guard lock(mutex_);
  if (anew && taken.ok()) ++times_.takeovers;
  if (!anew && absl::IsFailedPrecondition(taken)) ++times_.fenced;
}

LogTimes LogWatch::times() const {
  const std::lock_guard lock(mutex_);
  return times_;
}

std::unique_ptr<store::GroupLog> WithLogTimes(std::unique_ptr<store::GroupLog> log,
                                              pipeline::Rate::Seconds now, LogWatch* watch) {
  return std::make_unique<TimedLog>(std::move(log), std::move(now), watch);
}

}  // namespace fundtrail::server
