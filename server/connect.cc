// See connect.h.
#include "server/connect.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "ledger/base/text.h"
#include "ledger/pipeline/retry.h"
#include "server/http_answers.h"
#include "server/questions.h"
#include "server/status.h"

namespace fundtrail::server {
namespace {

using SystemClock = std::chrono::system_clock;

constexpr std::string_view kConnectPrefix = "/fundtrail.v1.", kLedgerPrefix = "/fundtrail.v1.Ledger/";
constexpr char kJsonType[] = "application/json", kProtoType[] = "application/proto";
constexpr char kConnectJsonType[] = "application/connect+json",
               kConnectProtoType[] = "application/connect+proto";
constexpr std::size_t kMaxTimeoutDigits = 10;
constexpr std::size_t kEnvelopeBytes = 5;
constexpr char kCompressed = 1, kEndOfStream = 2;  // flags of an envelope

enum class Codec { kJson, kProto };

// One question on its way.
struct ConnectCall {
  QuestionDesk& desk;
  pipeline::Caller caller;
  Codec codec = Codec::kJson;
  bool is_get = false;
  std::string message;  // as it came, without its envelope
  double seconds = 0;   // that the answer may take
  net::HttpExchange reply;
};

struct ConnectMethod {
  std::string_view name;
  bool streams;
  void (*ask)(std::shared_ptr<ConnectCall> call);
};

// A JSON string. Text that is not UTF-8 is shown as Escaped shows it.
std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : IsUtf8(text) ? text : Escaped(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted.push_back('\\');
      quoted.push_back(c);
    } else if (byte < 0x20 || byte == 0x7f) {
      absl::StrAppend(&quoted, "\\u", absl::Hex(byte, absl::kZeroPad4));
    } else {
      quoted.push_back(c);
    }
  }
  return quoted.append("\"");
}

Status Decode(Codec codec, const std::string& bytes, google::protobuf::Message* message) {
  if (codec == Codec::kProto) {
    return message->ParseFromString(bytes)
               ? absl::OkStatus()
               : absl::InvalidArgumentError("the message is not the bytes of such a question");
  }
  const auto read = google::protobuf::util::JsonStringToMessage(bytes, message);
  if (read.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the message is not such a question in JSON: ", std::string(read.message())));
}

StatusOr<std::string> Encode(Codec codec, const google::protobuf::Message& message) {
  std::string bytes;
  if (codec == Codec::kProto) {
    message.SerializeToString(&bytes);
    return bytes;
  }
  if (!google::protobuf::util::MessageToJsonString(message, &bytes).ok())
    return absl::InternalError("the answer cannot be written as JSON");
  return bytes;
}

net::HttpResponse ErrorResponse(const Status& status) {
  net::HttpResponse response;
  response.status = ConnectStatus(status.code());
  response.headers = {{"Content-Type", kJsonType}, {"Cache-Control", "no-store"}};
  AddCommonHeaders(&response);
  AddRetryAfter(status, &response);
  response.body = ConnectError(status);
  return response;
}

void Refuse(const net::HttpExchange& reply, const Status& status, int http = 0,
            const net::HttpHeaders& more = {}) {
  net::HttpResponse response = ErrorResponse(status);
  if (http != 0) response.status = http;
  response.headers.insert(response.headers.end(), more.begin(), more.end());
  reply.Send(std::move(response));
}

template <typename Request, typename Reply, typename Question>
void AskOnce(const std::shared_ptr<ConnectCall>& call, Question ask) {
  const auto body = std::make_shared<std::string>();
  call->desk.admission.Answer(
      call->caller, 1,
      [call, body, ask]() -> StatusOr<std::size_t> {
        Request request;
        FT_RETURN_IF_ERROR(Decode(call->codec, call->message, &request));
        Reply answer;
        FT_RETURN_IF_ERROR(
            AnswerQuestion(call->desk, call->caller.cancelled, call->seconds, request, &answer, ask)
                .status());
        FT_ASSIGN_OR_RETURN(*body, Encode(call->codec, answer));
        if (body->size() > call->desk.limits.answer_bytes) return TooLarge(call->desk.limits.answer_bytes);
        return body->size();
      },
      [call, body](const Status& end, std::shared_ptr<void> memory) {
        if (!end.ok()) return Refuse(call->reply, end);
        net::HttpResponse response;
        response.headers = {{"Content-Type", call->codec == Codec::kJson ? kJsonType : kProtoType},
                            {"Cache-Control", call->is_get ? "public, max-age=5" : "no-store"}};
        AddCommonHeaders(&response);
        response.body = std::move(*body);
        response.held = std::move(memory);
        call->reply.Send(std::move(response));
      });
}

std::string Enveloped(char flags, std::string_view data) {
  std::string bytes(1, flags);
  for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<char>((data.size() >> shift) & 0xff));
  return bytes.append(data);
}

// Pages, each worked out when the client has the one before: a slow client holds one page and no thread.
template <typename Request, typename Page>
class ConnectStream final : public std::enable_shared_from_this<ConnectStream<Request, Page>> {
 public:
  ConnectStream(std::shared_ptr<ConnectCall> call, typename PagedAnswer<Request, Page>::Question ask)
      : call_(std::move(call)),
        admission_(call_->desk.admission),
        answer_(&call_->desk, call_->caller.address, call_->caller.cancelled, ask) {}
  ~ConnectStream() {
    if (!over_) admission_.Count(absl::CancelledError("nobody reads the answer"));
  }
  ConnectStream(const ConnectStream&) = delete;
  ConnectStream& operator=(const ConnectStream&) = delete;

  void Start() {
    const Status admitted = admission_.Admit(call_->caller.address, 1);
    net::HttpResponse head;
    head.headers = {{"Content-Type", call_->codec == Codec::kJson ? kConnectJsonType : kConnectProtoType},
                    {"Cache-Control", "no-store"}};
    AddCommonHeaders(&head);
    call_->reply.Begin(std::move(head),
                       [self = this->shared_from_this(), admitted] { self->More(admitted); });
  }

 private:
  // The client has all that there was. On the thread of the listener.
  void More(const Status& admitted) {
    if (over_) return;
    if (!admitted.ok()) return End(admitted);
    const auto self = this->shared_from_this();
    const Status taken = begun_ ? admission_.Continue(call_->caller.address, [self] { self->Send(); })
                                : admission_.Start(
                                      call_->caller.address, [self] { self->Send(); },
                                      [self](const Status& full) { self->End(full); });
    begun_ = true;
    if (!taken.ok()) End(taken);
  }
  void Send() {
    std::string bytes;
    const Status made = admission_.Bounded([&] { return Make(&bytes); });
    if (!made.ok()) return End(made);
    if (answer_.over()) return End(absl::OkStatus(), Enveloped(0, bytes));
    call_->reply.Write(Enveloped(0, bytes));
  }
  Status Make(std::string* bytes) {
    if (call_->caller.deadline <= SystemClock::now())
      return absl::DeadlineExceededError("the client's deadline has come before all pages");
    if (!decoded_) {
      FT_RETURN_IF_ERROR(Decode(call_->codec, call_->message, &request_));
      FT_RETURN_IF_ERROR(CheckQuestion(request_, call_->desk.limits));
      decoded_ = true;
    }
    Page page;
    FT_RETURN_IF_ERROR(answer_.Next(request_, &page));
    FT_ASSIGN_OR_RETURN(*bytes, Encode(call_->codec, page));
    return absl::OkStatus();
  }
  // `last`: the page before the end, which goes with it, so that nobody asks for another in between.
  void End(const Status& end, std::string last = "") {
    if (over_.exchange(true)) return;
    admission_.Count(end);
    const std::string how = end.ok() ? "{}" : absl::StrCat("{\"error\":", ConnectError(end), "}");
    call_->reply.Write(last.append(Enveloped(kEndOfStream, how)));
    call_->reply.End();
  }

  const std::shared_ptr<ConnectCall> call_;
  pipeline::QuestionAdmission& admission_;
  PagedAnswer<Request, Page> answer_;
  Request request_;
  bool begun_ = false, decoded_ = false;
  std::atomic<bool> over_{false};
};

template <typename Request, typename Page>
void AskForPages(std::shared_ptr<ConnectCall> call, typename PagedAnswer<Request, Page>::Question ask) {
  std::make_shared<ConnectStream<Request, Page>>(std::move(call), ask)->Start();
}

// A lambda names the one function of its name that takes such a request.
constexpr ConnectMethod kConnectMethods[] = {
#define UNARY(NAME, REQUEST, ANSWER)                                                                    \
  {#NAME, false, [](std::shared_ptr<ConnectCall> call) {                                                \
     AskOnce<v1::REQUEST, v1::ANSWER>(                                                                  \
         call, [](const query::View& view, const v1::REQUEST& own) { return query::NAME(view, own); }); \
   }},
#define PAGES(NAME, REQUEST, ANSWER)                                                             \
  {#NAME, true, [](std::shared_ptr<ConnectCall> call) {                                          \
     AskForPages<v1::REQUEST, v1::ANSWER>(std::move(call),                                       \
                                          [](const query::View& view, const v1::REQUEST& own) {  \
                                            return query::NAME(view, own, query::PagingOf(own)); \
                                          });                                                    \
   }},
#include "server/questions.def"
#undef UNARY
#undef PAGES
};

const ConnectMethod* FindMethod(std::string_view path) {
  if (path.rfind(kLedgerPrefix, 0) != 0) return nullptr;
  const std::string_view name = path.substr(kLedgerPrefix.size());
  for (const ConnectMethod& method : kConnectMethods)
    if (method.name == name) return &method;
  return nullptr;
}

// "application/json; charset=utf-8" without what follows its name.
std::string TypeOf(const net::HttpRequest& request) {
  std::string type(request.Header("content-type"));
  type.resize(std::min(type.size(), type.find(';')));
  absl::StripAsciiWhitespace(&type);
  absl::AsciiStrToLower(&type);
  return type;
}

std::optional<Codec> CodecOf(std::string_view type, std::string_view json, std::string_view proto) {
  if (type == json) return Codec::kJson;
  if (type == proto) return Codec::kProto;
  return std::nullopt;
}

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

Status CheckVersion(const net::HttpRequest& request) {
  if (request.Count("connect-protocol-version") > 0 && request.Header("connect-protocol-version") != "1")
    return absl::InvalidArgumentError("Connect-Protocol-Version: this server speaks 1");
  return absl::OkStatus();
}

// Of a whole body or of a stream's messages.
Status CheckEncoding(std::string_view encoding) {
  if (encoding.empty() || encoding == "identity") return absl::OkStatus();
  return absl::UnimplementedError(
      "this server takes messages as they are, without compression: it takes identity");
}

struct Query {
  std::string encoding, message, base64, compression, connect;
  bool has_message = false;
};

// Keys that are not known are ignored, and a key's last value counts.
StatusOr<Query> ReadQuery(std::string_view text) {
  Query query;
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
Status TakeOutMessage(Query* query) {
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

std::shared_ptr<ConnectCall> MakeCall(QuestionDesk* desk, const net::HttpRequest& request,
                                      const net::HttpExchange& reply,
                                      std::optional<std::chrono::milliseconds> timeout) {
  pipeline::Caller caller{request.address, [reply] { return reply.gone(); }};
  double seconds = desk->limits.question_seconds;
  if (timeout.has_value()) {
    caller.deadline = SystemClock::now() + *timeout;
    seconds = std::min(seconds, static_cast<double>(timeout->count()) / 1'000);
  }
  return std::make_shared<ConnectCall>(ConnectCall{*desk, std::move(caller), Codec::kJson,
                                                   request.method == "GET", std::string(), seconds, reply});
}

void AnswerUnary(QuestionDesk* desk, const ConnectMethod& method, const net::HttpRequest& request,
                 const net::HttpExchange& reply) {
  const bool is_get = request.method == "GET";
  StatusOr<Query> query = is_get ? ReadQuery(request.query) : Query();
  if (!query.ok()) return Refuse(reply, query.status());
  const auto codec =
      is_get ? CodecOf(query->encoding, "json", "proto") : CodecOf(TypeOf(request), kJsonType, kProtoType);
  if (!codec.has_value()) {
    return Refuse(
        reply,
        absl::InvalidArgumentError(is_get ? "encoding takes json or proto"
                                          : "Content-Type takes application/json or application/proto"),
        415, {{"Accept-Post", "application/json, application/proto"}});
  }
  const auto timeout = TimeoutOf(request);
  Status fits = CheckVersion(request);
  if (fits.ok()) fits = timeout.status();
  if (fits.ok()) fits = is_get ? TakeOutMessage(&*query) : CheckEncoding(request.Header("content-encoding"));
  if (fits.ok() && request.body_is_too_long)
    fits = absl::ResourceExhaustedError(absl::StrCat("a question has at most ", kConnectBytes, " bytes"));
  if (absl::IsUnimplemented(fits)) return Refuse(reply, fits, 0, {{"Accept-Encoding", "identity"}});
  if (!fits.ok()) return Refuse(reply, fits);
  auto call = MakeCall(desk, request, reply, *timeout);
  call->codec = *codec;
  call->message = is_get ? query->message : request.body;
  method.ask(std::move(call));
}

// Once the type is one of streams, an error is the end of a stream and no status of HTTP.
void RefuseStream(const net::HttpExchange& reply, Codec codec, const Status& why) {
  net::HttpResponse response;
  response.headers = {{"Content-Type", codec == Codec::kJson ? kConnectJsonType : kConnectProtoType},
                      {"Cache-Control", "no-store"}};
  if (absl::IsUnimplemented(why)) response.headers.emplace_back("Connect-Accept-Encoding", "identity");
  AddCommonHeaders(&response);
  response.body = Enveloped(kEndOfStream, absl::StrCat("{\"error\":", ConnectError(why), "}"));
  reply.Send(std::move(response));
}

void AnswerStream(QuestionDesk* desk, const ConnectMethod& method, const net::HttpRequest& request,
                  const net::HttpExchange& reply) {
  const auto codec = CodecOf(TypeOf(request), kConnectJsonType, kConnectProtoType);
  if (!codec.has_value()) {
    return Refuse(reply,
                  absl::InvalidArgumentError("this method answers a stream: Content-Type takes "
                                             "application/connect+json or application/connect+proto"),
                  415, {{"Accept-Post", "application/connect+json, application/connect+proto"}});
  }
  const auto timeout = TimeoutOf(request);
  Status fits = CheckVersion(request);
  if (fits.ok()) fits = timeout.status();
  if (fits.ok()) fits = CheckEncoding(request.Header("connect-content-encoding"));
  if (fits.ok() && request.body_is_too_long)
    fits = absl::ResourceExhaustedError(absl::StrCat("a question has at most ", kConnectBytes, " bytes"));
  if (!fits.ok()) return RefuseStream(reply, *codec, fits);
  auto message = OnlyMessage(request.body);
  if (!message.ok()) return RefuseStream(reply, *codec, message.status());
  auto call = MakeCall(desk, request, reply, *timeout);
  call->codec = *codec;
  call->message = *std::move(message);
  method.ask(std::move(call));
}

}  // namespace

bool IsConnectPath(std::string_view path) { return path.rfind(kConnectPrefix, 0) == 0; }

std::string_view ConnectCode(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kCancelled:
      return "canceled";
    case absl::StatusCode::kInvalidArgument:
      return "invalid_argument";
    case absl::StatusCode::kDeadlineExceeded:
      return "deadline_exceeded";
    case absl::StatusCode::kNotFound:
      return "not_found";
    case absl::StatusCode::kAlreadyExists:
      return "already_exists";
    case absl::StatusCode::kPermissionDenied:
      return "permission_denied";
    case absl::StatusCode::kResourceExhausted:
      return "resource_exhausted";
    case absl::StatusCode::kFailedPrecondition:
      return "failed_precondition";
    case absl::StatusCode::kAborted:
      return "aborted";
    case absl::StatusCode::kOutOfRange:
      return "out_of_range";
    case absl::StatusCode::kUnimplemented:
      return "unimplemented";
    case absl::StatusCode::kInternal:
      return "internal";
    case absl::StatusCode::kUnavailable:
      return "unavailable";
    case absl::StatusCode::kDataLoss:
      return "data_loss";
    case absl::StatusCode::kUnauthenticated:
      return "unauthenticated";
    default:
      return "unknown";
  }
}

int ConnectStatus(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kUnimplemented:
      return 501;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

std::string ConnectError(const Status& status) {
  const v1::Error error = ToError(status);
  std::string json = absl::StrCat("{\"code\":\"", std::string(ConnectCode(status.code())),
                                  "\",\"message\":", Quoted(error.message()));
  std::string details;
  for (const auto& detail : error.details()) {
    std::string value = absl::Base64Escape(detail.value());
    value.resize(value.find_last_not_of('=') + 1);
    const std::string& url = detail.type_url();
    absl::StrAppend(&details, details.empty() ? "" : ",",
                    "{\"type\":", Quoted(url.substr(url.rfind('/') + 1)), ",\"value\":\"", value, "\"}");
  }
  if (!details.empty()) absl::StrAppend(&json, ",\"details\":[", details, "]");
  return json.append("}");
}

void AnswerConnect(QuestionDesk* desk, const net::HttpRequest& request, const net::HttpExchange& reply) {
  const ConnectMethod* const method = FindMethod(request.path);
  if (method == nullptr) {
    return Refuse(reply,
                  absl::UnimplementedError("there is no such method: /fundtrail.v1.Ledger/METHOD reads, and "
                                           "docs/services.md has the list"),
                  404);
  }
  const std::string allowed = method->streams ? "POST, OPTIONS" : "GET, POST, OPTIONS";
  if (request.method == "OPTIONS") return reply.Send(Preflight(allowed));
  if (request.method != "POST" && (request.method != "GET" || method->streams)) {
    return Refuse(reply, absl::UnimplementedError(absl::StrCat("this method takes ", allowed)), 405,
                  {{"Allow", allowed}});
  }
  method->streams ? AnswerStream(desk, *method, request, reply) : AnswerUnary(desk, *method, request, reply);
}

}  // namespace fundtrail::server
