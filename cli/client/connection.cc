// See connection.h.
#include "cli/client/connection.h"

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/client/stubs.h"
#include "cli/client/who_serves.h"
#include "ledger/base/text.h"
#include "ledger/net/address.h"
#include "ledger/pipeline/elsewhere.h"
#include "server/server.h"

namespace fundtrail::cli {
namespace {

constexpr std::size_t kMaxPem = std::size_t{1} << 20;

constexpr Waited kOneLook{5'000}, kChoose{2'000};  // at one of several servers; until all have answered

Stubs StubsOn(std::shared_ptr<grpc::Channel> channel) {
  Stubs stubs;
  stubs.ledger = v1::Ledger::NewStub(channel);
  stubs.submission = v1::Submission::NewStub(channel);
  stubs.channel = std::move(channel);
  return stubs;
}

constexpr char kSilence[] = "fundtrail/silence";  // in a Status of this program only, never on the wire

Status MarkSilence(Status status) {
  status.SetPayload(kSilence, absl::Cord());
  return status;
}

// gRPC itself would only say that there is no address.
StatusOr<std::string> ReadPem(const char* option, const std::string& file) {
  FT_ASSIGN_OR_RETURN(std::string text, ReadFile(file, kMaxPem));
  if (absl::StrContains(text, "-----BEGIN ")) return text;
  return absl::InvalidArgumentError(
      absl::StrCat(option, ": ", file, " is no PEM file: none of its lines begins with \"-----BEGIN\""));
}

// Without a port gRPC would take 443, where hardly any ledger is.
Status CheckPort(const std::string& server) {
  if (server.empty())
    return absl::InvalidArgumentError("--server: give HOST:PORT, and several with commas between them");
  if (absl::StrContains(server, ':') && server.back() != ']') return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "--server: ", Escaped(server), " has no port: give HOST:PORT, as ", Escaped(server), ":7450"));
}

// TLS to other machines always, with the system's certificate authorities or --ca; plaintext only to this one.
StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(const Context& context,
                                                                const std::string& server) {
  if (!context.tls && context.ca_file.empty() && context.client_cert.empty() && net::IsLoopback(server))
    return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  if (!context.ca_file.empty()) {
    FT_ASSIGN_OR_RETURN(options.pem_root_certs, ReadPem("--ca", context.ca_file));
  }
  if (context.client_cert.empty() != context.client_key.empty())
    return absl::InvalidArgumentError("--client-cert and --client-key go together: give both");
  if (!context.client_cert.empty()) {
    FT_ASSIGN_OR_RETURN(options.pem_cert_chain, ReadPem("--client-cert", context.client_cert));
    FT_ASSIGN_OR_RETURN(options.pem_private_key, ReadPem("--client-key", context.client_key));
  }
  return grpc::SslCredentials(options);
}

}  // namespace

struct Connection::Ways {
  struct Way {
    std::string server;  // empty: this process
    Stubs stubs;
    bool tried = false;  // since all were tried
    Status failed;       // last
  };
  std::vector<Way> all;
  std::size_t at = 0;  // that is asked now
  int round = 0;       // how often all were tried
};

Connection::Connection() : ways_(std::make_unique<Ways>()) {}
Connection::~Connection() = default;

Stubs& Connection::stubs() { return ways_->all[ways_->at].stubs; }
bool Connection::several() const { return ways_->all.size() > 1; }

StatusOr<std::unique_ptr<Connection>> Connection::Open(const Context& context, Access access,
                                                       int most_answer) {
  std::unique_ptr<Connection> connection(new Connection);
  connection->access_ = access;
  connection->language_ = context.language;
  connection->min_size_ = context.min_size;
  if (context.server.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string dir, LedgerDir(context));
    FT_ASSIGN_OR_RETURN(connection->own_, server::Server::InProcess(dir, access == Access::kWrite));
    connection->ways_->all.push_back({"", StubsOn(connection->own_->channel()), false, absl::OkStatus()});
    return connection;
  }
  if (!context.ledger_dir.empty())
    return absl::InvalidArgumentError("--ledger or --server (or their variables): give one of them");
  for (const auto name : absl::StrSplit(context.server, ','))
    FT_RETURN_IF_ERROR(connection->AddServer(
        context, std::string(absl::StripAsciiWhitespace({name.data(), name.size()})), most_answer));
  connection->timeout_ = std::chrono::seconds(context.timeout);
  connection->Begin();
  if (connection->several()) connection->ChooseServer();
  return connection;
}

Status Connection::AddServer(const Context& context, const std::string& server, int most_answer) {
  FT_RETURN_IF_ERROR(CheckPort(server));
  FT_ASSIGN_OR_RETURN(const auto credentials, Credentials(context, server));
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(most_answer);
  arguments.SetInt(GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET, 1);  // none: see server/server.cc
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  // A server that restarts is found again soon.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  // One attempt to connect, TLS and all; else gRPC takes 20 seconds.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, std::min(context.timeout, 20) * 1'000);
  ways_->all.push_back(
      {server, StubsOn(grpc::CreateCustomChannel(server, credentials, arguments)), false, absl::OkStatus()});
  return absl::OkStatus();
}

// What is asked before an entry is made is asked of the server that will take it: another may not have all yet.
void Connection::ChooseServer() {
  std::vector<std::shared_ptr<grpc::Channel>> servers;
  for (const auto& way : ways_->all) servers.push_back(way.stubs.channel);
  ways_->at = WhoServes(
      servers,
      access_ == Access::kWrite ? v1::Submission::service_full_name() : v1::Ledger::service_full_name(),
      std::min<Waited>(kChoose, timeout_));
}

bool Connection::TryAnother(const Status& failed) {
  if (!several()) return false;
  auto& all = ways_->all;
  all[ways_->at].failed = failed;
  all[ways_->at].tried = true;
  std::size_t next = all.size();
  if (const auto active = pipeline::ActiveIn(failed); active.has_value()) {
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].server == *active) next = i;
  }
  if (next < all.size() && !all[next].tried) {
    ways_->at = next;
    return true;
  }
  for (std::size_t i = 1; i < all.size(); ++i) {
    const std::size_t other = (ways_->at + i) % all.size();
    if (all[other].tried) continue;
    ways_->at = other;
    return true;
  }
  for (auto& way : all) way.tried = false;
  ++ways_->round;
  ways_->at = next < all.size() ? next : (ways_->at + 1) % all.size();
  return false;
}

Status Connection::OfAll(const Status& failed) const {
  if (!several()) return failed;
  std::string words;
  for (const auto& way : ways_->all) {
    if (way.failed.ok()) continue;
    absl::StrAppend(&words, words.empty() ? "" : "; then ", "server ", way.server, ": ",
                    way.failed.message());
  }
  if (words.empty()) return failed;
  Status all(failed.code(), words);
  failed.ForEachPayload(
      [&](absl::string_view type, const absl::Cord& payload) { all.SetPayload(type, payload); });
  return all;
}

Waited Connection::attempt() const {
  if (own_ != nullptr) return kNoLimit;
  // Where others can be asked, one that hangs is left sooner, and given longer when all were tried.
  const Waited most =
      several() ? std::min<Waited>(kOneLook * (1 << std::min(ways_->round, 4)), kOneAttempt) : kOneAttempt;
  return std::clamp(left_, Waited(1), most);
}

void Connection::AwaitServer(std::chrono::milliseconds most) {
  if (several()) return;  // another is asked meanwhile
  stubs().channel->WaitForConnected(std::chrono::system_clock::now() + most);
}

const store::Reader& Connection::own_rows() const { return own_->rows(); }

Status NotInTime() { return MarkSilence(absl::DeadlineExceededError("the server did not answer in time")); }

Status Silent(Waited most) {
  return MarkSilence(absl::DeadlineExceededError(
      absl::StrCat("the server is there, and has sent nothing for ",
                   std::chrono::round<std::chrono::seconds>(most).count(), " seconds")));
}

bool IsSilence(const Status& failed) { return failed.GetPayload(kSilence).has_value(); }

}  // namespace fundtrail::cli
