// See connection.h.
#include "ledger/postgres/connection.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "ledger/postgres/libpq.h"

namespace fundtrail::postgres {
namespace {

constexpr unsigned kByteaOid = 17, kInt8Oid = 20, kTextOid = 25, kByteaArrayOid = 1001;
constexpr std::size_t kMaxNotices = 2'000;  // bytes that are kept

// Whoever has a URL that was read, or a connection, has loaded it.
const Libpq& Pq() { return *TheLibpq(); }

struct CloseConnection {
  void operator()(PGconn* connection) const { Pq().PQfinish(connection); }
};
struct ClearResult {
  void operator()(PGresult* result) const { Pq().PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

// One line, without what follows it.
std::string FirstLine(const char* text) {
  const std::string all = text == nullptr ? "" : text;
  return std::string(absl::StripSuffix(all.substr(0, all.find('\n')), "\r"));
}

Status Broken(PGconn* connection) {
  return absl::UnavailableError(absl::StrCat("PostgreSQL: ", FirstLine(Pq().PQerrorMessage(connection))));
}

// Until the socket can be read, or written where that is wanted too.
Status WaitForSocket(PGconn* connection, bool read, bool write, Deadline deadline) {
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now())
            .count();
    if (left <= 0) return absl::UnavailableError("PostgreSQL did not answer in time");
    pollfd one{Pq().PQsocket(connection), static_cast<short>((read ? POLLIN : 0) | (write ? POLLOUT : 0)), 0};
    if (one.fd < 0) return Broken(connection);
    const int ready = poll(&one, 1, static_cast<int>(std::min<long long>(left, 60'000)));
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return absl::UnavailableError("cannot wait for PostgreSQL");
  }
}

Rows RowsOf(const PGresult* result) {
  Rows rows;
  for (int i = 0; i < Pq().PQntuples(result); ++i) {
    auto& row = rows.rows.emplace_back();
    for (int j = 0; j < Pq().PQnfields(result); ++j)
      row.emplace_back(Pq().PQgetvalue(result, i, j),
                       static_cast<std::size_t>(Pq().PQgetlength(result, i, j)));
  }
  (void)absl::SimpleAtoi(Pq().PQcmdTuples(const_cast<PGresult*>(result)), &rows.changed);
  return rows;
}

class LibpqConnection final : public Connection {
 public:
  explicit LibpqConnection(PGconn* connection) : connection_(connection) {
    Pq().PQsetNoticeReceiver(connection, &LibpqConnection::OnNotice, this);
  }

  Status Finish(Deadline deadline) {
    for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK; state = Pq().PQconnectPoll(pg())) {
      if (state == PGRES_POLLING_FAILED) return Broken(pg());
      FT_RETURN_IF_ERROR(
          WaitForSocket(pg(), state == PGRES_POLLING_READING, state == PGRES_POLLING_WRITING, deadline));
    }
    if (Pq().PQsetnonblocking(pg(), 1) != 0 || Pq().PQenterPipelineMode(pg()) != 1) return Broken(pg());
    return absl::OkStatus();
  }

  StatusOr<std::vector<StatusOr<Rows>>> Run(const std::vector<Command>& commands,
                                            Deadline deadline) override {
    for (const Command& command : commands) FT_RETURN_IF_ERROR(Send(command));
    FT_RETURN_IF_ERROR(Flush(deadline));
    std::vector<StatusOr<Rows>> answers;
    while (answers.size() < commands.size()) {
      FT_ASSIGN_OR_RETURN(auto answer, Answer(deadline));
      answers.push_back(std::move(answer));
    }
    return answers;
  }

  std::string TakeNotices() override { return std::exchange(notices_, ""); }

 private:
  static void OnNotice(void* self, const PGresult* result) {
    std::string& notices = static_cast<LibpqConnection*>(self)->notices_;
    if (notices.size() < kMaxNotices)
      absl::StrAppend(&notices, notices.empty() ? "" : "; ", FirstLine(Pq().PQresultErrorMessage(result)));
  }

  PGconn* pg() const { return connection_.get(); }

  Status Send(const Command& command) {
    std::vector<Oid> types;
    std::vector<const char*> values;
    std::vector<int> lengths, formats;
    for (const Param& param : command.params) {
      types.push_back(param.type);
      values.push_back(param.bytes.data());
      lengths.push_back(static_cast<int>(param.bytes.size()));
      formats.push_back(1);
    }
    if (Pq().PQsendQueryParams(pg(), command.sql, static_cast<int>(types.size()), types.data(), values.data(),
                               lengths.data(), formats.data(), 1) != 1 ||
        Pq().PQpipelineSync(pg()) != 1)
      return Broken(pg());
    return absl::OkStatus();
  }

  Status Flush(Deadline deadline) {
    for (int left = Pq().PQflush(pg()); left != 0; left = Pq().PQflush(pg())) {
      if (left < 0) return Broken(pg());
      FT_RETURN_IF_ERROR(WaitForSocket(pg(), true, true, deadline));
      // It may send so much that it takes nothing more before that is read.
      if (Pq().PQconsumeInput(pg()) != 1) return Broken(pg());
    }
    return absl::OkStatus();
  }

  // Null at the end of a command's results.
  StatusOr<Result> Next(Deadline deadline) {
    while (Pq().PQisBusy(pg()) != 0) {
      FT_RETURN_IF_ERROR(WaitForSocket(pg(), true, false, deadline));
      if (Pq().PQconsumeInput(pg()) != 1) return Broken(pg());
    }
    return Result(Pq().PQgetResult(pg()));
  }

  // What is between two of its marks: one result, or an error, and an end.
  StatusOr<StatusOr<Rows>> Answer(Deadline deadline) {
    std::optional<StatusOr<Rows>> answer;
    while (true) {
      FT_ASSIGN_OR_RETURN(const Result result, Next(deadline));
      if (result == nullptr) {
        if (Pq().PQstatus(pg()) != CONNECTION_OK) return Broken(pg());
        continue;
      }
      const auto status = Pq().PQresultStatus(result.get());
      if (status == PGRES_PIPELINE_SYNC) break;
      if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
        answer = RowsOf(result.get());
        continue;
      }
      if (Pq().PQstatus(pg()) != CONNECTION_OK) return Broken(pg());
      const char* const code = Pq().PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
      answer =
          absl::InternalError(absl::StrCat("PostgreSQL: ", FirstLine(Pq().PQresultErrorMessage(result.get())),
                                           " (", code == nullptr ? "no code" : code, ")"));
    }
    if (!answer.has_value()) return absl::UnavailableError("PostgreSQL gave no answer to a command");
    return *std::move(answer);
  }

  const std::unique_ptr<PGconn, CloseConnection> connection_;
  std::string notices_;
};

bool IsLocal(std::string_view host) {
  return host.empty() || host[0] == '/' || host[0] == '@' || host == "localhost" || host == "::1" ||
         (host.substr(0, 4) == "127." && host.find_first_not_of("0123456789.") == host.npos);
}

// What a URL says of the nodes, a list each with commas, and of what is to be kept secret.
struct UrlParts {
  std::string hosts, addresses, ports, mode;
  bool password = false;
};

bool MayHaveSecret(const std::string& url) {
  const std::size_t scheme = url.find("://"), from = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t at = url.rfind('@'), colon = url.find(':', from);
  return absl::StrContains(absl::AsciiStrToLower(url), "password") ||
         (at != std::string::npos && colon != std::string::npos && colon < at);
}

StatusOr<UrlParts> PartsOf(const std::string& url) {
  FT_RETURN_IF_ERROR(TheLibpq().status());
  char* why = nullptr;
  PQconninfoOption* const options = Pq().PQconninfoParse(url.c_str(), &why);
  if (options == nullptr) {
    // libpq shows what it could not read, which may be a password.
    const std::string words = FirstLine(why);
    Pq().PQfreemem(why);
    if (MayHaveSecret(url))
      return absl::InvalidArgumentError(
          "it is not a URL of PostgreSQL, as postgres://ledger@db1,db2/fundtrail");
    return absl::InvalidArgumentError(
        absl::StrCat("it is not a URL of PostgreSQL, as postgres://ledger@db1,db2/fundtrail: ", words));
  }
  UrlParts parts;
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    const std::string name = option->keyword, value = option->val == nullptr ? "" : option->val;
    if (name == "host") parts.hosts = value;
    if (name == "hostaddr") parts.addresses = value;
    if (name == "port") parts.ports = value;
    if (name == "sslmode") parts.mode = value;
    if ((name == "password" || name == "sslpassword") && !value.empty()) parts.password = true;
  }
  Pq().PQconninfoFree(options);
  return parts;
}

struct Node {
  std::string host, address, port;  // empty: as the URL has it
};

// Each node by itself. libpq goes on to the next one only when a node refuses: one that hangs would have all the time.
StatusOr<std::vector<Node>> NodesOf(const UrlParts& parts) {
  const std::vector<std::string> hosts = absl::StrSplit(parts.hosts, ','),
                                 addresses = absl::StrSplit(parts.addresses, ','),
                                 ports = absl::StrSplit(parts.ports, ',');
  const std::size_t count = std::max(hosts.size(), addresses.size());
  const Status uneven = absl::InvalidArgumentError(
      "the URL does not have as many hosts as addresses and ports: name them one for one");
  const auto fits = [&](const std::vector<std::string>& list) {
    return list.size() == count || (list.size() == 1 && list.front().empty());
  };
  if (!fits(hosts) || !fits(addresses) || (ports.size() != 1 && ports.size() != count)) return uneven;
  std::vector<Node> nodes(count);
  for (std::size_t i = 0; i < count; ++i) {
    Node& node = nodes[i];
    if (hosts.size() == count) node.host = hosts[i];
    if (addresses.size() == count) node.address = addresses[i];
    node.port = ports[ports.size() == 1 ? 0 : i];
    if (count == 1) continue;
    if (node.host.empty() && node.address.empty()) return uneven;
    if (node.port.empty()) node.port = "5432";  // libpq's own; else it would take the whole list
  }
  return nodes;
}

StatusOr<std::unique_ptr<Connection>> OpenNode(const std::string& url, const Node& node,
                                               std::chrono::milliseconds lock_wait, Deadline deadline) {
  // Of the session: each commit waits for the standby, and says so when it stopped waiting, whatever the role's settings; and a
  // machine that vanished is noticed in seconds, so that its lock is free again.
  const std::string options = absl::StrCat(
      "-c synchronous_commit=on -c client_min_messages=notice -c lock_timeout=", lock_wait.count(),
      " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c "
      "tcp_keepalives_count=3 -c search_path=pg_catalog");
  // What stands before the URL it may change, what stands after it counts; what is empty does not.
  const std::vector<std::pair<const char*, const char*>> settings = {
      {"target_session_attrs", "read-write"},
      {"keepalives_idle", "5"},
      {"keepalives_interval", "2"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", "5000"},
      {"dbname", url.c_str()},
      {"host", node.host.c_str()},
      {"hostaddr", node.address.c_str()},
      {"port", node.port.c_str()},
      {"options", options.c_str()},
      {"client_encoding", "UTF8"},
      {"application_name", "fundtrail"},
  };
  std::vector<const char*> names, values;
  for (const auto& [name, value] : settings) {
    names.push_back(name);
    values.push_back(value);
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  PGconn* const started = Pq().PQconnectStartParams(names.data(), values.data(), 1);
  if (started == nullptr) return absl::ResourceExhaustedError("no memory for a connection to PostgreSQL");
  auto connection = std::make_unique<LibpqConnection>(started);
  FT_RETURN_IF_ERROR(connection->Finish(deadline));
  return connection;
}

}  // namespace

Param Int8(std::uint64_t value) {
  Param param{kInt8Oid, {}};
  AppendBigEndian64(&param.bytes, value);
  return param;
}

Param Text(std::string_view value) { return {kTextOid, Bytes(value)}; }
Param Binary(ByteView value) { return {kByteaOid, Bytes(value)}; }

// One dimension, no nulls, the type, so many elements from 1 on; then each with its length.
Param BinaryArray(const std::vector<Bytes>& values) {
  Param param{kByteaArrayOid, {}};
  for (const std::uint32_t word : {std::uint32_t{1}, std::uint32_t{0}, std::uint32_t{kByteaOid},
                                   static_cast<std::uint32_t>(values.size()), std::uint32_t{1}})
    AppendBigEndian32(&param.bytes, word);
  for (const Bytes& value : values) {
    AppendBigEndian32(&param.bytes, static_cast<std::uint32_t>(value.size()));
    param.bytes += value;
  }
  return param;
}

std::uint64_t ReadInt8(ByteView field) { return field.size() == 8 ? ReadBigEndian64(field) : 0; }
std::uint32_t ReadInt4(ByteView field) { return field.size() == 4 ? ReadBigEndian32(field) : 0; }
bool ReadBool(ByteView field) { return field == ByteView("\x01", 1); }

Status CheckUrl(const std::string& url) {
  FT_ASSIGN_OR_RETURN(const UrlParts parts, PartsOf(url));
  if (parts.password)
    return absl::InvalidArgumentError(
        "the URL has a password, which others could read: put it into the file that PGPASSFILE names");
  FT_ASSIGN_OR_RETURN(const auto nodes, NodesOf(parts));
  const auto is_local = [](const Node& node) { return IsLocal(node.host) && IsLocal(node.address); };
  if (parts.mode != "verify-full" && !std::all_of(nodes.begin(), nodes.end(), is_local))
    return absl::InvalidArgumentError(
        "the URL leaves this machine: add sslmode=verify-full, so that nobody else can pose as the database");
  return absl::OkStatus();
}

StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& url,
                                                       std::chrono::milliseconds lock_wait,
                                                       Deadline deadline) {
  FT_RETURN_IF_ERROR(CheckUrl(url));
  FT_ASSIGN_OR_RETURN(const UrlParts parts, PartsOf(url));
  FT_ASSIGN_OR_RETURN(const auto nodes, NodesOf(parts));
  std::string why;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto now = std::chrono::steady_clock::now();
    const auto share = (deadline - now) / static_cast<int>(nodes.size() - i);
    auto connection = OpenNode(url, nodes[i], lock_wait, now + share);
    if (connection.ok()) return connection;
    absl::StrAppend(&why, why.empty() ? "" : "; ", connection.status().message());
  }
  return absl::UnavailableError(why);
}

}  // namespace fundtrail::postgres
