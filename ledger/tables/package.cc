// See package.h.
#include "ledger/tables/package.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "ledger/base/bytes.h"
#include "ledger/tables/schema.h"
#include "nlohmann/json.hpp"

namespace fundtrail::tables {
namespace {

using Json = nlohmann::ordered_json;

Json FieldOf(const Column& column) {
  Json field = {{"name", column.name}, {"type", NameOf(column.type)}, {"description", column.about}};
  if (column.type == Type::kBoolean) {
    field["trueValues"] = {"true"};
    field["falseValues"] = {"false"};
  }
  return field;
}

Json SchemaOf(const Table& table) {
  Json fields = Json::array(), foreign = Json::array();
  for (const Column& column : table.columns) {
    fields.push_back(FieldOf(column));
    if (column.refers_to.empty()) continue;
    // A table that names its own says so with an empty name (Table Schema).
    foreign.push_back({{"fields", column.name},
                       {"reference",
                        {{"resource", column.refers_to == table.name ? "" : column.refers_to},
                         {"fields", FindTable(column.refers_to)->key.front()}}}});
  }
  Json schema = {{"fields", fields}, {"primaryKey", table.key}, {"missingValues", {""}}};
  if (!foreign.empty()) schema["foreignKeys"] = foreign;
  return schema;
}

}  // namespace

std::string PackageJson(const v1::CheckpointRef& as_of, sheets::Cells cells,
                        const std::map<std::string, Written>& tables) {
  Json resources = Json::array();
  for (const Table& table : Schema()) {
    const auto found = tables.find(table.name);
    if (found == tables.end()) continue;
    resources.push_back({{"name", table.name},
                         {"path", table.name + ".csv"},
                         {"description", table.about},
                         {"profile", "tabular-data-resource"},
                         {"format", "csv"},
                         {"mediatype", "text/csv"},
                         {"encoding", "utf-8"},
                         {"dialect", {{"delimiter", ","}, {"lineTerminator", "\n"}, {"doubleQuote", true}}},
                         {"bytes", found->second.bytes},
                         {"hash", absl::StrCat("sha256:", found->second.sha256)},
                         {"rows", found->second.rows},
                         {"schema", SchemaOf(table)}});
  }
  const Json package = {{"profile", "tabular-data-package"},
                        {"name", kProfile},
                        {"title", absl::StrCat("The ledger ", as_of.ledger())},
                        {"ledger", as_of.ledger()},
                        {"size", as_of.size()},
                        {"root", HexEncode(as_of.root())},
                        {"cells", cells == sheets::Cells::kGuarded ? "guarded" : "raw"},
                        {"resources", resources}};
  return package.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string Dictionary() {
  std::string text;
  for (const Table& table : Schema()) {
    absl::StrAppend(&text, text.empty() ? "" : "\n", "## ", table.name, "\n\n", table.about, ".\n\n");
    absl::StrAppend(&text, "Key: `", absl::StrJoin(table.key, "`, `"), "`.\n\n");
    absl::StrAppend(&text, "| column | type | what it is |\n|---|---|---|\n");
    for (const Column& column : table.columns) {
      absl::StrAppend(&text, "| `", column.name, "` | ", std::string(NameOf(column.type)), " | ",
                      absl::StrReplaceAll(column.about, {{"|", "\\|"}}),
                      column.refers_to.empty() ? "" : absl::StrCat(" (`", column.refers_to, "`)"), " |\n");
    }
  }
  return text;
}

}  // namespace fundtrail::tables
