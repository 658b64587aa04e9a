// Maps for files whose rows are items of a register: what they say, and every mistake with its file and line.
#include "ledger/sheets/field_map.h"

#include <catch2/catch.hpp>

namespace fundtrail::sheets {
namespace {

TEST_CASE("field map: columns, prefixes and values for all rows") {
  const auto map = ParseFieldMap(
      "encoding = \"gb18030\"\nseparator = \";\"\n[fields]\nname = \"Name\"\n"
      "id = { column = \"code\", prefix = \"gbt2260:\" }\nlevel = { value = \"3\" }\n"
      "parent = { value = \"\" }\nkeeper = { value = \"x\", prefix = \"p-\" }\n",
      "m.toml");
  REQUIRE(map.ok());
  CHECK(map->encoding == "gb18030");
  CHECK(map->separator == ';');
  REQUIRE(map->fields.size() == 5);
  CHECK(map->fields.at("name").column == "Name");
  CHECK(map->fields.at("name").prefix.empty());
  CHECK_FALSE(map->fields.at("name").value.has_value());
  CHECK(map->fields.at("id").column == "code");
  CHECK(map->fields.at("id").prefix == "gbt2260:");
  CHECK(map->fields.at("level").value == "3");
  CHECK(map->fields.at("level").column.empty());
  CHECK(map->fields.at("parent").value == "");
  CHECK(map->fields.at("keeper").prefix == "p-");
  CHECK(ParseFieldMap("separator = \"\\t\"\n", "m.toml")->separator == '\t');
  CHECK_FALSE(map->fields.at("id").is_name);
  CHECK_FALSE(map->fields.at("id").factor.has_value());
}

TEST_CASE("field map: names, units of amounts, and cells that are read as something else") {
  const auto map = ParseFieldMap(
      "[fields]\nid = { name_in = \"名称\" }\nbudget = { column = \"预算（万元）\", factor = 10000 }\n"
      "[replace.role]\n\"来源方\" = \"source\"\n\"受助方\" = \"recipient\"\n",
      "m.toml");
  INFO(map.status());
  REQUIRE(map.ok());
  CHECK(map->fields.at("id").is_name);
  CHECK(map->fields.at("id").column == "名称");
  CHECK(map->fields.at("budget").factor == 10'000);
  CHECK(map->replace.at("role").at("来源方") == "source");
  CHECK(map->replace.at("role").size() == 2);
}

TEST_CASE("field map: an empty one leaves all as it is without a map") {
  for (const char* text : {"", "# nothing\n", "[fields]\n"}) {
    const auto map = ParseFieldMap(text, "m.toml");
    REQUIRE(map.ok());
    CHECK(map->encoding.empty());
    CHECK_FALSE(map->separator.has_value());
    CHECK(map->fields.empty());
  }
}

// A key of so many points: "a.a.a".
std::string Dotted(std::size_t points) {
  std::string key = "a";
  while (points-- > 0) key += ".a";
  return key;
}

TEST_CASE("field map: a mistake is named, with file and line") {
  const struct {
    std::string toml;
    std::string says;
  } kCases[] = {
      {"colums = 1\n",
       "m.toml line 1: \"colums\" is not known: a map has encoding, separator, [fields] and [replace.FIELD]"},
      {"\n[columns]\nid = \"x\"\n", "m.toml line 2: \"columns\" is not known"},
      {"fields = \"x\"\n", "m.toml line 1: \"fields\" is not known"},
      {"\"a\\nb\" = 1\n", "m.toml line 1: \"a\\u{000A}b\" is not known"},
      {"encoding = 1\n", "m.toml line 1: encoding must be a text in quotes"},
      {"separator = 1\n", "m.toml line 1: separator must be a text in quotes"},
      {"separator = \"|\"\n", "m.toml line 1: separator must be \",\", \";\" or a tab"},
      {"separator = \"\"\n", "m.toml line 1: separator must be \",\", \";\" or a tab"},
      {"separator = \",,\"\n", "m.toml line 1: separator must be \",\", \";\" or a tab"},
      {"[fields]\nid = 1\n", "m.toml line 2: id must be a text in quotes"},
      {"[fields]\nid = [\"a\", \"b\"]\n", "m.toml line 2: id must be a text in quotes"},
      {"[fields]\nid = { column = 1 }\n", "m.toml line 2: column must be a text in quotes"},
      {"[fields]\nlevel = { value = 3 }\n", "m.toml line 2: value must be a text in quotes"},
      {"[fields]\n\nid = { colum = \"a\" }\n",
       "m.toml line 3: \"colum\" is not known: a field has column, prefix, value, name_in and factor"},
      {"[fields]\nid = {}\n", "m.toml line 2: id needs either a column, a value or name_in"},
      {"[fields]\nid = { prefix = \"a\" }\n", "m.toml line 2: id needs either a column, a value or name_in"},
      {"[fields]\nid = { column = \"a\", value = \"b\" }\n",
       "m.toml line 2: id needs either a column, a value or name_in"},
      {"[fields]\nid = { name_in = \"a\", column = \"b\" }\n",
       "m.toml line 2: id needs either a column, a value or name_in"},
      {"[fields]\nid = { name_in = \"a\", prefix = \"b\" }\n",
       "m.toml line 2: id has a prefix, which goes with ids and not with name_in"},
      {"[fields]\nbudget = { column = \"a\", factor = 12 }\n",
       "m.toml line 2: factor must be 1, 10, 100 and so on, up to 1000000000"},
      {"[fields]\nbudget = { column = \"a\", factor = \"10\" }\n", "m.toml line 2: factor must be 1"},
      {"[replace]\nrole = \"x\"\n", "m.toml line 2: replace must be a table for each field: [replace.role]"},
      {"[replace.role]\na = 1\n", "m.toml line 2: \"a\" must be replaced by a text in quotes"},
      {"replace = 1\n", "m.toml line 1: \"replace\" is not known"},
      {"[fields]\nid = \"\"\n", "m.toml line 2: id must name a column"},
      {"a = \n", "m.toml line 1: "},
      {"encoding = \"utf-8\"\nencoding = \"utf-8\"\n", "m.toml line 2: "},
      {"\xff", "m.toml line 1: "},
      {std::string(2 << 20, '#'), "m.toml is larger than 1 MiB"},
      {"[fields]\n" + Dotted(500'000) + " = \"x\"\n", "m.toml line 2: has more than 1000 points"},
      {"[fields]\n" + Dotted(900) + " = \"x\"\n", "m.toml line 2: "},
      {"x = " + std::string(100'000, '['), "m.toml"},
  };
  for (const auto& one : kCases) {
    INFO(one.toml.substr(0, 100));
    const auto map = ParseFieldMap(one.toml, "m.toml");
    REQUIRE_FALSE(map.ok());
    CHECK(map.status().code() == absl::StatusCode::kInvalidArgument);
    CHECK_THAT(std::string(map.status().message()), Catch::StartsWith(one.says));
  }
}

}  // namespace
}  // namespace fundtrail::sheets
