// XML from anywhere: what is read of it, what is passed over, and every bound.
#include "ledger/iati/xml.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "ledger/iati/mend.h"
#include "tests/support/text.h"

namespace fundtrail::iati {
namespace {

using testing::Contains;

// What was read, as "name@line key=value text(children)".
std::string Told(const Element& element) {
  std::string told = absl::StrCat(element.name, "@", element.line);
  for (const auto& [key, value] : element.attributes) absl::StrAppend(&told, " ", key, "=", value);
  if (!element.text.empty()) absl::StrAppend(&told, " '", element.text, "'");
  for (const Element& child : element.children) absl::StrAppend(&told, " (", Told(child), ")");
  return told;
}

StatusOr<std::string> Read(const std::string& text) {
  std::string told;
  FT_RETURN_IF_ERROR(ReadXml(
      text,
      [&](const Element& root) {
        told = Told(root);
        return absl::OkStatus();
      },
      [&](Element&& child) {
        absl::StrAppend(&told, " | ", Told(child));
        return absl::OkStatus();
      }));
  return told;
}

std::string Fault(const std::string& text) {
  const auto read = Read(text);
  return read.ok() ? "was read: " + *read : std::string(read.status().message());
}

TEST_CASE("the children of the root come whole, with lines, attributes and texts") {
  CHECK(*Read("<a v='1'>\n<b k='x &amp; y'>\n one<c/>two</b>\n<d xml:lang='zh'>贵州</d></a>") ==
        "a@1 v=1 | b@2 k=x & y '\n onetwo' (c@3) | d@4 xml:lang=zh '贵州'");
  CHECK(*Read("<?xml version='1.0' encoding='ISO-8859-1'?><a><b>\xe9</b></a>") == "a@1 | b@1 'é'");
}

TEST_CASE("elements and attributes of other namespaces are passed over, but for our own") {
  CHECK(*Read("<a xmlns:o='urn:o' o:x='1' xmlns:ft='https://fundtrail.org/ns/iati' ft:id='p'>"
              "<o:b><c/></o:b><d ft:fund='f' o:y='2'>t<o:e>not this</o:e></d></a>") ==
        "a@1 ft:id=p | d@1 ft:fund=f 't'");
}

TEST_CASE("what is no XML, or beyond a bound, is refused with its line") {
  CHECK_THAT(Fault("<a>\n<b></a>"), Contains("line 2: mismatched tag"));
  CHECK_THAT(Fault(""), Contains("no element found"));
  CHECK_THAT(Fault("<o:a xmlns:o='urn:o'/>"), Contains("another standard"));
  CHECK_THAT(Fault("<?xml version='1.0' encoding='gb18030'?><a/>"), Contains("unknown encoding"));
  std::string deep, wide = "<a><b", many = "<a><b>";
  for (std::size_t i = 0; i <= kMaxDepth; ++i) deep += "<a>";
  CHECK_THAT(Fault(deep), Contains("over 32 elements stand in one another"));
  for (std::size_t i = 0; i <= kMaxAttributes; ++i) absl::StrAppend(&wide, " k", i, "='1'");
  CHECK_THAT(Fault(wide + "/></a>"), Contains("over 64 attributes"));
  for (std::size_t i = 0; i < kMaxElements; ++i) many += "<c/>";
  CHECK_THAT(Fault(many + "</b></a>"), Contains("over 1000000 elements and attributes"));
  // Attributes without a text take memory too.
  std::string empty = "<a><b>";
  for (std::size_t i = 0; i < kMaxElements / 8; ++i) empty += "<c d='' e='' f='' g='' h='' i='' j=''/>";
  CHECK_THAT(Fault(empty + "</b></a>"), Contains("over 1000000 elements and attributes"));
}

TEST_CASE("a DOCTYPE is refused, whatever it declares") {
  CHECK_THAT(Fault("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a><b>&x;</b></a>"),
             Contains("line 1: there is a DOCTYPE"));
  std::string bomb = "<!DOCTYPE a [<!ENTITY e0 \"ha\">";
  for (int i = 1; i < 30; ++i) absl::StrAppend(&bomb, "<!ENTITY e", i, " \"&e", i - 1, ";&e", i - 1, ";\">");
  CHECK_THAT(Fault(bomb + "]><a><b>&e29;</b></a>"), Contains("DOCTYPE"));
}

TEST_CASE("a long text is cut between two characters") {
  std::string text = "x";
  while (text.size() <= kMaxTextBytes) text += "é";
  std::string kept;
  REQUIRE(ReadXml(
              "<a><b>" + text + "</b></a>", [](const Element&) { return absl::OkStatus(); },
              [&](Element&& child) {
                kept = child.text;
                return absl::OkStatus();
              })
              .ok());
  CHECK(kept.size() == kMaxTextBytes - 1);
  CHECK(text.compare(0, kept.size(), kept) == 0);
  // What comes behind the cut, in another piece, is no part of it.
  REQUIRE(ReadXml(
              "<a><b>" + text + "<c/>y</b></a>", [](const Element&) { return absl::OkStatus(); },
              [&](Element&& child) {
                kept = child.text;
                return absl::OkStatus();
              })
              .ok());
  CHECK(kept.size() == kMaxTextBytes - 1);
}

TEST_CASE("a text that was escaped twice is mended, and told") {
  const struct {
    std::string text, mended;
  } rows[] = {{"Puits &amp; Vie", "Puits & Vie"}, {"caf&#xE9;", "café"}, {"caf&#233;", "café"},
              {"a &amp;amp; b", "a & b"},         {"&lt;b&gt;", "<b>"},  {"&#x8D35;&#x1F600;", "贵😀"}};
  for (const auto& row : rows) {
    bool mended = false;
    CHECK(MendText(row.text, &mended) == row.mended);
    CHECK(mended);
  }
  for (const char* as_it_is : {"Marks & Spencer", "R&D; more", "&#0;", "&#x7;", "&#xD800;", "&#x110000;",
                               "&#;", "&;", "&unknown;", "&#12a;"}) {
    bool mended = false;
    CHECK(MendText(as_it_is, &mended) == as_it_is);
    CHECK_FALSE(mended);
  }
}

TEST_CASE("what is escaped is read as it was") {
  const std::string text = "a < b & \"c\" > 'd' 贵州";
  CHECK(*Read("<a><b k=\"" + EscapedXml(text) + "\">" + EscapedXml(text) + "</b></a>") ==
        "a@1 | b@1 k=" + text + " '" + text + "'");
  // What XML cannot say is left out: control characters, and two that are none.
  CHECK(*Read("<a><b>" +
              EscapedXml("a\x01\n\xef\xbf\xbe"
                         "b\xef\xbf\xbf"
                         "c\xef\xbf\xbd") +
              "</b></a>") == "a@1 | b@1 'abc\xef\xbf\xbd'");
}

}  // namespace
}  // namespace fundtrail::iati
