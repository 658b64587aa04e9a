// See id_tables.h.
#include "ledger/sheets/id_tables.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/id.h"
#include "ledger/base/text.h"
#include "ledger/base/toml.h"

namespace fundtrail::sheets {
namespace {

constexpr int kMaxShownName = 40;

std::string ShownName(std::string_view name) { return Escaped(ClipToWidth(name, kMaxShownName)); }

StatusOr<IdsByName> ReadIds(const toml::table& table, const std::string& called, const std::string& file) {
  IdsByName ids;
  for (const auto& [key, node] : table) {
    const auto line = node.source().begin.line;
    const auto* const value = node.as_string();
    if (value == nullptr)
      return absl::InvalidArgumentError(absl::StrCat(file, " line ", line, ": the value of \"",
                                                     ShownName(key.str()), "\" in [", called,
                                                     "] must be an id in quotes"));
    if (!IsValidId(value->get()))
      return absl::InvalidArgumentError(
          absl::StrCat(file, " line ", line, ": \"", ShownName(value->get()),
                       "\" can be no id: an id has letters, digits and . _ : -"));
    ids[SingleLine(key.str())] = value->get();
  }
  return ids;
}

}  // namespace

StatusOr<std::map<std::string, IdsByName>> ParseIdTables(std::string_view toml_text,
                                                         std::string_view file_name,
                                                         const std::vector<std::string>& tables) {
  const std::string file = Escaped(file_name);
  if (toml_text.size() > kMaxMapBytes)
    return absl::InvalidArgumentError(absl::StrCat(file, " is larger than 1 MiB"));
  FT_ASSIGN_OR_RETURN(const toml::table parsed, ParseToml(toml_text, file_name));
  std::map<std::string, IdsByName> read;
  for (const auto& [key, node] : parsed) {
    const std::string called(key.str());
    const auto* const table = node.as_table();
    if (table == nullptr || std::find(tables.begin(), tables.end(), called) == tables.end())
      return absl::InvalidArgumentError(
          absl::StrCat(file, " line ", node.source().begin.line, ": \"", ShownName(called),
                       "\" is none of the tables of this map: [", absl::StrJoin(tables, "], ["), "]"));
    FT_ASSIGN_OR_RETURN(read[called], ReadIds(*table, called, file));
  }
  return read;
}

}  // namespace fundtrail::sheets
