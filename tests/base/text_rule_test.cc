// The list of characters that a record does not take: against docs/formats.md, and against ICU for what Unicode
// 15.0 had assigned. Also the joiners that spell words.
#include "ledger/base/text_rule.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <string>

#include "ledger/base/text.h"

namespace fundtrail {
namespace {

constexpr UChar32 kLast = 0x10ffff;

std::string Utf8(char32_t c) {
  std::string out;
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out = {static_cast<char>(0xc0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3f))};
  } else if (c < 0x10000) {
    out = {static_cast<char>(0xe0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3f)),
           static_cast<char>(0x80 | (c & 0x3f))};
  } else {
    out = {static_cast<char>(0xf0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 0x3f)),
           static_cast<char>(0x80 | ((c >> 6) & 0x3f)), static_cast<char>(0x80 | (c & 0x3f))};
  }
  return out;
}

// Whether a later ICU knows it and Unicode 15.0 did not: of these the rule takes all.
bool IsLater(UChar32 c) {
  UVersionInfo age;
  u_charAge(c, age);
  return age[0] > 15 || (age[0] == 15 && age[1] > 0);
}

// Signs of no property that show nothing. They are braille's blank, a notehead that is not drawn, a Khitan filler, the
// place of an object that is not there.
bool ShowsNothing(UChar32 c) { return c == 0x2800 || c == 0x1d159 || c == 0x16fe4 || c == 0xfffc; }

Unfit ByIcu(UChar32 c) {
  if ((c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef)) return Unfit::kNoCharacter;
  if (ShowsNothing(c) || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
      u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL))
    return Unfit::kHidden;
  switch (u_charType(c)) {
    case U_CONTROL_CHAR:
      return Unfit::kControl;
    case U_PRIVATE_USE_CHAR:
      return Unfit::kPrivate;
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
      return Unfit::kHidden;
    case U_FORMAT_CHAR:  // signs that stand before numbers are seen
      return u_hasBinaryProperty(c, UCHAR_PREPENDED_CONCATENATION_MARK) ? Unfit::kNot : Unfit::kHidden;
    default:
      return Unfit::kNot;
  }
}

TEST_CASE("text rule: every code point that Unicode 15.0 had is judged as its properties say") {
  UVersionInfo version;
  u_getUnicodeVersion(version);
  REQUIRE(version[0] >= 15);  // else properties are not known yet that the list rests on
  int unfit = 0;
  for (UChar32 c = 0; c <= kLast; ++c) {
    if ((c >= 0xd800 && c <= 0xdfff) || IsLater(c)) continue;
    const Unfit judged = UnfitOf(static_cast<char32_t>(c));
    unfit += judged != Unfit::kNot;
    if (judged == ByIcu(c) && IsWhiteSpace(static_cast<char32_t>(c)) == (u_isUWhiteSpace(c) != 0)) continue;
    FAIL_CHECK("U+" << std::hex << c << " is judged otherwise than ICU has it");
  }
  CHECK(unfit > 140'000);  // private use alone is 137,468
}

TEST_CASE(
    "text rule: what a record does not take is refused in a text, taken out of a cell, and printed as an "
    "escape") {
  int hidden = 0;
  for (UChar32 c = 0; c <= kLast; ++c) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    const Unfit unfit = UnfitOf(static_cast<char32_t>(c));
    const std::string text = "a" + Utf8(static_cast<char32_t>(c)) + "b";
    const bool taken = CheckText("name", text, 100).ok();
    const bool shown = Escaped(text) == text || c == '\\';
    const bool kept = SingleLine(text) == text;
    const bool fits = unfit == Unfit::kNot;
    hidden += unfit == Unfit::kHidden;
    if (taken == fits && shown == fits && (kept == fits || IsWhiteSpace(static_cast<char32_t>(c)))) continue;
    FAIL_CHECK("U+" << std::hex << c << ": taken " << taken << ", shown " << shown << ", kept " << kept);
  }
  CHECK(hidden == 4199);
}

TEST_CASE("text rule: names that show nothing, hide something or reorder it") {
  const struct {
    std::string what, text;
  } cases[] = {
      {"Hangul fillers", "\u3164"},
      {"Hangul fillers", "\u115f"},
      {"Hangul fillers", "\u1160"},
      {"Hangul fillers", "\uffa0"},
      {"Arabic letter mark", "a\u061cb"},
      {"soft hyphen", "Red\u00adCross"},
      {"grapheme joiner", "a\u034fb"},
      {"Mongolian vowel separator", "a\u180eb"},
      {"variation selector", "a\ufe0f"},
      {"variation selector of ideographs", "葛\U000e0100城"},
      {"tag", "a\U000e0041"},
      {"invisible plus", "1\u20642"},
      {"annotation", "\ufff9a\ufffab\ufffb"},
      {"object", "\ufffc"},
      {"braille blank", "\u2800\u2800"},
      {"isolate", "\u2068x\u2069"},
      {"null notehead", "\U0001d159"},
      {"music's beam", "a\U0001d173"},
      {"family of emoji", "👩\u200d👧"},
      {"joiner of Latin letters", "Red\u200cCross"},
      {"joiner at the end", "می\u200c"},
      {"joiner behind a letter that joins nothing", "بازار\u200cها"},
      {"two joiners", "می\u200c\u200cخواهم"},
      {"white space of all kinds", "\u2003\u00a0\u3000"},
      {"reserved for what is ignored", "a\U000e0fffb"},
      {"private use", "a\ue000"},
      {"no character", "a\ufdd0"},
      {"no character", "a\U0010ffff"},
  };
  for (const auto& c : cases) {
    INFO(c.what << ": " << Escaped(c.text));
    CHECK_FALSE(CheckText("name", c.text, 100).ok());
    CHECK_THAT(SingleLine(c.text), !Catch::Equals(c.text));
  }
}

TEST_CASE(
    "text rule: of the characters that are taken unseen none is unfit, and cut or long ones are looked at") {
  for (char32_t c = 0x4000; c <= 0xcfff; ++c) {
    if (UnfitOf(c) != Unfit::kNot || IsWhiteSpace(c)) FAIL("U+" << std::hex << static_cast<unsigned>(c));
  }
  for (const char32_t c : {0x3fff, 0x4000, 0x9fff, 0xcfff, 0xd000}) {
    const std::string sign = Utf8(c);
    CHECK(SingleLine(sign) == sign);
    CHECK(SingleLine(" " + sign + "  a ") == sign + " a");
    CHECK(CheckText("text", sign, 10).ok());
    CHECK_FALSE(CheckText("text", sign.substr(0, 2), 10).ok());
    CHECK_FALSE(CheckText("text", sign.substr(0, 2) + "a", 10).ok());
    CHECK_FALSE(CheckText("text", sign.substr(1), 10).ok());
    CHECK(SingleLine(sign.substr(0, 2)) == "\xef\xbf\xbd");
  }
  CHECK(SingleLine(Utf8(0x4e00) + Utf8(0x3000) + Utf8(0x4e8c)) == Utf8(0x4e00) + " " + Utf8(0x4e8c));
}

TEST_CASE("text rule: joiners where they spell a word") {
  for (const std::string text : {
           "می\u200cخواهم",         // Persian
           "شرکت\u200cهای",         // Persian
           "م\u064e\u200c\u064eخ",  // marks between
           "क्\u200dष",              // Devanagari: a half form
           "क्\u200cष",              // and the virama shown
           "ശ്രീ ന\u0d4d\u200d",     // Malayalam: a final consonant as it was once written
           "ක්\u200dෂ",              // Sinhala
           "র\u200d্যাব",            // Bengali: RAB
       }) {
    INFO(text);
    CHECK(CheckText("name", text, 100).ok());
    CHECK(SingleLine(text) == text);
    CHECK(Escaped(text) == text);
  }
  CHECK(Escaped("a\u200db") == "a\\u{200D}b");
  CHECK_FALSE(JoinerFits(0x200d, "م", "خ"));  // ZWJ joins what joins already
  CHECK_FALSE(JoinerFits(0x200c, "", ""));
  CHECK_FALSE(JoinerFits(0x200c, "\xff", "\xff"));
}

TEST_CASE("text rule: the lists of joiners are those of ICU, for what Unicode 15.0 had") {
  const auto joining = [](UChar32 c) { return u_getIntPropertyValue(c, UCHAR_JOINING_TYPE); };
  for (UChar32 c = 0xa0; c <= kLast; ++c) {
    if ((c >= 0xd800 && c <= 0xdfff) || IsLater(c)) continue;
    UErrorCode error = U_ZERO_ERROR;
    const bool arabic = uscript_getScript(c, &error) == USCRIPT_ARABIC;
    const bool past = joining(c) == U_JT_TRANSPARENT && UnfitOf(static_cast<char32_t>(c)) == Unfit::kNot &&
                      (arabic || uscript_hasScript(c, USCRIPT_ARABIC));
    const std::string letter = Utf8(static_cast<char32_t>(c));
    const bool virama = u_getCombiningClass(c) == 9;
    const bool before = virama || (arabic && joining(c) == U_JT_DUAL_JOINING);
    const bool after = arabic && (joining(c) == U_JT_DUAL_JOINING || joining(c) == U_JT_RIGHT_JOINING);
    if (JoinerFits(0x200c, letter, "ه") == before && JoinerFits(0x200c, "ه", letter) == after &&
        JoinerFits(0x200c, "ه" + letter, "ه") == (before || past) &&
        JoinerFits(0x200c, "ه", letter + "ه") == (after || past) && JoinerFits(0x200d, letter, "a") == virama)
      continue;
    FAIL_CHECK("U+" << std::hex << c);
  }
}

// The ranges of one line of docs/formats.md that begins with `name: `, in hexadecimal.
std::string RangesInDocs(const std::string& name) {
  std::ifstream file(std::string(FUNDTRAIL_SOURCE_DIR) + "/docs/formats.md");
  std::string line, found;
  bool inside = false;
  while (std::getline(file, line)) {
    if (line.rfind("    " + name + ": ", 0) == 0) {
      inside = true;
      line = line.substr(name.size() + 6);
    } else if (inside && line.rfind("     ", 0) != 0) {
      return found;
    }
    if (!inside) continue;
    std::istringstream words(line);
    for (std::string word; words >> word;) found += (found.empty() ? "" : " ") + word;
  }
  return found;
}

std::string RangesOf(const std::function<bool(char32_t)>& is) {
  std::string text;
  char word[32];
  for (char32_t c = 0; c <= kLast; ++c) {
    if (!is(c)) continue;
    const char32_t first = c;
    while (c < kLast && is(c + 1)) ++c;
    std::snprintf(word, sizeof word, first == c ? "%04X" : "%04X-%04X", static_cast<unsigned>(first),
                  static_cast<unsigned>(c));
    text += (text.empty() ? "" : " ") + std::string(word);
  }
  return text;
}

TEST_CASE("text rule: docs/formats.md has every range as the program has it") {
  const auto of = [](Unfit unfit) { return [unfit](char32_t c) { return UnfitOf(c) == unfit; }; };
  CHECK(RangesInDocs("hidden") == RangesOf(of(Unfit::kHidden)));
  CHECK(RangesInDocs("private") == RangesOf(of(Unfit::kPrivate)));
  CHECK(RangesInDocs("space") == RangesOf(IsWhiteSpace));
  CHECK(RangesInDocs("virama") == RangesOf([](char32_t c) { return JoinerFits(0x200d, Utf8(c), "a"); }));
  const auto both = [](char32_t c) {
    return JoinerFits(0x200c, Utf8(c), "ه") && !JoinerFits(0x200d, Utf8(c), "a");
  };
  CHECK(RangesInDocs("joins both") == RangesOf(both));
  CHECK(RangesInDocs("joins right") ==
        RangesOf([&](char32_t c) { return JoinerFits(0x200c, "ه", Utf8(c)) && !both(c); }));
  CHECK(RangesInDocs("passed over") == RangesOf([&](char32_t c) {
          return JoinerFits(0x200c, "ه" + Utf8(c), "ه") && !both(c) && !JoinerFits(0x200d, Utf8(c), "a");
        }));
}

}  // namespace
}  // namespace fundtrail
