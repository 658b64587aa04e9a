// See field_map.h.
#include "ledger/sheets/field_map.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/base/toml.h"

namespace fundtrail::sheets {
namespace {

class MapReader {
 public:
  explicit MapReader(std::string_view file) : file_(file) {}

  StatusOr<FieldMap> Read(const toml::table& root) {
    FieldMap map;
    for (const auto& [key, node] : root) {
      const std::string name(key.str());
      if (name == "encoding") {
        FT_ASSIGN_OR_RETURN(map.encoding, Text(name, node));
      } else if (name == "separator") {
        FT_ASSIGN_OR_RETURN(const std::string separator, Text(name, node));
        if (separator != "," && separator != ";" && separator != "\t")
          return Wrong(node, "separator must be \",\", \";\" or a tab");
        map.separator = separator[0];
      } else if (name == "fields" && node.is_table()) {
        for (const auto& [field, source] : *node.as_table()) {
          FT_ASSIGN_OR_RETURN(map.fields[std::string(field.str())], Source(std::string(field.str()), source));
        }
      } else if (name == "replace" && node.is_table()) {
        for (const auto& [field, cells] : *node.as_table())
          FT_RETURN_IF_ERROR(Replace(std::string(field.str()), cells, &map));
      } else {
        return Wrong(
            node,
            absl::StrCat("\"", Escaped(name),
                         "\" is not known: a map has encoding, separator, [fields] and [replace.FIELD]"));
      }
    }
    return map;
  }

 private:
  Status Wrong(const toml::node& node, const std::string& sentence) const {
    return absl::InvalidArgumentError(
        absl::StrCat(file_, " line ", node.source().begin.line, ": ", sentence));
  }

  StatusOr<std::string> Text(const std::string& name, const toml::node& node) const {
    if (node.is_string()) return node.as_string()->get();
    return Wrong(node, absl::StrCat(Escaped(name), " must be a text in quotes"));
  }

  Status Replace(const std::string& field, const toml::node& cells, FieldMap* map) const {
    if (!cells.is_table())
      return Wrong(cells,
                   absl::StrCat("replace must be a table for each field: [replace.", Escaped(field), "]"));
    for (const auto& [cell, text] : *cells.as_table()) {
      if (!text.is_string())
        return Wrong(text, absl::StrCat("\"", Escaped(std::string(cell.str())),
                                        "\" must be replaced by a text in quotes"));
      map->replace[field][std::string(cell.str())] = text.as_string()->get();
    }
    return absl::OkStatus();
  }

  StatusOr<std::int64_t> Factor(const toml::node& node) const {
    std::int64_t power = 1;
    for (int zeros = 0; zeros <= kMaxFactorZeros; ++zeros, power *= 10)
      if (node.is_integer() && node.as_integer()->get() == power) return power;
    return Wrong(node, "factor must be 1, 10, 100 and so on, up to 1000000000");
  }

  StatusOr<FieldSource> Source(const std::string& field, const toml::node& node) const {
    FieldSource source;
    if (!node.is_table()) {
      FT_ASSIGN_OR_RETURN(source.column, Text(field, node));
      if (source.column.empty()) return Wrong(node, absl::StrCat(Escaped(field), " must name a column"));
      return source;
    }
    std::string name_in;
    for (const auto& [key, each] : *node.as_table()) {
      const std::string name(key.str());
      if (name == "factor") {
        FT_ASSIGN_OR_RETURN(source.factor, Factor(each));
        continue;
      }
      FT_ASSIGN_OR_RETURN(const std::string text, Text(name, each));
      if (name == "column") {
        source.column = text;
      } else if (name == "prefix") {
        source.prefix = text;
      } else if (name == "value") {
        source.value = text;
      } else if (name == "name_in") {
        name_in = text;
      } else {
        return Wrong(each,
                     absl::StrCat("\"", Escaped(name),
                                  "\" is not known: a field has column, prefix, value, name_in and factor"));
      }
    }
    const int from = static_cast<int>(!source.column.empty()) + static_cast<int>(source.value.has_value()) +
                     static_cast<int>(!name_in.empty());
    if (from != 1)
      return Wrong(node, absl::StrCat(Escaped(field), " needs either a column, a value or name_in"));
    if (!name_in.empty()) {
      if (!source.prefix.empty())
        return Wrong(node,
                     absl::StrCat(Escaped(field), " has a prefix, which goes with ids and not with name_in"));
      source.is_name = true;
      source.column = name_in;
    }
    return source;
  }

  const std::string file_;
};

}  // namespace

StatusOr<FieldMap> ParseFieldMap(std::string_view text, std::string_view file) {
  if (text.size() > kMaxMapBytes)
    return absl::InvalidArgumentError(absl::StrCat(std::string(file), " is larger than 1 MiB"));
  FT_ASSIGN_OR_RETURN(const toml::table parsed, ParseToml(text, file));
  return MapReader(file).Read(parsed);
}

}  // namespace fundtrail::sheets
