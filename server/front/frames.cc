// See frames.h.
#include "server/front/frames.h"

#include <algorithm>
#include <utility>

namespace fundtrail::server {
namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::size_t kHead = 9;

// RFC 9113 §6, types and flags.
constexpr std::uint8_t kData = 0, kHeaders = 1, kReset = 3, kGoAway = 7, kContinuation = 9;
constexpr std::uint8_t kEndsStream = 1, kEndsHeaders = 4;
// §7.
constexpr std::uint32_t kNoFault = 0, kProtocolError = 1, kFrameSize = 6, kCalm = 11;
constexpr std::uint32_t kMaxFrame =
    16'384;  // what the server announces, which is what it need not say (§6.5.2)

// gRPC takes 16 KiB of headers once they are decoded; encoded they may be somewhat longer.
constexpr std::size_t kMaxBlock = std::size_t{32} << 10;
constexpr int kMaxContinuations = 8;

// Prices in frames that do no work. A call costs a few until it is answered, so that many are not begun at once; then it
// gets about what it cost. So calls that carry data are free, and the smallest, as health checks, are not quite. A call that
// ends in an error has cost that.
constexpr double kOfCall = 8, kOfAnswer = 10;
constexpr double kOfRefusal = 24;     // gRPC has begun the call all the same
constexpr double kBytesOfFrame = 64;  // more bytes are more work, but for data, which is what frames are for
constexpr double kBytesOfAnswer =
    256;  // each so many sent earn a frame: clients say that there is room for more

constexpr std::size_t kPrefix = 5;      // of a message
constexpr std::size_t kSmall = 16'384;  // messages of so many bytes are not counted

void AppendBig(std::string* out, std::uint64_t value, int bytes) {
  while (bytes-- > 0) out->push_back(static_cast<char>(value >> (8 * bytes)));
}

std::uint32_t Big(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return value;
}

}  // namespace

Frames::~Frames() {
  for (const Call& call : open_) share_.Release(call.room);
  share_.End(open_.size());
  if (!open_.empty()) share_.GiveUp(open_.size());
}

Frames::Frame Frames::ReadHead(std::string_view bytes) {
  return {Big(bytes.substr(0, 3)), static_cast<std::uint8_t>(bytes[3]), static_cast<std::uint8_t>(bytes[4]),
          Big(bytes.substr(5, 4)) & 0x7fff'ffff};
}

Frames::Next Frames::Close(std::uint32_t error, std::string why) {
  closed_ = true;
  error_ = error;
  why_ = std::move(why);
  return Next::kClose;
}

bool Frames::begun() const { return preface_ == kPreface.size(); }

std::string Frames::Goodbye() const {
  const std::string why = closed_ ? why_ : "too many calls are open from your address, or in all";
  std::string frame;
  AppendBig(&frame, static_cast<std::uint32_t>(8 + why.size()), 3);
  frame.push_back(static_cast<char>(kGoAway));
  AppendBig(&frame, 0, 1 + 4);
  AppendBig(&frame, last_, 4);
  AppendBig(&frame, closed_ ? error_ : kNoFault, 4);
  return frame + why;
}

Frames::Looked Frames::Preface(std::string_view bytes, std::string* on) {
  const std::string_view seen = bytes.substr(0, kPreface.size() - preface_);
  if (kPreface.substr(preface_, seen.size()) != seen)
    return {0, Close(kProtocolError, "this port speaks gRPC, over HTTP/2"), 0};
  preface_ += seen.size();
  on->append(seen);
  return {seen.size(), Next::kMore, 0};
}

Frames::Looked Frames::FromClient(std::string_view bytes, std::string* on) {
  if (closed_) return {0, Next::kClose, 0};
  Looked looked;
  if (preface_ < kPreface.size()) {
    looked = Preface(bytes, on);
    if (looked.next != Next::kMore) return looked;
  }
  while (true) {
    const std::string_view rest = bytes.substr(looked.used);
    if (client_.rest > 0) {
      const auto part = rest.substr(0, client_.rest);
      if (!client_.drop) on->append(part);
      looked.used += part.size();
      client_.rest -= part.size();
      if (client_.call != 0) Follow(part, client_.rest);
      if (client_.rest > 0) return looked;
      if (refused_ != 0) on->append(CancelFrame(std::exchange(refused_, 0)));
      continue;
    }
    if (rest.size() < kHead) return looked;
    const Frame frame = ReadHead(rest);
    looked.next = Judge(frame, &looked.seconds, &client_.drop);
    if (looked.next != Next::kMore) return looked;
    if (!client_.drop) on->append(rest.substr(0, kHead));
    looked.used += kHead;
    client_.rest = frame.length;
    client_.call = frame.type == kData && !client_.drop ? frame.stream : 0;
  }
}

void Frames::Follow(std::string_view part, std::uint64_t later) {
  Call* const call = Find(client_.call);
  if (call == nullptr) return;
  while (!part.empty()) {
    if (call->rest > 0) {
      const std::size_t seen = std::min<std::uint64_t>(call->rest, part.size());
      call->rest -= seen;
      part.remove_prefix(seen);
      if (call->rest == 0) share_.Release(std::exchange(call->room, 0));
      continue;
    }
    const std::size_t seen = std::min(kPrefix - call->prefix.size(), part.size());
    call->prefix.append(part.substr(0, seen));
    part.remove_prefix(seen);
    if (call->prefix.size() < kPrefix) return;
    call->rest = Big(std::string_view(call->prefix).substr(1));
    call->prefix.clear();
    // What this frame has whole, gRPC judges: it may have seen it already.
    if (call->rest > part.size() + later && !MayBegin(call, call->rest)) return;
  }
}

// False when the call has ended.
bool Frames::MayBegin(Call* call, std::size_t message) {
  const bool too_long = message > share_.limits().message_bytes;
  if (!too_long && message <= kSmall) return true;
  if (!too_long && share_.Reserve(message)) {
    call->room = message;
    call->begun = share_.Now();
    return true;
  }
  refused_ = call->stream;
  refusals_.push_back({call->stream, refuse_(message, too_long), call->answered});
  bool answered = false;
  EndCall(call->stream, &answered);
  share_.GiveUp(1);
  share_.Charge(kOfRefusal);
  return false;
}

std::string Frames::TakeReplies() {
  std::string frames;
  for (const Refusal& refusal : refusals_) frames += EndFrames(refusal.stream, refusal.end, refusal.answered);
  refusals_.clear();
  if (credit_ > 0) frames += WindowFrame(std::exchange(credit_, 0));
  return frames;
}

bool Frames::receiving() const {
  return std::any_of(open_.begin(), open_.end(), [](const Call& call) { return call.room > 0; });
}

bool Frames::Late() {
  const double now = share_.Now(), most = share_.limits().message_seconds;
  const bool late = std::any_of(open_.begin(), open_.end(), [now, most](const Call& call) {
    return call.room > 0 && now - call.begun > most;
  });
  if (late) Close(kCalm, "a message was not whole in time");
  return late;
}

Frames::Next Frames::Judge(const Frame& frame, double* seconds, bool* drop) {
  *drop = false;
  *seconds = share_.WaitForFrame();
  if (*seconds > 0) return Next::kWait;
  if (frame.length > kMaxFrame) return Close(kFrameSize, "a frame is too long");
  if (frame.type == kHeaders || frame.type == kContinuation) {
    const Next next = JudgeHeaders(frame, seconds, drop);
    if (next != Next::kMore) return next;
  } else if (block_ > 0) {
    return Close(kProtocolError, "a header block is not whole");
  }
  // Data of a call earn; those of none, as of one that has ended, do not.
  const double size = frame.length / kBytesOfFrame;
  share_.Charge(frame.type != kData ? 1 + size : Find(frame.stream) != nullptr ? 1 - size : 1);
  if (frame.type == kReset) {
    bool answered = false;
    if (EndCall(frame.stream, &answered)) share_.GiveUp(1);
  }
  // Nobody knows of a call that did not go on.
  if (frame.stream > last_) *drop = *drop || leaving_;
  if (*drop && frame.type == kData) credit_ += frame.length;
  return Next::kMore;
}

Frames::Next Frames::JudgeHeaders(const Frame& frame, double* seconds, bool* drop) {
  if ((frame.type == kContinuation) != (block_ > 0))
    return Close(kProtocolError, "a header block is out of order");
  if (block_ + frame.length > kMaxBlock ||
      (frame.type == kContinuation && ++continuations_ > kMaxContinuations))
    return Close(kCalm, "too many headers");
  if (frame.type == kHeaders) {
    // gRPC passes over a number that only a server may use (§5.1.1), and takes lower ones after it.
    if (frame.stream % 2 == 0) return Close(kProtocolError, "a client's calls have odd numbers");
    continuations_ = 0;
    if (frame.stream > last_ && !leaving_) {
      *seconds = share_.WaitForCall();
      if (*seconds > 0) return Next::kWait;
      if (share_.Begin()) {
        last_ = frame.stream;
        open_.emplace_back().stream = frame.stream;
        share_.Charge(kOfCall);
      } else {
        leaving_ = true;
      }
    }
  }
  // Once a header block is left out, those behind it cannot be understood (RFC 7541 §2.2), so none goes on.
  *drop = leaving_;
  block_ =
      (frame.flags & kEndsHeaders) != 0 ? 0 : block_ + frame.length + 1;  // above zero while it is under way
  return Next::kMore;
}

Frames::Call* Frames::Find(std::uint32_t stream) {
  const auto call =
      std::find_if(open_.begin(), open_.end(), [stream](const Call& one) { return one.stream == stream; });
  return call == open_.end() ? nullptr : &*call;
}

bool Frames::EndCall(std::uint32_t stream, bool* answered) {
  Call* const call = Find(stream);
  if (call == nullptr) return false;
  *answered = call->answered;
  share_.Release(call->room);
  if (call != &open_.back()) *call = std::move(open_.back());
  open_.pop_back();
  share_.End(1);
  return true;
}

void Frames::FromServer(std::string_view bytes) {
  while (!bytes.empty()) {
    if (server_.rest > 0) {
      const std::size_t part = std::min<std::uint64_t>(server_.rest, bytes.size());
      server_.rest -= part;
      bytes.remove_prefix(part);
      continue;
    }
    const std::size_t part = std::min(kHead - server_.head.size(), bytes.size());
    server_.head.append(bytes.substr(0, part));
    bytes.remove_prefix(part);
    if (server_.head.size() < kHead) return;
    const Frame frame = ReadHead(server_.head);
    server_.head.clear();
    server_.rest = frame.length;
    Note(frame);
  }
}

void Frames::Note(const Frame& frame) {
  if (frame.type == kData) share_.Charge(-(frame.length / kBytesOfAnswer));
  const bool ends = frame.type == kReset ||
                    ((frame.type == kHeaders || frame.type == kData) && (frame.flags & kEndsStream) != 0);
  if (frame.type == kHeaders || frame.type == kContinuation)
    server_in_block_ = (frame.flags & kEndsHeaders) == 0;
  // What the server said of a call before it learned that it was refused goes before the refusal.
  for (Refusal& refusal : refusals_)
    if (refusal.stream == frame.stream && frame.type == kHeaders) refusal.answered = true;
  if (ends) std::erase_if(refusals_, [&](const Refusal& one) { return one.stream == frame.stream; });
  bool answered = false;
  if (ends) {
    if (EndCall(frame.stream, &answered) && answered) share_.Charge(-kOfAnswer);
  } else if (frame.type == kHeaders) {
    if (Call* const call = Find(frame.stream); call != nullptr) call->answered = true;
  }
}

}  // namespace fundtrail::server
