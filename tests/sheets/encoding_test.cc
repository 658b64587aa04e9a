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

TEST_CASE("encoding: found out where it is certain, else asked with the line as each encoding reads it") {
  CHECK(*FindEncoding("date,from\n") == "utf-8");
  CHECK(*FindEncoding("日期,付款方\n") == "utf-8");
  CHECK(*FindEncoding(std::string_view("\xff\xfe\x61\x00", 4)) == "utf-16");
  CHECK(*ToUtf8(std::string("\xff\xfe\xe5\x65\x1f\x67", 6), "") == "日期");
  CHECK(*ToUtf8(std::string("\xfe\xff\x65\xe5\x67\x1f", 6), "utf-16") == "日期");
  CHECK_THAT(Message(ToUtf8("date", "utf-16")), Catch::Contains("no byte order mark"));
  // 日期,from in GB 18030: no other encoding makes the word for a date of these bytes.
  CHECK(*FindEncoding("\xc8\xd5\xc6\xda,from\n2026-01-05,x\n") == "gb18030");
  CHECK(*ToUtf8("\xc8\xd5\xc6\xda,from\n", "") == "日期,from\n");
  const std::string asked = Message(FindEncoding("date,from\n2026-01-05,\xba\xec\xca\xae\xd7\xd6\n"));
  CHECK_THAT(asked, Catch::Contains("line 2 ") &&
                        Catch::Contains("--encoding gb18030 if a line of it is \"") &&
                        Catch::Contains("红十字") && Catch::Contains("--encoding windows-1252 if "));
  CHECK_THAT(Message(FindEncoding("a,b\ncaf\xe9,1\n")),
             Catch::Contains("--encoding windows-1252 if a line of it is "
                             "\"café,1\""));
}

TEST_CASE("a workbook is known by its bytes, in any encoding that is given, and refused with what to do") {
  const std::string front = "PK\x03\x04" + std::string(26, 'x');
  const std::string save = ") and not CSV: open it, save the sheet as \"CSV UTF-8\", and import that file";
  const struct {
    std::string bytes, says;
  } kCases[] = {
      {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is a workbook (.xls" + save},
      {front + "[Content_Types].xml" + front + "xl/workbook.xml", "this is a workbook (.xlsx" + save},
      {front + "docProps/app.xml" + front + "xl/styles.xml" + front + "[Content_Types].xml",
       "this is a workbook (.xlsx" + save},
      {front + "mimetypeapplication/vnd.oasis.opendocument.spreadsheet" + front,
       "this is a workbook (.ods" + save},
      {front + "mimetypeapplication/vnd.oasis.opendocument.text", "this is a ZIP archive"},
      {front + "[Content_Types].xml" + front + "word/document.xml", "this is a ZIP archive"},
      {front + "payments.csv", "this is a ZIP archive"},
      {"PK\x03\x04", "this is a ZIP archive"},
  };
  for (const auto& one : kCases) {
    CHECK_THAT(Message(FindEncoding(one.bytes)), Catch::Contains(one.says));
    for (const char* encoding : {"", "utf-8", "gb18030", "windows-1252", "utf-16"})
      CHECK_THAT(Message(ToUtf8(one.bytes, encoding)), Catch::Contains(one.says));
  }
  // Letters that only begin so are a header.
  CHECK(*FindEncoding("PK,from\n1,x\n") == "utf-8");
}

TEST_CASE("encoding: an unknown one is refused with the list") {
  CHECK_THAT(Message(ToUtf8("a", "latin9")),
             Catch::Contains("latin9") && Catch::Contains("utf-8, gb18030, windows-1252"));
}

}  // namespace
}  // namespace fundtrail::sheets
