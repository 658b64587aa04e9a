// Which columns of a spreadsheet become which fields: for files whose rows are items of a register. docs/registers.md.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/status.h"

namespace fundtrail::sheets {

// Where a field's text comes from: a column, or one value for all rows. A prefix goes before each text that is not empty.
struct FieldSource {
  std::string column;
  std::string prefix;
  std::optional<std::string> value;
  // Whether the column has names. Of the field that is the item's id they make a new id, and of one that names an item they
  // say which.
  bool is_name = false;
  // What one in an amount's column counts: a power of ten, 10,000 for 万元. None: the map does not say.
  std::optional<std::int64_t> factor;
};

struct FieldMap {
  std::string encoding;                       // empty: found out for each file (encoding.h)
  std::optional<char> separator;              // none: found out for each file (csv.h)
  std::map<std::string, FieldSource> fields;  // by the field's name
  // By the field's name: what exactly this text in a cell is read as.
  std::map<std::string, std::map<std::string, std::string, std::less<>>> replace;
};

inline constexpr int kMaxFactorZeros = 9;

// Reads a map from TOML of at most 1 MiB:
//   encoding = "utf-8"                                 also "gb18030", "windows-1252", "utf-16"; else found out
//   separator = ","                                    also ";" and a tab; else found out
//   [fields]
//   name = "Name"                                      the column with that title
//   id = { column = "code", prefix = "gbt2260:" }
//   parent = { name_in = "Part of" }                   the item of the name in that column; of an id, a new id made of it
//   level = { value = "3" }                            the same for every row
//   budget = { column = "Budget", factor = 10000 }     an amount in units of 10,000
//   [replace.role]
//   "来源方" = "source"                                 what a cell is read as
// INVALID_ARGUMENT, with the file and the line, for anything else.
StatusOr<FieldMap> ParseFieldMap(std::string_view text, std::string_view file);

}  // namespace fundtrail::sheets
