// Whatever a text is, it stays a text.
#include "ledger/picture/svg.h"

#include <catch2/catch.hpp>
#include <random>

#include "ledger/base/text.h"
#include "tests/picture/markup.h"
#include "tests/support/hostile_values.h"

namespace fundtrail::picture {
namespace {

using testing::ReadMarkup;

Svg TextAndAttribute(const std::string& text) {
  Element element("text");
  element.Set("fill", "none").SetText("data-from", text).AddText(text);
  return Element("svg").Add(element.Made()).Add(Element("path").Made()).Made();
}

// The text that a reader of XML has.
std::string Unescaped(std::string text) {
  const std::pair<const char*, const char*> entities[] = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}};
  for (const auto& [entity, sign] : entities) {
    for (std::size_t at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1))
      text.replace(at, std::string(entity).size(), sign);
  }
  return text;
}

TEST_CASE("texts are escaped in content and in attributes") {
  CHECK(TextAndAttribute("a<b>&\"c'").str() ==
        "<svg>\n<text fill=\"none\" data-from=\"a&lt;b&gt;&amp;&quot;c&apos;\">"
        "a&lt;b&gt;&amp;&quot;c&apos;</text>\n<path/>\n</svg>");
  CHECK(Svg::Text("&amp;").str() == "&amp;amp;");
  CHECK(Svg::Text("红十字会 – Müller").str() == "红十字会 – Müller");
  CHECK(Svg::Text("").empty());
  CHECK(Element("p").MadeOpen().str() == "<p></p>");
}

TEST_CASE("what no record takes is made visible, once and for all") {
  CHECK(Visible("a\tb") == "a\\u{0009}b");
  CHECK(Visible("abc\u202Edef") == "abc\\u{202E}def");
  CHECK(Visible("a\xff") == "a\\xFF");
  CHECK(Visible("C:\\new \\\\ \\u{9}") == "C:\\new \\\\ \\u{9}");
  CHECK(Visible(std::string("a\0b", 3)).find('\0') == std::string::npos);
  for (const std::string& text : {std::string("\\\u202E\\"), testing::kControls, testing::kReordering})
    CHECK(Visible(Visible(text)) == Visible(text));
}

TEST_CASE("any bytes at all are one text of one element") {
  std::mt19937_64 random(17);
  const std::vector<std::string> telling = {"<",         ">",    "&",      "\"",
                                            "'",         "/>",   "-->",    "]]>",
                                            "<![CDATA[", "<!--", "&#0;",   "</text>",
                                            "\xff",      "\xc2",

                                            "\n",        "\\",   "\u202E", "<script>alert(1)</script>",
                                            "文",        "?>",   "=",      " onload=\"x\"",
                                            "\ufffe"};
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (auto parts = random() % 6; parts > 0; --parts) {
      if (random() % 3 == 0) {
        text += static_cast<char>(random());
      } else {
        text += telling[random() % telling.size()];
      }
    }
    const std::string markup = TextAndAttribute(text).str();
    INFO(Escaped(text) << " in " << markup);
    const auto tags = ReadMarkup(markup);
    REQUIRE(tags.has_value());
    REQUIRE(tags->size() == 3);
    REQUIRE(Unescaped((*tags)[1].attributes.at("data-from")) == Visible(text));
    REQUIRE(Unescaped((*tags)[1].text) == Visible(text));
    REQUIRE(IsUtf8(markup));
    REQUIRE(testing::Obeyed(markup).empty());
  }
}

TEST_CASE("numbers have at most two decimals, and no more than they need") {
  CHECK(ToString(0) == "0");
  CHECK(ToString(100) == "1");
  CHECK(ToString(150) == "1.5");
  CHECK(ToString(105) == "1.05");
  CHECK(ToString(1234567) == "12345.67");
  CHECK(ToString(-50) == "-0.5");
  Path path;
  path.Move(0, Pixels(2)).Line(Pixels(1), 250).Curve(Pixels(1), 250, Pixels(3), Pixels(4)).Close();
  CHECK(Element("path").Set("d", path).Made().str() == "<path d=\"M0,2L1,2.5C2,2.5 2,4 3,4Z\"/>");
}

// The reader that the other tests rely on sees what it should.
TEST_CASE("markup that is not well formed is seen") {
  for (const char* bad :
       {"", "a", "<a>", "<a></b>", "<a/><b/>", "<a b=c/>", "<a b=\"<\"/>", "<a>&</a>", "<a>&x;</a>",
        "<a b=\"1\" b=\"2\"/>", "<a", "<a b=\"1\"c=\"2\"/>", "<!-- --><a/>", "<a>></a>", "</a>"}) {
    INFO(bad);
    CHECK(!ReadMarkup(bad).has_value());
  }
  const auto good = ReadMarkup("<a b=\"1\">\n<c>x &lt;</c>\n<d/>\n</a>");
  REQUIRE(good.has_value());
  CHECK(good->size() == 3);
  CHECK((*good)[1].text == "x &lt;");
  CHECK((*good)[1].In("a"));
}

}  // namespace
}  // namespace fundtrail::picture
