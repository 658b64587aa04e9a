// See calls.h.
#include "cli/client/calls.h"

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "fundtrail/v1/checkpoint.pb.h"
#include "ledger/base/text.h"
#include "server/min_size.h"
#include "server/status.h"

namespace fundtrail::cli {

void SetDeadline(grpc::ClientContext* context, Waited most) {
  if (most > kNoLimit) context->set_deadline(std::chrono::system_clock::now() + most);
}

void AskForSize(grpc::ClientContext* context, std::uint64_t min_size) {
  if (min_size > 0) context->AddMetadata(server::kMinSizeHeader, absl::StrCat(min_size));
}

Status CheckSize(const google::protobuf::Message& answer, std::uint64_t min_size) {
  if (min_size == 0) return absl::OkStatus();
  const auto* const field = answer.GetDescriptor()->FindFieldByName("as_of");
  if (field == nullptr || field->message_type() != v1::CheckpointRef::descriptor() ||
      !answer.GetReflection()->HasField(answer, field))
    return absl::OkStatus();
  const auto& as_of =
      static_cast<const v1::CheckpointRef&>(answer.GetReflection()->GetMessage(answer, field));
  if (as_of.size() >= min_size) return absl::OkStatus();
  return absl::UnimplementedError(absl::StrCat("the answer is of ", as_of.size(),
                                               " records, and --min-size asks for ", min_size,
                                               ": the server is older than this program"));
}

namespace {

// That an answer may take.
constexpr std::size_t kMostMemory = std::size_t{512} << 20;

// What gRPC's words mean, and which option helps.
const char* WhyUnanswered(const std::string& told) {
  const std::string lower = absl::AsciiStrToLower(told);
  const auto says = [&lower](const char* words) { return absl::StrContains(lower, words); };
  if (says("socket closed"))
    return "it closed the connection. If it speaks TLS, give --tls, or --ca FILE with who vouches for it";
  if (says("certificate verify failed") || says("certificate_verify_failed"))
    return "nobody who is trusted vouches for its certificate: give --ca FILE with who does";
  if (says("wrong version number") || says("wrong_version_number"))
    return "it speaks no TLS. On this machine, leave out --tls, --ca and --client-cert";
  if (says("http1.x server"))
    return "that is the address of its pages; its log says which address is for programs";
  if (says("peer certificate"))
    return "its certificate is of another name: give --server the name that stands in it";
  return "is the address right, is it running, and does it speak TLS?";
}

// "ledger.example.org:7450" of what gRPC says of a name that no name server knows; empty of anything else. A server's own sentence may
// have these words too, as it repeats what was asked.
std::string UnknownName(const grpc::Status& status) {
  constexpr std::string_view kWords = "DNS resolution failed for ";
  const std::string told = status.error_message();
  const std::size_t at = told.find(kWords);
  if (status.error_code() != grpc::StatusCode::UNAVAILABLE || at == std::string::npos) return "";
  const std::string name = told.substr(at + kWords.size());
  return name.substr(0, name.find(": "));
}

}  // namespace

Status StatusOfCall(const grpc::Status& status) {
  Status told = server::FromGrpc(status);
  if (const std::string name = UnknownName(status); !name.empty())
    return absl::UnavailableError(
        absl::StrCat("no address is known for the server ", Escaped(name),
                     ": is its name spelled right, and has this machine a network?"));
  if (told.code() == absl::StatusCode::kUnimplemented) {
    return absl::UnimplementedError(
        absl::StrCat("what answers there is not a fundtrail server, or is older than this program (",
                     told.message(), ")"));
  }
  if (absl::StrContains(told.message(), "eceived message larger than max"))
    return absl::ResourceExhaustedError(absl::StrCat(
        "the server's answer is longer than this program takes: ask for part of it (", told.message(), ")"));
  // gRPC's own words; a server that stops a long answer has better ones.
  if (told.code() == absl::StatusCode::kDeadlineExceeded && told.message() == "Deadline Exceeded")
    return NotInTime();
  const bool of_grpc =
      absl::StrContains(told.message(), "onnect") || absl::StrContains(told.message(), "ocket closed") ||
      absl::StrContains(told.message(), "andshake failed") ||
      absl::StrContains(told.message(), "peer certificate") || absl::StrContains(told.message(), "GOAWAY");
  if (told.code() != absl::StatusCode::kUnavailable || !of_grpc) return told;
  return absl::UnavailableError(absl::StrCat(
      "the server does not answer: ", WhyUnanswered(std::string(told.message())), " (", told.message(), ")"));
}

Status CheckMemory(std::size_t bytes) {
  if (bytes <= kMostMemory) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      "the server's answer takes more memory than any honest one: it is refused");
}

Status CheckFromServer(const google::protobuf::Message& answer) {
  // An empty part has two bytes on the wire at least, and no kind of part takes more than 1,024 in memory. To count what each of them takes
  // needs as long as all other work on a list.
  constexpr std::size_t kMostOfByte = 512;
  if (answer.ByteSizeLong() > kMostMemory / kMostOfByte)
    FT_RETURN_IF_ERROR(CheckMemory(answer.SpaceUsedLong()));
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

}  // namespace fundtrail::cli
