// The Connect protocol line by line, as connectrpc.com's docs/protocol.md has it: what a client of any make sends, and what it gets. With real sockets, and the questions of a real ledger.
#include "server/connect.h"

#include <catch2/catch.hpp>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "fundtrail/v1/balance.pb.h"
#include "fundtrail/v1/checkpoint.pb.h"
#include "fundtrail/v1/refusal.pb.h"
#include "fundtrail/v1/transfers.pb.h"
#include "google/protobuf/util/json_util.h"
#include "ledger/model/refusal.h"
#include "ledger/pipeline/retry.h"
#include "server/connect_call.h"
#include "server/connect_errors.h"
#include "tests/server/http_desk.h"
#include "tests/support/gunzip.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kService = "/fundtrail.v1.Ledger/";
const std::string kJson = "application/json", kProto = "application/proto";
const std::string kStreamJson = "application/connect+json", kStreamProto = "application/connect+proto";

template <typename Message>
Message OfJson(const std::string& json) {
  Message message;
  INFO(json);
  REQUIRE(google::protobuf::util::JsonStringToMessage(json, &message).ok());
  return message;
}
template <typename Message>
Message OfBytes(const std::string& bytes) {
  Message message;
  REQUIRE(message.ParseFromString(bytes));
  return message;
}

// What a status and the first words of a body say: "404 unimplemented".
std::string Said(const RawReply& reply) {
  const std::string before = "{\"code\":\"";
  if (reply.body.rfind(before, 0) != 0) return std::to_string(reply.status);
  CHECK_THAT(reply.head, Contains("Content-Type: application/json\r\n"));
  CHECK_THAT(reply.body, Contains(",\"message\":\""));
  return std::to_string(reply.status) + " " +
         reply.body.substr(before.size(), reply.body.find('"', before.size()) - before.size());
}

std::string Enveloped(const std::string& message, char flags = 0) {
  std::string bytes(1, flags);
  for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<char>((message.size() >> shift) & 0xff));
  return bytes + message;
}

// What a stream of HTTP/1.1 brought, without its chunks.
std::string WithoutChunks(const RawReply& reply) {
  if (!Has(reply.head, "Transfer-Encoding: chunked")) return reply.body;
  std::string body;
  std::size_t at = 0;
  while (at < reply.body.size()) {
    const std::size_t size = std::stoul(reply.body.substr(at, 16), nullptr, 16);
    at = reply.body.find("\r\n", at) + 2;
    if (size == 0) return body;
    body += reply.body.substr(at, size);
    at += size + 2;
  }
  FAIL("the stream was cut off");
  return body;
}

struct Streamed {
  std::vector<std::string> messages;
  std::string end;  // the JSON of the last envelope
};
Streamed ReadStream(const RawReply& reply) {
  CHECK(reply.status == 200);
  Streamed streamed;
  std::string bytes = WithoutChunks(reply);
  while (bytes.size() >= 5) {
    REQUIRE(streamed.end.empty());  // nothing comes after the end
    std::size_t size = 0;
    for (int i = 1; i < 5; ++i)
      size = size << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
    REQUIRE(bytes.size() >= 5 + size);
    const std::string message = bytes.substr(5, size);
    REQUIRE((bytes[0] == 0 || bytes[0] == 2));
    if (bytes[0] == 2) {
      streamed.end = message;
    } else {
      streamed.messages.push_back(message);
    }
    bytes.erase(0, 5 + size);
  }
  CHECK(bytes.empty());
  return streamed;
}

TEST_CASE("POST asks a question in either codec, and gets a bare message of the same") {
  const HttpDesk desk;
  const auto json = desk.Post(kService + "GetCheckpoint", kJson, "{}");
  CHECK(json.status == 200);
  CHECK_THAT(json.head, Contains("Content-Type: application/json\r\n"));
  CHECK_THAT(json.head, Contains("Cache-Control: no-store\r\n"));
  CHECK_THAT(json.head, Contains("Access-Control-Allow-Origin: *\r\n"));
  const auto checkpoint = OfJson<v1::CheckpointAnswer>(json.body);
  CHECK(checkpoint.as_of().size() == 3);
  CHECK(checkpoint.as_of().ledger() == kLedgerName);

  v1::BalanceRequest request;
  request.set_party("ministry");
  const auto bytes = desk.Post(kService + "Balance", kProto, request.SerializeAsString());
  CHECK(bytes.status == 200);
  CHECK_THAT(bytes.head, Contains("Content-Type: application/proto\r\n"));
  const auto balance = OfBytes<v1::BalanceAnswer>(bytes.body);
  const auto same =
      desk.Post(kService + "Balance", "Application/JSON; charset=utf-8", "{\"party\":\"ministry\"}",
                "Connect-Protocol-Version: 1\r\nConnect-Timeout-Ms: 5000\r\nContent-Encoding: identity\r\n");
  CHECK(OfJson<v1::BalanceAnswer>(same.body).SerializeAsString() == balance.SerializeAsString());
  CHECK(desk.Post(kService + "GetCheckpoint", kProto, "").status == 200);  // no bytes are an empty message
}

TEST_CASE("JSON over Connect has the values of enums as the schema names them") {
  const HttpDesk desk;
  const auto asked = [&](const std::string& direction) {
    return desk.Post(kService + "Trace", kJson, R"({"party":"donor","direction":")" + direction + "\"}");
  };
  const auto answer = asked("DIRECTION_FROM");
  CHECK(answer.status == 200);
  CHECK_THAT(answer.body, Contains("\"kind\":\"END_KIND_"));
  CHECK(Said(asked("FROM")) == "400 invalid_argument");
}

TEST_CASE("a question may ask for an answer of so many records, and is told when there are fewer yet") {
  const HttpDesk desk;  // 3 records
  const std::string unary = kService + "GetCheckpoint", pages = kService + "List";
  const auto wants = [](const std::string& size) { return "Fundtrail-Min-Size: " + size + "\r\n"; };
  CHECK(desk.Post(unary, kJson, "{}", wants("3")).status == 200);
  const auto early = desk.Post(unary, kJson, "{}", wants("4"));
  CHECK(early.status == 503);
  CHECK_THAT(early.head, Contains("Retry-After: 1\r\n"));
  CHECK_THAT(early.body, Contains("there are 3 records here yet, and the answer is to be of 4 at least") &&
                             Contains("google.rpc.RetryInfo"));
  for (const char* wrong : {"x", "-1", "18446744073709551616"}) {
    INFO(wrong);
    CHECK(desk.Post(unary, kJson, "{}", wants(wrong)).status == 400);
  }
  const auto stream = desk.Post(pages, kStreamJson, Enveloped("{}"), wants("4"));
  CHECK_THAT(stream.body, Contains("there are 3 records here yet"));
  CHECK_THAT(desk.Post(pages, kStreamJson, Enveloped("{}"), wants("3")).body, !Contains("here yet"));
  CHECK_THAT(desk.Get(unary + "?encoding=json&message=%7B%7D").head,
             Contains("Vary: fundtrail-min-size\r\n"));
}

TEST_CASE(
    "an answer of one message comes in gzip to whoever takes that, and a short one or an error as it is") {
  const HttpDesk desk;
  constexpr char kTakes[] = "Accept-Encoding: gzip\r\n", kPacked[] = "Content-Encoding: gzip\r\n",
                 kVary[] = "Vary: Accept-Encoding\r\n";
  const std::vector<v1::Action> payments(60, Pay("donor", "ministry", 100, v1::TRANSFER_KIND_DONATION));
  Need(desk.ledger->AppendOne(SignedBytes(Entry("root", 100, payments), {1}), log::SystemClock()).status());
  v1::ShowRequest show;
  show.mutable_ref()->set_record(3);
  const std::string json = R"({"ref":{"record":"3"}})";
  for (const auto& [type, message] :
       {std::pair<std::string, std::string>{kJson, json}, {kProto, show.SerializeAsString()}}) {
    INFO(type);
    const auto plain = desk.Post(kService + "Show", type, message),
               packed = desk.Post(kService + "Show", type, message, kTakes);
    REQUIRE(plain.status == 200);
    REQUIRE(plain.body.size() > 1'024);
    CHECK(packed.status == 200);
    CHECK_THAT(packed.head,
               Contains(kPacked) && Contains(kVary) && Contains("Content-Type: " + type + "\r\n"));
    CHECK_THAT(plain.head, !Contains("Content-Encoding") && Contains(kVary));
    CHECK(packed.body.size() < plain.body.size());
    CHECK(Gunzipped(packed.body) == plain.body);
    CHECK_THAT(desk.Post(kService + "Show", type, message, "Accept-Encoding: gzip;q=0\r\n").head,
               !Contains("Content-Encoding"));
    // That is what a stream is asked by, and it says nothing of one message.
    CHECK_THAT(desk.Post(kService + "Show", type, message, "Connect-Accept-Encoding: gzip\r\n").head,
               !Contains("Content-Encoding"));
  }
  const std::string get = kService + "Show?encoding=json&message=%7B%22ref%22:%7B%22record%22:%223%22%7D%7D";
  const auto got = desk.Get(get, kTakes);
  CHECK_THAT(got.head, Contains(kPacked) && Contains(kVary) && Contains("Vary: fundtrail-min-size\r\n"));
  CHECK(Gunzipped(got.body) == desk.Get(get).body);
  v1::BalanceRequest balance;
  balance.set_party("ministry");
  CHECK_THAT(desk.Post(kService + "Balance", kProto, balance.SerializeAsString(), kTakes).head,
             !Contains("Content-Encoding"));
  const auto error =
      desk.Post(kService + "Balance", kJson, "{\"party\":\"" + std::string(2'000, 'x') + "\"}", kTakes);
  CHECK(error.status >= 400);
  CHECK_THAT(error.head, !Contains("Content-Encoding"));
  const auto stream = desk.Post(kService + "List", kStreamJson, Enveloped("{}"), kTakes);
  CHECK_THAT(stream.head, !Contains("Content-Encoding"));
}

TEST_CASE("an answer that is too long is refused before it is packed") {
  server::Limits limits;
  limits.answer_bytes = 100;
  const HttpDesk desk(limits);
  const auto reply =
      desk.Post(kService + "Show", kJson, R"({"ref":{"record":"1"}})", "Accept-Encoding: gzip\r\n");
  CHECK(Said(reply) == "429 resource_exhausted");
}

TEST_CASE(
    "GET asks with the message in the query: keys in any order, unknown ones beside them, base64 padded or "
    "not") {
  const HttpDesk desk;
  const std::string json = "message=%7B%22party%22%3A%22ministry%22%7D";
  v1::BalanceRequest request;
  request.set_party("ministry");
  std::string coded;
  absl::WebSafeBase64Escape(request.SerializeAsString(), &coded);
  REQUIRE(coded.size() % 4 == 2);  // so that there is something to pad
  for (const std::string& query :
       std::vector<std::string>{"connect=v1&encoding=json&" + json, json + "&encoding=json",
                                "x=y&" + json + "&connect=v1&encoding=json&z",
                                "encoding=json&base64=1&message=eyJwYXJ0eSI6Im1pbmlzdHJ5In0",
                                "encoding=json&base64=1&message=eyJwYXJ0eSI6Im1pbmlzdHJ5In0%3D",
                                "encoding=json&compression=identity&" + json,
                                "encoding=json&message=%7B+%22party%22:+%22ministry%22+%7D"}) {
    INFO(query);
    const auto reply = desk.Get(kService + "Balance?" + query);
    CHECK(reply.status == 200);
    CHECK_THAT(reply.head, Contains("Content-Type: application/json\r\n"));
    CHECK_THAT(reply.head, Contains("Cache-Control: public, max-age=5\r\n"));
    CHECK(OfJson<v1::BalanceAnswer>(reply.body).lines_size() == 1);
  }
  for (const std::string& query :
       {"encoding=proto&base64=1&message=" + coded, "encoding=proto&base64=1&message=" + coded + "%3D%3D",
        "encoding=proto&base64=1&message=" + coded + "=="}) {
    INFO(query);
    const auto reply = desk.Get(kService + "Balance?" + query);
    CHECK(reply.status == 200);
    CHECK(OfBytes<v1::BalanceAnswer>(reply.body).lines_size() == 1);
  }
}

TEST_CASE("what is asked wrongly is answered with the status of its code, and always with JSON") {
  const HttpDesk desk;
  struct Case {
    std::string what;
    RawReply reply;
    std::string said;
  };
  const std::string balance = kService + "Balance",
                    get = kService + "GetCheckpoint?encoding=json&message=%7B%7D";
  const std::vector<Case> cases = {
      {"an unknown party", desk.Post(balance, kJson, "{\"party\":\"nobody\"}"), "404 not_found"},
      {"a record that is not there", desk.Post(balance, kJson, "{\"party\":\"ministry\",\"record\":\"99\"}"),
       "400 out_of_range"},
      {"no JSON", desk.Post(balance, kJson, "{"), "400 invalid_argument"},
      {"an unknown field", desk.Post(balance, kJson, "{\"praty\":\"ministry\"}"), "400 invalid_argument"},
      {"a field of another type", desk.Post(balance, kJson, "{\"party\":[]}"), "400 invalid_argument"},
      {"no protobuf", desk.Post(balance, kProto, "\xff\xff"), "400 invalid_argument"},
      {"another codec", desk.Post(balance, "application/xml", "<a/>"), "415 invalid_argument"},
      {"no codec", desk.Post(balance, "", "{}"), "415 invalid_argument"},
      {"a stream's codec", desk.Post(balance, kStreamJson, Enveloped("{}")), "415 invalid_argument"},
      {"another verb", desk.Get(balance, "", "PUT"), "405 unimplemented"},
      {"a third", desk.Get(balance, "", "DELETE"), "405 unimplemented"},
      {"an unknown method", desk.Post(kService + "Balances", kJson, "{}"), "404 unimplemented"},
      {"a method in small letters", desk.Post(kService + "balance", kJson, "{}"), "404 unimplemented"},
      {"what writes", desk.Post("/fundtrail.v1.Submission/Submit", kJson, "{}"), "404 unimplemented"},
      {"what watches", desk.Post("/fundtrail.v1.Watcher/Watch", kStreamJson, Enveloped("{}")),
       "404 unimplemented"},
      {"another version", desk.Post(balance, kJson, "{}", "Connect-Protocol-Version: 2\r\n"),
       "400 invalid_argument"},
      {"a compressed message", desk.Post(balance, kJson, "{}", "Content-Encoding: gzip\r\n"),
       "501 unimplemented"},
      {"a time of 11 digits", desk.Post(balance, kJson, "{}", "Connect-Timeout-Ms: 12345678901\r\n"),
       "400 invalid_argument"},
      {"a time that is no number", desk.Post(balance, kJson, "{}", "Connect-Timeout-Ms: 1s\r\n"),
       "400 invalid_argument"},
      {"no time", desk.Post(balance, kJson, "{}", "Connect-Timeout-Ms: 0\r\n"), "504 deadline_exceeded"},
      {"too long", desk.Post(balance, kJson, std::string(server::kConnectBytes + 1, ' ')),
       "429 resource_exhausted"},
      {"GET without an encoding", desk.Get(kService + "GetCheckpoint?message=%7B%7D"),
       "415 invalid_argument"},
      {"GET in another", desk.Get(kService + "GetCheckpoint?encoding=xml&message=%7B%7D"),
       "415 invalid_argument"},
      {"GET without a message", desk.Get(kService + "GetCheckpoint?encoding=json"), "400 invalid_argument"},
      {"GET of another version", desk.Get(get + "&connect=v2"), "400 invalid_argument"},
      {"GET compressed", desk.Get(get + "&compression=gzip"), "501 unimplemented"},
      {"GET with base64 that is none",
       desk.Get(kService + "GetCheckpoint?encoding=json&base64=1&message=%21"), "400 invalid_argument"},
      {"GET with a torn escape", desk.Get(kService + "GetCheckpoint?encoding=json&message=%7"),
       "400 invalid_argument"},
      {"GET of a stream", desk.Get(kService + "List?encoding=json&message=%7B%7D"), "405 unimplemented"},
  };
  for (const Case& c : cases) {
    INFO(c.what + ": " + c.reply.body);
    CHECK(Said(c.reply) == c.said);
    CHECK_THAT(c.reply.head, Contains("Access-Control-Allow-Origin: *\r\n"));
    CHECK_THAT(c.reply.head, Contains("Cache-Control: no-store\r\n"));
  }
  CHECK_THAT(desk.Get(balance, "", "PUT").head, Contains("Allow: GET, POST, OPTIONS\r\n"));
  CHECK_THAT(desk.Get(kService + "List").head, Contains("Allow: POST, OPTIONS\r\n"));
  CHECK_THAT(desk.Post(balance, kJson, "{}", "Content-Encoding: gzip\r\n").body,
             Contains("it takes identity"));
  CHECK_THAT(desk.Post(balance, kJson, "{}", "Content-Encoding: gzip\r\n").head,
             Contains("Accept-Encoding: identity\r\n"));
  CHECK(desk.Get(balance, "", "HEAD").status == 405);
  // A body of 64 KiB is read: it is too much for a question all the same, or no JSON.
  CHECK(Said(desk.Post(balance, kJson, std::string(server::kConnectBytes, ' '))) == "400 invalid_argument");
}

TEST_CASE("each code has its name and its status, and an error its details") {
  struct Case {
    absl::StatusCode code;
    std::string name;
    int status;
  };
  for (const Case& c : {Case{absl::StatusCode::kCancelled, "canceled", 499},
                        {absl::StatusCode::kUnknown, "unknown", 500},
                        {absl::StatusCode::kInvalidArgument, "invalid_argument", 400},
                        {absl::StatusCode::kDeadlineExceeded, "deadline_exceeded", 504},
                        {absl::StatusCode::kNotFound, "not_found", 404},
                        {absl::StatusCode::kAlreadyExists, "already_exists", 409},
                        {absl::StatusCode::kPermissionDenied, "permission_denied", 403},
                        {absl::StatusCode::kResourceExhausted, "resource_exhausted", 429},
                        {absl::StatusCode::kFailedPrecondition, "failed_precondition", 400},
                        {absl::StatusCode::kAborted, "aborted", 409},
                        {absl::StatusCode::kOutOfRange, "out_of_range", 400},
                        {absl::StatusCode::kUnimplemented, "unimplemented", 501},
                        {absl::StatusCode::kInternal, "internal", 500},
                        {absl::StatusCode::kUnavailable, "unavailable", 503},
                        {absl::StatusCode::kDataLoss, "data_loss", 500},
                        {absl::StatusCode::kUnauthenticated, "unauthenticated", 401}}) {
    INFO(c.name);
    CHECK(server::ConnectCode(c.code) == c.name);
    CHECK(server::ConnectStatus(c.code) == c.status);
  }
  CHECK(server::ConnectError(absl::NotFoundError("a \"b\" \\ \n\x01 \xE4\xB8\xAD")) ==
        "{\"code\":\"not_found\",\"message\":\"a \\\"b\\\" \\\\ \\u000a\\u0001 \xE4\xB8\xAD\"}");
  CHECK_THAT(server::ConnectError(absl::NotFoundError("no \xff text")), Contains("xFF"));

  const auto refused = model::Refuse(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "party", "there is no party nobody");
  const std::string json = server::ConnectError(refused),
                    before = "\"details\":[{\"type\":\"fundtrail.v1.Refusal\",\"value\":\"";
  REQUIRE_THAT(json, Contains(before));
  std::string value = json.substr(json.find(before) + before.size());
  value.resize(value.find('"'));
  CHECK_THAT(value, !Contains("="));
  std::string bytes;
  REQUIRE(absl::Base64Unescape(value, &bytes));
  CHECK(OfBytes<v1::Refusal>(bytes).code() == v1::REFUSAL_CODE_REFERENCE_UNKNOWN);
  CHECK_THAT(server::ConnectError(pipeline::AgainIn(std::chrono::seconds(2), "later")),
             Contains("{\"type\":\"google.rpc.RetryInfo\",\"value\":\""));
}

TEST_CASE("streams: one enveloped request, pages in envelopes, and the end in the last") {
  const HttpDesk desk({}, 1'100);  // three pages of 500 at most
  for (const bool is_json : {true, false}) {
    const std::string type = is_json ? kStreamJson : kStreamProto;
    const auto reply = desk.Post(kService + "List", type, Enveloped(is_json ? "{}" : ""));
    CHECK_THAT(reply.head, Contains("Content-Type: " + type + "\r\n"));
    CHECK_THAT(reply.head, Contains("Transfer-Encoding: chunked\r\n"));
    const auto streamed = ReadStream(reply);
    CHECK(streamed.end == "{}");
    CHECK(streamed.messages.size() == 3);
    int transfers = 0;
    for (const std::string& message : streamed.messages)
      transfers +=
          (is_json ? OfJson<v1::ListAnswer>(message) : OfBytes<v1::ListAnswer>(message)).transfers_size();
    CHECK(transfers == 1'100);
  }
  const auto few = ReadStream(desk.Post(kService + "List", kStreamJson, Enveloped("{\"limit\":\"2\"}")));
  REQUIRE(few.messages.size() == 1);
  CHECK(OfJson<v1::ListAnswer>(few.messages[0]).transfers_size() == 2);
  CHECK_FALSE(OfJson<v1::ListAnswer>(few.messages[0]).next().empty());
}

TEST_CASE("an error of a stream is its end, under status 200, whenever it comes") {
  const HttpDesk desk;
  struct Case {
    std::string what, body, headers, code;
  };
  const std::vector<Case> cases = {
      {"no message", "", "", "unimplemented"},
      {"two", Enveloped("{}") + Enveloped("{}"), "", "unimplemented"},
      {"an envelope that is cut off", std::string("\0\0\0", 3), "", "invalid_argument"},
      {"a message that is", Enveloped("{}").substr(0, 6), "", "invalid_argument"},
      {"compressed without an encoding", Enveloped("{}", 1), "", "internal"},
      {"the end of a stream", Enveloped("{}", 2), "", "invalid_argument"},
      {"an encoding", Enveloped("{}", 1), "Connect-Content-Encoding: gzip\r\n", "unimplemented"},
      {"another version", Enveloped("{}"), "Connect-Protocol-Version: 2\r\n", "invalid_argument"},
      {"a time that is none", Enveloped("{}"), "Connect-Timeout-Ms: x\r\n", "invalid_argument"},
      {"no time", Enveloped("{}"), "Connect-Timeout-Ms: 0\r\n", "deadline_exceeded"},
      {"no JSON", Enveloped("{"), "", "invalid_argument"},
      {"no such party", Enveloped("{\"party\":\"nobody\"}"), "", "not_found"},
  };
  for (const Case& c : cases) {
    INFO(c.what);
    const auto streamed = ReadStream(desk.Post(kService + "List", kStreamJson, c.body, c.headers));
    CHECK(streamed.messages.empty());
    CHECK_THAT(streamed.end, Contains("{\"error\":{\"code\":\"" + c.code + "\",\"message\":\""));
  }
  CHECK(Said(desk.Post(kService + "List", kJson, "{}")) == "415 invalid_argument");
  CHECK_THAT(desk.Post(kService + "List", kJson, "{}").head,
             Contains("Accept-Post: application/connect+json, application/connect+proto\r\n"));
}

TEST_CASE("a browser's question whether it may ask is answered, with the headers of the protocol") {
  const HttpDesk desk;
  const auto unary = desk.Get(kService + "Balance", "Origin: https://a.example\r\n", "OPTIONS");
  CHECK(unary.status == 204);
  CHECK_THAT(unary.head, Contains("Access-Control-Allow-Origin: *\r\n"));
  CHECK_THAT(unary.head, Contains("Access-Control-Allow-Methods: GET, POST, OPTIONS\r\n"));
  CHECK_THAT(
      unary.head,
      Contains("Access-Control-Allow-Headers: content-type, connect-protocol-version, connect-timeout-ms, "
               "fundtrail-min-size\r\n"));
  CHECK_THAT(unary.head, !Contains("Credentials"));
  CHECK_THAT(desk.Get(kService + "List", "", "OPTIONS").head,
             Contains("Access-Control-Allow-Methods: POST, OPTIONS\r\n"));
}

TEST_CASE("questions over Connect share the bounds of one address, and say when to ask again") {
  server::Limits limits;
  limits.admission.question_burst = 3;
  limits.admission.questions_per_second = 1;
  const HttpDesk desk(limits);
  CHECK(desk.Post(kService + "GetCheckpoint", kJson, "{}").status == 200);
  CHECK(desk.Get(kService + "GetCheckpoint?encoding=json&message=%7B%7D").status == 200);
  CHECK(ReadStream(desk.Post(kService + "List", kStreamJson, Enveloped("{}"))).end == "{}");
  const auto more = desk.Post(kService + "GetCheckpoint", kJson, "{}");
  CHECK(Said(more) == "429 resource_exhausted");
  CHECK_THAT(more.head, Contains("Retry-After: 1\r\n"));
  CHECK_THAT(more.body, Contains("google.rpc.RetryInfo"));
  CHECK_THAT(ReadStream(desk.Post(kService + "List", kStreamJson, Enveloped("{}"))).end,
             Contains("resource_exhausted"));
  CHECK(desk.admission.answered() == 3);
  CHECK(desk.admission.turned_away() == 2);
  CHECK(desk.admission.failed() == 0);
}

TEST_CASE("answers that are too large, and long answers when there are too many, are refused") {
  server::Limits small;
  small.answer_bytes = 50;
  CHECK(Said(HttpDesk(small).Post(kService + "Balance", kJson, "{\"party\":\"ministry\"}")) ==
        "429 resource_exhausted");
  server::Limits few;
  few.page_streams = 1;
  HttpDesk desk(few, 1'100);
  const auto taken = desk.desk.pages.Take("another");
  REQUIRE(taken != nullptr);
  CHECK_THAT(ReadStream(desk.Post(kService + "List", kStreamJson, Enveloped("{}"))).end,
             Contains("too many long answers"));
  CHECK(ReadStream(desk.Post(kService + "List", kStreamJson, Enveloped("{\"limit\":\"2\"}"))).end == "{}");
}

TEST_CASE("a client that goes away in the middle of a stream leaves nothing behind") {
  server::Limits limits;
  limits.page_streams = 1;
  HttpDesk desk(limits, 1'100);
  {
    const Socket client(desk.http->port());
    const int small = 4'096;  // so that the answer does not fit in between
    setsockopt(client.number, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    const std::string body = Enveloped("{}");
    const std::string request = "POST " + kService +
                                "List HTTP/1.1\r\nHost: x\r\nContent-Type: " + kStreamJson +
                                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    REQUIRE(send(client.number, request.data(), request.size(), MSG_NOSIGNAL) > 0);
    char byte = 0;
    REQUIRE(recv(client.number, &byte, 1, 0) == 1);
  }
  bool answered = false;
  for (int i = 0; i < 100 && !answered; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    answered = ReadStream(desk.Post(kService + "List", kStreamJson, Enveloped("{}"))).end == "{}";
  }
  CHECK(answered);
}

}  // namespace
}  // namespace fundtrail::testing
