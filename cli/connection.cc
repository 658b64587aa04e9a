// See connection.h.
#include "cli/connection.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace fundtrail::cli {
namespace {

constexpr std::size_t kMostPem = std::size_t{1} << 20;

// TLS to other machines always, with the system's certificate authorities or --ca; plaintext only to this one.
StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(const Context& context) {
  if (context.ca_file.empty() && context.client_cert.empty() && server::IsLoopback(context.server))
    return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  if (!context.ca_file.empty()) {
    FT_ASSIGN_OR_RETURN(options.pem_root_certs, ReadFile(context.ca_file, kMostPem));
  }
  if (context.client_cert.empty() != context.client_key.empty())
    return absl::InvalidArgumentError("--client-cert and --client-key go together: give both");
  if (!context.client_cert.empty()) {
    FT_ASSIGN_OR_RETURN(options.pem_cert_chain, ReadFile(context.client_cert, kMostPem));
    FT_ASSIGN_OR_RETURN(options.pem_private_key, ReadFile(context.client_key, kMostPem));
  }
  return grpc::SslCredentials(options);
}

}  // namespace

StatusOr<std::unique_ptr<Connection>> Connection::Open(const Context& context, Access access,
                                                       int most_answer) {
  std::unique_ptr<Connection> connection(new Connection);
  if (context.server.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string dir, LedgerDir(context));
    FT_ASSIGN_OR_RETURN(connection->own_, server::Server::InProcess(dir, access == Access::kWrite));
    connection->channel_ = connection->own_->channel();
  } else {
    if (!context.ledger_dir.empty())
      return absl::InvalidArgumentError("--ledger or --server (or their variables): give one of them");
    FT_ASSIGN_OR_RETURN(const auto credentials, Credentials(context));
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(most_answer);
    arguments.SetInt(GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET, 1);  // none: see server/server.cc
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
    // A server that restarts is found again soon.
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
    connection->channel_ = grpc::CreateCustomChannel(context.server, credentials, arguments);
    connection->timeout_ = std::chrono::seconds(context.timeout);
  }
  connection->ledger_ = v1::Ledger::NewStub(connection->channel_);
  connection->submission_ = v1::Submission::NewStub(connection->channel_);
  return connection;
}

std::chrono::seconds Connection::attempt() const {
  return own_ == nullptr ? std::min(kOneAttempt, timeout_) : kNoLimit;
}

void Connection::AwaitServer(std::chrono::milliseconds most) {
  channel_->WaitForConnected(std::chrono::system_clock::now() + most);
}

void SetDeadline(grpc::ClientContext* context, std::chrono::seconds most) {
  if (most > kNoLimit) context->set_deadline(std::chrono::system_clock::now() + most);
}

Status Told(const grpc::Status& status) {
  Status told = server::FromGrpc(status);
  if (told.code() == absl::StatusCode::kUnimplemented) {
    return absl::UnimplementedError(
        absl::StrCat("what answers there is no fundtrail server, or an older one than this program (",
                     told.message(), ")"));
  }
  // gRPC's own words; a server that stops a long answer has better ones.
  if (told.code() == absl::StatusCode::kDeadlineExceeded && told.message() == "Deadline Exceeded")
    return absl::DeadlineExceededError("the server did not answer in time");
  if (told.code() != absl::StatusCode::kUnavailable || !absl::StrContains(told.message(), "onnect"))
    return told;
  return absl::UnavailableError(absl::StrCat(
      "the server does not answer: is the address right, is it running, and does it speak TLS? (",
      told.message(), ")"));
}

Status CountBytes(std::size_t more, std::size_t most_bytes, std::size_t* bytes) {
  *bytes += more;
  if (*bytes <= most_bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("the answer has more than ", most_bytes, " bytes: ask for part of it"));
}

StatusOr<std::string> Connection::Name() {
  FT_ASSIGN_OR_RETURN(const auto answer,
                      Call(ledger(), &v1::Ledger::Stub::GetCheckpoint, v1::CheckpointRequest(), attempt()));
  return answer.as_of().ledger();
}

StatusOr<v1::ProveAnswer> ProveRecord(Connection* connection, std::uint64_t record, bool must_be_cosigned) {
  v1::ProveRequest request;
  request.set_record(record);
  request.set_cosigned(true);
  auto answer = Call(connection->ledger(), &v1::Ledger::Stub::Prove, request);
  if (must_be_cosigned || !absl::IsFailedPrecondition(answer.status())) return answer;
  request.set_cosigned(false);
  return Call(connection->ledger(), &v1::Ledger::Stub::Prove, request);
}

}  // namespace fundtrail::cli
