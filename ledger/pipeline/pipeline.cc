// See pipeline.h.
#include "ledger/pipeline/pipeline.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/share.h"
#include "ledger/model/refusal.h"
#include "ledger/pipeline/retry.h"

namespace fundtrail::pipeline {
namespace {

constexpr std::chrono::milliseconds kWhenFull{200};  // a full queue takes about that long to be written

// When there is more to do than cores, a question goes before the checking of signatures, and before sequencing. It is
// short, and they always have more. (Measured: beside writes, the slowest traces took half as long.)
constexpr int kCheckersNice = 10, kSequencerNice = 5;

void StepBack(int nice) {
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), nice);  // of this thread, as Linux has it
}

// What an entry costs in a turn: the work for it grows with its bytes, and the smallest makes some too.
constexpr std::uint64_t kCostOfAny = 128;
constexpr std::uint64_t kTurn = 4'096;  // a dozen small entries

Status Stopping() { return absl::UnavailableError("the server is stopping: send it again in a moment"); }

}  // namespace

Pipeline::Pipeline(log::Ledger* ledger, log::Clock clock, const PipelineLimits& limits, Tell tell,
                   Rate::Seconds seconds)
    : ledger_(*ledger),
      clock_(std::move(clock)),
      limits_(limits),
      tell_(std::move(tell)),
      seconds_(std::move(seconds)),
      unchecked_(kTurn),
      unsequenced_(kTurn) {
  const unsigned checkers =
      limits_.checkers > 0 ? limits_.checkers : std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < checkers; ++i) threads_.emplace_back([this] { Check(); });
  threads_.emplace_back([this] { Sequence(); });
  threads_.emplace_back([this] { Write(); });
  threads_.emplace_back([this] { Respond(); });
}

Pipeline::~Pipeline() { Stop(); }

Status Pipeline::MayTakeHere(const std::string& address, std::size_t entries, std::size_t bytes) const {
  if (closed_) return Stopping();
  if (!broken_.ok()) return broken_;
  if (entries > limits_.entries || bytes > limits_.bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(entries, " entries of ", bytes, " bytes in one call: the queue never holds more than ",
                     limits_.entries, " entries of ", limits_.bytes, " bytes, so send fewer at a time"));
  }
  const auto found = own_.find(address);
  const Own own = found == own_.end() ? Own() : found->second;
  if (MayShare(own.entries, counts_.queued_entries, entries, limits_.entries) &&
      MayShare(own.bytes, counts_.queued_bytes, bytes, limits_.bytes))
    return absl::OkStatus();
  return AgainIn(kWhenFull,
                 absl::StrCat("the queue is full, ", counts_.queued_entries, " entries wait, ", own.entries,
                              " of them from your address: send it again in a moment"));
}

Status Pipeline::MayTake(const std::string& address, std::size_t bytes) const {
  const std::lock_guard lock(mutex_);
  return MayTakeHere(address, 1, bytes);
}

Status Pipeline::Submit(const std::string& address, std::vector<Job>* jobs, IfFull if_full) {
  std::size_t bytes = 0;
  for (const Job& job : *jobs) bytes += job.signed_entry.size();
  const std::lock_guard lock(mutex_);
  Status may = MayTakeHere(address, jobs->size(), bytes);
  if (!may.ok()) {
    if (absl::IsUnavailable(may)) counts_.failed += jobs->size();
    if (RetryDelay(may).has_value() && if_full == IfFull::kGoesAway) counts_.turned_away += jobs->size();
    return may;
  }
  for (Job& job : *jobs) {
    auto item = std::make_unique<Item>();
    item->bytes = job.signed_entry.size();
    item->address = address;
    item->job = std::move(job);
    const std::uint64_t cost = kCostOfAny + item->bytes;
    unchecked_.Push(address, cost, std::move(item));
  }
  Own& own = own_[address];
  own.entries += jobs->size();
  own.bytes += bytes;
  counts_.queued_entries += jobs->size();
  counts_.queued_bytes += bytes;
  jobs->size() == 1 ? to_check_.notify_one() : to_check_.notify_all();
  return absl::OkStatus();
}

// Stages end one after another. Nothing more comes in; then the checkers end when all is checked, the sequencer
// when the queue is empty and written, and with it the writer, the responder when all is answered.
void Pipeline::StopTaking() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

void Pipeline::Stop() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    stopping_ = true;
  }
  to_check_.notify_all();
  to_sequence_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

PipelineCounts Pipeline::counts() const {
  const std::lock_guard lock(mutex_);
  PipelineCounts counts = counts_;
  counts.addresses = own_.size();
  return counts;
}

void Pipeline::TellFault(const Status& status) const {
  if (absl::IsInternal(status) && tell_.fault) tell_.fault(status);
}

// What is decoded waits for the sequencer. Of one address alone: one group that is written, and one ahead of it. Of
// several, each has its part of that, and one group more is left for who comes new.
bool Pipeline::MayCheck(const std::string& address) const {
  if (counts_.decoded_entries >= 3 * limits_.group_entries ||
      counts_.decoded_bytes >= 3 * limits_.group_bytes)
    return false;
  const Own& own = own_.find(address)->second;
  if (own.decoded_entries == 0) return true;
  return own.decoded_entries * own_.size() < 2 * limits_.group_entries &&
         own.decoded_bytes * own_.size() < 2 * limits_.group_bytes;
}

Pipeline::Item* Pipeline::NextToCheck() {
  auto next = unchecked_.Next([this](const std::string& address, const auto&) { return MayCheck(address); });
  if (!next.has_value()) return nullptr;
  Item* const item = next->get();
  Own& own = own_.find(item->address)->second;
  ++own.decoded_entries;
  own.decoded_bytes += item->bytes;
  ++counts_.decoded_entries;
  counts_.decoded_bytes += item->bytes;
  unsequenced_.Push(item->address, kCostOfAny + item->bytes, *std::move(next));
  return item;
}

void Pipeline::Check() {
  if (limits_.step_back) StepBack(kCheckersNice);
  std::unique_lock lock(mutex_);
  while (true) {
    Item* item = nullptr;
    to_check_.wait(lock, [&] {
      item = NextToCheck();
      return item != nullptr || (stopping_ && unchecked_.empty());
    });
    if (item == nullptr) return;  // stopping
    lock.unlock();
    CheckOne(item);
    lock.lock();
    item->checked = true;
    ++checked_;
    if (unsequenced_.Front(item->address)->get() == item) to_sequence_.notify_one();
  }
}

void Pipeline::CheckOne(Item* item) {
  item->cancelled = item->job.cancelled && item->job.cancelled();
  if (item->cancelled) return;
  const Status examined = Guarded([&] {
    item->candidate = item->job.judged == nullptr
                          ? log::Examine(ledger_.store(), item->job.signed_entry)
                          : log::ExamineJudged(item->job.signed_entry, item->job.judged);
    return absl::OkStatus();
  });
  if (examined.ok()) return;
  item->candidate.decoded = examined;
  TellFault(examined);
}

void Pipeline::Sequence() {
  if (limits_.step_back) StepBack(kSequencerNice);
  while (WaitForMore()) {
    Group group;
    if (Make(&group)) {
      WriteWhenNext(std::move(group));
    } else {
      WaitForWriter();
      AppendOneByOne(std::move(group));
    }
  }
  WaitForWriter();
  const std::lock_guard lock(mutex_);
  sequenced_ = true;
  to_write_.notify_all();
  to_answer_.notify_all();
}

// Until an entry is there to be sequenced; false when none will come any more. Nothing is kept of a group that was written
// meanwhile.
bool Pipeline::WaitForMore() {
  while (true) {
    std::unique_lock lock(mutex_);
    bool ready = false, stopped = false;
    to_sequence_.wait(lock, [&] {
      ready = unsequenced_.Any([](const auto& item) { return item->checked; });
      stopped = stopping_ && unchecked_.empty() && unsequenced_.empty();
      return ready || stopped || (before_ != nullptr && !writing_);
    });
    const bool writing = writing_;
    lock.unlock();
    if (!writing) WaitForWriter();  // it has ended: what is left of it is dealt with
    if (ready || stopped) return ready;
  }
}

// Which of those that are checked is next, within the limits of a group. They are as many as there were when it began,
// but who comes meanwhile takes its turn among them. As long as the group before is written this one takes whatever comes: it would
// only wait.
std::unique_ptr<Pipeline::Item> Pipeline::NextToSequence(Group* group) {
  std::unique_lock lock(mutex_);
  const bool first = group->items.empty();
  if (first) {
    group->most = std::clamp<std::size_t>(checked_, 1, limits_.group_entries);
    group->begun = seconds_();
  }
  while (group->items.size() < limits_.group_entries) {
    if (!writing_ && group->items.size() >= group->most) return nullptr;
    if (!first && !writing_ && own_.size() > 1 && seconds_() - group->begun >= limits_.group_seconds)
      return nullptr;
    auto next = unsequenced_.Next([&](const std::string& /*address*/, const auto& item) {
      return item->checked && (first || group->bytes + item->bytes <= limits_.group_bytes);
    });
    if (next.has_value()) {
      --checked_;
      group->bytes += (*next)->bytes;
      return *std::move(next);
    }
    // Those that are checked and have no room are for the next group.
    if (!writing_ || unsequenced_.Any([](const auto& item) { return item->checked; })) return nullptr;
    to_sequence_.wait(lock, [this] {
      return !writing_ || unsequenced_.Any([](const auto& item) { return item->checked; });
    });
  }
  return nullptr;
}

const log::Candidate* Pipeline::NextForLedger(Group* group) {
  while (auto next = NextToSequence(group)) {
    Item* const item = next.get();
    group->items.push_back(std::move(next));
    if (!item->cancelled && item->job.cancelled) item->cancelled = item->job.cancelled();
    if (item->cancelled) continue;
    group->to_ledger.push_back(item);
    return &item->candidate;
  }
  return nullptr;
}

// Behind the group that is being written, if there is one. Whether it could be borne.
bool Pipeline::Make(Group* group) {
  return Guarded([&] {
           group->made = ledger_.Make([&] { return NextForLedger(group); }, clock_, before_.get());
           return absl::OkStatus();
         })
      .ok();
}

// The same entries, on what the ledger has now.
void Pipeline::MakeAgain(Group* group) {
  const Status made = Guarded([&] {
    group->made = ledger_.Make(
        [&, i = std::size_t{0}]() mutable {
          return i < group->to_ledger.size() ? &group->to_ledger[i++]->candidate : nullptr;
        },
        clock_);
    return absl::OkStatus();
  });
  if (!made.ok()) group->made = nullptr;
}

// Called by the thread that sequences, which has the ledger for itself then.
void Pipeline::WaitForWriter() {
  std::optional<Group> failed;
  {
    std::unique_lock lock(mutex_);
    to_sequence_.wait(lock, [this] { return !writing_; });
    failed = std::exchange(failed_, std::nullopt);
  }
  before_ = nullptr;
  if (failed.has_value()) AppendOneByOne(*std::move(failed));
}

// While it is written the next one can be made, unless that could not go on from it. When nothing else is on its way this thread
// writes it: to hand it over takes longer.
void Pipeline::WriteWhenNext(Group group) {
  WaitForWriter();
  // What was made on rows that were not written after all means nothing.
  if (!ledger_.IsNext(group.made.get())) MakeAgain(&group);
  if (group.made == nullptr) {
    AppendOneByOne(std::move(group));
    return;
  }
  std::unique_lock lock(mutex_);
  if (ledger_.MayGoOnFrom(*group.made) && !(unchecked_.empty() && unsequenced_.empty())) {
    before_ = group.made;
    next_ = std::move(group);
    writing_ = true;
    to_write_.notify_one();
    return;
  }
  lock.unlock();
  WriteGroup(std::move(group));
  WaitForWriter();
}

void Pipeline::Write() {
  if (limits_.step_back) StepBack(kSequencerNice);
  std::unique_lock lock(mutex_);
  while (true) {
    to_write_.wait(lock, [this] { return sequenced_ || next_.has_value(); });
    if (!next_.has_value()) return;
    Group group = *std::exchange(next_, std::nullopt);
    lock.unlock();
    WriteGroup(std::move(group));
    lock.lock();
    writing_ = false;
    to_sequence_.notify_one();
  }
}

void Pipeline::WriteGroup(Group group) {
  const Status written = Guarded([&] {
    auto receipts = ledger_.WriteMade(group.made.get());
    for (std::size_t i = 0; i < receipts.size(); ++i) group.to_ledger[i]->receipt = std::move(receipts[i]);
    return absl::OkStatus();
  });
  if (!written.ok()) {
    const std::lock_guard lock(mutex_);
    failed_ = std::move(group);
    return;
  }
  if (tell_.sealed) tell_.sealed();
  Answer(std::move(group));
}

// When one of them cannot be borne, the others are taken all the same. Nothing is being written meanwhile.
void Pipeline::AppendOneByOne(Group group) {
  for (Item* const item : group.to_ledger) {
    const Status appended = Guarded([&] {
      const log::Candidate* next = &item->candidate;
      auto receipts = ledger_.AppendEach([&] { return std::exchange(next, nullptr); }, clock_);
      item->receipt = std::move(receipts.front());
      return absl::OkStatus();
    });
    if (appended.ok()) continue;
    item->receipt = appended;
    TellFault(appended);
  }
  if (tell_.sealed) tell_.sealed();
  Answer(std::move(group));
}

void Pipeline::Answer(Group group) {
  Status broken;
  PipelineCounts more;
  std::unordered_map<std::string, Own> done;
  for (const auto& item : group.items) {
    Own& own = done[item->address];
    ++own.decoded_entries;
    own.decoded_bytes += item->bytes;
    item->candidate = log::Candidate();
    if (item->cancelled) {
      item->receipt = absl::CancelledError("cancelled before its turn came: nothing was written");
      ++more.cancelled;
    } else if (item->receipt.ok()) {
      ++(item->receipt->repeated ? more.repeated : more.accepted);
    } else if (const auto refusal = model::RefusalOf(item->receipt.status()); refusal.has_value()) {
      ++more.refused;
      ++more.refusals[refusal->code()];
    } else {
      ++more.failed;
      // What may be had in a moment is no failure of the ledger.
      if (absl::IsUnavailable(item->receipt.status()) && !RetryDelay(item->receipt.status()).has_value())
        broken = item->receipt.status();
    }
  }

  // Told once: what waits behind it fails too. One thread at a time writes broken_, the sequencer or the writer.
  if (!broken.ok() && broken_.ok() && tell_.broken) tell_.broken(broken);
  const std::lock_guard lock(mutex_);
  counts_.accepted += more.accepted;
  counts_.repeated += more.repeated;
  counts_.refused += more.refused;
  for (const auto& [code, count] : more.refusals) counts_.refusals[code] += count;
  counts_.cancelled += more.cancelled;
  counts_.failed += more.failed;
  ++counts_.groups;
  counts_.group_entries.Add(static_cast<double>(group.items.size()));
  if (!broken.ok()) broken_ = broken;
  for (const auto& [address, of] : done) {
    Own& own = own_.find(address)->second;
    own.decoded_entries -= of.decoded_entries;
    own.decoded_bytes -= of.decoded_bytes;
    counts_.decoded_entries -= of.decoded_entries;
    counts_.decoded_bytes -= of.decoded_bytes;
  }
  to_check_.notify_all();
  answers_.push_back(std::move(group.items));
  to_answer_.notify_one();
}

void Pipeline::Respond() {
  std::unique_lock lock(mutex_);
  while (true) {
    to_answer_.wait(lock, [this] { return sequenced_ || !answers_.empty(); });
    if (answers_.empty()) return;
    Items group = std::move(answers_.front());
    answers_.pop_front();
    // Their places are free before their clients know: whoever sends on finds room.
    for (const auto& item : group) {
      const auto own = own_.find(item->address);
      own->second.bytes -= item->bytes;
      counts_.queued_bytes -= item->bytes;
      --counts_.queued_entries;
      if (--own->second.entries == 0) own_.erase(own);
    }
    lock.unlock();
    for (const auto& item : group) {
      TellFault(Guarded([&] {
        item->job.done(std::move(item->receipt));
        return absl::OkStatus();
      }));
    }
    group.clear();
    lock.lock();
  }
}

}  // namespace fundtrail::pipeline
