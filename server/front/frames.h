// What goes over one connection, frame by frame (HTTP/2, RFC 9113): what may go on to gRPC, what has to wait, and when the
// connection ends. It understands no headers, so it neither decodes nor changes them. Pure but for the share of its
// address: no socket, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/front/shares.h"

namespace fundtrail::server {

class Frames {
 public:
  // `share`: of the client's address; it must outlive this.
  explicit Frames(Share* share) : share_(*share) {}
  ~Frames();  // calls that are open are given up
  Frames(const Frames&) = delete;
  Frames& operator=(const Frames&) = delete;

  enum class Next {
    kMore,   // all that was whole has been looked at: more bytes are wanted
    kWait,   // the next frame has to wait: so many seconds, then the same bytes again
    kClose,  // nothing more goes on: the client is told (Goodbye), and the connection ends
  };
  struct Looked {
    std::size_t used = 0;  // bytes that need not be shown again
    Next next = Next::kMore;
    double seconds = 0;
  };

  // From the client. What may go on is put behind `*on`. Bytes that are not used are shown again, with more behind them.
  Looked FromClient(std::string_view bytes, std::string* on);
  // From the server. All of it goes to the client; whether what was seen so far ends with a whole frame.
  void FromServer(std::string_view bytes);
  bool server_at_boundary() const { return server_.rest == 0 && server_.head.empty(); }

  // Whether the client has said that it speaks HTTP/2.
  bool begun() const;
  // Whether the client should be told (Goodbye) that this connection takes no further calls: those that are open go on.
  bool leaving() const { return leaving_; }
  // The GOAWAY frame that says so, or, after kClose, why the connection ends.
  std::string Goodbye() const;
  std::size_t open() const { return open_.size(); }

 private:
  struct Direction {
    std::string head;        // of the next frame, while it is not whole: from the server
    std::uint64_t rest = 0;  // bytes of the present frame still to come
    bool drop = false;       // that of the client does not go on
  };
  struct Frame {
    std::uint32_t length;
    std::uint8_t type, flags;
    std::uint32_t stream;
  };
  struct Call {
    std::uint32_t stream;
    bool answered;  // something of an answer was sent
  };
  static Frame ReadHead(std::string_view bytes);

  Looked Preface(std::string_view bytes, std::string* on);
  // Whether this frame may go on now.
  Next Judge(const Frame& frame, double* seconds, bool* drop);
  Next JudgeHeaders(const Frame& frame, double* seconds, bool* drop);
  Next Close(std::uint32_t error, std::string why);
  void Note(const Frame& frame);  // from the server
  bool EndCall(std::uint32_t stream, bool* answered);

  Share& share_;
  Direction client_, server_;
  std::size_t preface_ = 0;  // bytes of it that were seen
  std::vector<Call> open_;
  std::uint32_t last_ = 0;  // the newest call that went on
  std::size_t block_ = 0;   // bytes of a header block that is under way
  int continuations_ = 0;
  bool leaving_ = false, closed_ = false;
  std::uint32_t error_ = 0;
  std::string why_;
};

}  // namespace fundtrail::server
