// See memory_log.h.
#include "ledger/store/memory_log.h"

#include <string>
#include <utility>

namespace fundtrail::store {
namespace {

class MemoryLog final : public GroupLog {
 public:
  explicit MemoryLog(std::shared_ptr<MemoryDatabase> database) : database_(std::move(database)) {}
  ~MemoryLog() override { database_->End(this); }
  MemoryLog(const MemoryLog&) = delete;
  MemoryLog& operator=(const MemoryLog&) = delete;

  StatusOr<LogHead> Take(const std::string& holder, Taking taking) override {
    return database_->Take(holder, taking, this);
  }
  Status Append(const LogHead& before, const std::vector<Bytes>& records, const Hash& root,
                ByteView note) override {
    return database_->Append(before, records, root, note);
  }
  StatusOr<LogHead> Peek() override { return database_->head(); }
  StatusOr<std::vector<Bytes>> Read(std::uint64_t from) override { return database_->ReadFrom(from); }
  Status Beat(const LogMember& member) override { return database_->Beat(member); }
  Status Leave(const std::string& holder) override { return database_->Leave(holder); }
  StatusOr<LogView> Look() override { return database_->Look(); }
  Status Evict() override {
    database_->Evict();
    return absl::OkStatus();
  }

 private:
  const std::shared_ptr<MemoryDatabase> database_;
};

Status LogFenced() { return absl::FailedPreconditionError("another process has taken the log"); }
Status LogAway() { return absl::UnavailableError("the log does not answer"); }
Status LogInDoubt() { return absl::UnknownError("the log did not answer"); }

}  // namespace

MemoryDatabase::MemoryDatabase(std::string ledger, const Hash& empty_root) {
  head_.ledger = std::move(ledger);
  head_.root = empty_root;
  head_.line = std::to_string(line_);
  durable_ = head_;
}

void MemoryDatabase::Inject(LogFault fault) {
  const std::lock_guard lock(mutex_);
  faults_.push_back(fault);
}

void MemoryDatabase::BeAway(int takes) {
  const std::lock_guard lock(mutex_);
  away_ = takes;
}

void MemoryDatabase::FailOver() {
  const std::lock_guard lock(mutex_);
  head_ = durable_;
  head_.line = std::to_string(++line_);
  records_.resize(head_.size);
}

void MemoryDatabase::FailBackTo(std::uint64_t size, const Hash& root) {
  SetBackTo(size, root);
  const std::lock_guard lock(mutex_);
  head_.line = std::to_string(++line_);
  durable_ = head_;
}

void MemoryDatabase::SetBackTo(std::uint64_t size, const Hash& root) {
  const std::lock_guard lock(mutex_);
  head_.size = size;
  head_.root = root;
  head_.note.clear();
  if (head_.epoch > 0) --head_.epoch;
  records_.resize(size);
  durable_ = head_;
}

void MemoryDatabase::StateHead(std::uint64_t size, const Hash& root) {
  const std::lock_guard lock(mutex_);
  head_.size = size;
  head_.root = root;
}

void MemoryDatabase::Overwrite(std::uint64_t index, Bytes record) {
  const std::lock_guard lock(mutex_);
  records_.at(index) = std::move(record);
}

void MemoryDatabase::TakeTurns() {
  const std::lock_guard lock(mutex_);
  turns_ = true;
}

void MemoryDatabase::BeDeaf(bool deaf) {
  const std::lock_guard lock(mutex_);
  deaf_ = deaf;
}

void MemoryDatabase::Pass(std::chrono::milliseconds time) {
  const std::lock_guard lock(mutex_);
  now_micros_ += std::chrono::microseconds(time).count();
}

void MemoryDatabase::End(const void* session) {
  const std::lock_guard lock(mutex_);
  if (session_ == session) session_ = nullptr;
}

void MemoryDatabase::Evict() {
  const std::lock_guard lock(mutex_);
  session_ = nullptr;
}

Status MemoryDatabase::Beat(LogMember member) {
  const std::lock_guard lock(mutex_);
  if (deaf_) return LogAway();
  member.seen_micros = ++now_micros_;  // no two are at the same time
  members_[member.holder] = std::move(member);
  return absl::OkStatus();
}

Status MemoryDatabase::Leave(const std::string& holder) {
  const std::lock_guard lock(mutex_);
  members_.erase(holder);
  return absl::OkStatus();
}

StatusOr<LogView> MemoryDatabase::Look() const {
  const std::lock_guard lock(mutex_);
  if (deaf_) return LogAway();
  LogView view;
  for (const auto& [holder, member] : members_) view.members.push_back(member);
  view.head = head_;
  view.now_micros = now_micros_;
  view.synchronous_standbys = 1;
  return view;
}

StatusOr<LogHead> MemoryDatabase::Take(const std::string& holder, Taking taking, const void* session) {
  const std::lock_guard lock(mutex_);
  if (deaf_) return LogAway();
  if (away_ > 0) {
    --away_;
    return LogAway();
  }
  if (turns_ && session_ != nullptr && session_ != session)
    return absl::UnavailableError("the log is held by another");
  if (taking == Taking::kAgain && head_.holder != holder) return LogFenced();
  session_ = session;
  ++head_.epoch;
  head_.holder = holder;
  durable_ = head_;  // the standby acknowledged this write, and with it all before
  while (!late_.empty()) {
    const Late late = std::move(late_.front());
    late_.pop_front();
    if (Put(late.before, late.records, late.root, late.note)) durable_ = head_;
  }
  return head_;
}

bool MemoryDatabase::Put(const LogHead& before, const std::vector<Bytes>& records, const Hash& root,
                         ByteView note) {
  if (head_.epoch != before.epoch || head_.holder != before.holder || head_.size != before.size) return false;
  records_.insert(records_.end(), records.begin(), records.end());
  head_.size += records.size();
  head_.root = root;
  head_.note = Bytes(note);
  return true;
}

Status MemoryDatabase::Append(const LogHead& before, const std::vector<Bytes>& records, const Hash& root,
                              ByteView note) {
  const std::lock_guard lock(mutex_);
  LogFault fault = LogFault::kNone;
  if (!faults_.empty()) {
    fault = faults_.front();
    faults_.pop_front();
  }
  if (fault == LogFault::kLost) return LogInDoubt();
  if (fault == LogFault::kDelayed) {
    late_.push_back({before, records, root, Bytes(note)});
    return LogInDoubt();
  }
  if (fault == LogFault::kFenced) {
    ++head_.epoch;
    head_.holder = "another";
    durable_ = head_;
  }
  if (!Put(before, records, root, note)) return LogFenced();
  if (fault == LogFault::kNotice) return LogInDoubt();
  durable_ = head_;
  return fault == LogFault::kKeptThoughFailed ? LogInDoubt() : absl::OkStatus();
}

LogHead MemoryDatabase::head() const {
  const std::lock_guard lock(mutex_);
  return head_;
}

std::vector<Bytes> MemoryDatabase::records() const {
  const std::lock_guard lock(mutex_);
  return records_;
}

std::vector<Bytes> MemoryDatabase::ReadFrom(std::uint64_t from) const {
  const std::lock_guard lock(mutex_);
  std::vector<Bytes> some;
  std::size_t bytes = 0;
  for (std::uint64_t i = from; i < records_.size() && some.size() < kReadLogRecords && bytes < kReadLogBytes;
       ++i) {
    bytes += records_[i].size();
    some.push_back(records_[i]);
  }
  return some;
}

std::unique_ptr<GroupLog> OpenMemoryLog(std::shared_ptr<MemoryDatabase> database) {
  return std::make_unique<MemoryLog>(std::move(database));
}

}  // namespace fundtrail::store
