// What describes the tables: datapackage.json of Frictionless Data beside them, and the data dictionary for people.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "fundtrail/v1/checkpoint.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::tables {

inline constexpr char kPackageFile[] = "datapackage.json";
// What the package says of itself, so that an export may replace an earlier one and nothing else.
inline constexpr char kProfile[] = "fundtrail-tables-v1";

// One file of a table, as it was written.
struct Written {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::string sha256;  // in hex
};

std::string PackageJson(const v1::CheckpointRef& as_of, sheets::Cells cells,
                        const std::map<std::string, Written>& tables);

// The dictionary as Markdown: a heading, the words and the columns of each table.
std::string Dictionary();

}  // namespace fundtrail::tables
