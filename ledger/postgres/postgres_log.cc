// See postgres_log.h.
#include "ledger/postgres/postgres_log.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "ledger/postgres/connection.h"
#include "ledger/postgres/start_checks.h"

namespace fundtrail::postgres {
namespace {

using store::LogHead;
using store::LogMember;
using store::LogView;

constexpr std::uint32_t kLogFormat = 1;

constexpr char kFacts[] =
    "SELECT current_setting('server_version_num')::int4, current_setting('fsync'), "
    "current_setting('full_page_writes'), current_setting('synchronous_standby_names'), "
    "current_setting('synchronous_commit'), rolsuper, pg_conf_load_time() FROM pg_roles WHERE rolname = "
    "current_user";
// Behind each write. The session reads its settings again before it answers this, if they changed before the write was done.
constexpr char kStillPromises[] = "SELECT current_setting('synchronous_standby_names'), pg_conf_load_time()";
constexpr char kLock[] = "SELECT pg_try_advisory_lock(7381240359223587)";  // any number, always the same
// The database's own name and its timeline: a promotion, or another database, gives another. On one timeline nothing is forgotten.
#define FT_LINE                                                          \
  "(SELECT system_identifier FROM pg_control_system())::text || '/' || " \
  "left(pg_walfile_name(pg_current_wal_lsn()), 8)"
// Whoever can write to the database decides how long a field is. What is longer than any of ours is cut, and fits nothing then.
#define FT_HEAD                                                                           \
  "format, left(ledger, 1024), epoch, left(holder, 1024), size, substring(root FOR 33), " \
  "substring(note FOR 4097), " FT_LINE
constexpr char kHead[] = "SELECT " FT_HEAD " FROM fundtrail.head";
constexpr char kTake[] =
    "UPDATE fundtrail.head SET epoch = epoch + 1, holder = $1 WHERE epoch = $2 "
    "AND current_setting('synchronous_standby_names') NOT IN ('', '*') "
    "RETURNING " FT_HEAD;
#undef FT_HEAD
#undef FT_LINE
constexpr char kAppend[] =
    "WITH h AS (UPDATE fundtrail.head SET size = $3 + cardinality($1), root = $2, note = $5 "
    "WHERE epoch = $4 AND holder = $6 AND size = $3 AND current_setting('synchronous_standby_names') NOT IN "
    "('', '*') "
    "RETURNING 1) "
    "INSERT INTO fundtrail.log SELECT $3 + o - 1, b FROM h, unnest($1) WITH ORDINALITY u(b, o)";
constexpr char kRead[] =
    "SELECT substring(record FOR 4194305) FROM (SELECT n, record, sum(length(record)) OVER (ORDER BY n) - "
    "length(record) AS before "
    "FROM fundtrail.log WHERE n >= $1 AND n < $1 + $2) AS part WHERE before < $3 ORDER BY n";
// What is said each second waits for no standby: a failover may forget it.
constexpr char kBeat[] =
    "WITH gone AS (DELETE FROM fundtrail.member WHERE seen < clock_timestamp() - interval '1 hour' "
    "AND holder <> $1) "
    "INSERT INTO fundtrail.member (holder, address, keys, size, note, seen) "
    "SELECT $1, $2, $3, $4, $5, clock_timestamp() "
    "WHERE set_config('synchronous_commit', 'local', true) = 'local' "
    "ON CONFLICT (holder) DO UPDATE SET address = excluded.address, keys = excluded.keys, "
    "size = excluded.size, note = excluded.note, seen = excluded.seen";
constexpr char kLeave[] =
    "DELETE FROM fundtrail.member WHERE holder = $1 AND "
    "set_config('synchronous_commit', 'local', true) = 'local'";
// One more of each than there may be shows that there are more.
constexpr char kMembers[] =
    "SELECT left(holder, 513), left(address, 513), left(keys, 4097), size, substring(note FOR 4097), "
    "(extract(epoch FROM seen) * 1000000)::int8 FROM fundtrail.member ORDER BY holder LIMIT 1025";
// A server that dies leaves a row for an hour, and one that dies again and again a row each time.
constexpr std::size_t kMostMembers = 1'024;
constexpr std::size_t kMostNameBytes = 512, kMostKeysBytes = 4'096, kMostNoteBytes = 4'096;
// A role that may not see the states of standbys gets nulls for them.
constexpr char kNow[] =
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::int8, "
    "count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')), "
    "coalesce(bool_and(sync_state IS NOT NULL), true) FROM pg_stat_replication";
constexpr char kEvict[] =
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND classid::int8 = 7381240359223587 >> 32 AND objid::int8 = 7381240359223587 & 4294967295 "
    "AND pid <> pg_backend_pid()";
constexpr char kMemberTable[] =
    "CREATE TABLE IF NOT EXISTS fundtrail.member (holder text PRIMARY KEY, address text NOT NULL, keys text "
    "NOT NULL, size int8 NOT NULL, note bytea NOT NULL, seen timestamptz NOT NULL)";
constexpr const char* kTables[] = {
    "CREATE SCHEMA IF NOT EXISTS fundtrail",
    "CREATE TABLE IF NOT EXISTS fundtrail.head (one bool PRIMARY KEY DEFAULT true CHECK (one), format int4 "
    "NOT NULL, "
    "ledger text NOT NULL, epoch int8 NOT NULL, holder text NOT NULL, size int8 NOT NULL, root bytea NOT "
    "NULL, "
    "note bytea NOT NULL)",
    "CREATE TABLE IF NOT EXISTS fundtrail.log (n int8 PRIMARY KEY, record bytea NOT NULL)",
    "ALTER TABLE fundtrail.log ALTER record SET STORAGE EXTERNAL",
    kMemberTable,
};

// By PostgreSQL's codes.
bool IsNoTable(const Status& status) {
  return absl::EndsWith(status.message(), "(42P01)") || absl::EndsWith(status.message(), "(3F000)");
}

Status LogTaken(const LogHead& head) {
  return absl::FailedPreconditionError(
      absl::StrCat("the log was taken by ", head.holder, ", as of epoch ", head.epoch));
}

StatusOr<LogHead> HeadIn(const Rows& rows) {
  if (rows.rows.empty())
    return absl::NotFoundError(
        "there is no log in that database: `fundtrail --ledger DIR replicate attach URL`");
  const auto& row = rows.rows.front();
  if (row.size() != 8) return absl::DataLossError("the head of the log cannot be read");
  if (const std::uint32_t format = ReadInt4(row[0]); format != kLogFormat)
    return absl::UnimplementedError(absl::StrCat("the log in that database has format ", format,
                                                 ", and this program knows ", kLogFormat));
  LogHead head;
  head.ledger = row[1];
  head.epoch = ReadInt8(row[2]);
  head.holder = row[3];
  head.size = ReadInt8(row[4]);
  auto root = Hash::FromBytes(row[5]);
  if (!root.ok()) return absl::DataLossError("the head of the log has no root");
  head.root = *root;
  head.note = row[6];
  head.line = row[7];
  return head;
}

StatusOr<LogMember> MemberIn(const std::vector<Bytes>& row) {
  if (row[0].size() > kMostNameBytes || row[1].size() > kMostNameBytes || row[2].size() > kMostKeysBytes ||
      row[4].size() > kMostNoteBytes)
    return absl::FailedPreconditionError(
        "a machine has more in the database's table of machines than any server writes: somebody else writes "
        "to it. Empty fundtrail.member there, and machines that serve come back by themselves");
  LogMember member;
  member.holder = row[0];
  member.address = row[1];
  for (const auto key : absl::StrSplit(row[2], ' ', absl::SkipEmpty())) member.keys.emplace_back(key);
  member.size = ReadInt8(row[3]);
  member.note = row[4];
  member.seen_micros = static_cast<std::int64_t>(ReadInt8(row[5]));
  return member;
}

StatusOr<std::vector<LogMember>> MembersIn(const Rows& rows) {
  if (rows.rows.size() > kMostMembers)
    return absl::FailedPreconditionError(absl::StrCat(
        "the database names more than ", kMostMembers,
        " machines that serve the ledger: somebody else writes to it, or a server starts and dies again and "
        "again. Empty fundtrail.member there, and machines that serve come back by themselves"));
  std::vector<LogMember> members;
  for (const auto& row : rows.rows) {
    FT_ASSIGN_OR_RETURN(members.emplace_back(), MemberIn(row));
  }
  return members;
}

class PostgresLog final : public store::GroupLog {
 public:
  explicit PostgresLog(PostgresSettings settings) : settings_(std::move(settings)) {}

  StatusOr<LogHead> Take(const std::string& holder, store::Taking taking) override {
    const bool again = taking == store::Taking::kAgain;
    const Deadline deadline = Soon();
    const Status connected = Connect(deadline);
    // A standby that was promoted a moment ago may have no standby of its own yet.
    if (again && absl::IsFailedPrecondition(connected)) return absl::UnavailableError(connected.message());
    FT_RETURN_IF_ERROR(connected);
    FT_RETURN_IF_ERROR(Lock(deadline));
    FT_ASSIGN_OR_RETURN(const LogHead before, HeadNow(deadline));
    // What this process sent may have come after its deadline: then the epoch is a later one of its own. And the same epoch may be
    // another's: so the holder tells.
    if (again && before.holder != holder) return LogTaken(before);
    FT_ASSIGN_OR_RETURN(const auto rows, Write({kTake, {Text(holder), Int8(before.epoch)}}, deadline));
    if (rows.rows.empty()) {
      Disconnect();
      return absl::UnavailableError(
          "the log was not taken: another took it now, or replication was switched off");
    }
    return HeadIn(rows);
  }

  Status Append(const LogHead& before, const std::vector<Bytes>& records, const Hash& root,
                ByteView note) override {
    if (connection_ == nullptr) return absl::UnknownError("there is no connection to the log");
    const Deadline deadline = Soon();
    const auto rows = Write({kAppend,
                             {BinaryArray(records), Binary(root.view()), Int8(before.size),
                              Int8(before.epoch), Binary(note), Text(before.holder)}},
                            deadline);
    if (!rows.ok()) return absl::UnknownError(rows.status().message());
    if (rows->changed == records.size()) return absl::OkStatus();
    return WhyNot(before, deadline);
  }

  StatusOr<LogHead> Peek() override {
    const Deadline deadline = Soon();
    FT_RETURN_IF_ERROR(Connect(deadline));
    return HeadNow(deadline);
  }

  StatusOr<std::vector<Bytes>> Read(std::uint64_t from) override {
    FT_ASSIGN_OR_RETURN(auto rows,
                        Ask({kRead, {Int8(from), Int8(store::kReadLogRecords), Int8(store::kReadLogBytes)}}));
    std::vector<Bytes> records;
    for (auto& row : rows.rows) records.push_back(std::move(row.front()));
    return records;
  }

  Status Beat(const LogMember& member) override {
    const Command beat{kBeat,
                       {Text(member.holder), Text(member.address), Text(absl::StrJoin(member.keys, " ")),
                        Int8(member.size), Binary(member.note)}};
    const Deadline deadline = Soon();
    FT_RETURN_IF_ERROR(Connect(deadline));
    Status said = One(beat, deadline).status();
    if (!IsNoTable(said)) return said;
    // A log that was made before there were members.
    FT_RETURN_IF_ERROR(One({kMemberTable, {}}, deadline).status());
    return One(beat, deadline).status();
  }

  Status Leave(const std::string& holder) override { return Ask({kLeave, {Text(holder)}}).status(); }

  StatusOr<LogView> Look() override {
    const Deadline deadline = Soon();
    FT_RETURN_IF_ERROR(Connect(deadline));
    auto answers = connection_->Run({{kMembers, {}}, {kHead, {}}, {kNow, {}}}, deadline);
    if (!answers.ok()) {
      Disconnect();
      return answers.status();
    }
    LogView view;
    auto& members = (*answers)[0];
    if (!members.ok() && !IsNoTable(members.status()))
      return absl::UnavailableError(members.status().message());
    if (members.ok()) {
      FT_ASSIGN_OR_RETURN(view.members, MembersIn(*members));
    }
    const auto& head = (*answers)[1];
    if (!head.ok() && !IsNoTable(head.status())) return absl::UnavailableError(head.status().message());
    FT_ASSIGN_OR_RETURN(view.head, HeadIn(head.ok() ? *head : Rows()));
    const auto& now = (*answers)[2];
    if (!now.ok()) return absl::UnavailableError(now.status().message());
    if (now->rows.empty() || now->rows[0].size() != 3)
      return absl::UnavailableError("PostgreSQL does not say what time it is");
    const auto& row = now->rows[0];
    view.now_micros = static_cast<std::int64_t>(ReadInt8(row[0]));
    if (ReadBool(row[2])) view.synchronous_standbys = ReadInt8(row[1]);
    return view;
  }

  Status Evict() override { return Ask({kEvict, {}}).status(); }

  // Makes what is missing of the tables, and the head.
  Status Prepare(const std::string& ledger, const Hash& empty_root) {
    const Deadline deadline = Soon();
    FT_RETURN_IF_ERROR(Connect(deadline));
    for (const char* table : kTables) FT_RETURN_IF_ERROR(One({table, {}}, deadline).status());
    FT_RETURN_IF_ERROR(One({"INSERT INTO fundtrail.head (format, ledger, epoch, holder, size, root, note) "
                            "VALUES (1, $1, 0, '', 0, $2, '') ON CONFLICT DO NOTHING",
                            {Text(ledger), Binary(empty_root.view())}},
                           deadline)
                           .status());
    FT_ASSIGN_OR_RETURN(const LogHead head, HeadNow(deadline));
    if (head.ledger == ledger) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat("that database has the log of ", head.ledger,
                                                      ": each ledger needs a database of its own"));
  }

 private:
  Deadline Soon() const { return std::chrono::steady_clock::now() + settings_.answer_in; }

  void Disconnect() {
    connection_.reset();
    locked_ = false;
  }

  Status Connect(Deadline deadline) {
    if (connection_ != nullptr) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(auto connection, Connection::Open(settings_.url, settings_.answer_in, deadline));
    connection_ = std::move(connection);
    auto checked = CheckFacts(deadline);
    if (!checked.ok()) Disconnect();
    return checked;
  }

  Status CheckFacts(Deadline deadline) {
    FT_ASSIGN_OR_RETURN(const auto rows, One({kFacts, {}}, deadline));
    if (rows.rows.empty() || rows.rows[0].size() != 7)
      return absl::UnavailableError("PostgreSQL does not say what its settings are");
    const auto& row = rows.rows[0];
    settings_read_ = row[6];
    return CheckServer({ReadInt4(row[0]), row[1], row[2], row[3], row[4], ReadBool(row[5])},
                       settings_.quorum_ok);
  }

  // It ends with the connection. It only keeps two that want the log from taking it from each other in turns: what fences is
  // the epoch and its holder.
  Status Lock(Deadline deadline) {
    if (locked_) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto rows, One({kLock, {}}, deadline));
    locked_ = !rows.rows.empty() && ReadBool(rows.rows[0][0]);
    if (locked_) return absl::OkStatus();
    const auto head = HeadNow(deadline);
    return absl::UnavailableError(absl::StrCat("the log is held by ", head.ok() ? head->holder : "another",
                                               ": one process at a time has it"));
  }

  StatusOr<LogHead> HeadNow(Deadline deadline) {
    const auto rows = One({kHead, {}}, deadline);
    if (IsNoTable(rows.status())) return HeadIn({});
    FT_RETURN_IF_ERROR(rows.status());
    return HeadIn(*rows);
  }

  // A write, and whether it was kept by the standby; all else is an error, and ends the connection.
  StatusOr<Rows> Write(const Command& command, Deadline deadline) {
    (void)connection_->TakeNotices();
    auto answers = connection_->Run({command, {kStillPromises, {}}}, deadline);
    Status trouble = answers.status();
    if (trouble.ok()) trouble = (*answers)[0].status();
    if (trouble.ok()) trouble = (*answers)[1].status();
    if (trouble.ok()) trouble = StillPromises(*(*answers)[1]);
    if (trouble.ok()) return *std::move((*answers)[0]);
    Disconnect();
    return absl::UnavailableError(trouble.message());
  }

  Status StillPromises(const Rows& rows) {
    if (const std::string said = connection_->TakeNotices(); !said.empty())
      return absl::UnavailableError(absl::StrCat("PostgreSQL says: ", said));
    if (rows.rows.empty() || rows.rows[0].size() != 2)
      return absl::UnavailableError("PostgreSQL does not say what its settings are");
    FT_RETURN_IF_ERROR(CheckStandbyNames(rows.rows[0][0], settings_.quorum_ok));
    if (rows.rows[0][1] != settings_read_)
      return absl::UnavailableError("PostgreSQL's settings were read anew meanwhile");
    return absl::OkStatus();
  }

  // Of an append that changed nothing.
  Status WhyNot(const LogHead& before, Deadline deadline) {
    const auto head = HeadNow(deadline);
    if (!head.ok())
      return absl::FailedPreconditionError(absl::StrCat("the log took nothing: ", head.status().message()));
    if (head->epoch != before.epoch || head->holder != before.holder) return LogTaken(*head);
    if (head->size != before.size)
      return absl::FailedPreconditionError(
          absl::StrCat("the log has ", head->size, " records, not ", before.size));
    return absl::FailedPreconditionError("the log took nothing: replication was switched off");
  }

  StatusOr<Rows> One(const Command& command, Deadline deadline) {
    std::vector<Command> commands;
    commands.push_back(command);
    auto answers = connection_->Run(commands, deadline);
    if (!answers.ok()) {
      Disconnect();
      return answers.status();
    }
    if (!answers->front().ok()) return absl::UnavailableError(answers->front().status().message());
    return *std::move(answers->front());
  }

  StatusOr<Rows> Ask(const Command& command) {
    const Deadline deadline = Soon();
    FT_RETURN_IF_ERROR(Connect(deadline));
    return One(command, deadline);
  }

  const PostgresSettings settings_;
  std::unique_ptr<Connection> connection_;  // null: none, or it is of no use any more
  bool locked_ = false;
  Bytes settings_read_;  // when this session read the server's settings
};

}  // namespace

StatusOr<std::unique_ptr<store::GroupLog>> OpenPostgresLog(const PostgresSettings& settings) {
  FT_RETURN_IF_ERROR(CheckUrl(settings.url));
  return std::make_unique<PostgresLog>(settings);
}

Status PreparePostgresLog(const PostgresSettings& settings, const std::string& ledger,
                          const Hash& empty_root) {
  FT_RETURN_IF_ERROR(CheckUrl(settings.url));
  return PostgresLog(settings).Prepare(ledger, empty_root);
}

}  // namespace fundtrail::postgres
