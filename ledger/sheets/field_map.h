// Which columns of a spreadsheet become which fields: for files whose rows are items of a register. docs/registers.md.
#pragma once

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
};

struct FieldMap {
  std::string encoding;                       // empty: found out for each file (encoding.h)
  std::optional<char> separator;              // none: found out for each file (csv.h)
  std::map<std::string, FieldSource> fields;  // by the field's name
};

// Reads a map from TOML of at most 1 MiB:
//   encoding = "utf-8"                                 also "gb18030", "windows-1252", "utf-16"; else found out
//   separator = ","                                    also ";" and a tab; else found out
//   [fields]
//   name = "Name"                                      the column with that title
//   id = { column = "code", prefix = "gbt2260:" }
//   level = { value = "3" }                            the same for every row
// INVALID_ARGUMENT, with the file and the line, for anything else.
StatusOr<FieldMap> ParseFieldMap(std::string_view text, std::string_view file);

}  // namespace fundtrail::sheets
