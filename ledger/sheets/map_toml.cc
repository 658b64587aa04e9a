// Reads an import map from TOML. Every table is read by a Table that knows which keys were asked for. So
// what is left over is refused by name and line.
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/date.h"
#include "ledger/base/id.h"
#include "ledger/base/text.h"
#include "ledger/base/toml.h"
#include "ledger/sheets/date_text.h"
#include "ledger/sheets/map.h"
#include "ledger/sheets/map_keys.h"

namespace fundtrail::sheets {
namespace {

// Collects the first error, so that reading stays a list of plain lines.
class Errors {
 public:
  explicit Errors(std::string_view file) : file_(file) {}
  void Add(const toml::node& node, std::string_view message) { Add(node.source().begin.line, message); }
  void Add(std::uint64_t line, std::string_view message) {
    if (!status_.ok()) return;
    status_ = absl::InvalidArgumentError(absl::StrCat(file_, " line ", line, ": ", Abseil(message)));
  }
  bool ok() const { return status_.ok(); }
  const Status& status() const { return status_; }

 private:
  std::string file_;
  Status status_;
};

class Table {
 public:
  // `of`: the table of map_keys.h that has its keys.
  Table(const toml::table& table, std::string name, std::string_view of, Errors* errors)
      : table_(table), name_(std::move(name)), of_(of), errors_(errors) {}

  const toml::node* Get(std::string_view key) {
    known_.insert(std::string(key));
    return table_.get(key);
  }
  bool String(std::string_view key, std::string* out) {
    const toml::node* const node = Get(key);
    if (node == nullptr) return false;
    const auto* const value = node->as_string();
    if (value == nullptr) {
      errors_->Add(*node, absl::StrCat(Abseil(key), " must be a text in quotes"));
      return false;
    }
    *out = value->get();
    return true;
  }
  bool Bool(std::string_view key, bool* out) {
    const toml::node* const node = Get(key);
    if (node == nullptr) return false;
    const auto* const value = node->as_boolean();
    if (value == nullptr) {
      errors_->Add(*node, absl::StrCat(Abseil(key), " must be true or false"));
      return false;
    }
    *out = value->get();
    return true;
  }
  bool Integer(std::string_view key, std::int64_t min, std::int64_t max, std::int64_t* out) {
    const toml::node* const node = Get(key);
    if (node == nullptr) return false;
    const auto* const value = node->as_integer();
    if (value == nullptr || value->get() < min || value->get() > max) {
      errors_->Add(*node, absl::StrCat(Abseil(key), " must be a whole number from ", min, " to ", max));
      return false;
    }
    *out = value->get();
    return true;
  }
  // A text, or a list of texts.
  bool Strings(std::string_view key, std::vector<std::string>* out) {
    const toml::node* const node = Get(key);
    if (node == nullptr) return false;
    out->clear();
    if (const auto* const one = node->as_string()) {
      out->push_back(one->get());
      return true;
    }
    const auto* const list = node->as_array();
    const bool texts =
        list != nullptr && !list->empty() &&
        std::all_of(list->begin(), list->end(), [](const toml::node& item) { return item.is_string(); });
    if (!texts) {
      errors_->Add(*node, absl::StrCat(Abseil(key), " must be a text or a list of texts"));
      return false;
    }
    for (const toml::node& item : *list) out->push_back(item.as_string()->get());
    return true;
  }
  // One of `choices`; its number.
  int Choice(std::string_view key, const std::vector<std::string_view>& choices) {
    std::string value;
    if (!String(key, &value)) return -1;
    const auto found = std::find(choices.begin(), choices.end(), value);
    if (found != choices.end()) return static_cast<int>(found - choices.begin());
    std::string list;
    for (const std::string_view choice : choices) {
      absl::StrAppend(&list, list.empty() ? "\"" : ", \"", Escaped(choice), "\"");
    }
    errors_->Add(*Get(key), absl::StrCat(Abseil(key), " must be one of ", list));
    return -1;
  }
  std::optional<PartyRole> Role(std::string_view key) {
    std::string text;
    if (!String(key, &text)) return std::nullopt;
    const std::optional<PartyRole> role = ParsePartyRole(text);
    if (!role.has_value()) {
      errors_->Add(*Get(key), absl::StrCat(Abseil(key), " must be SOURCE, HOLDER, RECIPIENT or auto"));
    }
    return role;
  }
  const toml::table* Sub(std::string_view key) {
    const toml::node* const node = Get(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table())
      errors_->Add(*node, absl::StrCat(Abseil(key), " must be a table: [", Abseil(key), "]"));
    return node->as_table();
  }
  std::vector<const toml::table*> List(std::string_view key) {
    std::vector<const toml::table*> tables;
    const toml::node* const node = Get(key);
    if (node == nullptr) return tables;
    const auto* const list = node->as_array();
    if (list == nullptr || !list->is_array_of_tables()) {
      errors_->Add(*node, absl::StrCat(Abseil(key), " must be a list of tables: [[", Abseil(key), "]]"));
      return tables;
    }
    for (const toml::node& item : *list) tables.push_back(item.as_table());
    return tables;
  }
  void RefuseUnknown() {
    for (const auto& [key, node] : table_) {
      if (known_.contains(std::string(key.str())) && IsMapKey(of_, key.str())) continue;
      errors_->Add(key.source().begin.line,
                   absl::StrCat("there is no key \"", Escaped(ClipToWidth(key.str(), 40)), "\" in ", name_));
    }
  }
  const toml::table& table() const { return table_; }

 private:
  const toml::table& table_;
  std::string name_;
  std::string_view of_;
  Errors* errors_;
  std::set<std::string> known_;
};

Field FieldAt(std::size_t i) { return static_cast<Field>(i); }

bool MayJoin(Field field) {
  return field != Field::kDate && field != Field::kAmount && field != Field::kAsset &&
         field != Field::kKind && field != Field::kDraws && field != Field::kFromRole &&
         field != Field::kToRole && field != Field::kStage;
}

void ReadColumns(const toml::table* source, ImportMap* map, Errors* errors) {
  if (source == nullptr) {
    const ImportMap named = DefaultMap();
    map->columns = named.columns;
    map->columns_optional = true;
    return;
  }
  Table table(*source, "[columns]", "columns", errors);
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    if (!table.Strings(NameOf(FieldAt(i)), &map->columns[i])) continue;
    if (map->columns[i].size() > 1 && !MayJoin(FieldAt(i))) {
      errors->Add(*table.Get(NameOf(FieldAt(i))),
                  absl::StrCat(Abseil(NameOf(FieldAt(i))), " must be one column"));
    }
  }
  table.RefuseUnknown();
}

void ReadConstants(const toml::table* source, ImportMap* map, Errors* errors) {
  if (source == nullptr) return;
  Table table(*source, "[constants]", "columns", errors);
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    std::string text;
    if (table.String(NameOf(FieldAt(i)), &text)) map->constants[i] = SingleLine(text);
  }
  table.RefuseUnknown();
}

void ReadReplace(const toml::table* source, ImportMap* map, Errors* errors) {
  if (source == nullptr) return;
  Table table(*source, "[replace]", "columns", errors);
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const toml::table* const of_field = table.Sub(NameOf(FieldAt(i)));
    if (of_field == nullptr) continue;
    for (const auto& [cell, node] : *of_field) {
      if (!node.is_string()) {
        errors->Add(node, absl::StrCat("\"", Escaped(cell.str()), "\" must be replaced by a text in quotes"));
        return;
      }
      map->replace[i][SingleLine(cell.str())] = SingleLine(node.as_string()->get());
    }
  }
  table.RefuseUnknown();
}

void ReadDecimals(const toml::table* source, ImportMap* map, Errors* errors) {
  if (source == nullptr) return;
  Table table(*source, "[decimals]", "decimals", errors);
  for (const auto& [asset, node] : *source) {
    std::int64_t decimals = 0;
    if (table.Integer(asset.str(), 0, kMaxDecimals, &decimals)) {
      map->decimals[std::string(asset.str())] = static_cast<int>(decimals);
    }
  }
}

void ReadSigns(const toml::table* source, ImportMap* map, Errors* errors) {
  if (source == nullptr) return;
  Table table(*source, "[signs]", "signs", errors);
  for (const auto& [sign, node] : *source) table.Strings(sign.str(), &map->signs[SingleLine(sign.str())]);
}

// The keys of a condition; nothing when the table has none of them.
std::optional<Condition> ReadCondition(Table* table, std::string_view rule, Errors* errors) {
  Condition condition;
  const bool column = table->String("column", &condition.column);
  bool any = table->Strings("values", &condition.values);
  any = table->Strings("contains", &condition.contains) || any;
  any = (table->Bool("empty", &condition.empty) && condition.empty) || any;
  for (std::string& value : condition.values) value = SingleLine(value);
  for (std::string& part : condition.contains) part = SingleLine(part);
  std::string amount;
  if (table->String("amount", &amount)) {
    condition.amount_zero = amount == "zero";
    if (!condition.amount_zero || column || any) {
      errors->Add(table->table(),
                  absl::StrCat("[[", Abseil(rule), "]] with an amount has amount = \"zero\" alone"));
    }
    return condition;
  }
  if (column != any) {
    errors->Add(table->table(),
                absl::StrCat("[[", Abseil(rule), "]] needs a column, and values, contains or empty = true"));
  }
  if (std::count(condition.contains.begin(), condition.contains.end(), "") != 0) {
    errors->Add(table->table(), "contains may not be an empty text: every cell has that");
  }
  if (!column) return std::nullopt;
  return condition;
}

std::vector<Condition> ReadConditions(Table* root, std::string_view rule, Errors* errors) {
  std::vector<Condition> conditions;
  for (const toml::table* const source : root->List(rule)) {
    Table table(*source, absl::StrCat("[[", Abseil(rule), "]]"), "skip", errors);
    std::optional<Condition> condition = ReadCondition(&table, rule, errors);
    table.RefuseUnknown();
    if (!condition.has_value()) {
      errors->Add(*source, absl::StrCat("[[", Abseil(rule), "]] says nothing about when it holds"));
      continue;
    }
    conditions.push_back(*std::move(condition));
  }
  return conditions;
}

void CheckId(const toml::table& where, std::string_view id, Errors* errors) {
  if (id.empty() || IsValidId(id)) return;
  errors->Add(
      where, absl::StrCat("\"", Escaped(ClipToWidth(id, 64)),
                          "\" is not a party's id: 1 to 64 of A-Z a-z 0-9 . _ : -, a letter or digit first"));
}

void ReadParties(Table* root, ImportMap* map, Errors* errors) {
  for (const toml::table* const source : root->List("party")) {
    Table table(*source, "[[party]]", "party", errors);
    PartyRule rule;
    const int side = table.Choice("side", {"from", "to", "both"});
    if (side < 0) errors->Add(*source, "[[party]] needs a side: from, to or both");
    rule.from = side != 1;
    rule.to = side != 0;
    rule.when = ReadCondition(&table, "party", errors);
    rule.role = table.Role("role").value_or(PartyRole::kAuto);
    table.String("parent", &rule.parent);
    CheckId(*source, rule.parent, errors);
    table.RefuseUnknown();
    map->party_rules.push_back(std::move(rule));
  }
  const toml::table* const parties = root->Sub("parties");
  if (parties == nullptr) return;
  for (const auto& [cell, node] : *parties) {
    if (!node.is_table()) {
      errors->Add(node, absl::StrCat("parties.\"", Escaped(cell.str()), "\" must be a table"));
      return;
    }
    Table table(*node.as_table(), absl::StrCat("[parties.\"", Escaped(cell.str()), "\"]"), "parties", errors);
    PartyOverride party;
    table.String("id", &party.id);
    table.String("name", &party.name);
    party.role = table.Role("role");
    table.String("parent", &party.parent);
    party.name = SingleLine(party.name);
    CheckId(table.table(), party.id, errors);
    CheckId(table.table(), party.parent, errors);
    table.RefuseUnknown();
    map->parties[SingleLine(cell.str())] = std::move(party);
  }
}

void ReadTop(Table* root, ImportMap* map, Errors* errors) {
  if (const int i = root->Choice("encoding", {"utf-8", "gb18030", "windows-1252", "utf-16"}); i >= 0) {
    root->String("encoding", &map->encoding);
  }
  if (const int i = root->Choice("separator", {",", ";", "\t"}); i >= 0) map->separator = ",;\t"[i];
  if (const int i = root->Choice("order", {"date", "file"}); i >= 0) map->by_date = i == 0;
  if (const int i = root->Choice("ids", {"auto", "names"}); i >= 0) map->cells_may_be_ids = i == 0;
  if (const int i = root->Choice("new_ids", {"stable", "readable"}); i >= 0) map->readable_ids = i == 1;
  if (root->Strings("date_formats", &map->date_formats)) {
    for (const std::string& format : map->date_formats) {
      const Status status = format == kClearDates ? absl::OkStatus() : CheckDateFormat(format);
      if (!status.ok()) errors->Add(*root->Get("date_formats"), std::string(status.message()));
    }
  }
  map->factor_stated = root->Integer("factor", 1, kMaxFactor, &map->factor);
  if (const int i = root->Choice("rounding", {"refuse", "half-even"}); i >= 0) {
    map->rounding = i == 0 ? Rounding::kRefuse : Rounding::kHalfEven;
  }
  if (const int i = root->Choice("decimal", {".", ","}); i >= 0) {
    map->decimal_comma = i == 1;
    map->decimal_stated = true;
  }
  root->Bool("amount_with_unit", &map->amount_with_unit);
  root->String("join", &map->join);
  root->String("row_id", &map->row_id);
  if (const int i = root->Choice("unusable_draws", {"reject", "ignore"}); i >= 0)
    map->ignore_unusable_draws = i == 1;
  if (const int i = root->Choice("unknown_project", {"reject", "general"}); i >= 0)
    map->ignore_unknown_projects = i == 1;
  if (const int i = root->Choice("own_resources", {"held", "unrecorded"}); i >= 0)
    map->own_is_unrecorded = i == 1;
  if (root->String("parent", &map->parent)) CheckId(root->table(), map->parent, errors);
}

}  // namespace

StatusOr<ImportMap> ParseImportMap(std::string_view toml_text, std::string_view file_name) {
  const std::string name = Escaped(file_name);
  if (toml_text.size() > kMaxMapBytes)
    return absl::InvalidArgumentError(absl::StrCat(name, " is larger than 1 MiB"));
  FT_ASSIGN_OR_RETURN(const toml::table parsed, ParseToml(toml_text, file_name));
  Errors errors(name);
  ImportMap map;
  Table root(parsed, "an import map", "", &errors);
  ReadTop(&root, &map, &errors);
  ReadColumns(root.Sub("columns"), &map, &errors);
  ReadConstants(root.Sub("constants"), &map, &errors);
  ReadReplace(root.Sub("replace"), &map, &errors);
  ReadDecimals(root.Sub("decimals"), &map, &errors);
  ReadSigns(root.Sub("signs"), &map, &errors);
  map.skip = ReadConditions(&root, "skip", &errors);
  map.only = ReadConditions(&root, "only", &errors);
  map.swap = ReadConditions(&root, "swap", &errors);
  map.in_project = ReadConditions(&root, "in_project", &errors);
  ReadParties(&root, &map, &errors);
  if (const toml::table* const roles = root.Sub("roles")) {
    Table table(*roles, "[roles]", "roles", &errors);
    map.from_role = table.Role("from").value_or(PartyRole::kAuto);
    map.to_role = table.Role("to").value_or(PartyRole::kAuto);
    table.RefuseUnknown();
  }
  root.RefuseUnknown();
  if (!errors.ok()) return errors.status();
  for (const Field field : {Field::kDate, Field::kFrom, Field::kTo, Field::kAmount}) {
    if (map.columns_of(field).empty() && map.constant_of(field).empty()) {
      return absl::InvalidArgumentError(absl::StrCat(name, ": says nothing about ", Abseil(NameOf(field)),
                                                     "; give it a column under [columns] or a constant"));
    }
  }
  return map;
}

}  // namespace fundtrail::sheets
