// A group log in memory, for tests: a database that many processes may use, and each way in which one can fail.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "ledger/store/group_log.h"

namespace fundtrail::store {

// How an Append ends.
enum class LogFault {
  kNone,
  kLost,              // it never came: in doubt, and not there
  kKeptThoughFailed,  // it is on two disks, and only the answer was lost
  kNotice,            // it can be read, and is on one disk alone: in doubt
  kFenced,            // another process had taken the log a moment before
  kDelayed,           // it comes when the log was taken again, and must be refused then
};

class MemoryDatabase {
 public:
  explicit MemoryDatabase(std::string ledger, const Hash& empty_root);

  // The next Appends, of whomever, end so, one after the other.
  void Inject(LogFault fault);
  // So many of the next Takes are UNAVAILABLE.
  void BeAway(int takes);
  // The machine dies, and the standby is promoted: what is on one disk alone is forgotten. Another line begins, as by the next.
  void FailOver();
  // The wrong standby is promoted: the log has `size` records, as it had under an earlier epoch.
  void FailBackTo(std::uint64_t size, const Hash& root);
  // The same without a promotion, as when an older image of its disk is put back: the line stays.
  void SetBackTo(std::uint64_t size, const Hash& root);
  // Its head says so, whatever records it has.
  void StateHead(std::uint64_t size, const Hash& root);
  // From now on one session at a time has the log, as a database's lock has it: Take is UNAVAILABLE while another is open.
  void TakeTurns();
  // Nothing can be read or said, until it is told `false`.
  void BeDeaf(bool deaf);
  // Its clock goes on.
  void Pass(std::chrono::milliseconds time);
  // Somebody changes a record: what an administrator of the database can do.
  void Overwrite(std::uint64_t index, Bytes record);

  // `session`: whose way to it.
  StatusOr<LogHead> Take(const std::string& holder, Taking taking, const void* session);
  void End(const void* session);
  void Evict();
  Status Beat(LogMember member);
  Status Leave(const std::string& holder);
  StatusOr<LogView> Look() const;
  Status Append(const LogHead& before, const std::vector<Bytes>& records, const Hash& root, ByteView note);
  LogHead head() const;
  std::vector<Bytes> records() const;
  std::vector<Bytes> ReadFrom(std::uint64_t from) const;

 private:
  struct Late {
    LogHead before;
    std::vector<Bytes> records;
    Hash root;
    Bytes note;
  };
  bool Put(const LogHead& before, const std::vector<Bytes>& records, const Hash& root, ByteView note);

  mutable std::mutex mutex_;
  LogHead head_, durable_;  // durable: on two disks
  std::vector<Bytes> records_;
  std::deque<LogFault> faults_;
  std::deque<Late> late_;
  int away_ = 0, line_ = 1;
  bool deaf_ = false, turns_ = false;
  const void* session_ = nullptr;  // that has the log
  std::map<std::string, LogMember> members_;
  std::int64_t now_micros_ = 1;
};

// One process's way to it.
std::unique_ptr<GroupLog> OpenMemoryLog(std::shared_ptr<MemoryDatabase> database);

}  // namespace fundtrail::store
