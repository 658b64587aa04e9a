// A log of records that several machines keep, behind one small interface, so that nothing of the engine leaks out. One
// process at a time holds it and appends; whoever takes it ends what the one before could append.
//
// Two implementations: PostgreSQL with a synchronous standby (ledger/postgres/), and memory (memory_log.h). One thread at a
// time calls a GroupLog. Errors that may pass are UNAVAILABLE, with words for a person.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"

namespace fundtrail::store {

// The log's one row that says where it stands.
struct LogHead {
  std::string ledger;       // whose records they are
  std::uint64_t epoch = 0;  // how often it was taken; less what a failover forgot
  std::string holder;       // by whom it was taken last
  std::uint64_t size = 0;   // records
  Hash root;                // of the tree over them
  Bytes note;               // a checkpoint of a beginning of them, signed; may be empty
  // Which line of the database's history this was read on. It stays the same as long as nothing can be forgotten: a failover, or
  // another database, is another line.
  std::string line;
};

// A machine that serves this ledger, as it last said of itself. Whoever can write to the database can write this too.
struct LogMember {
  std::string holder;             // the name by which it takes the log
  std::string address;            // HOST:PORT at which clients reach it; may be empty
  std::vector<std::string> keys;  // the public keys, in hex, of those it holds to sign as the ledger
  std::uint64_t size = 0;         // records that it has
  Bytes note;                     // its newest checkpoint, signed: all that it counts has been acknowledged
  std::int64_t seen_micros = 0;   // when it said so, by the log's clock; Beat sets it
};

// How the log looks to anyone. A failover may forget all of it, but for what a note proves.
struct LogView {
  std::vector<LogMember> members;
  LogHead head;  // read after the members: it has all that their notes count, if the log did not go back
  std::int64_t now_micros = 0;  // by the log's clock
  // Those that acknowledge, and are connected now. Nothing when the role may not see it.
  std::optional<std::uint64_t> synchronous_standbys;
};

// How a process takes the log.
enum class Taking {
  kAnew,   // whoever held it before
  kAgain,  // only if no other has taken it since this holder did
};

// What Read gives at a time: at least one record, if there is one.
inline constexpr std::size_t kReadLogRecords = 2'048;
inline constexpr std::size_t kReadLogBytes = std::size_t{4} << 20;

class GroupLog {
 public:
  virtual ~GroupLog() = default;

  // Makes this process the one that appends, under a new epoch. The answer, and every record that it counts, is then on as
  // many disks as an acknowledged group: it is a write of its own, which the standby acknowledged. FAILED_PRECONDITION
  // when it is to be taken again and its holder is another, or when its settings cannot keep a promise; NOT_FOUND when there
  // is none.
  virtual StatusOr<LogHead> Take(const std::string& holder, Taking taking) = 0;

  // Appends the records behind `before`, as one, if the log is still at that epoch, holder and size. A failover that forgets a
  // Take lets the next one give the same epoch to another. `root` is that of the tree with them, `note` the
  // newest signed checkpoint.
  // OK: they are on more than one disk. FAILED_PRECONDITION: they are not there and never will be by this call, since it is
  // another's turn or the log promises nothing now. UNKNOWN: in doubt, which Take decides.
  virtual Status Append(const LogHead& before, const std::vector<Bytes>& records, const Hash& root,
                        ByteView note) = 0;

  // The head as it can be read now. A failover may forget it, unless it was taken.
  virtual StatusOr<LogHead> Peek() = 0;
  // Says how this machine stands, for the others to see; and takes it out again.
  virtual Status Beat(const LogMember& member) = 0;
  virtual Status Leave(const std::string& holder) = 0;
  // FAILED_PRECONDITION, with what to do, when the database names more machines, or more of one, than can be: then somebody else
  // writes to it.
  virtual StatusOr<LogView> Look() = 0;
  // Ends the session of whoever holds the log, if there is one, so that Take need not wait for a process that hangs. Its
  // epoch stays as it is: only Take fences.
  virtual Status Evict() = 0;
  // The records from `from` on, some at a time; none at the end.
  virtual StatusOr<std::vector<Bytes>> Read(std::uint64_t from) = 0;
};

}  // namespace fundtrail::store
