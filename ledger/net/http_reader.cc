// See http_reader.h.
#include "ledger/net/http_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace fundtrail::net {
namespace {

constexpr int kMaxEmptyLines = 2;  // before a request; RFC 9112 §2.2 has a server ignore one
constexpr std::size_t kMaxMethodBytes = 32;
constexpr std::size_t kMaxLengthDigits = 18;  // fits an int64
constexpr std::size_t kMaxChunkDigits = 8;
constexpr std::size_t kMaxChunkLine = 64;  // the size of a chunk, with extensions that nobody reads

bool IsToken(std::string_view text) {
  constexpr std::string_view kSigns = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || kSigns.find(c) != std::string_view::npos;
  });
}

bool IsFieldValue(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

std::string Small(std::string_view text) {
  std::string small(text);
  absl::AsciiStrToLower(&small);
  return small;
}

// Whether a list as "close, x" has this word, in whatever letters.
bool HasWord(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (Small(WithoutBlanks(list.substr(0, comma))) == word) return true;
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return false;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool PercentDecoded(std::string_view text, std::string* decoded) {
  decoded->clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded->push_back(text[i]);
      continue;
    }
    if (text.size() - i < 3) return false;
    const int high = HexDigit(text[i + 1]), low = HexDigit(text[i + 2]);
    if (high < 0 || low < 0) return false;
    decoded->push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return true;
}

std::size_t HttpReader::Take(std::string_view bytes) {
  std::size_t used = 0;
  while (state_ == State::kHead && used < bytes.size()) {
    const std::string_view rest = bytes.substr(used);
    const auto end = rest.find('\n');
    const std::string_view part = rest.substr(0, end == std::string_view::npos ? end : end + 1);
    // The line's own end counts for two bytes more.
    const std::size_t most = (has_first_ ? headers_left_ : bounds_.line_bytes) + 2;
    if (part.size() > most - line_.size()) {
      if (has_first_) {
        Refuse(431, absl::StrCat("the headers have more than ", bounds_.header_bytes, " bytes"));
      } else {
        TakeBeginning(line_.append(part));
        Refuse(414, absl::StrCat("the request line has more than ", bounds_.line_bytes, " bytes"));
      }
      return used + part.size();
    }
    line_.append(part);
    used += part.size();
    if (end == std::string_view::npos) break;
    if (line_.size() < 2 || line_[line_.size() - 2] != '\r') {
      Refuse(400, "a line of the head does not end with CR LF");
      break;
    }
    if (has_first_) headers_left_ -= std::min(headers_left_, line_.size() - 2);
    const std::string line = std::exchange(line_, std::string());
    TakeLine(std::string_view(line).substr(0, line.size() - 2));
  }
  if (chunk_ != Chunk::kNone) return used + TakeChunks(bytes.substr(used));
  if (state_ == State::kBody) {
    const std::size_t part =
        static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, bytes.size() - used));
    request_.body.append(bytes.substr(used, part));
    used += part;
    body_left_ -= part;
    if (body_left_ == 0) state_ = State::kWhole;
  }
  return used;
}

std::size_t HttpReader::TakeChunks(std::string_view bytes) {
  std::size_t used = 0;
  while (state_ == State::kBody && used < bytes.size()) {
    const std::string_view rest = bytes.substr(used);
    if (chunk_ == Chunk::kData) {
      const std::size_t part = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, rest.size()));
      request_.body.append(rest.substr(0, part));
      used += part;
      body_left_ -= part;
      if (body_left_ == 0) chunk_ = Chunk::kDataEnd;
      continue;
    }
    const auto end = rest.find('\n');
    const std::string_view part = rest.substr(0, end == std::string_view::npos ? end : end + 1);
    std::size_t most = 2;  // the line's own end
    if (chunk_ == Chunk::kSize) most += kMaxChunkLine;
    if (chunk_ == Chunk::kTrailer) most += headers_left_;
    used += part.size();
    if (part.size() > most - line_.size()) {
      if (chunk_ == Chunk::kTrailer) {
        Refuse(431, absl::StrCat("the headers have more than ", bounds_.header_bytes, " bytes"));
      } else {
        Refuse(400, "a chunk of the body has another size than it says");
      }
      break;
    }
    line_.append(part);
    if (end == std::string_view::npos) break;
    if (line_.size() < 2 || line_[line_.size() - 2] != '\r') {
      Refuse(400, "a line between the chunks of the body does not end with CR LF");
      break;
    }
    const std::string line = std::exchange(line_, std::string());
    TakeChunkLine(std::string_view(line).substr(0, line.size() - 2));
  }
  return used;
}

void HttpReader::TakeChunkLine(std::string_view line) {
  if (chunk_ == Chunk::kSize) return TakeSize(line);
  if (chunk_ == Chunk::kDataEnd) {
    chunk_ = Chunk::kSize;  // the line is empty, as its bound has it
    return;
  }
  if (line.empty()) {
    state_ = State::kWhole;
    return;
  }
  // A header after the body: nobody reads it, and it counts with those before.
  headers_left_ -= std::min(headers_left_, line.size());
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon)) ||
      !IsFieldValue(line.substr(colon + 1)))
    Refuse(400, "a header after the body is not NAME: VALUE");
}

// "1a", or "1a;name=value".
void HttpReader::TakeSize(std::string_view line) {
  const std::string_view digits = line.substr(0, line.find_first_of("; \t"));
  const std::string_view rest = line.substr(digits.size());
  const std::string_view extension = WithoutBlanks(rest);
  std::uint64_t size = 0;
  bool is_size = !digits.empty() && digits.size() <= kMaxChunkDigits && IsFieldValue(rest) &&
                 (rest.empty() || (!extension.empty() && extension[0] == ';'));
  for (const char c : digits) {
    const int digit = HexDigit(c);
    if (digit < 0) is_size = false;
    if (is_size) size = size << 4 | static_cast<std::uint64_t>(digit);
  }
  if (!is_size) return Refuse(400, "the size of a chunk is not a hexadecimal number of at most 8 digits");
  if (size > most_body_ - request_.body.size()) return EndTooLong();
  body_left_ = size;
  chunk_ = size > 0 ? Chunk::kData : Chunk::kTrailer;
}

// Its body is not kept. What follows is the body, and no request.
void HttpReader::EndTooLong() {
  request_.body_is_too_long = true;
  request_.keeps_alive = false;
  request_.body.clear();
  chunk_ = Chunk::kNone;
  state_ = State::kWhole;
}

HttpRequest HttpReader::TakeRequest() {
  state_ = State::kHead;
  chunk_ = Chunk::kNone;
  has_first_ = false;
  empty_lines_ = 0;
  headers_left_ = bounds_.header_bytes;
  awaits_continue_ = false;
  return std::exchange(request_, HttpRequest());
}

void HttpReader::Refuse(int status, std::string why) {
  state_ = State::kRefused;
  refusal_ = status;
  why_ = std::move(why);
}

void HttpReader::TakeLine(std::string_view line) {
  if (!has_first_ && line.empty()) {
    if (++empty_lines_ > kMaxEmptyLines) Refuse(400, "empty lines, and no request");
  } else if (!has_first_) {
    TakeFirst(line);
  } else if (line.empty()) {
    EndHead();
  } else {
    TakeHeader(line);
  }
}

void HttpReader::TakeFirst(std::string_view line) {
  const auto first = line.find(' '), last = line.rfind(' ');
  const std::string_view method = line.substr(0, first);
  if (first == std::string_view::npos || first == last || !IsToken(method) ||
      method.size() > kMaxMethodBytes) {
    return Refuse(400, "the request line is not METHOD TARGET VERSION");
  }
  const std::string_view version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    const bool is_http = version.rfind("HTTP/", 0) == 0;
    return Refuse(is_http ? 505 : 400, "this server speaks HTTP/1.1 and HTTP/1.0");
  }
  request_.method = method;
  request_.is_old = version == "HTTP/1.0";
  if (!TakeTarget(line.substr(first + 1, last - first - 1)))
    return Refuse(400, "the target of the request is not a path, as /checkpoint");
  has_first_ = true;
}

// A path with its query, also behind http://HOST (RFC 9112 §3.2); of OPTIONS, "*".
bool HttpReader::TakeTarget(std::string_view target) {
  if (std::any_of(target.begin(), target.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= 0x20 || byte == 0x7f || c == '#';
      }))
    return false;
  if (target == "*") {
    request_.path = "*";
    return request_.method == "OPTIONS";
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (Small(target.substr(0, scheme.size())) != scheme) continue;
    target.remove_prefix(scheme.size());
    target.remove_prefix(std::min(target.size(), target.find_first_of("/?")));
    break;
  }
  const auto question = target.find('?');
  const std::string_view path = target.substr(0, question);
  if (question != std::string_view::npos) request_.query = target.substr(question + 1);
  return !path.empty() && path[0] == '/' && PercentDecoded(path, &request_.path);
}

// Of a request line that is too long: its path, which says whose language the answer is in. Most are long behind it.
void HttpReader::TakeBeginning(std::string_view line) {
  const auto first = line.find(' ');
  if (first == std::string_view::npos) return;
  const std::string_view target = line.substr(first + 1);
  const auto end = target.find_first_of("? ");
  if (end == std::string_view::npos || !TakeTarget(target.substr(0, end))) request_.path.clear();
}

void HttpReader::TakeHeader(std::string_view line) {
  if (request_.headers.size() == bounds_.headers)
    return Refuse(431, absl::StrCat("the request has more than ", bounds_.headers, " headers"));
  const auto colon = line.find(':');
  // A line that begins with a space would go on with the one before it: no name has one.
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon)))
    return Refuse(400, "a header is not NAME: VALUE");
  const std::string_view value = WithoutBlanks(line.substr(colon + 1));
  if (!IsFieldValue(value)) return Refuse(400, "a header's value has control characters");
  request_.headers.emplace_back(Small(line.substr(0, colon)), value);
}

// How long the body is, unless it comes in chunks. False: it was refused.
bool HttpReader::JudgeLength(std::uint64_t* length) {
  if (request_.Count("transfer-encoding") > 0) {
    if (request_.Count("content-length") > 0 || request_.is_old) {
      Refuse(400, "Transfer-Encoding beside a Content-Length, or in HTTP/1.0, leaves the length open");
      return false;
    }
    if (Small(request_.Header("transfer-encoding")) != "chunked" || request_.Count("transfer-encoding") > 1) {
      Refuse(501, "this server knows no such Transfer-Encoding");
      return false;
    }
    chunk_ = Chunk::kSize;
    return true;
  }
  if (request_.Count("content-length") == 0) return true;
  const std::string_view digits = request_.Header("content-length");
  const char* const end = digits.data() + digits.size();
  if (request_.Count("content-length") > 1 || digits.empty() || digits.size() > kMaxLengthDigits ||
      digits.find_first_not_of("0123456789") != std::string_view::npos ||
      std::from_chars(digits.data(), end, *length).ptr != end) {
    Refuse(400, "Content-Length is one whole number");
    return false;
  }
  return true;
}

void HttpReader::EndHead() {
  if (request_.Count("host") > 1 || (request_.Count("host") == 0 && !request_.is_old))
    return Refuse(400, "a request of HTTP/1.1 has one header Host");
  std::uint64_t length = 0;
  if (!JudgeLength(&length)) return;
  const std::string expects = Small(request_.Header("expect"));
  if (!expects.empty() && expects != "100-continue")
    return Refuse(417, "this server knows no such expectation");
  request_.keeps_alive = !request_.is_old;
  for (const auto& header : request_.headers)
    if (header.first == "connection" && HasWord(header.second, "close")) request_.keeps_alive = false;
  most_body_ = bounds_.body_bytes ? bounds_.body_bytes(request_) : 0;
  if (length > most_body_ || (chunk_ != Chunk::kNone && most_body_ == 0)) return EndTooLong();
  body_left_ = length;
  awaits_continue_ = !expects.empty() && !request_.is_old;
  state_ = length > 0 || chunk_ != Chunk::kNone ? State::kBody : State::kWhole;
}

}  // namespace fundtrail::net
