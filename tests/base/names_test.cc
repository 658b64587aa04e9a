// Names that read as other names: what is told, and what honest names are left in peace.
#include "ledger/base/names.h"

#include <catch2/catch.hpp>
#include <random>

#include "ledger/base/text.h"

namespace fundtrail {
namespace {

bool ReadAlike(const std::string& a, const std::string& b) {
  for (const std::string& reading : ReadingsOf(a)) {
    for (const std::string& other : ReadingsOf(b)) {
      if (reading == other) return true;
    }
  }
  return false;
}

TEST_CASE("names: which read alike") {
  const struct {
    std::string a, b;
    bool alike;
  } cases[] = {
      {"Red Cross", "Red Cross", true},
      {"Red Cross", "RED  CROSS ", true},
      {"Red Cross", "Rеd Crоss", true},  // Cyrillic е and о
      {"RED CROSS", "RЕD СROSS", true},  // Cyrillic Е and С
      {"WHO", "WH0", true},              // a zero
      {"Oxfam", "0xfam", true},
      {"Red Cross", "Ｒｅｄ Ｃｒｏｓｓ", true},  // full width
      {"Burnham", "Bumham", true},
      {"Ili", "lli", true},
      {"café", "cafe\u0301", true},
      {"Caf\u00e9", "Red Cross", false},
      {"Red Cross", "Red Crescent", false},
      {"湖北省红十字会", "湖南省红十字会", false},
      {"Fund 1", "Fund 2", false},
  };
  for (const auto& c : cases) {
    INFO(c.a << " / " << c.b);
    CHECK(ReadAlike(c.a, c.b) == c.alike);
  }
}

TEST_CASE("names: words that mix scripts") {
  CHECK(MixedWord("Rеd Cross") == "Rеd");
  CHECK(MixedWord("the Crоss") == "Crоss");
  for (const std::string name :
       {"Red Cross", "湖北省红十字会", "WHO Россия", "UNICEF 叙利亚", "Médecins Sans Frontières",
        "東京タワー財団", "سازمان ملل", "한국적십자사", "N95口罩", "", "\xff"}) {
    INFO(name);
    CHECK_FALSE(MixedWord(name).has_value());
  }
}

// Names of ASCII and ideographs are read without most of what ICU does. With another letter in the name it is asked for all of it.
TEST_CASE("names: ASCII and ideographs read as they do beside letters that ICU is asked about") {
  const auto utf8 = [](int sign) {
    return std::string{static_cast<char>(0xe0 | (sign >> 12)), static_cast<char>(0x80 | ((sign >> 6) & 0x3f)),
                       static_cast<char>(0x80 | (sign & 0x3f))};
  };
  std::string ascii;
  for (char c = '!'; c <= '~'; ++c) ascii += c;
  for (int first = 0x4e00; first <= 0x9fff; first += 128) {
    std::string name = ascii.substr(static_cast<std::size_t>(first / 128 % 60));
    for (int sign = first; sign < first + 128; ++sign) name += utf8(sign);
    INFO(name);
    std::vector<std::string> beside;
    for (const std::string& reading : ReadingsOf(name)) beside.push_back(reading + " \u0436");
    CHECK(ReadingsOf(name + " \u0436") == beside);
    CHECK_FALSE(MixedWord(name).has_value());
    CHECK_FALSE(MixedWord(name + "\u00e9").has_value());
    CHECK_FALSE(
        MixedWord("Ab1" + utf8(first) + "z\u00e9").has_value());  // so are letters of ASCII beside them
  }
  CHECK(MixedWord("\u0436" + ascii.substr(40, 20)).has_value());
}

TEST_CASE("names: what a search takes for the same") {
  CHECK(FoldedForSearch("  Red \t CROSS\n") == "red cross");
  CHECK(FoldedForSearch("M\u00c1LAGA") == "malaga");
  CHECK(FoldedForSearch("Ma\u0301laga") == "malaga");              // the accent by itself
  CHECK(FoldedForSearch("\uff37\uff26\uff30 \u2460") == "wfp 1");  // full width, and a number in a circle
  CHECK(FoldedForSearch("Stra\u00dfe") == "strasse");
  CHECK(FoldedForSearch("\u7ea2\u5341\u5b57") == "\u7ea2\u5341\u5b57");
  CHECK(FoldedForSearch("\u304c") == "\u304c");  // a mark that is a letter to its readers
  CHECK(FoldedForSearch("\u0926\u093f") == "\u0926\u093f");
  CHECK(FoldedForSearch("").empty());
  CHECK(FoldedForSearch(" \u3000 ").empty());
}

TEST_CASE("names: ASCII is folded for a search as all other text is") {
  std::mt19937_64 random(std::random_device{}());
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (std::size_t n = random() % 12; n > 0; --n)
      text += random() % 3 == 0 ? " \t\n\v\f\r"[random() % 6] : static_cast<char>(random() % 0x80);
    INFO(Escaped(text));
    // With a mark that folding takes out, it takes the long way.
    CHECK(FoldedForSearch(text) == FoldedForSearch(text + "\u0301"));
  }
}

TEST_CASE("names: what is told of parties that are registered one after the other") {
  NameBook names;
  names.Add("red-cross", "Red Cross");
  names.Add("who", "WHO");
  using Words = std::vector<std::string>;
  CHECK(names.Judge({{"unicef", "UNICEF"}}) == Words{});
  CHECK(names.Judge({{"red-cross", "Red Cross"}}) == Words{});  // itself: the ledger says what is to be said
  CHECK(names.Judge({{"rc2", "Red Cross"}}) ==
        Words{"rc2: the name \"Red Cross\" is that of the party red-cross too"});
  CHECK(names.Judge({{"rc3", "Rеd Cross"}}) ==
        Words{"rc3: the name \"Rеd Cross\" reads like \"Red Cross\", the name of the party red-cross",
              "rc3: the name \"Rеd Cross\" mixes scripts in the word \"Rеd\""});
  CHECK(names.Judge({{"a", "Care"}, {"b", "CARE"}}) ==
        Words{"b: the name \"CARE\" reads like \"Care\", the name of the party a"});
}

TEST_CASE("names: so many are compared and no more") {
  NameBook names;
  for (std::size_t i = 0; i < NameBook::kMost; ++i)
    names.Add("p" + std::to_string(i), "Party " + std::to_string(i * 7));
  CHECK(names.full());
  names.Add("late", "Latecomer");
  CHECK(names.Judge({{"x", "Latecomer"}}).empty());
  CHECK(names.Judge({{"x", "Party 70"}}).size() == 1);
}

}  // namespace
}  // namespace fundtrail
