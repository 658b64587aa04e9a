// See field_map.h.
#include "ledger/sheets/field_map.h"

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
      } else {
        return Wrong(node, absl::StrCat("\"", Escaped(name),
                                        "\" is not known: a map has encoding, separator and [fields]"));
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

  StatusOr<FieldSource> Source(const std::string& field, const toml::node& node) const {
    FieldSource source;
    if (!node.is_table()) {
      FT_ASSIGN_OR_RETURN(source.column, Text(field, node));
      if (source.column.empty()) return Wrong(node, absl::StrCat(Escaped(field), " must name a column"));
      return source;
    }
    for (const auto& [key, each] : *node.as_table()) {
      const std::string name(key.str());
      FT_ASSIGN_OR_RETURN(const std::string text, Text(name, each));
      if (name == "column") {
        source.column = text;
      } else if (name == "prefix") {
        source.prefix = text;
      } else if (name == "value") {
        source.value = text;
      } else {
        return Wrong(
            each, absl::StrCat("\"", Escaped(name), "\" is not known: a field has column, prefix and value"));
      }
    }
    if (source.column.empty() != source.value.has_value())
      return Wrong(node, absl::StrCat(Escaped(field), " needs either a column or a value"));
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
