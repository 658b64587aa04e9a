// One connection to PostgreSQL, of which nothing shows here: statements with binary parameters, and a deadline for each wait.
// A statement that took too long is never cancelled there: a cancelled COMMIT says OK and means nothing. The connection is
// closed, and what became of the statement is in doubt.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"

namespace fundtrail::postgres {

using Deadline = std::chrono::steady_clock::time_point;

// A parameter, as PostgreSQL sends it in binary form.
struct Param {
  unsigned type = 0;  // its OID
  Bytes bytes;
};
Param Int8(std::uint64_t value);
Param Text(std::string_view value);
Param Binary(ByteView value);                         // bytea
Param BinaryArray(const std::vector<Bytes>& values);  // bytea[]

struct Command {
  const char* sql = "";
  std::vector<Param> params;
};

// What a command gave: its rows in binary form, and how many rows it changed.
struct Rows {
  std::vector<std::vector<Bytes>> rows;  // a null is empty
  std::uint64_t changed = 0;
};
// Fields of such rows; 0 or false for what has another length.
std::uint64_t ReadInt8(ByteView field);
std::uint32_t ReadInt4(ByteView field);
bool ReadBool(ByteView field);

// That the URL can be used: it has a form that libpq reads, no password, and certificates are verified where it leaves this
// machine. INVALID_ARGUMENT in words; UNAVAILABLE where libpq cannot be loaded.
Status CheckUrl(const std::string& url);

class Connection {
 public:
  // UNAVAILABLE when no node that takes writes can be reached by then. Each gets a share of the time. `lock_wait`: how long a command waits for a lock there.
  static StatusOr<std::unique_ptr<Connection>> Open(const std::string& url,
                                                    std::chrono::milliseconds lock_wait, Deadline deadline);
  virtual ~Connection() = default;

  // Sends the commands in one round trip, each a transaction of its own, and waits for all. One answer for each: rows, or the
  // error that PostgreSQL told, INTERNAL with its code. UNAVAILABLE when the connection broke or the deadline passed:
  // then nothing is known of any, and the connection is of no use any more.
  virtual StatusOr<std::vector<StatusOr<Rows>>> Run(const std::vector<Command>& commands,
                                                    Deadline deadline) = 0;
  // What it said unasked since the last call, as "canceling wait for synchronous replication".
  virtual std::string TakeNotices() = 0;
};

}  // namespace fundtrail::postgres
