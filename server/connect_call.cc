// See connect_call.h.
#include "server/connect_call.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "ledger/net/gzip.h"
#include "server/min_size.h"

namespace fundtrail::server {
namespace {

constexpr std::size_t kMaxTimeoutDigits = 10;

// What Connect-Timeout-Ms says, if anything.
StatusOr<std::optional<std::chrono::milliseconds>> TimeoutOf(const net::HttpRequest& request) {
  if (request.Count("connect-timeout-ms") == 0) return std::optional<std::chrono::milliseconds>();
  const std::string_view digits = request.Header("connect-timeout-ms");
  std::int64_t count = 0;
  if (digits.empty() || digits.size() > kMaxTimeoutDigits ||
      digits.find_first_not_of("0123456789") != std::string_view::npos ||
      std::from_chars(digits.data(), digits.data() + digits.size(), count).ec != std::errc()) {
    return absl::InvalidArgumentError("Connect-Timeout-Ms: a whole number of at most 10 digits");
  }
  return std::optional(std::chrono::milliseconds(count));
}

Status CheckConnectVersion(const net::HttpRequest& request) {
  if (request.Count("connect-protocol-version") > 0 && request.Header("connect-protocol-version") != "1")
    return absl::InvalidArgumentError("Connect-Protocol-Version: this server speaks 1");
  return absl::OkStatus();
}

}  // namespace

Status DecodeMessage(ConnectCodec codec, const std::string& bytes, google::protobuf::Message* message) {
  if (codec == ConnectCodec::kProto) {
    return message->ParseFromString(bytes)
               ? absl::OkStatus()
               : absl::InvalidArgumentError("the message is not the bytes of such a question");
  }
  const auto read = google::protobuf::util::JsonStringToMessage(bytes, message);
  if (read.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the message is not such a question in JSON: ", std::string(read.message())));
}

StatusOr<std::string> EncodeMessage(ConnectCodec codec, const google::protobuf::Message& message) {
  std::string bytes;
  if (codec == ConnectCodec::kProto) {
    message.SerializeToString(&bytes);
    return bytes;
  }
  if (!google::protobuf::util::MessageToJsonString(message, &bytes).ok())
    return absl::InternalError("the answer cannot be written as JSON");
  return bytes;
}

std::string ContentTypeOf(const net::HttpRequest& request) {
  std::string type(request.Header("content-type"));
  type.resize(std::min(type.size(), type.find(';')));
  absl::StripAsciiWhitespace(&type);
  absl::AsciiStrToLower(&type);
  return type;
}

std::optional<ConnectCodec> CodecOf(std::string_view text, std::string_view json, std::string_view proto) {
  if (text == json) return ConnectCodec::kJson;
  if (text == proto) return ConnectCodec::kProto;
  return std::nullopt;
}

Status CheckEncoding(std::string_view encoding) {
  if (encoding.empty() || encoding == "identity") return absl::OkStatus();
  return absl::UnimplementedError(
      "this server takes messages as they are, without compression: it takes identity");
}

Status CheckLength(const net::HttpRequest& request) {
  if (!request.body_is_too_long) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat("a question has at most ", kConnectBytes, " bytes"));
}

StatusOr<std::shared_ptr<ConnectCall>> MakeCall(QuestionDesk* desk, const net::HttpRequest& request,
                                                const net::HttpExchange& reply) {
  FT_RETURN_IF_ERROR(CheckConnectVersion(request));
  FT_ASSIGN_OR_RETURN(const auto timeout, TimeoutOf(request));
  pipeline::Caller caller{request.address, [reply] { return reply.gone(); }};
  double seconds = desk->limits.question_seconds;
  if (timeout.has_value()) {
    caller.deadline = std::chrono::system_clock::now() + *timeout;
    seconds = std::min(seconds, static_cast<double>(timeout->count()) / 1'000);
  }
  std::uint64_t min_size = 0;
  if (request.Count(kMinSizeHeader) > 0) {
    FT_ASSIGN_OR_RETURN(min_size, ReadMinSize(request.Header(kMinSizeHeader)));
  }
  return std::make_shared<ConnectCall>(ConnectCall{*desk, std::move(caller), ConnectCodec::kJson,
                                                   request.method == "GET", net::TakesGzip(request),
                                                   std::string(), seconds, min_size, reply});
}

}  // namespace fundtrail::server
