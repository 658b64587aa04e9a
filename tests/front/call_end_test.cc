// The frames of a call's end, byte by byte as RFC 9113 and RFC 7541 have them.
#include "server/front/call_end.h"

#include <catch2/catch.hpp>

namespace fundtrail::testing {
namespace {

using server::CallEnd;
using server::EndFrames;

std::string Field(const std::string& name, const std::string& value) {
  return '\0' + std::string(1, static_cast<char>(name.size())) + name + static_cast<char>(value.size()) +
         value;
}
std::string Frames(std::string block) {
  block.insert(0, std::string("\0\0", 2) + static_cast<char>(block.size()) + std::string("\1\5\0\0\1\3", 6));
  return block + std::string("\0\0\4\3\0\0\0\1\3\0\0\0\0", 13);
}

TEST_CASE("the end of a call is a header block with the status, and a reset that is no error") {
  const std::string status = Field("grpc-status", "8");
  const std::string begin = "\x88" + Field("content-type", "application/grpc");
  CHECK(EndFrames(0x103, {8, "no", ""}, false) == Frames(begin + status + Field("grpc-message", "no")));
  CHECK(EndFrames(0x103, {8, "no", ""}, true) == Frames(status + Field("grpc-message", "no")));
  CHECK(EndFrames(0x103, {8, "", std::string("\0\xff", 2)}, true) ==
        Frames(status + Field("grpc-message", "") + Field("grpc-status-details-bin", "AP8")));
  CHECK(EndFrames(0x103, {8, "50% \n\xe9", ""}, true) ==
        Frames(status + Field("grpc-message", "50%25 %0a%e9")));
  CHECK(server::WindowFrame(0x1234) == std::string("\0\0\4\x08\0\0\0\0\0\0\0\x12\x34", 13));
  CHECK(server::CancelFrame(0x103) == std::string("\0\0\4\3\0\0\0\1\3\0\0\0\x08", 13));
}

TEST_CASE("long texts have their length in more than a byte, and the longest is cut") {
  // RFC 7541 C.1.2 has this length for a prefix of 5 bits: 1337 is 31 + 154 + 10 * 128. Of 7 bits: 300 is 127 + 45 + 128.
  const std::string frames = EndFrames(1, {8, std::string(300, 'm'), ""}, true);
  CHECK(frames.find(std::string("grpc-message\x7f\xad\x01mmm")) != std::string::npos);
  CHECK(EndFrames(1, {8, std::string(127, 'm'), ""}, true).find(std::string("grpc-message\x7f\0mmm", 17)) !=
        std::string::npos);
  CHECK(EndFrames(1, {8, std::string(5'000, 'm'), ""}, true) ==
        EndFrames(1, {8, std::string(1'024, 'm'), ""}, true));
}

}  // namespace
}  // namespace fundtrail::testing
