// See http_answers.h.
#include "server/http_answers.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/pipeline/retry.h"

namespace fundtrail::server {

void AddCommonHeaders(net::HttpResponse* response) {
  response->headers.emplace_back("Access-Control-Expose-Headers", "etag, retry-after");
  AddHeadersOfPart(response);
}

void AddHeadersOfPart(net::HttpResponse* response) {
  response->headers.emplace_back("Access-Control-Allow-Origin", "*");
  response->headers.emplace_back("X-Content-Type-Options", "nosniff");
}

void AddRetryAfter(const Status& status, net::HttpResponse* response) {
  auto wait = pipeline::RetryDelay(status);
  const bool passes = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
  if (!wait.has_value() && passes) wait = std::chrono::seconds(5);
  if (!wait.has_value()) return;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
  response->headers.emplace_back("Retry-After", absl::StrCat(std::max<std::int64_t>(1, seconds)));
}

net::HttpResponse TextAnswer(int status, std::string_view sentence) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}};
  AddCommonHeaders(&response);
  response.body = absl::StrCat(std::string(sentence), "\n");
  return response;
}

net::HttpResponse ErrorAnswer(const Status& status) {
  const std::string sentence = Escaped(std::string(status.message()));
  net::HttpResponse response;
  switch (status.code()) {
    case absl::StatusCode::kNotFound:
      return TextAnswer(404, sentence);
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kFailedPrecondition:
      return TextAnswer(400, sentence);
    case absl::StatusCode::kResourceExhausted:
      // What will not get better by asking again has no time to wait for.
      response = TextAnswer(pipeline::RetryDelay(status).has_value() ? 429 : 503, sentence);
      break;
    case absl::StatusCode::kDeadlineExceeded:
      response = TextAnswer(503, absl::StrCat(sentence, ": ask for one year or one fund, or take the CSV"));
      break;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kCancelled:
      response = TextAnswer(503, sentence);
      break;
    default:
      return TextAnswer(500, "the ledger cannot be read");
  }
  AddRetryAfter(status, &response);
  return response;
}

net::HttpResponse Preflight(std::string_view allowed) {
  net::HttpResponse response;
  response.status = 204;
  response.headers = {{"Allow", std::string(allowed)},
                      {"Access-Control-Allow-Methods", std::string(allowed)},
                      {"Access-Control-Allow-Headers",
                       "content-type, connect-protocol-version, connect-timeout-ms, fundtrail-min-size"},
                      {"Access-Control-Max-Age", "7200"}};
  AddCommonHeaders(&response);
  return response;
}

}  // namespace fundtrail::server
