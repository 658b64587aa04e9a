// See connect_stream.h.
#include "server/connect_stream.h"

#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/connect_errors.h"
#include "server/http_answers.h"

namespace fundtrail::server {
namespace {

constexpr char kStreamJsonType[] = "application/connect+json",
               kStreamProtoType[] = "application/connect+proto";
constexpr std::size_t kEnvelopeBytes = 5;
constexpr char kCompressed = 1, kEndOfStream = 2;  // flags of an envelope

std::string InEnvelope(char flags, std::string_view data) {
  std::string bytes(1, flags);
  for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<char>((data.size() >> shift) & 0xff));
  return bytes.append(data);
}

// The one message of a stream's request.
StatusOr<std::string> OnlyMessage(const std::string& body) {
  if (body.empty()) return absl::UnimplementedError("this method takes exactly one message, and none came");
  if (body.size() < kEnvelopeBytes)
    return absl::InvalidArgumentError("the envelope of the message is cut off");
  std::size_t length = 0;
  for (std::size_t i = 1; i < kEnvelopeBytes; ++i) length = length << 8 | static_cast<unsigned char>(body[i]);
  const char flags = body[0];
  if (flags == kCompressed)
    return absl::InternalError("the message is said to be compressed, and the stream names no encoding");
  if (flags != 0)
    return absl::InvalidArgumentError("the envelope of the message has flags that are not known");
  if (body.size() - kEnvelopeBytes < length)
    return absl::InvalidArgumentError("the message has fewer bytes than its envelope says");
  if (body.size() - kEnvelopeBytes > length)
    return absl::UnimplementedError("this method takes exactly one message, and more came");
  return body.substr(kEnvelopeBytes);
}

// Once the type is one of streams, an error is the end of a stream and no status of HTTP.
void RefuseStream(const net::HttpExchange& reply, ConnectCodec codec, const Status& why) {
  net::HttpResponse response = StreamHead(codec);
  if (absl::IsUnimplemented(why)) response.headers.emplace_back("Connect-Accept-Encoding", "identity");
  response.body = EndOfStream(why);
  reply.Send(std::move(response));
}

}  // namespace

std::shared_ptr<ConnectCall> ReadStreamCall(QuestionDesk* desk, const net::HttpRequest& request,
                                            const net::HttpExchange& reply) {
  const auto codec = CodecOf(ContentTypeOf(request), kStreamJsonType, kStreamProtoType);
  if (!codec.has_value()) {
    RefuseCall(reply,
               absl::InvalidArgumentError("this method answers a stream: Content-Type takes "
                                          "application/connect+json or application/connect+proto"),
               415, {{"Accept-Post", "application/connect+json, application/connect+proto"}});
    return nullptr;
  }
  const auto refused = [&reply, &codec](const Status& why) {
    RefuseStream(reply, *codec, why);
    return std::shared_ptr<ConnectCall>();
  };
  auto call = MakeCall(desk, request, reply);
  if (!call.ok()) return refused(call.status());
  Status fits = CheckEncoding(request.Header("connect-content-encoding"));
  if (fits.ok()) fits = CheckLength(request);
  if (!fits.ok()) return refused(fits);
  auto message = OnlyMessage(request.body);
  if (!message.ok()) return refused(message.status());
  (*call)->codec = *codec;
  (*call)->message = *std::move(message);
  return *std::move(call);
}

net::HttpResponse StreamHead(ConnectCodec codec) {
  net::HttpResponse head;
  head.headers = {{"Content-Type", codec == ConnectCodec::kJson ? kStreamJsonType : kStreamProtoType},
                  {"Cache-Control", "no-store"}};
  AddCommonHeaders(&head);
  return head;
}

std::string Enveloped(std::string_view page) { return InEnvelope(0, page); }

std::string EndOfStream(const Status& end) {
  return InEnvelope(kEndOfStream, end.ok() ? "{}" : absl::StrCat("{\"error\":", ConnectError(end), "}"));
}

}  // namespace fundtrail::server
