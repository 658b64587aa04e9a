// Encodings: each read to the same UTF-8, and bytes that mean nothing refused with their line.
#include "ledger/sheets/encoding.h"

#include <catch2/catch.hpp>

namespace fundtrail::sheets {
namespace {

std::string Message(const StatusOr<std::string>& result) { return std::string(result.status().message()); }

TEST_CASE("encoding: UTF-8 is checked, its byte order mark dropped") {
  CHECK(*ToUtf8("湖北,1\n", "utf-8") == "湖北,1\n");
  CHECK(*ToUtf8("\xef\xbb\xbfid\n", "UTF-8") == "id\n");
  CHECK(ToUtf8("", "utf-8").value_or("x").empty());
  CHECK_THAT(Message(ToUtf8("a\nb\n\xe9t\xe9\n", "utf-8")),
             Catch::Contains("line 3 ") && Catch::Contains("--encoding"));
  CHECK_FALSE(ToUtf8("\xc0\x80", "utf-8").ok());
  CHECK_FALSE(ToUtf8("abc\xe6\xb9", "utf-8").ok());
}

TEST_CASE("encoding: GB 18030, with its two-byte and four-byte forms") {
  CHECK(*ToUtf8("\xba\xfe\xb1\xb1,1\n", "gb18030") == "湖北,1\n");
  CHECK(*ToUtf8("\x81\x39\xef\x38", "GB18030") == "㐉");
  CHECK(*ToUtf8("\x94\x39\xda\x33", "gb18030") == "💩");
  CHECK_THAT(Message(ToUtf8("ok\n\xba", "gb18030")), Catch::Contains("line 2 "));
  CHECK_THAT(Message(ToUtf8("ok\n\n\xff\n", "gb18030")), Catch::Contains("line 3 "));
}

TEST_CASE("encoding: characters that fall across the converter's buffer stay whole") {
  for (std::size_t pad = 4090; pad < 4100; ++pad) {
    const std::string ascii(pad, 'x');
    CHECK(*ToUtf8(ascii + "\x94\x39\xda\x33" + ascii, "gb18030") == ascii + "💩" + ascii);
  }
}

TEST_CASE("encoding: Windows-1252") {
  CHECK(*ToUtf8("\x80 5, caf\xe9 \x96 \xa3", "windows-1252") == "€ 5, café – £");
  for (const char undefined : {'\x81', '\x8d', '\x8f', '\x90', '\x9d'}) {
    CHECK_THAT(Message(ToUtf8(std::string("a\n") + undefined, "windows-1252")), Catch::Contains("line 2 "));
  }
}

TEST_CASE("encoding: an unknown one is refused with the list") {
  CHECK_THAT(Message(ToUtf8("a", "latin9")),
             Catch::Contains("latin9") && Catch::Contains("utf-8, gb18030, windows-1252"));
}

}  // namespace
}  // namespace fundtrail::sheets
