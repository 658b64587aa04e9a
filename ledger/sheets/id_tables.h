// A small TOML file in which tables say what names and codes are called in a ledger.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/status.h"

namespace fundtrail::sheets {

// By a name or a code: the id.
using IdsByName = std::map<std::string, std::string>;

// Of each table of the file what it has; of one that the file lacks nothing. Every value is a valid id (base/id.h). INVALID_ARGUMENT, with
// the file and the line, for a value that can be no id and for anything that is none of the tables. At most kMaxMapBytes.
StatusOr<std::map<std::string, IdsByName>> ParseIdTables(std::string_view toml_text,
                                                         std::string_view file_name,
                                                         const std::vector<std::string>& tables);

}  // namespace fundtrail::sheets
