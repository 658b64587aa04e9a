// An import map: how a spreadsheet's columns become payments. It is a TOML file, given as --map; a key that
// is not in this list is refused by name and line. Without a map, columns are found by the names of the
// fields.
//
//   encoding = "utf-8"           utf-8 | gb18030 | windows-1252
//   separator = ","              "," | ";" | "\t"
//   order = "date"               date: rows are taken by date, those of one day as they stand
//                                file: as they stand
//   ids = "auto"                 auto: a cell of from, to or fund that is a valid id is one, any other is
//                                a name and gets an id made from it | names: every cell is a name
//   new_ids = "stable"           stable: an id made from a name with more than ASCII has a hash in it, and is the
//                                same whoever makes it | readable: the name in Latin letters, as
//                                gui-zhou-sheng; a number follows where another party has the id
//   date_formats = ["%Y-%m-%d"]  tried in turn; %Y %y %m %d, a missing month or day is the first; a year
//                                of two digits is 2000 to 2069
//   factor = 1                   what one in the amount column counts: 10000 for 万元
//   rounding = "refuse"          refuse | half-even: what to do with digits finer than the asset has
//   decimal = "."                "." | ",": the mark before the fraction; the other one sets off thousands
//                                Unless it is said, "1.250" of an asset with two decimals is refused: it may be
//                                a thousand
//   amount_with_unit = false     true: "198件" is the amount 198 of the asset 件, whatever the asset's
//                                column says
//   join = " · "                 what stands between the cells of several columns
//   row_id = "id"                the column with the row's own number, which the draws of others name
//   unusable_draws = "reject"    reject | ignore: what to do with draws that name no receipt of the payer
//   unknown_project = "reject"   reject | general: what to do with a row whose project the ledger does not have.
//                                general: it is paid in general money, and that is told
//   own_resources = "held"       held | unrecorded: where the money comes from when a body pays itself, in a
//                                project. held: from what it holds, as in any row. unrecorded: the party
//                                `unrecorded` brings it straight in there, and what the body holds stays
//   parent = "world"             the party under which new ones are registered, when nothing closer says
//
//   [columns]                    FIELD = "column", or ["column", "column"] to join what is in them (not for
//   from = "sourceOrg"           date, amount, asset, kind, draws, stage). Without this table the fields' own names
//                                are looked for. FIELD is date, from, to, amount, asset, fund, project,
//                                project_words, kind, purpose, reference, draws, from_name, to_name,
//                                from_role, to_role, place (its id or name), stage, need, pledge, assignment,
//                                commitment (the ids of these). A project is
//                                the id of one that the ledger has, or a name that makes such an id as a party's
//                                name does; project_words are free text. A stage is paid or committed, in any
//                                case; empty is paid.
//   [constants]                  FIELD = "text", for every row, or where the column's cell is empty. date,
//   asset = "USD"                from, to, amount and asset must come from a column or from here.
//   [decimals]                   ASSET = digits that it keeps, 0 to 9. Without: as ISO 4217 has it, 2 for
//   JPY = 0                      unknown ones. "*" stands for every asset that is not named here.
//   [signs]                      SIGN = "asset", or ["asset", "asset"], or "*" for every asset: what a sign or a
//   "$" = "CAD"                  word beside a number stands for, in place of what is known of it. A row whose
//                                amount has a sign of another asset is refused: "€1" where the asset is USD
//   [replace.FIELD]              "cell" = "text": reads an exact cell (spaces collapsed) as something else
//   "24-Jan" = "2020-01-24"
//   [[skip]]                     rows to leave out, counted by rule. One of: values = ["pledge"]: the cell
//   column = "status"            is one of these; contains = ["part"]: has one of these in it; empty = true.
//   values = ["pledge"]          Or, with no column, amount = "zero".
//   [[only]]                     the same conditions: when there are any, a row is taken only when at least
//                                one holds
//   [[swap]]                     the same conditions: the row's from and to are exchanged, as in lists where
//                                a column says whether something came in or went out
//   [[in_project]]               the same conditions: when there are any, a row's project counts only when at
//   column = "plan"              least one holds. Any other row is paid in general money
//   values = ["Schools 2026"]
//   [[party]]                    what the cell of a column says about a party of the row:
//   side = "from"                from | to | both
//   column = "sourceOrgType"     and values, contains or empty as above; or no condition, for all parties of
//   values = ["Governments"]     that side
//   role = "SOURCE"              SOURCE | HOLDER | RECIPIENT | auto
//   parent = "governments"       may be left out
//   [parties."Sweden, Government of"]   one party by its exact cell; any of the four may be left out
//   id = "sweden"
//   name = "Kingdom of Sweden"
//   role = "SOURCE"
//   parent = "governments"
//   [roles]                      for parties of which nothing else says: auto makes one that pays anywhere in
//   from = "auto"                the file a HOLDER, one that only receives a RECIPIENT whose role is inferred.
//   to = "auto"                  Nobody is a SOURCE unless something says so.
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
};
inline constexpr std::size_t kFieldCount = 22;
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
  std::string encoding = "utf-8";
  char separator = ',';
  bool by_date = true;
  bool cells_may_be_ids = true;
  bool readable_ids = false;
  std::vector<std::string> date_formats = {"%Y-%m-%d"};
  std::int64_t factor = 1;
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

// Columns named as the fields are; all but date, from, to and amount may be absent.
ImportMap DefaultMap();

// Reads a map. `file_name` is only for messages: "fts.toml line 7: …". At most 1 MiB.
StatusOr<ImportMap> ParseImportMap(std::string_view toml_text, std::string_view file_name);

// How many decimals an asset keeps unless a map or a ledger says otherwise: those of ISO 4217, else 2.
int DefaultDecimals(std::string_view asset);

}  // namespace fundtrail::sheets
