// See connect_errors.h.
#include "server/connect_errors.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "fundtrail/v1/submission.pb.h"
#include "ledger/base/text.h"
#include "server/http_answers.h"
#include "server/status.h"

namespace fundtrail::server {
namespace {

// A JSON string. Text that is not UTF-8 is shown as Escaped shows it.
std::string QuotedJson(const std::string& text) {
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

net::HttpResponse ConnectErrorResponse(const Status& status) {
  net::HttpResponse response;
  response.status = ConnectStatus(status.code());
  response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  AddCommonHeaders(&response);
  AddRetryAfter(status, &response);
  response.body = ConnectError(status);
  return response;
}

}  // namespace

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
                                  "\",\"message\":", QuotedJson(error.message()));
  std::string details;
  for (const auto& detail : error.details()) {
    std::string value = absl::Base64Escape(detail.value());
    value.resize(value.find_last_not_of('=') + 1);
    const std::string& url = detail.type_url();
    absl::StrAppend(&details, details.empty() ? "" : ",",
                    "{\"type\":", QuotedJson(url.substr(url.rfind('/') + 1)), ",\"value\":\"", value, "\"}");
  }
  if (!details.empty()) absl::StrAppend(&json, ",\"details\":[", details, "]");
  return json.append("}");
}

void RefuseCall(const net::HttpExchange& reply, const Status& status, int http,
                const net::HttpHeaders& more) {
  net::HttpResponse response = ConnectErrorResponse(status);
  if (http != 0) response.status = http;
  response.headers.insert(response.headers.end(), more.begin(), more.end());
  reply.Send(std::move(response));
}

}  // namespace fundtrail::server
