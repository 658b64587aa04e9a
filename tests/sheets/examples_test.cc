// The maps in examples/: each is read, and that of Afghanistan gives the figures that its README and comments
// state.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "ledger/sheets/csv.h"
#include "ledger/sheets/encoding.h"
#include "ledger/sheets/rows.h"

namespace fundtrail::sheets {
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
  CHECK(reader->skipped()[1].rows == 899);

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
  CHECK(committed == 24'945'659'300);
  CHECK(total == 77263761400);
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
}

// The projects of the example, by what they are for: "HEA; NUT".
std::map<std::string, std::string> CategoriesOfProjects() {
  const std::string text = Slurp(kExamples / "fts-afghanistan" / "projects.csv");
  StatusOr<CsvReader> reader = CsvReader::Open(text, ',', Cells::kRaw);
  REQUIRE(reader.ok());
  std::map<std::string, std::string> projects;
  CsvRecord record;
  while (reader->Next(&record)) {
    REQUIRE(record.status.ok());
    REQUIRE(reader->header()[5] == "categories");
    projects[record.fields[0]] = record.fields[5];
  }
  return projects;
}

TEST_CASE("examples: what Afghanistan's flows give each cluster is what OCHA published") {
  const auto folder = kExamples / "fts-afghanistan";
  StatusOr<ImportMap> map = ParseImportMap(Slurp(folder / "fts.toml"), "fts.toml");
  REQUIRE(map.ok());
  CHECK(map->ignore_unknown_projects);
  CHECK(map->own_is_unrecorded);
  const std::string text = Slurp(folder / "flows.csv");
  StatusOr<RowReader> reader = RowReader::Open(text, *std::move(map));
  REQUIRE(reader.ok());
  const auto categories = CategoriesOfProjects();
  CHECK(categories.size() == 35);
  static const std::map<std::string, std::string> kClusterOf = {
      {"FSC-C19", "FSC"}, {"CPN", "PRO"}, {"GBV", "PRO"}, {"HLP", "PRO"}, {"MIN", "PRO"}};
  std::map<std::string, std::int64_t> given;  // by cluster, and "" for several
  std::int64_t own = 0;
  int general = 0;
  for (std::size_t i = 0; i < reader->size(); ++i) {
    const StatusOr<Row> row = reader->Read(i);
    if (!row.ok()) continue;
    if (row->project.empty()) {
      ++general;
      continue;
    }
    INFO(row->project);
    const auto of = categories.find(row->project);
    REQUIRE(of != categories.end());
    const auto cluster = kClusterOf.find(of->second);
    const bool several = of->second.find(';') != std::string::npos;
    given[several                       ? ""
          : cluster == kClusterOf.end() ? of->second
                                        : cluster->second] += row->amount.value() / 100;
    if (row->from.id == row->to.id) own += row->amount.value() / 100;
  }
  CHECK(own == 14'456'928);
  CHECK(general > 0);
  CHECK(given ==
        std::map<std::string, std::int64_t>{
            {"COO", 6'677'130},
            {"EDU", 7'637'118},
            {"FSC", 164'264'546},
            {"LOG", 10'982'215},
            {"NUT", 35'336'020},
            {"PRO", 52'075'969},
            {"SHL", 24'652'964},
            // Below what OCHA published, by parts of flows for several clusters, and a row without a payer.
            {"HEA", 55'930'707 - 255'999},
            {"WSH", 22'205'556 - 568'828 - 31'928},
            {"MS", 376'645},
            {"", 25'645'977}});
}

}  // namespace
}  // namespace fundtrail::sheets
