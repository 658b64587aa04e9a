// See connection.h.
#include "cli/client/connection.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "ledger/net/address.h"

namespace fundtrail::cli {
namespace {

constexpr std::size_t kMostPem = std::size_t{1} << 20;

constexpr char kSilence[] = "fundtrail/silence";  // in a Status of this program only, never on the wire

Status MarkSilence(Status status) {
  status.SetPayload(kSilence, absl::Cord());
  return status;
}

// TLS to other machines always, with the system's certificate authorities or --ca; plaintext only to this one.
StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(const Context& context) {
  if (context.ca_file.empty() && context.client_cert.empty() && net::IsLoopback(context.server))
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
  connection->access_ = access;
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
    // One attempt to connect, TLS and all; else gRPC takes 20 seconds.
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, std::min(context.timeout, 20) * 1'000);
    connection->channel_ = grpc::CreateCustomChannel(context.server, credentials, arguments);
    connection->timeout_ = std::chrono::seconds(context.timeout);
    connection->Begin();
  }
  connection->ledger_ = v1::Ledger::NewStub(connection->channel_);
  connection->submission_ = v1::Submission::NewStub(connection->channel_);
  return connection;
}

Waited Connection::attempt() const {
  if (own_ != nullptr) return kNoLimit;
  return std::clamp(left_, Waited(1), Waited(kOneAttempt));
}

void Connection::AwaitServer(std::chrono::milliseconds most) {
  channel_->WaitForConnected(std::chrono::system_clock::now() + most);
}

void SetDeadline(grpc::ClientContext* context, Waited most) {
  if (most > kNoLimit) context->set_deadline(std::chrono::system_clock::now() + most);
}

Status Told(const grpc::Status& status) {
  Status told = server::FromGrpc(status);
  if (told.code() == absl::StatusCode::kUnimplemented) {
    return absl::UnimplementedError(
        absl::StrCat("what answers there is no fundtrail server, or an older one than this program (",
                     told.message(), ")"));
  }
  if (absl::StrContains(told.message(), "eceived message larger than max"))
    return absl::ResourceExhaustedError(absl::StrCat(
        "the server's answer is longer than this program takes: ask for part of it (", told.message(), ")"));
  // gRPC's own words; a server that stops a long answer has better ones.
  if (told.code() == absl::StatusCode::kDeadlineExceeded && told.message() == "Deadline Exceeded")
    return MarkSilence(absl::DeadlineExceededError("the server did not answer in time"));
  const bool of_grpc = absl::StrContains(told.message(), "onnect") ||
                       absl::StrContains(told.message(), "ocket closed") ||
                       absl::StrContains(told.message(), "GOAWAY");
  if (told.code() != absl::StatusCode::kUnavailable || !of_grpc) return told;
  return absl::UnavailableError(absl::StrCat(
      "the server does not answer: is the address right, is it running, and does it speak TLS? (",
      told.message(), ")"));
}

Status CheckFromServer(const google::protobuf::Message& answer) {
  constexpr std::size_t kMost = std::size_t{512} << 20;
  if (answer.SpaceUsedLong() > kMost)
    return absl::ResourceExhaustedError(
        "the server's answer takes more memory than any honest one: it is refused");
  return CheckTexts(answer);
}

Watch::Watch(grpc::ClientContext* context, Waited most) : context_(*context), most_(most) {
  if (most_ > kNoLimit) thread_ = std::thread([this] { Run(); });
}

Watch::~Watch() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Watch::Begin() {
  const std::lock_guard lock(mutex_);
  until_ = Clock::now() + most_;
  wake_.notify_all();
}

void Watch::End() {
  const std::lock_guard lock(mutex_);
  until_.reset();
}

bool Watch::expired() const {
  const std::lock_guard lock(mutex_);
  return expired_;
}

void Watch::Run() {
  std::unique_lock lock(mutex_);
  while (!over_) {
    if (!until_.has_value()) {
      wake_.wait(lock);
    } else if (Clock::now() < *until_) {
      wake_.wait_until(lock, *until_);
    } else {
      expired_ = over_ = true;
      context_.TryCancel();
    }
  }
}

Status Silent(Waited most) {
  return MarkSilence(absl::DeadlineExceededError(
      absl::StrCat("the server is there, and has sent nothing for ",
                   std::chrono::round<std::chrono::seconds>(most).count(), " seconds")));
}

bool IsSilence(const Status& failed) { return failed.GetPayload(kSilence).has_value(); }

}  // namespace fundtrail::cli
