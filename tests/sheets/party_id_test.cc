// Ids from names: stable, valid, and different wherever more than case, spaces and signs differs.
#include "ledger/sheets/party_id.h"

#include <catch2/catch.hpp>
#include <random>
#include <regex>

#include "ledger/base/id.h"
#include "ledger/base/text.h"

namespace fundtrail::sheets {
namespace {

TEST_CASE("party id: plain names are slugged") {
  CHECK(StableId("Sweden, Government of") == "sweden-government-of");
  CHECK(StableId("  Afghanistan \n Humanitarian  Fund ") == "afghanistan-humanitarian-fund");
  CHECK(StableId("OXFAM") == "oxfam");
  CHECK(StableId("Johanniter Unfallhilfe e.V.") == "johanniter-unfallhilfe-e.v");
  CHECK(StableId("3M (UK) Ltd.") == "3m-uk-ltd");
  CHECK(StableId("O.X.F.A.M") == "o.x.f.a.m");
  // Case and signs alone do not make another party: documented, and what StableIdLong is for.
  CHECK(StableId("Oxfam.") == StableId("OXFAM"));
  CHECK(StableIdLong("Oxfam.") != StableIdLong("OXFAM"));
}

TEST_CASE(
    "party id: other names carry a hash, which is part of the ids in existing ledgers and may not change") {
  CHECK(StableId("湖北省红十字会") == "n-d0865d99f6");
  CHECK(StableId("Médecins du Monde") == "m-decins-du-monde-3fadceaa18");
  CHECK(StableId("") == "n-e3b0c44298");
  CHECK(StableId("***") == "n-596f4162a5");
  CHECK(StableId("Me\u0301decins du Monde") == StableId("M\u00e9decins du Monde"));
  CHECK(StableId("\u7ea2e\u0301\u5341") == StableId("\u7ea2\u00e9\u5341"));  // beside ideographs too
  CHECK(StableId("\uf900") == StableId("\u8c48"));  // one of those that stand for another
  const std::string long_a = std::string(60, 'a') + "x";
  const std::string long_b = std::string(60, 'a') + "y";
  CHECK(StableId(long_a) != StableId(long_b));
  CHECK(StableId(long_a).size() == 48);
  CHECK(StableIdLong(long_a).size() == 48);
  CHECK(StableId(std::string(48, 'a')) == std::string(48, 'a'));
}

TEST_CASE("party id: nobody can take another's id by naming himself after it") {
  const std::string taken = StableId("湖北省红十字会");
  CHECK(StableId(taken) != taken);
  CHECK(StableId(StableIdLong("x")) != StableIdLong("x"));
}

TEST_CASE("party id: one that is made to be read has the name in Latin letters") {
  CHECK(ReadableId("贵州省扶贫基金") == "gui-zhou-sheng-fu-pin-ji-jin");
  CHECK(ReadableId("Médecins du Monde") == "medecins-du-monde");
  CHECK(ReadableId("OXFAM") == StableId("OXFAM"));
  CHECK(ReadableId("***") == StableId("***"));
  // What sounds alike is told apart by whoever makes the id.
  CHECK(ReadableId("李明") == ReadableId("黎明"));
  CHECK(NumberedId(ReadableId("李明"), 2) == "li-ming-2");
  std::string longest;
  for (int i = 0; i < 30; ++i) longest += "省";
  CHECK(ReadableId(longest).size() <= 48);
  CHECK(ReadableId(longest) != ReadableId(longest + "省"));
}

TEST_CASE("party id: whatever the name, the id is valid, bounded and stable") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  static const std::string kParts[] = {"a", "Z", "9", " ",  ".",    "-",  "_",
                                       ":", "'", "é", "武", "\xff", "\n", "\u202e"};
  const std::regex valid("[a-z0-9][a-z0-9.-]{0,47}");
  for (int i = 0; i < 5000; ++i) {
    std::string name;
    for (std::size_t n = random() % 80; n > 0; --n) name += kParts[random() % std::size(kParts)];
    for (const std::string& id : {StableId(name), StableIdLong(name), ReadableId(name)}) {
      INFO(Escaped(name) << " -> " << id);
      REQUIRE(std::regex_match(id, valid));
      REQUIRE(IsValidId(id));
    }
    REQUIRE(StableId(name) == StableId(" " + name + " "));
  }
}

}  // namespace
}  // namespace fundtrail::sheets
