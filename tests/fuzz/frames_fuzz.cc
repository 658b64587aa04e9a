// A client's frames, cut in two ways: what goes on to gRPC is the same, and no more than was said.
#include <algorithm>
#include <string>

#include "server/front/frames.h"
#include "tests/fuzz/fuzz.h"

namespace {

using fundtrail::server::Frames;
using fundtrail::server::FrontLimits;
using fundtrail::server::Shares;

struct Heard {
  std::string on;
  bool closed;
  std::size_t open;
  std::size_t refused;  // at most: each reply has more bytes
};

Heard Hear(std::string_view said, std::size_t part) {
  FrontLimits limits;
  limits.calls_per_address = 3;
  limits.message_bytes = 50'000;
  limits.messages_bytes = 90'000;
  Shares shares(limits, [] { return 0.0; });
  const auto share = shares.Connect("a");
  Frames frames(share.get(), [](std::size_t bytes, bool /*too_long*/) {
    return fundtrail::server::CallEnd{8, std::to_string(bytes), "details"};
  });
  Heard heard{"", false, 0, 0};
  std::string held;
  while (!said.empty() && !heard.closed) {
    held += said.substr(0, part);
    said.remove_prefix(std::min(part, said.size()));
    const auto looked = frames.FromClient(held, &heard.on);
    FUZZ_CHECK(looked.used <= held.size());
    held.erase(0, looked.used);
    if (looked.next == Frames::Next::kWait) break;  // time does not go on here
    heard.closed = looked.next == Frames::Next::kClose;
    FUZZ_CHECK(heard.closed || held.size() < 9);
  }
  heard.refused = frames.TakeReplies().size() / 13;
  frames.FromServer(heard.on);
  heard.open = frames.open();
  FUZZ_CHECK(heard.open == shares.calls());
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view said = AsText(data, size);
  const Heard whole = Hear(said, said.size() + 1), cut = Hear(said, 1 + size % 13);
  // Of the relay's own there is a frame for each call that it refuses.
  FUZZ_CHECK(whole.on.size() <= size + 13 * whole.refused);
  FUZZ_CHECK(whole.closed == cut.closed);
  if (!whole.closed) FUZZ_CHECK(whole.on == cut.on && whole.open == cut.open);
  return 0;
}
