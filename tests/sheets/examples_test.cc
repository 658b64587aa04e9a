// The maps in examples/: each is read, and that of Afghanistan gives the figures that its README and comments
// state.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "ledger/sheets/encoding.h"
#include "ledger/sheets/rows.h"

namespace fundtrail::exchange {
namespace {

std::string Slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  INFO(path);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

const std::filesystem::path kExamples = std::filesystem::path(FUNDTRAIL_SOURCE_DIR) / "examples";

TEST_CASE("examples: every map is read") {
  int maps = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kExamples)) {
    if (entry.path().extension() != ".toml") continue;
    const StatusOr<ImportMap> map = ParseImportMap(Slurp(entry.path()), entry.path().filename().string());
    INFO(map.status());
    CHECK(map.ok());
    ++maps;
  }
  CHECK(maps >= 5);
}

TEST_CASE("examples: Afghanistan as the README says") {
  const auto folder = kExamples / "fts-afghanistan";
  StatusOr<ImportMap> map = ParseImportMap(Slurp(folder / "fts.toml"), "fts.toml");
  REQUIRE(map.ok());
  const StatusOr<std::string> text = ToUtf8(Slurp(folder / "flows.csv"), map->encoding);
  REQUIRE(text.ok());
  StatusOr<RowReader> reader = RowReader::Open(*text, *std::move(map));
  INFO(reader.status());
  REQUIRE(reader.ok());
  CHECK(reader->records() == 1383);
  CHECK(reader->skipped()[0].rows == 19);
  CHECK(reader->skipped()[1].rows == 898);

  std::int64_t total = 0;
  std::int64_t fund_in = 0;
  std::int64_t fund_out = 0;
  std::int64_t committed = 0;
  int rejects = 0;
  int rows_in = 0;
  int rows_out = 0;
  int to_self = 0;
  std::map<std::string, PartyRole> roles;
  std::set<std::pair<std::string, std::string>> edges;
  for (std::size_t i = 0; i < reader->size(); ++i) {
    const StatusOr<Row> row = reader->Read(i);
    if (!row.ok()) {
      ++rejects;
      CHECK_THAT(std::string(row.status().message()), Catch::Contains("is empty: the row does not say who"));
      continue;
    }
    total += row->amount.value();
    committed += row->committed ? row->amount.value() : 0;
    roles[row->from.id] = row->from.role;
    roles[row->to.id] = row->to.role;
    edges.emplace(row->from.id, row->to.id);
    to_self += row->from.id == row->to.id ? 1 : 0;
    if (row->to.id == "afghanistan-humanitarian-fund") {
      fund_in += row->amount.value();
      ++rows_in;
    }
    if (row->from.id == "afghanistan-humanitarian-fund") {
      fund_out += row->amount.value();
      ++rows_out;
    }
  }
  CHECK(rejects == 9);
  CHECK(committed == 25'048'926'300);
  CHECK(total == 77367028400);
  CHECK(rows_in == 19);
  CHECK(fund_in == 4144586500);
  CHECK(rows_out == 150);
  CHECK(fund_out == 6988470700);
  CHECK(to_self == 11);
  CHECK(roles.at("sweden-government-of") == PartyRole::kSource);
  CHECK(roles.at("afghanistan-humanitarian-fund") == PartyRole::kHolder);
  CHECK(roles.at("united-nations-children-s-fund") == PartyRole::kHolder);
  CHECK(edges.contains({"sweden-government-of", "afghanistan-humanitarian-fund"}));
  CHECK(edges.contains({"afghanistan-humanitarian-fund", "united-nations-children-s-fund"}));
  CHECK(edges.contains({"united-nations-children-s-fund", "world-health-organization"}));
}

}  // namespace
}  // namespace fundtrail::exchange
