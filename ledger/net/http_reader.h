// Reads requests of HTTP/1.1 off the bytes of a connection, however they are cut, with bounds on all of it. It is strict: what two
// servers could read as two different requests is refused (RFC 9112 §11). A body comes with its length or in chunks. Knows nothing of
// sockets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/net/http_message.h"

namespace fundtrail::net {

struct HttpReadBounds {
  std::size_t line_bytes = std::size_t{8} << 10;     // of the request line
  std::size_t header_bytes = std::size_t{32} << 10;  // of all header lines together
  std::size_t headers = 100;
  // How long a body the request with this head may have. Empty: none may have any.
  std::function<std::size_t(const HttpRequest& head)> body_bytes;
};

class HttpReader {
 public:
  enum class State {
    kHead,     // the next request has not come as far as its empty line; perhaps nothing of it has
    kBody,     // its head is there
    kWhole,    // TakeRequest gives it
    kRefused,  // it is none, or passes a bound: nothing after it can be read either
  };

  // `bounds` must outlive it.
  explicit HttpReader(const HttpReadBounds* bounds) : bounds_(*bounds), headers_left_(bounds->header_bytes) {}

  // Takes what belongs to the present request, and answers how many bytes that were: all of them until it is whole or refused.
  std::size_t Take(std::string_view bytes);
  State state() const { return state_; }
  // Whether the client waits to be told "100 Continue" before it sends the body.
  bool awaits_continue() const { return state_ == State::kBody && awaits_continue_; }
  // Needs kWhole. It then begins with the next one.
  HttpRequest TakeRequest();
  // Need kRefused: the status to answer, why in a sentence, and what came of the request before that.
  int refusal() const { return refusal_; }
  const std::string& why() const { return why_; }
  HttpRequest TakeWhatCame() { return std::move(request_); }

 private:
  // What comes next of a body in chunks (RFC 9112 §7.1).
  enum class Chunk { kNone, kSize, kData, kDataEnd, kTrailer };

  void Refuse(int status, std::string why);
  void TakeLine(std::string_view line);
  void TakeFirst(std::string_view line);
  bool TakeTarget(std::string_view target);
  void TakeBeginning(std::string_view line);
  void TakeHeader(std::string_view line);
  void EndHead();
  bool JudgeLength(std::uint64_t* length);
  std::size_t TakeChunks(std::string_view bytes);
  void TakeChunkLine(std::string_view line);
  void TakeSize(std::string_view line);
  void EndTooLong();

  const HttpReadBounds& bounds_;
  State state_ = State::kHead;
  HttpRequest request_;
  std::string line_;             // that has begun
  bool has_first_ = false;       // the request line was taken
  int empty_lines_ = 0;          // before it
  std::size_t headers_left_;     // bytes
  std::uint64_t body_left_ = 0;  // of the body, or of the present chunk
  Chunk chunk_ = Chunk::kNone;
  std::size_t most_body_ = 0;  // of a body in chunks
  bool awaits_continue_ = false;
  int refusal_ = 0;
  std::string why_;
};

}  // namespace fundtrail::net
