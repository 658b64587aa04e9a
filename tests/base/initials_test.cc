// The short forms of names, in several scripts, and which texts are looked for as such.
#include "ledger/base/initials.h"

#include <catch2/catch.hpp>

namespace fundtrail {
namespace {

using Forms = std::vector<std::string>;

TEST_CASE("initials: of words with capitals, of all words, and of Chinese signs in pinyin") {
  InitialsReader reader;
  CHECK(reader.Of("United Kingdom, Government of") == Forms{"ukg", "ukgo"});
  CHECK(reader.Of("Office for the Coordination of Humanitarian Affairs") == Forms{"ocha", "oftcoha"});
  CHECK(reader.Of("united nations") == Forms{"un"});
  CHECK(reader.Of("United Nations Children's Fund") == Forms{"uncf"});
  CHECK(reader.Of("Children\u2019s Fund") == Forms{"cf"});
  CHECK(reader.Of("M\u00e9decins Sans Fronti\u00e8res") == Forms{"msf"});
  CHECK(reader.Of("\u00c9cole Normale") == Forms{"en"});
  CHECK(reader.Of("\u7ea2\u5341\u5b57\u4f1a") == Forms{"hszh"});
  CHECK(reader.Of("UNICEF \u4e2d\u56fd") == Forms{"uzg"});
  CHECK(reader.Of("\u041a\u0440\u0430\u0441\u043d\u044b\u0439 \u041a\u0440\u0435\u0441\u0442") ==
        Forms{"\u043a\u043a"});
  CHECK(reader.Of("3rd Army Corps") == Forms{"ac"});
  CHECK(reader.Of("Oxfam").empty());
  CHECK(reader.Of("").empty());
  CHECK(reader.Of(" , . ").empty());
  CHECK(reader.Of("\xff\xfe"
                  "a b") == Forms{"ab"});
}

TEST_CASE("initials: what is looked for as such") {
  CHECK(InitialsSought("UK") == "uk");
  CHECK(InitialsSought("U.K.") == "uk");
  CHECK(InitialsSought(" u k ") == "uk");
  CHECK(InitialsSought("OCHA") == "ocha");
  CHECK(InitialsSought("relief hub").empty());
  CHECK(InitialsSought("a").empty());
  CHECK(InitialsSought("q1").empty());
  CHECK(InitialsSought("12.3").empty());
  CHECK(InitialsSought("").empty());
  CHECK(InitialsSought(std::string(20, 'a')).size() == 20);
  CHECK(InitialsSought(std::string(21, 'a')).empty());
}

}  // namespace
}  // namespace fundtrail
