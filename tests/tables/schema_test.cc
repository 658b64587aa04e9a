// The list of tables: that it is whole, that it refers to what is there, and that the docs and the description say the same.
#include "ledger/tables/schema.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "ledger/model/attestation_table.h"
#include "ledger/model/register_table.h"
#include "ledger/tables/package.h"
#include "tests/support/text.h"

namespace fundtrail::tables {
namespace {

using testing::Contains;

TEST_CASE("tables and columns are named once, as programs take names, and refer to tables with one key") {
  std::set<std::string> names;
  const auto plain = [](const std::string& name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char sign) {
      return (sign >= 'a' && sign <= 'z') || (sign >= '0' && sign <= '9') || sign == '_';
    });
  };
  for (const Table& table : Schema()) {
    INFO(table.name);
    CHECK(names.insert(table.name).second);
    CHECK(plain(table.name));
    CHECK_FALSE(table.about.empty());
    CHECK(FindTable(table.name) == &table);
    std::set<std::string> columns;
    for (const Column& column : table.columns) {
      INFO(column.name);
      CHECK(columns.insert(column.name).second);
      CHECK(plain(column.name));
      if (!column.refers_to.empty()) {
        REQUIRE(FindTable(column.refers_to) != nullptr);
        CHECK(FindTable(column.refers_to)->key.size() == 1);
      }
      // Whoever sums an amount finds whole numbers beside it.
      if (column.type == Type::kNumber)
        CHECK(std::any_of(table.columns.begin(), table.columns.end(),
                          [&](const Column& one) { return one.name == column.name + "_units"; }));
    }
    CHECK_FALSE(table.key.empty());
    for (const std::string& key : table.key) CHECK(columns.count(key) == 1);
  }
}

TEST_CASE("every register and every attestation has its table") {
  for (const model::Register& of : model::Registers())
    CHECK(FindTable(TableOf(model::ActionField(of))) != nullptr);
  for (const model::Attestation& of : model::Attestations())
    CHECK(FindTable(TableOf(model::ActionField(of))) != nullptr);
  CHECK(FindTable("transfer") == nullptr);
}

TEST_CASE("the dictionary in docs/tables.md is the one of the program: FUNDTRAIL_WRITE_DOCS=1 writes it") {
  const std::string path = std::string(FUNDTRAIL_SOURCE_DIR) + "/docs/tables.md";
  const std::string begin = "<!-- dictionary: made by fundtrail export csv --dictionary -->\n\n";
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  const std::size_t at = text.str().find(begin);
  REQUIRE(at != std::string::npos);
  const std::string page = text.str().substr(0, at + begin.size()) + Dictionary();
  if (std::getenv("FUNDTRAIL_WRITE_DOCS") != nullptr) std::ofstream(path) << page;
  CHECK(text.str() == page);
}

TEST_CASE("the package names each table that was written, with its columns, keys and what they refer to") {
  v1::CheckpointRef as_of;
  as_of.set_ledger("example.org/l");
  as_of.set_size(7);
  as_of.set_root("\x01\x02");
  const auto package = nlohmann::json::parse(
      PackageJson(as_of, sheets::Cells::kRaw, {{"parties", {3, 99, "ab"}}, {"transfers", {1, 2, "cd"}}}));
  CHECK(package["ledger"] == "example.org/l");
  CHECK(package["size"] == 7);
  CHECK(package["root"] == "0102");
  CHECK(package["cells"] == "raw");
  REQUIRE(package["resources"].size() == 2);
  const auto& transfers = package["resources"][0];
  CHECK(transfers["name"] == "transfers");
  CHECK(transfers["path"] == "transfers.csv");
  CHECK(transfers["hash"] == "sha256:cd");
  CHECK(transfers["schema"]["primaryKey"] == nlohmann::json({"transfer"}));
  CHECK_THAT(transfers["schema"]["foreignKeys"].dump(),
             Contains(R"({"fields":"payer","reference":{"fields":"id","resource":"parties"}})") &&
                 Contains(R"({"fields":"returns","reference":{"fields":"transfer","resource":""}})"));
  CHECK(package["resources"][1]["rows"] == 3);
}

}  // namespace
}  // namespace fundtrail::tables
