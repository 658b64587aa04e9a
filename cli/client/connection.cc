// See connection.h.
#include "cli/client/connection.h"

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/client/stubs.h"
#include "ledger/base/text.h"
#include "ledger/net/address.h"
#include "server/server.h"

namespace fundtrail::cli {
namespace {

constexpr std::size_t kMaxPem = std::size_t{1} << 20;

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
  if (absl::StrContains(server, ':') && server.back() != ']') return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "--server: ", Escaped(server), " has no port: give HOST:PORT, as ", Escaped(server), ":7450"));
}

// TLS to other machines always, with the system's certificate authorities or --ca; plaintext only to this one.
StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(const Context& context) {
  if (!context.tls && context.ca_file.empty() && context.client_cert.empty() &&
      net::IsLoopback(context.server))
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

Connection::Connection() : stubs_(std::make_unique<Stubs>()) {}
Connection::~Connection() = default;

StatusOr<std::unique_ptr<Connection>> Connection::Open(const Context& context, Access access,
                                                       int most_answer) {
  std::unique_ptr<Connection> connection(new Connection);
  Stubs& made = *connection->stubs_;
  connection->access_ = access;
  connection->language_ = context.language;
  connection->min_size_ = context.min_size;
  if (context.server.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string dir, LedgerDir(context));
    FT_ASSIGN_OR_RETURN(connection->own_, server::Server::InProcess(dir, access == Access::kWrite));
    made.channel = connection->own_->channel();
  } else {
    if (!context.ledger_dir.empty())
      return absl::InvalidArgumentError("--ledger or --server (or their variables): give one of them");
    FT_RETURN_IF_ERROR(CheckPort(context.server));
    FT_ASSIGN_OR_RETURN(const auto credentials, Credentials(context));
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(most_answer);
    arguments.SetInt(GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET, 1);  // none: see server/server.cc
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
    // A server that restarts is found again soon.
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
    // One attempt to connect, TLS and all; else gRPC takes 20 seconds.
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, std::min(context.timeout, 20) * 1'000);
    made.channel = grpc::CreateCustomChannel(context.server, credentials, arguments);
    connection->timeout_ = std::chrono::seconds(context.timeout);
    connection->Begin();
  }
  made.ledger = v1::Ledger::NewStub(made.channel);
  made.submission = v1::Submission::NewStub(made.channel);
  return connection;
}

Waited Connection::attempt() const {
  if (own_ != nullptr) return kNoLimit;
  return std::clamp(left_, Waited(1), Waited(kOneAttempt));
}

void Connection::AwaitServer(std::chrono::milliseconds most) {
  stubs_->channel->WaitForConnected(std::chrono::system_clock::now() + most);
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
