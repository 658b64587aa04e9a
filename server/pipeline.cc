// See pipeline.h.
#include "server/pipeline.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/model/refusal.h"
#include "server/retry.h"

namespace fundtrail::server {
namespace {

constexpr std::chrono::milliseconds kWhenFull{200};  // a full queue takes about that long to be written

// When there is more to do than cores, a question goes before the checking of signatures, and before sequencing: it is
// short, and they always have more. (Measured: beside writes, the slowest traces took half as long.)
constexpr int kCheckersNice = 10, kSequencerNice = 5;

void StepBack(int nice) {
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), nice);  // of this thread, as Linux has it
}

}  // namespace

Pipeline::Pipeline(log::Ledger* ledger, log::Clock clock, const PipelineLimits& limits,
                   std::function<void(const Status&)> broken)
    : ledger_(*ledger), clock_(std::move(clock)), limits_(limits), tell_broken_(std::move(broken)) {
  const unsigned checkers =
      limits_.checkers > 0 ? limits_.checkers : std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < checkers; ++i) threads_.emplace_back([this] { Check(); });
  threads_.emplace_back([this] { Sequence(); });
  threads_.emplace_back([this] { Respond(); });
}

Pipeline::~Pipeline() { Stop(); }

Status Pipeline::Submit(std::vector<Job>* jobs, IfFull if_full) {
  std::size_t bytes = 0;
  for (const Job& job : *jobs) bytes += job.signed_entry.size();
  const std::lock_guard lock(mutex_);
  if (closed_ || !broken_.ok()) {
    counts_.failed += jobs->size();
    return closed_ ? absl::UnavailableError("the server is stopping: send it again in a moment") : broken_;
  }
  if (jobs->size() > limits_.entries || bytes > limits_.bytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        jobs->size(), " entries of ", bytes, " bytes in one call: the queue never holds more than ",
        limits_.entries, " entries of ", limits_.bytes, " bytes, so send fewer at a time"));
  }
  if (counts_.queued_entries + jobs->size() > limits_.entries ||
      counts_.queued_bytes + bytes > limits_.bytes) {
    if (if_full == IfFull::kGoesAway) counts_.turned_away += jobs->size();
    return AgainIn(kWhenFull, absl::StrCat("the queue is full, ", counts_.queued_entries,
                                           " entries wait: send it again in a moment"));
  }
  for (Job& job : *jobs) {
    auto item = std::make_unique<Item>();
    item->bytes = job.signed_entry.size();
    item->job = std::move(job);
    queue_.push_back(std::move(item));
  }
  counts_.queued_entries += jobs->size();
  counts_.queued_bytes += bytes;
  jobs->size() == 1 ? to_check_.notify_one() : to_check_.notify_all();
  return absl::OkStatus();
}

// Stages end one after another: nothing more comes in; the checkers end when all is checked, the sequencer
// when the queue is empty, the responder when all is answered.
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
  return counts_;
}

// What is decoded waits for the sequencer: one group that it writes, and one ahead of it.
bool Pipeline::MayCheck() const {
  return counts_.decoded_entries < 2 * limits_.group_entries &&
         counts_.decoded_bytes < 2 * limits_.group_bytes;
}

void Pipeline::Check() {
  StepBack(kCheckersNice);
  std::unique_lock lock(mutex_);
  while (true) {
    to_check_.wait(lock, [this] { return next_to_check_ < queue_.size() ? MayCheck() : stopping_; });
    if (next_to_check_ >= queue_.size()) return;  // stopping
    Item* item = queue_[next_to_check_++].get();  // stays where it is until it is checked
    ++counts_.decoded_entries;
    counts_.decoded_bytes += item->bytes;
    lock.unlock();
    auto decoded = model::DecodeSignedEntry(item->job.signed_entry);
    lock.lock();
    item->decoded = std::move(decoded);
    item->checked = true;
    if (!queue_.empty() && queue_.front()->checked) to_sequence_.notify_one();
  }
}

// Those at the head that are checked, within the limits of a group. Nothing when the pipeline has come to its end.
Pipeline::Items Pipeline::NextGroup() {
  std::unique_lock lock(mutex_);
  to_sequence_.wait(lock, [this] { return queue_.empty() ? stopping_ : queue_.front()->checked; });
  Items group;
  std::size_t bytes = 0;
  while (!queue_.empty() && queue_.front()->checked && group.size() < limits_.group_entries &&
         (group.empty() || bytes + queue_.front()->bytes <= limits_.group_bytes)) {
    bytes += queue_.front()->bytes;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
    --next_to_check_;
  }
  return group;
}

void Pipeline::Sequence() {
  StepBack(kSequencerNice);
  for (Items group = NextGroup(); !group.empty(); group = NextGroup()) AppendGroup(std::move(group));
  const std::lock_guard lock(mutex_);
  sequenced_ = true;
  to_answer_.notify_all();
}

void Pipeline::AppendGroup(Items group) {
  std::vector<Answer> answers;
  std::size_t bytes = 0;
  std::vector<StatusOr<model::DecodedEntry>> decoded;
  std::vector<std::size_t> of;  // which answer each of them is for
  PipelineCounts more;
  for (auto& item : group) {
    Answer answer;
    bytes += item->bytes;
    if (item->job.cancelled && item->job.cancelled()) {
      item->decoded = absl::CancelledError("");
      answer.receipt = absl::CancelledError("cancelled before its turn came: nothing was written");
      ++more.cancelled;
    } else {
      decoded.push_back(std::move(item->decoded));
      of.push_back(answers.size());
    }
    answer.item = std::move(item);
    answers.push_back(std::move(answer));
  }
  auto receipts = ledger_.AppendDecoded(decoded, clock_);
  Status broken;
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    if (receipts[i].ok()) {
      ++(receipts[i]->repeated ? more.repeated : more.accepted);
    } else if (const auto refusal = model::RefusalOf(receipts[i].status()); refusal.has_value()) {
      ++more.refused;
      ++more.refusals[refusal->code()];
    } else {
      ++more.failed;
      if (receipts[i].status().code() == absl::StatusCode::kUnavailable) broken = receipts[i].status();
    }
    answers[of[i]].receipt = std::move(receipts[i]);
  }
  decoded.clear();

  // Told once: what waits behind it fails too. This thread alone writes broken_.
  if (!broken.ok() && broken_.ok() && tell_broken_) tell_broken_(broken);
  const std::lock_guard lock(mutex_);
  counts_.accepted += more.accepted;
  counts_.repeated += more.repeated;
  counts_.refused += more.refused;
  for (const auto& [code, count] : more.refusals) counts_.refusals[code] += count;
  counts_.cancelled += more.cancelled;
  counts_.failed += more.failed;
  ++counts_.groups;
  counts_.group_entries.Add(static_cast<double>(answers.size()));
  if (!broken.ok()) broken_ = broken;
  counts_.decoded_entries -= answers.size();
  counts_.decoded_bytes -= bytes;
  to_check_.notify_all();
  answers_.push_back(std::move(answers));
  to_answer_.notify_one();
}

void Pipeline::Respond() {
  std::unique_lock lock(mutex_);
  while (true) {
    to_answer_.wait(lock, [this] { return sequenced_ || !answers_.empty(); });
    if (answers_.empty()) return;
    std::vector<Answer> group = std::move(answers_.front());
    answers_.pop_front();
    lock.unlock();
    std::size_t bytes = 0;
    for (Answer& answer : group) {
      bytes += answer.item->bytes;
      answer.item->job.done(std::move(answer.receipt));
    }
    const std::size_t entries = group.size();
    group.clear();
    lock.lock();
    counts_.queued_entries -= entries;
    counts_.queued_bytes -= bytes;
  }
}

}  // namespace fundtrail::server
