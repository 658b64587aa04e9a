// See http_exchange.h.
#include "ledger/net/http_exchange.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace fundtrail::net {
namespace {

const char* Reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 300:
      return "Multiple Choices";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Answer";
  }
}

bool HasNoBody(int status) { return status == 204 || status == 304; }

std::string Chunk(std::string_view piece) {
  std::string chunk = absl::StrCat(absl::Hex(piece.size()), "\r\n");
  chunk.append(piece);
  return chunk.append("\r\n");
}

}  // namespace

std::string HttpHead(const HttpResponse& response, std::optional<std::size_t> length, bool is_old,
                     bool closes) {
  std::string head = absl::StrCat(
      "HTTP/1.1 ", response.status, " ", Reason(response.status),
      "\r\nDate: ", absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::Now(), absl::UTCTimeZone()), "\r\n");
  // A value with a line break would be a header, or a body, of somebody else's.
  for (const auto& [name, value] : response.headers)
    if ((name + value).find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos)
      absl::StrAppend(&head, name, ": ", value, "\r\n");
  if (length.has_value()) {
    if (!HasNoBody(response.status)) absl::StrAppend(&head, "Content-Length: ", *length, "\r\n");
  } else if (!is_old) {
    absl::StrAppend(&head, "Transfer-Encoding: chunked\r\n");
  }
  if (closes) absl::StrAppend(&head, "Connection: close\r\n");
  return head.append("\r\n");
}

HttpPost HttpExchange::Shared::Made(std::string bytes) const {
  HttpPost post;
  post.connection = connection_;
  post.bytes = std::move(bytes);
  return post;
}

void HttpExchange::Shared::Send(HttpResponse response) {
  const std::lock_guard lock(mutex_);
  if (std::exchange(stage_, Stage::kOver) != Stage::kNothing) return;
  HttpPost post = Made(HttpHead(response, response.body.size(), is_old_, !keeps_alive_));
  if (!is_head_ && !HasNoBody(response.status)) post.bytes.append(response.body);
  post.ends = true;
  post.closes = !keeps_alive_;
  post.held = std::move(response.held);
  mailbox_->Post(std::move(post));
}

void HttpExchange::Shared::Begin(HttpResponse head, std::function<void()> more) {
  const std::lock_guard lock(mutex_);
  if (stage_ != Stage::kNothing) return;
  stage_ = is_head_ ? Stage::kOver : Stage::kBegun;
  const bool closes = is_old_ || !keeps_alive_;
  HttpPost post = Made(HttpHead(head, std::nullopt, is_old_, closes));
  post.held = std::move(head.held);
  if (is_head_) {
    post.ends = true;
    post.closes = closes;
  } else {
    if (!head.body.empty()) post.bytes.append(is_old_ ? head.body : Chunk(head.body));
    post.begins = true;
    post.more = std::move(more);
  }
  mailbox_->Post(std::move(post));
}

void HttpExchange::Shared::Write(std::string_view piece) {
  const std::lock_guard lock(mutex_);
  if (stage_ != Stage::kBegun) return;
  // A chunk without bytes would be the last.
  mailbox_->Post(Made(piece.empty() ? std::string() : is_old_ ? std::string(piece) : Chunk(piece)));
}

void HttpExchange::Shared::End() {
  const std::lock_guard lock(mutex_);
  if (stage_ != Stage::kBegun) return;
  stage_ = Stage::kOver;
  HttpPost post = Made(is_old_ ? "" : "0\r\n\r\n");
  post.ends = true;
  post.closes = is_old_ || !keeps_alive_;
  mailbox_->Post(std::move(post));
}

void HttpExchange::Shared::Cut() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(stage_, Stage::kOver) != Stage::kBegun) return;
  HttpPost post = Made("");
  post.cuts = true;
  mailbox_->Post(std::move(post));
}

HttpExchange::Shared::~Shared() {
  if (stage_ == Stage::kBegun) Cut();
  if (stage_ == Stage::kNothing) {
    HttpResponse lost;
    lost.status = 500;
    lost.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}};
    lost.body = "the server has no answer: it is a fault of this program, or it stops\n";
    Send(std::move(lost));
  }
}

void HttpExchange::Send(HttpResponse response) const { exchange_->Send(std::move(response)); }
void HttpExchange::Begin(HttpResponse head, std::function<void()> more) const {
  exchange_->Begin(std::move(head), std::move(more));
}
void HttpExchange::Write(std::string_view piece) const { exchange_->Write(piece); }
void HttpExchange::End() const { exchange_->End(); }
void HttpExchange::Cut() const { exchange_->Cut(); }
bool HttpExchange::gone() const { return exchange_->gone(); }

}  // namespace fundtrail::net
