// See connect_unary.h.
#include "server/connect_unary.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "server/http_answers.h"
#include "server/min_size.h"
#include "server/packed_page.h"

namespace fundtrail::server {
namespace {

constexpr char kJsonType[] = "application/json", kProtoType[] = "application/proto";

const char* TypeOf(const ConnectCall& call) {
  return call.codec == ConnectCodec::kJson ? kJsonType : kProtoType;
}

struct ConnectQuery {
  std::string encoding, message, base64, compression, connect;
  bool has_message = false;
};

// Keys that are not known are ignored, and a key's last value counts.
StatusOr<ConnectQuery> ReadConnectQuery(std::string_view text) {
  ConnectQuery query;
  while (!text.empty()) {
    std::string part(text.substr(0, text.find('&')));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    std::replace(part.begin(), part.end(), '+', ' ');
    const auto equals = std::min(part.size(), part.find('='));
    std::string key, value;
    if (!net::PercentDecoded(std::string_view(part).substr(0, equals), &key) ||
        !net::PercentDecoded(std::string_view(part).substr(std::min(part.size(), equals + 1)), &value))
      return absl::InvalidArgumentError("the query has a % without two digits");
    if (key == "encoding") query.encoding = value;
    if (key == "message") query.message = value;
    if (key == "message") query.has_message = true;
    if (key == "base64") query.base64 = value;
    if (key == "compression") query.compression = value;
    if (key == "connect") query.connect = value;
  }
  return query;
}

// The message of a GET, in `query.message`.
Status TakeOutMessage(ConnectQuery* query) {
  if (!query->connect.empty() && query->connect != "v1")
    return absl::InvalidArgumentError("connect: this server speaks v1");
  FT_RETURN_IF_ERROR(CheckEncoding(query->compression));
  if (!query->has_message)
    return absl::InvalidArgumentError("message is missing: ?encoding=json&message={} asks for all");
  if (query->base64.empty() || query->base64 == "0") return absl::OkStatus();
  if (query->base64 != "1") return absl::InvalidArgumentError("base64 takes 1");
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(query->message, &bytes))
    return absl::InvalidArgumentError("message is not base64 for URLs");
  query->message = std::move(bytes);
  return absl::OkStatus();
}

}  // namespace

std::shared_ptr<ConnectCall> ReadUnaryCall(QuestionDesk* desk, const net::HttpRequest& request,
                                           const net::HttpExchange& reply) {
  const auto refused = [&reply](const Status& why, int http = 0, const net::HttpHeaders& more = {}) {
    RefuseCall(reply, why, http, more);
    return std::shared_ptr<ConnectCall>();
  };
  const bool is_get = request.method == "GET";
  StatusOr<ConnectQuery> query = is_get ? ReadConnectQuery(request.query) : ConnectQuery();
  if (!query.ok()) return refused(query.status());
  const auto codec = is_get ? CodecOf(query->encoding, "json", "proto")
                            : CodecOf(ContentTypeOf(request), kJsonType, kProtoType);
  if (!codec.has_value()) {
    return refused(
        absl::InvalidArgumentError(is_get ? "encoding takes json or proto"
                                          : "Content-Type takes application/json or application/proto"),
        415, {{"Accept-Post", "application/json, application/proto"}});
  }
  auto call = MakeCall(desk, request, reply);
  if (!call.ok()) return refused(call.status());
  Status fits = is_get ? TakeOutMessage(&*query) : CheckEncoding(request.Header("content-encoding"));
  if (fits.ok()) fits = CheckLength(request);
  if (absl::IsUnimplemented(fits)) return refused(fits, 0, {{"Accept-Encoding", "identity"}});
  if (!fits.ok()) return refused(fits);
  (*call)->codec = *codec;
  if (is_get) {
    (*call)->message = std::move(query->message);
  } else {
    (*call)->message = request.body;
  }
  return *std::move(call);
}

UnaryBody PackAnswer(const ConnectCall& call, std::string message) {
  std::string gzip = call.takes_gzip ? Packed(TypeOf(call), message) : std::string();
  if (gzip.empty()) return {std::move(message), false};
  return {std::move(gzip), true};
}

void SendUnaryAnswer(const ConnectCall& call, UnaryBody body, std::shared_ptr<void> memory) {
  net::HttpResponse response;
  response.headers = {{"Content-Type", TypeOf(call)},
                      {"Cache-Control", call.is_get ? "public, max-age=5" : "no-store"},
                      {"Vary", kVariesBy}};
  if (body.in_gzip) response.headers.emplace_back("Content-Encoding", "gzip");
  if (call.is_get) response.headers.emplace_back("Vary", kMinSizeHeader);  // of the caches that keep it
  AddCommonHeaders(&response);
  response.body = std::move(body.bytes);
  response.held = std::move(memory);
  call.reply.Send(std::move(response));
}

}  // namespace fundtrail::server
