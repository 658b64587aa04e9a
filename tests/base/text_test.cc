// Text from outside: what a record may hold, how a cell is cleaned, how wide a text is, how hostile bytes are
// printed.
#include "ledger/base/text.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>

namespace fundtrail {
namespace {

TEST_CASE("text: what a record may hold") {
  for (const std::string text :
       {"", "plain", "Médecins du Monde", "湖北省红十字会", "a b", "🙂", "e\u0301"}) {
    INFO(text);
    CHECK(CheckText("name", text, 100).ok());
  }
}

TEST_CASE("text: what a record may not hold, and why") {
  const struct {
    std::string text;
    std::string reason;
  } cases[] = {
      {"\xff", "name is not valid UTF-8 at byte 1"},
      {"ab\xc3", "not valid UTF-8 at byte 3"},
      {"\xc0\xaf", "not valid UTF-8"},          // an overlong slash
      {"\xed\xa0\x80", "not valid UTF-8"},      // half of a surrogate pair
      {"\xf4\x90\x80\x80", "not valid UTF-8"},  // beyond U+10FFFF
      {"a\nb", "U+000A at byte 2"},
      {std::string("a\0b", 3), "U+0000"},
      {"\x7f", "U+007F"},
      {"\u0085", "U+0085"},
      {"\x1b[31m", "U+001B"},
      {"a\u202e", "U+202E"},
      {"\u2066x", "U+2066"},
      {"a\u200b", "U+200B"},
      {"\ufeffx", "U+FEFF"},
      {"a\u2028", "U+2028"},
      {" \u3000\u00a0", "only white space"},
      {std::string(11, 'x'), "has 11 bytes; at most 10"},
  };
  for (const auto& c : cases) {
    INFO(Escaped(c.text));
    const Status status = CheckText("name", c.text, 10);
    REQUIRE_FALSE(status.ok());
    CHECK_THAT(std::string(status.message()), Catch::Contains(c.reason));
  }
}

TEST_CASE("text: a cell on one line") {
  CHECK(SingleLine("  a \r\n\t b\u3000c\u00a0 ") == "a b c");
  CHECK(SingleLine("") == "");
  CHECK(SingleLine(" \n ") == "");
  CHECK(SingleLine("a\u200bb\x1b[0m\ufeff") == "ab[0m");
  CHECK(SingleLine("a\u2028b") == "a b");
  CHECK(SingleLine("a\xff"
                   "b") == "a\ufffdb");
}

TEST_CASE("text: a cell that would lose more than what nobody sees") {
  CHECK(*CountHidden("plain") == 0);
  CHECK(*CountHidden(" a\r\n\tb\u2028c\u2800 湖北") == 0);  // white space is another thing
  CHECK(*CountHidden("\ufeffa\u200bb\u00adc") == 3);
  const struct {
    std::string text, reason;
  } cases[] = {
      {std::string("1\0"
                   "00",
                   4),
       "the control character U+0000 at byte 2"},
      {"\x1b[31m", "the control character U+001B at byte 1"},
      {"李\ue863", "the private-use character U+E863 at byte 4"},
      {"a\ufffe", "U+FFFE at byte 2, which is no character"},
  };
  for (const auto& c : cases) {
    INFO(Escaped(c.text));
    const auto counted = CountHidden(c.text);
    REQUIRE_FALSE(counted.ok());
    CHECK_THAT(std::string(counted.status().message()), Catch::Contains(c.reason));
  }
  CHECK(SingleLine("李\ue863") == "李\ufffd");
}

TEST_CASE("text: what SingleLine leaves is what CheckText takes") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  static const std::string kParts[] = {"a",      " ",      "\n",     "\xff",    "\xe6",      "武", "\u202e",
                                       "\u200d", "\x1b",   "\u0085", "e\u0301", "\u200c",    "ک",  "\u064e",
                                       "र",      "\u094d", "\ue000", "\u2800",  "\U000e0041"};
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    for (std::size_t n = random() % 12; n > 0; --n) text += kParts[random() % std::size(kParts)];
    const std::string line = SingleLine(text);
    INFO(Escaped(text));
    REQUIRE(CheckText("cell", line, 1000).ok());
    REQUIRE(SingleLine(line) == line);
    REQUIRE(CheckText("escaped", Escaped(text).append("x"), 1000).ok());
  }
}

TEST_CASE("text: signs that are passed over quickly are taken as they are beside others") {
  const auto utf8 = [](unsigned sign) {
    return std::string{static_cast<char>(0xc0 | (sign >> 6)), static_cast<char>(0x80 | (sign & 0x3f))};
  };
  for (unsigned sign = 0x80; sign < 0x200; ++sign) {
    // The last letter has them looked at one by one.
    for (const std::string& text : {"a" + utf8(sign) + "b", utf8(sign) + " b"}) {
      INFO(Escaped(text));
      CHECK(CheckText("cell", text, 100).ok() == CheckText("cell", text + "\u0436", 100).ok());
      CHECK(SingleLine(text) + "\u0436" == SingleLine(text + "\u0436"));
      const auto hidden = CountHidden(text), with_more = CountHidden(text + "\u0436");
      REQUIRE(hidden.ok() == with_more.ok());
      if (hidden.ok()) CHECK(*hidden == *with_more);
    }
  }
}

TEST_CASE("text: columns on a terminal") {
  CHECK(DisplayWidth("") == 0);
  CHECK(DisplayWidth("abc") == 3);
  CHECK(DisplayWidth("湖北省红十字会") == 14);
  CHECK(DisplayWidth("ＡＢ") == 4);
  CHECK(DisplayWidth("e\u0301") == 1);
  CHECK(DisplayWidth("é") == 1);
  CHECK(DisplayWidth("한국") == 4);
  CHECK(DisplayWidth("🙂") == 2);
  CHECK(DisplayWidth("→│└") == 3);
  CHECK(DisplayWidth("\xff") == 1);
}

TEST_CASE("text: clipped to a width, whole characters only") {
  CHECK(ClipToWidth("abc", 3) == "abc");
  CHECK(ClipToWidth("abcd", 3) == "ab…");
  CHECK(ClipToWidth("湖北省", 6) == "湖北省");
  CHECK(ClipToWidth("湖北省", 5) == "湖北…");
  CHECK(ClipToWidth("湖北省", 4) == "湖…");
  CHECK(ClipToWidth("湖北省", 1) == "…");
  CHECK(ClipToWidth("e\u0301e\u0301e\u0301", 2) == "e\u0301…");
  for (int columns = 1; columns < 20; ++columns) {
    CHECK(DisplayWidth(ClipToWidth("a湖b北c省d红e十", columns)) <= columns);
    CHECK(DisplayWidth(ClipMiddle("a湖b北c省d红e十", columns)) <= columns);
  }
}

TEST_CASE("text: clipped in the middle, so that the end stays") {
  CHECK(ClipMiddle("abcdefgh", 8) == "abcdefgh");
  CHECK(ClipMiddle("abcdefgh", 7) == "abc…fgh");
  CHECK(ClipMiddle("abcdefgh", 6) == "abc…gh");
  CHECK(ClipMiddle("abcdefgh", 1) == "…");
  CHECK(ClipMiddle("湖北省武汉市", 7) == "湖…市");
}

TEST_CASE("text: hostile bytes are printed so that they can be told") {
  CHECK(Escaped("plain 湖北") == "plain 湖北");
  CHECK(Escaped("a\nb") == "a\\u{000A}b");
  CHECK(Escaped("\x1b[2J") == "\\u{001B}[2J");
  CHECK(Escaped("\u202e") == "\\u{202E}");
  CHECK(Escaped("\xff\xc3") == "\\xFF\\xC3");
  CHECK(Escaped("\\xFF") == "\\\\xFF");
}

}  // namespace
}  // namespace fundtrail
