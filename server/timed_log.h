// The log of a server's ledger that several machines keep. It measures each group's way, and counts what became of it.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "ledger/pipeline/histogram.h"
#include "ledger/pipeline/rate.h"
#include "ledger/store/group_log.h"

namespace fundtrail::server {

struct LogTimes {
  // Of groups that were acknowledged at once.
  pipeline::Histogram seconds{{0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5, 10}};
  std::uint64_t in_doubt = 0;   // groups of which the first answer did not tell
  std::uint64_t fenced = 0;     // groups, or tries to decide one, that came after another's turn began
  std::uint64_t takeovers = 0;  // how often this process took the log, not having had it
};

class LogWatch {
 public:
  // `group`: the root of the tree with it, which no other group has. One in doubt may be sent more than once.
  void Appended(const Hash& group, double seconds, const Status& kept);
  void Taken(bool anew, const Status& taken);
  LogTimes times() const;

 private:
  mutable std::mutex mutex_;
  LogTimes times_;
  std::optional<Hash> in_doubt_;  // the group that was so last
};

// The same log, watched. `watch` must outlive it.
std::unique_ptr<store::GroupLog> WithLogTimes(std::unique_ptr<store::GroupLog> log,
                                              pipeline::Rate::Seconds now, LogWatch* watch);

}  // namespace fundtrail::server
