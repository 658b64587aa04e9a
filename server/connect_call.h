// One question over the Connect protocol (connect.h): what its request says, whether one message answers it or a stream. That is
// the codec, how long it may take, and the version.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "google/protobuf/message.h"
#include "ledger/base/status.h"
#include "ledger/net/http_exchange.h"
#include "ledger/net/http_message.h"
#include "ledger/pipeline/question_admission.h"
#include "server/question_desk.h"

namespace fundtrail::server {

// The longest question, which is POSTed.
inline constexpr std::size_t kConnectBytes = std::size_t{64} << 10;

// How messages are written.
enum class ConnectCodec { kJson, kProto };

// A question that came, and whoever waits for the answer.
struct ConnectCall {
  QuestionDesk& desk;
  pipeline::Caller caller;
  ConnectCodec codec = ConnectCodec::kJson;
  bool is_get = false;
  bool takes_gzip = false;     // the answer, where that is one message
  std::string message;         // as it came, without its envelope
  double seconds = 0;          // that the answer may take
  std::uint64_t min_size = 0;  // records that the answer is to be of at least (min_size.h)
  net::HttpExchange reply;
};

// INVALID_ARGUMENT for bytes that are not such a message.
Status DecodeMessage(ConnectCodec codec, const std::string& bytes, google::protobuf::Message* message);
StatusOr<std::string> EncodeMessage(ConnectCodec codec, const google::protobuf::Message& message);

// The request's Content-Type in small letters, without what follows its name: "application/json; charset=utf-8".
std::string ContentTypeOf(const net::HttpRequest& request);
// Which of two names a text is, if any.
std::optional<ConnectCodec> CodecOf(std::string_view text, std::string_view json, std::string_view proto);
// Whether a body, or the messages of a stream, come without compression.
Status CheckEncoding(std::string_view encoding);
// RESOURCE_EXHAUSTED when the body is longer than a question may be.
Status CheckLength(const net::HttpRequest& request);
// The call without its codec and message. INVALID_ARGUMENT for another version of the protocol, or a time or a number of
// records that is none.
StatusOr<std::shared_ptr<ConnectCall>> MakeCall(QuestionDesk* desk, const net::HttpRequest& request,
                                                const net::HttpExchange& reply);

}  // namespace fundtrail::server
