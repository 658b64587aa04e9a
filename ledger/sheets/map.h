// An import map: how a spreadsheet's columns become payments. It is a TOML file, given as --map; a key that
// is not known is refused by name and line. Without a map, columns are found by the names of the
// fields.
//
// map_keys.h has every key, with an example and what it says. date, from, to, amount and asset must come from a column or from
// [constants]. A point or comma that may set off thousands ("1.250" of an asset with two decimals) is refused until `decimal`
// says which it is. A project is the id of one that the ledger has, or a name that makes such an id as a party's name does. A row
// whose amount has a sign of another asset is refused: "€1" where the asset is USD.
//
// A party's role is settled by the first of: [parties], a from_role or to_role cell, [[party]] in the order of the map,
// [roles]. What a rule finds in any row of the file holds for that party in all of them. Its parent comes from the row
// in which it is first met, by the same order.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/decimal.h"
#include "ledger/base/status.h"

namespace fundtrail::sheets {

enum class Field : std::uint8_t {
  kDate,
  kFrom,
  kTo,
  kAmount,
  kAsset,
  kFund,
  kProject,
  kProjectWords,
  kKind,
  kPurpose,
  kReference,
  kDraws,
  kFromName,
  kToName,
  kFromRole,
  kToRole,
  kPlace,
  kStage,
  kNeed,
  kPledge,
  kAssignment,
  kCommitment,
  kFromProject,
};
inline constexpr std::size_t kFieldCount = 23;
// As the map and the default columns have it: "from_name".
std::string_view NameOf(Field field);

enum class PartyRole : std::uint8_t { kAuto, kSource, kHolder, kRecipient };
// "SOURCE" or "source"; nothing when it is not one of the four. Empty text is auto.
std::optional<PartyRole> ParsePartyRole(std::string_view text);
std::string_view NameOf(PartyRole role);

// When a rule of the map holds for a row. Cells are compared with their spaces collapsed.
struct Condition {
  std::string column;
  std::vector<std::string> values;
  std::vector<std::string> contains;
  bool empty = false;
  bool amount_zero = false;
};
// In words, for the summary: "status is \"pledge\"".
std::string Describe(const Condition& condition);

struct PartyRule {
  bool from = false;
  bool to = false;
  std::optional<Condition> when;
  PartyRole role = PartyRole::kAuto;
  std::string parent;
};

struct PartyOverride {
  std::string id;
  std::string name;
  std::optional<PartyRole> role;
  std::string parent;
};

struct ImportMap {
  std::string encoding;           // empty: found out for each file (encoding.h)
  std::optional<char> separator;  // none: found out for each file (csv.h)
  bool by_date = true;
  bool cells_may_be_ids = true;
  bool readable_ids = false;
  std::vector<std::string> date_formats = {"auto"};
  std::int64_t factor = 1;
  bool factor_stated = false;  // whether the map says it: else a header with 万元 is asked about
  Rounding rounding = Rounding::kRefuse;
  bool decimal_comma = false;
  bool decimal_stated = false;  // whether the map says which of the two it is
  bool amount_with_unit = false;
  std::string join = " · ";
  std::string row_id;
  bool ignore_unusable_draws = false;
  bool ignore_unknown_projects = false;
  bool own_is_unrecorded = false;
  std::string parent;
  // Columns for each field. With `columns_optional` those that a file does not have are not an error.
  std::array<std::vector<std::string>, kFieldCount> columns;
  bool columns_optional = false;
  std::array<std::string, kFieldCount> constants;
  std::map<std::string, int> decimals;
  std::map<std::string, std::vector<std::string>> signs;
  std::array<std::map<std::string, std::string>, kFieldCount> replace;
  std::vector<Condition> skip;
  std::vector<Condition> only;
  std::vector<Condition> swap;
  std::vector<Condition> in_project;
  std::vector<PartyRule> party_rules;
  std::map<std::string, PartyOverride> parties;
  PartyRole from_role = PartyRole::kAuto;
  PartyRole to_role = PartyRole::kAuto;

  const std::vector<std::string>& columns_of(Field field) const {
    return columns[static_cast<std::size_t>(field)];
  }
  const std::string& constant_of(Field field) const { return constants[static_cast<std::size_t>(field)]; }
};

// How a message names a field: "date", or "date (column Paid on)".
std::string WhereOf(const ImportMap& map, Field field);

// Columns named as the fields are; all but date, from, to and amount may be absent.
ImportMap DefaultMap();

// Reads a map. `file_name` is only for messages: "fts.toml line 7: …". At most 1 MiB.
StatusOr<ImportMap> ParseImportMap(std::string_view toml_text, std::string_view file_name);

// How many decimals an asset keeps unless a map or a ledger says otherwise: those of ISO 4217, else 2.
int DefaultDecimals(std::string_view asset);

}  // namespace fundtrail::sheets
