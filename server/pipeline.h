// From entries that arrive to receipts, under load: many cores check signatures, one thread sequences, and what has
// gathered while the last write was on its way to the disk becomes the next group: one synced write and one
// checkpoint signature a group. Receipts go out only then. Knows nothing of gRPC.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "fundtrail/v1/refusal.pb.h"
#include "ledger/log/ledger.h"
#include "server/histogram.h"

namespace fundtrail::server {

struct PipelineLimits {
  // Of what waits, is being checked or written: above them Submit is refused, never memory without end.
  std::size_t entries = 20'000;
  std::size_t bytes = std::size_t{64} << 20;
  // Of one write. Entries are checked at most one group ahead: once decoded they take about 12 times their bytes.
  std::size_t group_entries = 2'000;
  std::size_t group_bytes = std::size_t{4} << 20;
  unsigned checkers = 0;  // threads that check signatures; 0: one a core
};

// One entry on its way. `done` is called exactly once, from a thread of the pipeline's, and must not block.
struct Job {
  Bytes signed_entry;
  // Asked once, when its turn has come to be sequenced: true takes it out, and nothing of it stays. Empty: never.
  std::function<bool()> cancelled;
  std::function<void(StatusOr<log::Receipt>)> done;
};

struct PipelineCounts {
  std::uint64_t accepted = 0, repeated = 0, refused = 0, cancelled = 0, turned_away = 0, failed = 0;
  std::map<v1::RefusalCode, std::uint64_t> refusals;  // refused, by code
  std::uint64_t groups = 0;
  Histogram group_entries{{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000}};
  std::size_t queued_entries = 0, queued_bytes = 0;
  std::size_t decoded_entries = 0,
              decoded_bytes = 0;  // of those queued: what is checked, or being checked or written
};

// What a caller does when there is no room. Only who goes away counts as turned away.
enum class IfFull { kGoesAway, kAsksAgain };

class Pipeline {
 public:
  // Nobody else may append to `ledger` from now on; it must outlive the pipeline. `broken`, when there is one, is
  // called once, from a thread of the pipeline's, when the ledger could not be written.
  Pipeline(log::Ledger* ledger, log::Clock clock, const PipelineLimits& limits,
           std::function<void(const Status&)> broken = {});
  ~Pipeline();  // Stop
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Takes all of the jobs, to be sequenced in their order, or none: RESOURCE_EXHAUSTED (AgainIn) when there is no room,
  // INVALID_ARGUMENT when there never will be, UNAVAILABLE after Stop or when the ledger could not be written; then no
  // `done` is called, and `*jobs` are as they were.
  Status Submit(std::vector<Job>* jobs, IfFull if_full = IfFull::kGoesAway);

  // Takes nothing more from now on; what was taken goes its way.
  void StopTaking();
  // Takes nothing more, finishes what was taken, answers it, and returns.
  void Stop();

  PipelineCounts counts() const;

 private:
  struct Item {
    Job job;
    StatusOr<model::DecodedEntry> decoded = absl::UnknownError("not checked");
    bool checked = false;
    std::size_t bytes = 0;
  };
  using Items = std::deque<std::unique_ptr<Item>>;
  struct Answer {
    std::unique_ptr<Item> item;
    StatusOr<log::Receipt> receipt = absl::UnknownError("not answered");
  };

  void Check();
  bool MayCheck() const;
  void Sequence();
  void Respond();
  Items NextGroup();
  void AppendGroup(Items group);

  log::Ledger& ledger_;
  const log::Clock clock_;
  const PipelineLimits limits_;
  const std::function<void(const Status&)> tell_broken_;

  mutable std::mutex mutex_;
  std::condition_variable to_check_, to_sequence_, to_answer_;
  Items queue_;                    // in the order in which they came
  std::size_t next_to_check_ = 0;  // in queue_: those before it are checked or being checked
  std::deque<std::vector<Answer>> answers_;
  PipelineCounts counts_;
  bool closed_ = false;     // nothing more is taken
  bool stopping_ = false;   // and the threads end when all is done
  bool sequenced_ = false;  // the last group is done
  Status broken_;           // why the ledger takes no more

  std::vector<std::thread> threads_;
};

}  // namespace fundtrail::server
