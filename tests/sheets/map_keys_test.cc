// The reference of an import map: it is a map, and names every key and field.
#include "ledger/sheets/map_keys.h"

#include <catch2/catch.hpp>

#include "ledger/sheets/map.h"

namespace fundtrail::sheets {
namespace {

TEST_CASE("map keys: the reference is a map in which every key is read") {
  std::string reference;
  for (const MapKey& key : MapKeys()) {
    CHECK_FALSE(std::string_view(key.words).empty());
    reference += LineOf(key) + "\n#   " + key.words + "\n";
  }
  const auto map = ParseImportMap(reference, "reference.toml");
  INFO(map.status());
  REQUIRE(map.ok());
  CHECK(map->columns_of(Field::kCommitment) == std::vector<std::string>{"Commitment"});
  CHECK(map->columns_of(Field::kFromProject) == std::vector<std::string>{"Paid from project"});
  CHECK(map->factor_stated);
  CHECK(map->skip.size() == 2);
  CHECK(map->parties.size() == 1);
}

TEST_CASE("map keys: every field is there, and what is not there is refused") {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    INFO(NameOf(static_cast<Field>(i)));
    CHECK(IsMapKey("columns", NameOf(static_cast<Field>(i))));
  }
  CHECK(IsMapKey("", "parties"));
  CHECK_FALSE(IsMapKey("", "date"));
  CHECK_FALSE(IsMapKey("columns", "factor"));
  CHECK_FALSE(IsMapKey("skip", ""));
  const auto unknown = ParseImportMap("factr = 1\n", "m.toml");
  CHECK_THAT(std::string(unknown.status().message()), Catch::Contains("there is no key \"factr\""));
}

}  // namespace
}  // namespace fundtrail::sheets
