// A ledger whose log others keep too: a group of records is on their disks before its checkpoint is signed, and before any
// receipt. Rows are made here alone, since they follow from the records. So no signed checkpoint exists of a history that a
// failover may forget.
//
// What a crash leaves, step by step (Ledger::AppendEach):
//   sent, not acknowledged   in doubt: the log has it or not. Opening takes the log, which decides it, and replays what it has
//   acknowledged, not here   opening replays it from the log
//   here, no receipt         as with any ledger: the author sends it again, and gets its first receipt
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"
#include "ledger/store/group_log.h"

namespace fundtrail::log {

struct ReplicatedSettings {
  std::string holder;  // of this process, and of no other
  // So long a group may be in doubt.
  std::chrono::milliseconds patience{60'000};
  // The clock by which that is, and how it passes.
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
  std::function<void(std::chrono::milliseconds)> sleep;
};
// Where this thread sleeps while a group is in doubt.
ReplicatedSettings SleepingSettings(std::string holder, std::chrono::milliseconds patience);

// One thread calls it.
class Replicated {
 public:
  // `head`: what Take gave under the settings' holder.
  Replicated(std::unique_ptr<store::GroupLog> log, store::LogHead head, ReplicatedSettings settings)
      : settings_(std::move(settings)), log_(std::move(log)), head_(std::move(head)) {}

  // Has the log take the records behind all others; `root` is that of the tree with them, `note` the newest checkpoint. OK:
  // they are on more than one disk. A group in doubt is decided here: the log is taken again, and asked. FAILED_PRECONDITION
  // when another process has the log, or the log is not what it was; UNAVAILABLE when patience is over. After an error
  // nothing more is to be sent: the ledger is to be opened again.
  Status Commit(const std::vector<Bytes>& records, const Hash& root, ByteView note);

  const store::LogHead& head() const { return head_; }

 private:
  Status Decide(const std::vector<Bytes>& records, const Hash& root, ByteView note);

  const ReplicatedSettings settings_;
  const std::unique_ptr<store::GroupLog> log_;
  store::LogHead head_;
};

// That the log has fewer records than were acknowledged to somebody, in words: a failover forgot them.
Status LogIsBehind(std::uint64_t log_size, std::uint64_t size);
// That the log has other records than this machine, in words.
Status LogIsAnother(const std::string& where);

}  // namespace fundtrail::log
