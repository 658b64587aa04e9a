// What goes on to gRPC, what waits, and what ends a connection: frame by frame.
#include "server/front/frames.h"

#include <catch2/catch.hpp>
#include <optional>
#include <random>

namespace fundtrail::testing {
namespace {

using server::EndFrames;
using server::Frames;
using server::FrontLimits;
using server::Share;
using server::Shares;
using Next = Frames::Next;

const std::string kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr int kData = 0, kHeaders = 1, kPriority = 2, kReset = 3, kSettings = 4, kPing = 6, kGoAway = 7,
              kWindow = 8, kContinuation = 9;
constexpr int kEndStream = 1, kEndHeaders = 4;

std::string Big(std::size_t value, int bytes) {
  std::string out;
  while (bytes-- > 0) out.push_back(static_cast<char>(value >> (8 * bytes)));
  return out;
}
std::string Frame(int type, int flags, std::uint32_t stream, const std::string& payload = "") {
  return Big(payload.size(), 3) + static_cast<char>(type) + static_cast<char>(flags) + Big(stream, 4) +
         payload;
}
std::string Call(std::uint32_t stream) { return Frame(kHeaders, kEndHeaders, stream, "headers"); }
std::string Reset(std::uint32_t stream) { return Frame(kReset, 0, stream, Big(8, 4)); }
std::string Answer(std::uint32_t stream) {
  return Frame(kHeaders, kEndHeaders, stream, "ok") + Frame(kData, 0, stream, "answer") +
         Frame(kHeaders, kEndHeaders | kEndStream, stream, "0");
}
std::string Error(std::uint32_t stream) { return Frame(kHeaders, kEndHeaders | kEndStream, stream, "5"); }

// gRPC over HTTP/2: flags, length, bytes.
std::string Prefix(std::size_t size) { return '\0' + Big(size, 4); }
std::string Message(std::size_t size) { return Prefix(size) + std::string(size, 'm'); }
std::string InFrames(std::uint32_t stream, const std::string& data) {
  std::string frames;
  for (std::size_t at = 0; at < data.size(); at += 16'384)
    frames += Frame(kData, 0, stream, data.substr(at, 16'384));
  return frames;
}

server::CallEnd Refused(std::size_t bytes, bool too_long) {
  return {8, (too_long ? "too long: " : "no room: ") + std::to_string(bytes), "details"};
}

// A connection of address "a", whose client has said that it speaks HTTP/2.
struct Spoken {
  explicit Spoken(FrontLimits limits = {}) : shares(limits, [this] { return now; }) { Begin(); }
  void Begin() {
    frames.reset();
    share = shares.Connect("a");
    REQUIRE(share != nullptr);
    frames.emplace(share.get(), Refused);
    REQUIRE(Say(kPreface).next == Next::kMore);
    on.clear();
  }
  Frames::Looked Say(const std::string& bytes) { return frames->FromClient(bytes, &on); }
  double now = 0;
  Shares shares;
  std::shared_ptr<Share> share;
  std::optional<Frames> frames;
  std::string on;  // what went on
};

// Of a GOAWAY: the error and the words.
std::pair<int, std::string> Told(const std::string& goodbye) {
  REQUIRE(goodbye.size() >= 17);
  CHECK(goodbye[3] == kGoAway);
  CHECK(Big(goodbye.size() - 9, 3) == goodbye.substr(0, 3));
  return {static_cast<unsigned char>(goodbye[16]), goodbye.substr(17)};
}

TEST_CASE("all that a client should say goes on unchanged, however it is cut") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::string all =
      kPreface + Frame(kSettings, 0, 0, std::string(18, 's')) + Frame(kWindow, 0, 0, Big(65'535, 4));
  for (std::uint32_t stream = 1; stream < 60; stream += 2) {
    all += Frame(kHeaders, 0, stream, "a part of the headers") +
           Frame(kContinuation, kEndHeaders, stream, "and the rest");
    all += Frame(kData, 0, stream, Message(random() % 16'380)) + Frame(kData, kEndStream, stream);
    if (stream % 3 == 0) all += Reset(stream);
    all += Frame(kPing, 0, 0, "12345678") + Frame(0xfa, 3, 7, "what nobody knows");
  }
  for (int round = 0; round < 50; ++round) {
    Shares shares({}, [] { return 0.0; });
    const auto share = shares.Connect("a");
    Frames frames(share.get(), Refused);
    std::string on, held;
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t part =
          std::min<std::size_t>(all.size() - at, 1 + random() % (round % 2 == 0 ? 40 : 16'384));
      held += all.substr(at, part);
      at += part;
      const auto looked = frames.FromClient(held, &on);
      REQUIRE(looked.next == Next::kMore);
      held.erase(0, looked.used);
      REQUIRE(held.size() < 9);  // less than the head of a frame
    }
    REQUIRE(on == all);
    CHECK(frames.begun());
    CHECK(frames.open() == 20);
    CHECK(shares.calls() == 20);
  }
}

TEST_CASE("what is not HTTP/2 ends at its first wrong byte") {
  for (const std::string& said : {std::string("GET / HTTP/1.1\r\n\r\n"), std::string("PRI * HTTP/2.1"),
                                  std::string("\x16\x03\x01", 3)}) {
    Shares shares({}, [] { return 0.0; });
    const auto share = shares.Connect("a");
    Frames frames(share.get(), Refused);
    std::string on;
    CHECK(frames.FromClient(said, &on).next == Next::kClose);
    CHECK(on.empty());
    CHECK_FALSE(frames.begun());
    CHECK(Told(frames.Goodbye()) == std::pair<int, std::string>(1, "this port speaks gRPC, over HTTP/2"));
    CHECK(frames.FromClient(kPreface, &on).next == Next::kClose);
  }
}

TEST_CASE("header blocks end connections when they are endless or torn") {
  struct Row {
    const char* what;
    std::string said;
    int error;
    const char* words;
  };
  std::string many = Frame(kHeaders, 0, 1, "h");
  for (int i = 0; i < 9; ++i) many += Frame(kContinuation, 0, 1);
  for (const Row& row : {
           Row{"endless and empty", many, 11, "too many headers"},
           Row{"longer than a frame may be", Frame(kHeaders, kEndHeaders, 1, std::string(16'385, 'h')), 6,
               "a frame is too long"},
           Row{"large in parts",
               Frame(kHeaders, 0, 1, std::string(16'384, 'h')) +
                   Frame(kContinuation, 0, 1, std::string(16'384, 'h')),
               11, "too many headers"},
           Row{"continued by nothing", Frame(kContinuation, kEndHeaders, 1, "h"), 1,
               "a header block is out of order"},
           Row{"begun again", Frame(kHeaders, 0, 1, "h") + Frame(kHeaders, 0, 3, "h"), 1,
               "a header block is out of order"},
           Row{"broken by data", Frame(kHeaders, 0, 1, "h") + Frame(kData, 0, 1, "d"), 1,
               "a header block is not whole"},
           Row{"broken by a ping", Frame(kHeaders, 0, 1, "") + Frame(kPing, 0, 0, "12345678"), 1,
               "a header block is not whole"},
       }) {
    INFO(row.what);
    Spoken spoken;
    CHECK(spoken.Say(row.said).next == Next::kClose);
    CHECK(Told(spoken.frames->Goodbye()) == std::pair<int, std::string>(row.error, row.words));
    spoken.frames.reset();
    CHECK(spoken.shares.calls() == 0);
  }
  Spoken good;
  CHECK(good.Say(Frame(kHeaders, 0, 1, std::string(16'384, 'h')) +
                 Frame(kContinuation, kEndHeaders, 1, std::string(16'383, 'h')))
            .next == Next::kMore);
}

TEST_CASE("a call with a number that only a server may use ends the connection") {
  // gRPC passes over it without a word, and takes lower numbers after it: none of them would be counted.
  for (const std::uint32_t stream : {0U, 2U, 0x7ffffffeU}) {
    Spoken spoken;
    CHECK(spoken.Say(Call(1) + Call(stream) + Call(3)).next == Next::kClose);
    CHECK(spoken.on == Call(1));
    CHECK(Told(spoken.frames->Goodbye()) ==
          std::pair<int, std::string>(1, "a client's calls have odd numbers"));
  }
}

TEST_CASE("calls that are given up are counted, and soon have to wait") {
  FrontLimits limits;
  limits.resets_per_second = 10;  // 100 at once
  Spoken spoken(limits);
  std::string said;
  for (std::uint32_t stream = 1; stream <= 2 * 150; stream += 2) said += Call(stream) + Reset(stream);
  const auto looked = spoken.Say(said);
  CHECK(looked.next == Next::kWait);
  CHECK(looked.seconds == Approx(0.1));
  CHECK(looked.used == 101 * (Call(1) + Reset(1)).size());
  CHECK(spoken.on == said.substr(0, looked.used));
  const auto early = spoken.Say(said.substr(looked.used));
  CHECK(early.next == Next::kWait);
  CHECK(early.used == 0);
  spoken.now += 1;
  CHECK(spoken.Say(said.substr(looked.used)).used == 10 * (Call(1) + Reset(1)).size());
  // A reset of what is answered, or was never begun, gives nothing up.
  Spoken other(limits);
  for (std::uint32_t stream = 1; stream <= 2 * 300; stream += 2) {
    REQUIRE(other.Say(Call(stream)).next == Next::kMore);
    other.frames->FromServer(Answer(stream));
    REQUIRE(other.Say(Reset(stream) + Reset(stream)).next == Next::kMore);
    other.now += 0.01;
  }
  CHECK(other.shares.calls() == 0);
}

TEST_CASE("a connection that goes gives up what is open on it") {
  FrontLimits limits;
  limits.resets_per_second = 10;
  Spoken spoken(limits);
  for (int round = 0; round < 3; ++round) {
    for (std::uint32_t stream = 1; stream <= 2 * 50; stream += 2) (void)spoken.Say(Call(stream));
    spoken.Begin();
  }
  CHECK(spoken.shares.calls() == 0);
  CHECK(spoken.Say(Call(1)).next == Next::kWait);
}

TEST_CASE("frames that do no work have to wait, and work earns them") {
  struct Row {
    const char* what;
    std::string frame;
    int at_once;  // how many of them go on before the rest has to wait; 0: as many as there are
  };
  FrontLimits limits;
  limits.frames_per_second = 100;  // 200 at once
  for (const Row& row : {
           Row{"pings", Frame(kPing, 0, 0, "12345678"), 178},
           Row{"settings", Frame(kSettings, 0, 0), 201},
           Row{"large settings", Frame(kSettings, 0, 0, std::string(640, 's')), 19},
           Row{"priorities", Frame(kPriority, 0, 1, "12345"), 186},
           Row{"room for more", Frame(kWindow, 0, 1, Big(1, 4)), 189},
           Row{"data without any", Frame(kData, 0, 1), 201},
           Row{"data of a byte", Frame(kData, 0, 5, "d"), 204},
           Row{"data worth sending", Frame(kData, 0, 5, std::string(64, 'd')), 0},
           Row{"data of a call that is none", Frame(kData, 0, 1, std::string(16'384, 'd')), 201},
           Row{"resets of nothing", Frame(kReset, 0, 9, Big(8, 4)), 189},
           Row{"what nobody knows", Frame(0xfa, 0, 0, std::string(64, 'u')), 101},
       }) {
    INFO(row.what);
    Spoken spoken(limits);
    REQUIRE(spoken.Say(Call(5) + Frame(kData, 0, 5, Prefix(100'000))).next == Next::kMore);
    spoken.on.clear();
    spoken.now += 1;  // which pays for that call
    std::string said;
    for (int i = 0; i < 1'000; ++i) said += row.frame;
    const auto looked = spoken.Say(said);
    CHECK(looked.next == (row.at_once == 0 ? Next::kMore : Next::kWait));
    CHECK(looked.used == (row.at_once == 0 ? 1'000 : row.at_once) * row.frame.size());
  }
  // Calls that are answered go on and on; those that end in errors do not.
  Spoken answered(limits), refused(limits);
  int answers = 0, errors = 0;
  for (std::uint32_t stream = 1; stream < 2'000; stream += 2) {
    const std::string call = Call(stream) + Frame(kData, kEndStream, stream, Message(8));
    if (answered.Say(call).next == Next::kMore) ++answers;
    answered.frames->FromServer(Answer(stream));
    if (refused.Say(call).next == Next::kMore) ++errors;
    refused.frames->FromServer(Error(stream));
  }
  CHECK(answers == 1'000);
  CHECK(errors < 50);
}

TEST_CASE("where no call more may be open, the connection takes none, and those that are open go on") {
  FrontLimits limits;
  limits.calls_per_address = 3;
  Spoken spoken(limits);
  REQUIRE(spoken.Say(Call(1) + Call(3) + Call(5)).next == Next::kMore);
  CHECK_FALSE(spoken.frames->leaving());
  spoken.on.clear();
  REQUIRE(spoken
              .Say(Call(7) + Frame(kData, kEndStream, 7, "lost") + Frame(kData, 0, 5, Message(7)) +
                   Frame(kHeaders, 0, 9, "lost") + Frame(kContinuation, kEndHeaders, 9, "too") + Reset(9))
              .next == Next::kMore);
  CHECK(spoken.on == Frame(kData, 0, 5, Message(7)));
  CHECK(spoken.frames->leaving());
  CHECK(spoken.frames->TakeReplies() ==
        server::WindowFrame(4));  // for what was lost: others still need the room
  const std::string goodbye = spoken.frames->Goodbye();
  CHECK(Told(goodbye) ==
        std::pair<int, std::string>(0, "too many calls are open from your address, or in all"));
  CHECK(goodbye.substr(9, 4) == Big(5, 4));  // the last that is answered
  CHECK(spoken.frames->open() == 3);
  spoken.frames->FromServer(Answer(1) + Answer(3) + Error(5));
  CHECK(spoken.frames->open() == 0);
  CHECK(spoken.shares.calls() == 0);
}

TEST_CASE("a message that is longer than any may be ends its call, before the server keeps any of it") {
  FrontLimits limits;
  limits.message_bytes = 50'000;
  const std::string refused = EndFrames(1, Refused(50'001, true), false);
  for (const std::size_t part : {1, 3, 100'000}) {
    CAPTURE(part);
    Spoken spoken(limits);
    const std::string said = Call(1) + Frame(kData, 0, 1, Message(10) + Prefix(50'001).substr(0, 2)) +
                             Frame(kData, 0, 1, Prefix(50'001).substr(2) + std::string(100, 'm'));
    std::string held;
    for (std::size_t at = 0; at < said.size(); at += part) {
      held += said.substr(at, part);
      held.erase(0, spoken.Say(held).used);
    }
    CHECK(spoken.on == said + server::CancelFrame(1));
    CHECK(spoken.frames->has_replies());
    CHECK(spoken.frames->TakeReplies() == refused);
    CHECK_FALSE(spoken.frames->has_replies());
    CHECK(spoken.frames->open() == 0);
    CHECK(spoken.shares.calls() == 0);
    // What the client had sent meanwhile goes to a call that the server does not know any more.
    CHECK(spoken.Say(Frame(kData, kEndStream, 1, Prefix(70'000))).next == Next::kMore);
    CHECK_FALSE(spoken.frames->has_replies());
  }
  Spoken most(limits);
  CHECK(most.Say(Call(1) + InFrames(1, Message(50'000) + Message(50'000))).next == Next::kMore);
  CHECK_FALSE(most.frames->has_replies());
  // One that a frame has whole is the server's to judge: it may have begun.
  limits.message_bytes = 100;
  Spoken whole(limits);
  CHECK(whole.Say(Call(1) + Frame(kData, kEndStream, 1, Message(101))).next == Next::kMore);
  CHECK_FALSE(whole.frames->has_replies());
}

TEST_CASE("an answer that has begun is ended in words that fit it") {
  FrontLimits limits;
  limits.message_bytes = 50'000;
  Spoken spoken(limits);
  REQUIRE(spoken.Say(Call(1)).next == Next::kMore);
  spoken.frames->FromServer(Frame(kHeaders, 0, 1, "h"));
  CHECK_FALSE(spoken.frames->server_at_boundary());  // nothing may stand inside of a header block
  spoken.frames->FromServer(Frame(kContinuation, kEndHeaders, 1, "h"));
  CHECK(spoken.frames->server_at_boundary());
  (void)spoken.Say(Frame(kData, 0, 1, Prefix(60'000)));
  CHECK(spoken.frames->TakeReplies() == EndFrames(1, Refused(60'000, true), true));
}

TEST_CASE("what the server says of a refused call before it knows goes first") {
  FrontLimits limits;
  limits.message_bytes = 50'000;
  Spoken spoken(limits);
  REQUIRE(
      spoken.Say(Call(1) + Frame(kData, 0, 1, Prefix(60'000)) + Call(3) + Frame(kData, 0, 3, Prefix(60'000)))
          .next == Next::kMore);
  spoken.frames->FromServer(Frame(kHeaders, kEndHeaders, 1, "h"));
  spoken.frames->FromServer(Error(3));
  CHECK(spoken.frames->TakeReplies() == EndFrames(1, Refused(60'000, true), true));
}

TEST_CASE("messages that are under way share their room, and have it until they are whole") {
  FrontLimits limits;
  limits.message_bytes = 40'000;
  limits.messages_bytes = 90'000;  // an address has at most twice what is left free
  Spoken spoken(limits);
  const std::string message = Message(30'000);
  const std::string begin = message.substr(0, 100), rest = message.substr(100);
  (void)spoken.Say(Call(1) + Frame(kData, 0, 1, begin) + Call(3) + Frame(kData, 0, 3, begin));
  CHECK_FALSE(spoken.frames->has_replies());
  CHECK(spoken.frames->receiving());
  (void)spoken.Say(Call(5) + Frame(kData, 0, 5, begin));
  CHECK(spoken.frames->TakeReplies() == EndFrames(5, Refused(30'000, false), false));
  CHECK(spoken.frames->open() == 2);
  // Small ones need none.
  (void)spoken.Say(Call(7) + Frame(kData, 0, 7, Message(16'384).substr(0, 99)));
  CHECK_FALSE(spoken.frames->has_replies());
  // Another address has what is left.
  const auto other = spoken.shares.Connect("b");
  CHECK_FALSE(other->Reserve(30'001));
  CHECK(other->Reserve(30'000));
  other->Release(30'000);
  (void)spoken.Say(InFrames(1, rest) + Call(9) + Frame(kData, 0, 9, begin));
  CHECK_FALSE(spoken.frames->has_replies());
  // A call that ends, however, gives its room back; so does a connection.
  spoken.frames->FromServer(Error(3));
  (void)spoken.Say(Reset(9));
  CHECK_FALSE(spoken.frames->receiving());
  (void)spoken.Say(Call(11) + Frame(kData, 0, 11, begin) + Call(13) + Frame(kData, 0, 13, begin));
  CHECK_FALSE(spoken.frames->has_replies());
  spoken.Begin();
  (void)spoken.Say(Call(1) + Frame(kData, 0, 1, begin) + Call(3) + Frame(kData, 0, 3, begin));
  CHECK_FALSE(spoken.frames->has_replies());
}

TEST_CASE("a message that is never whole ends its connection") {
  FrontLimits limits;
  limits.message_seconds = 10;
  Spoken spoken(limits);
  const std::string message = Message(30'000);
  (void)spoken.Say(Call(1) + Frame(kData, 0, 1, message.substr(0, 100)));
  spoken.now = 10;
  CHECK_FALSE(spoken.frames->Late());
  (void)spoken.Say(InFrames(1, message.substr(100)));
  spoken.now = 11;
  CHECK_FALSE(spoken.frames->Late());
  (void)spoken.Say(Frame(kData, 0, 1, message.substr(0, 100)));
  spoken.now = 21.5;
  CHECK(spoken.frames->Late());
  CHECK(Told(spoken.frames->Goodbye()) == std::pair<int, std::string>(11, "a message was not whole in time"));
  CHECK(spoken.Say(Frame(kData, 0, 1, "m")).next == Next::kClose);
}

TEST_CASE("what the server sends is followed, however it is cut") {
  Spoken spoken;
  const std::string answers = Frame(kSettings, 0, 0, "123456") + Answer(1) + Error(3) + Reset(5) +
                              Frame(kHeaders, kEndHeaders, 7, "h") +
                              Frame(kData, kEndStream, 7, std::string(900, 'd'));
  for (const std::size_t part : {1, 2, 5, 9, 10, 1'000}) {
    CAPTURE(part);
    spoken.Begin();
    REQUIRE(spoken.Say(Call(1) + Call(3) + Call(5) + Call(7) + Call(9)).next == Next::kMore);
    CHECK(spoken.frames->open() == 5);
    CHECK(spoken.frames->server_at_boundary());
    for (std::size_t at = 0; at < answers.size(); at += part)
      spoken.frames->FromServer(answers.substr(at, part));
    CHECK(spoken.frames->open() == 1);
    CHECK(spoken.frames->server_at_boundary());
    spoken.frames->FromServer(Frame(kData, 0, 9, "half").substr(0, 11));
    CHECK_FALSE(spoken.frames->server_at_boundary());
  }
}

}  // namespace
}  // namespace fundtrail::testing
