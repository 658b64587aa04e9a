// What goes over one connection, frame by frame (HTTP/2, RFC 9113). It decides what may go on to gRPC, what has to
// wait, and when the connection ends. It understands no headers, so it neither decodes nor changes them. It does look
// for the lengths of messages (gRPC over HTTP/2: a byte of flags, four of length). gRPC 1.51 keeps a message whole
// before it finds it too long. Pure but for the share of its address: no socket, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/front/call_end.h"
#include "server/front/shares.h"

namespace fundtrail::server {

class Frames {
 public:
  // How a call ends whose message has `bytes`: more than any may have, or more than there is room for now.
  using Refuse = std::function<CallEnd(std::size_t bytes, bool too_long)>;

  // `share`: of the client's address; it must outlive this.
  Frames(Share* share, Refuse refuse) : share_(*share), refuse_(std::move(refuse)) {}
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

  // From the client. What may go on is appended to `*on`. Bytes that are not used are shown again, with more after
  // them.
  Looked FromClient(std::string_view bytes, std::string* on);
  // From the server. All of it goes to the client; whether what was seen so far ends with a whole frame.
  void FromServer(std::string_view bytes);
  bool server_at_boundary() const { return server_.rest == 0 && server_.head.empty() && !server_in_block_; }
  // Frames for the client, of the relay's own: where the server's are at a boundary.
  std::string TakeReplies();
  bool has_replies() const { return !refusals_.empty() || credit_ > 0; }
  // Whether a message is under way that has room, and whether it has been for too long: then the connection should end.
  bool receiving() const;
  bool Late();

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
    std::uint32_t call = 0;  // whose data it has
  };
  struct Frame {
    std::uint32_t length;
    std::uint8_t type, flags;
    std::uint32_t stream;
  };
  struct Call {
    std::uint32_t stream = 0;
    bool answered = false;   // something of an answer was sent
    std::string prefix;      // of the next message, while it is not whole
    std::uint64_t rest = 0;  // bytes of the present message still to come
    std::size_t room = 0;    // that was reserved for it
    double begun = 0;        // when it was
  };
  // A call that ended here, of which the client is still to be told.
  struct Refusal {
    std::uint32_t stream;
    CallEnd end;
    bool answered;
  };
  static Frame ReadHead(std::string_view bytes);

  Looked Preface(std::string_view bytes, std::string* on);
  // Whether this frame may go on now.
  Next Judge(const Frame& frame, double* seconds, bool* drop);
  Next JudgeHeaders(const Frame& frame, double* seconds, bool* drop);
  // The next bytes of the present frame of data; so many more of it are to come.
  void Follow(std::string_view part, std::uint64_t later);
  bool MayBegin(Call* call, std::size_t message);
  Next Close(std::uint32_t error, std::string why);
  void Note(const Frame& frame);  // from the server
  Call* Find(std::uint32_t stream);
  bool EndCall(std::uint32_t stream, bool* answered);

  Share& share_;
  const Refuse refuse_;
  Direction client_, server_;
  std::size_t preface_ = 0;  // bytes of it that were seen
  std::vector<Call> open_;
  std::uint32_t last_ = 0;  // the newest call that went on
  std::size_t block_ = 0;   // bytes of a header block that is under way
  int continuations_ = 0;
  std::uint32_t refused_ = 0;  // the server is told that this call is over, after the present frame
  std::vector<Refusal> refusals_;
  std::uint32_t credit_ =
      0;  // bytes of data that went on to nobody, for which the client still has to get room
  bool leaving_ = false, closed_ = false, server_in_block_ = false;
  std::uint32_t error_ = 0;
  std::string why_;
};

}  // namespace fundtrail::server
