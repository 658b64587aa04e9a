// Names that are kept in few bytes: each that is found is the one that was put, and all are found while they fit.
#include "ledger/query/name_table.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <string>

namespace fundtrail::testing {
namespace {

TEST_CASE("a name that is found is the one that was put, whatever was forgotten") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::size_t bytes = GENERATE(0, 40, 300, 5'000, 400'000);
  query::NameTable table(bytes);
  std::map<std::string, std::string> put;
  std::size_t found = 0, looked = 0;
  for (int step = 0; step < 20'000; ++step) {
    const std::string id = "p" + std::to_string(random() % 3'000);
    const auto name = table.Find(id);
    ++looked;
    if (name.has_value()) {
      ++found;
      REQUIRE(put.contains(id));
      REQUIRE(*name == put.at(id));
      continue;
    }
    put[id] = std::string(random() % 70, static_cast<char>('a' + random() % 26)) + std::string("\0x", 2);
    table.Put(id, put[id]);
  }
  // 3,000 names of some 44 bytes: with room for all of them each is put once.
  if (bytes == 400'000) CHECK(found + put.size() == looked);
  if (bytes == 0) CHECK(found == 0);
  if (bytes == 5'000) CHECK(found > looked / 100);
}

TEST_CASE("ids that come round in one order are all found while they fit into both halves") {
  query::NameTable table(100'000);
  int missing = 0;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 1'500; ++i) {
      const std::string id = "party-" + std::to_string(100'000 + i), name = "Society of " + id;
      const auto found = table.Find(id);
      if (found.has_value()) REQUIRE(*found == name);
      if (found.has_value()) continue;
      ++missing;
      table.Put(id, name);
    }
  }
  CHECK(missing == 1'500);
}

TEST_CASE("what is too long for a table is not kept, and harms nothing") {
  query::NameTable table(std::size_t{1} << 20);
  table.Put("a", "one");
  table.Put("b", std::string(70'000, 'x'));
  table.Put(std::string(70'000, 'c'), "x");
  CHECK_FALSE(table.Find("b").has_value());
  CHECK_FALSE(table.Find(std::string(70'000, 'c')).has_value());
  CHECK(table.Find("a") == "one");
  table.Put("", "nobody");
  CHECK(table.Find("") == "nobody");
}

}  // namespace
}  // namespace fundtrail::testing
