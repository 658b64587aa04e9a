// From entries that arrive to receipts, under load. Many cores check signatures, and one thread sequences. The entries
// that arrive during a write become the next group: they are judged and sealed meanwhile, on the rows of the group that is written. A
// group takes one synced write and one checkpoint signature. Receipts go out only then. Knows nothing of gRPC.
//
// Addresses take turns where entries are checked and where they are sequenced (turns.h), and share the queue
// (base/share.h). So one of them waits for what it sends itself, good or bad. Of one address everything goes in the
// order in which it came.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "fundtrail/v1/refusal.pb.h"
#include "ledger/base/guard.h"
#include "ledger/log/ledger.h"
#include "ledger/pipeline/histogram.h"
#include "ledger/pipeline/rate.h"
#include "ledger/pipeline/turns.h"

namespace fundtrail::pipeline {

struct PipelineLimits {
  // Of what waits, is being checked or written: above them Submit is refused, never memory without end.
  std::size_t entries = 20'000;
  std::size_t bytes = std::size_t{64} << 20;
  // Of one write. Of one address so many entries are checked as go into two groups, of all as go into three: once decoded they
  // take about 12 times their bytes.
  std::size_t group_entries = 2'000;
  std::size_t group_bytes = std::size_t{4} << 20;
  // While entries of several addresses are on their way, a group that was begun so long ago takes no more, unless it has to wait
  // for the one before it.
  double group_seconds = 0.01;
  unsigned checkers = 0;  // threads that check signatures; 0: one a core
  // Whether checking and sequencing let questions go first when there is more to do than cores. Where nobody asks they need not.
  bool step_back = true;
};

// One entry on its way. `done` is called exactly once, from a thread of the pipeline's, and must not block.
struct Job {
  Bytes signed_entry;
  // Asked before it is checked, and when its turn has come to be sequenced: true takes it out, and nothing of it stays. That may be
  // before the group ahead of it is written; it is not asked again. Empty: never.
  std::function<bool()> cancelled;
  std::function<void(StatusOr<log::Receipt>)> done;
  // Where it was judged before its turn (log/seal.h); else null.
  std::shared_ptr<const log::Judged> judged = nullptr;
};

struct PipelineCounts {
  std::uint64_t accepted = 0, repeated = 0, refused = 0, cancelled = 0, turned_away = 0, failed = 0;
  std::map<v1::RefusalCode, std::uint64_t> refusals;  // refused, by code
  std::uint64_t groups = 0;
  Histogram group_entries{{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000}};
  std::size_t queued_entries = 0, queued_bytes = 0;
  std::size_t addresses = 0;  // of which any are queued
  std::size_t decoded_entries = 0,
              decoded_bytes = 0;  // of those queued: what is checked, or being checked or written
};

// What a caller does when there is no room. Only who goes away counts as turned away.
enum class IfFull { kGoesAway, kAsksAgain };

class Pipeline {
 public:
  // What may be left out: who is told.
  struct Tell {
    // Once, from a thread of the pipeline's, when the ledger could not be written.
    std::function<void(const Status&)> broken;
    fundtrail::TellFault fault;
    // After each group that was written, before its authors hear of it; from a thread of the pipeline's, and must not block.
    std::function<void()> sealed;
  };
  // Nobody else may append to `ledger` from now on; it must outlive the pipeline. `seconds` is the clock by which groups
  // end.
  Pipeline(log::Ledger* ledger, log::Clock clock, const PipelineLimits& limits, Tell tell = {},
           Rate::Seconds seconds = SteadySeconds());
  ~Pipeline();  // Stop
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Takes all of the jobs, to be sequenced in their order, or none. RESOURCE_EXHAUSTED (AgainIn) when there is no room,
  // or none for this address; INVALID_ARGUMENT when there never will be. UNAVAILABLE after Stop or when the ledger
  // could not be written. Then no `done` is called, and `*jobs` are as they were.
  Status Submit(const std::string& address, std::vector<Job>* jobs, IfFull if_full = IfFull::kGoesAway);
  // Whether one entry, and so many bytes, would find room now: for a caller that has not looked into them yet. The same
  // errors.
  Status MayTake(const std::string& address, std::size_t bytes) const;

  // Takes nothing more from now on; what was taken goes its way.
  void StopTaking();
  // Takes nothing more, finishes what was taken, answers it, and returns.
  void Stop();

  PipelineCounts counts() const;

 private:
  struct Item {
    Job job;
    std::string address;
    std::size_t bytes = 0;
    bool checked = false, cancelled = false;
    log::Candidate candidate;  // when it is checked and not cancelled
    StatusOr<log::Receipt> receipt = absl::UnknownError("not answered");
  };
  using Items = std::vector<std::unique_ptr<Item>>;
  // Of one address, on its way.
  struct Own {
    std::size_t entries = 0, bytes = 0;
    std::size_t decoded_entries = 0, decoded_bytes = 0;
  };
  // What is sequenced together.
  struct Group {
    std::shared_ptr<log::Made> made;
    Items items;
    std::vector<Item*> to_ledger;  // those of them that are not cancelled
    std::size_t most = 0;          // entries
    std::size_t bytes = 0;
    double begun = 0;  // seconds_
  };

  Status MayTakeHere(const std::string& address, std::size_t entries, std::size_t bytes) const;
  void Check();
  void CheckOne(Item* item);
  Item* NextToCheck();
  bool MayCheck(const std::string& address) const;
  void Sequence();
  bool WaitForMore();
  std::unique_ptr<Item> NextToSequence(Group* group);
  const log::Candidate* NextForLedger(Group* group);
  bool Make(Group* group);
  void MakeAgain(Group* group);
  void WaitForWriter();
  void WriteWhenNext(Group group);
  void Write();
  void WriteGroup(Group group);
  void AppendOneByOne(Group group);
  void Answer(Group group);
  void Respond();
  void TellFault(const Status& status) const;

  log::Ledger& ledger_;
  const log::Clock clock_;
  const PipelineLimits limits_;
  const Tell tell_;
  const Rate::Seconds seconds_;

  mutable std::mutex mutex_;
  std::condition_variable to_check_, to_sequence_, to_write_, to_answer_;
  std::unordered_map<std::string, Own> own_;  // of whom anything is on its way
  Turns<std::unique_ptr<Item>> unchecked_;
  Turns<std::unique_ptr<Item>> unsequenced_;  // checked, or being checked: they stay where they are
  std::size_t checked_ = 0;                   // of these
  // The group that is next for the thread that writes. From then on until it is dealt with, writing_ is true.
  std::optional<Group> next_;
  bool writing_ = false;
  std::optional<Group> failed_;  // that group, when it could not be borne: whoever sequences deals with it
  // For the thread that sequences: the group before, as long as it may be being written.
  std::shared_ptr<const log::Made> before_;
  std::deque<Items> answers_;
  PipelineCounts counts_;
  bool closed_ = false;     // nothing more is taken
  bool stopping_ = false;   // and the threads end when all is done
  bool sequenced_ = false;  // the last group is done: nothing more is written
  Status broken_;           // why the ledger takes no more

  std::vector<std::thread> threads_;
};

}  // namespace fundtrail::pipeline
