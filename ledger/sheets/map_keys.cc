// See map_keys.h.
#include "ledger/sheets/map_keys.h"

#include <algorithm>
#include <iterator>

namespace fundtrail::sheets {
namespace {

constexpr MapKey kMapKeys[] = {
    {"", "encoding", R"("gb18030")", "utf-8, gb18030, windows-1252 or utf-16; else found out for each file"},
    {"", "separator", R"(";")",
     "what parts the cells: a comma, a semicolon or a tab; else found out for each file"},
    {"", "order", R"("date")",
     "date (else this): rows are taken by date, those of one day as they stand; file: as they stand"},
    {"", "ids", R"("auto")",
     "auto (else this): a cell that is a valid id is one, any other is a name; names: every cell is a name"},
    {"", "new_ids", R"("readable")",
     "ids made from names with more than ASCII: stable (else this), with a hash; readable, in Latin letters"},
    {"", "date_formats", R"(["auto", "%d/%m/%Y"])",
     "tried in turn: auto (else this) for dates of a clear form, or a format of %Y or %y, %m, %d and signs"},
    {"", "factor", "10000", "what one in the amount column counts: 10000 for 万元; else 1"},
    {"", "rounding", R"("refuse")", "digits finer than the asset has: refuse (else this) or half-even"},
    {"", "decimal", R"(".")",
     "the mark before the fraction, a point or a comma; the other one sets off thousands. Else a point"},
    {"", "amount_with_unit", "true",
     "whether a unit stands behind the number: 198件 is 198 of the asset 件; else false"},
    {"", "join", R"(" / ")", "what stands between the cells of several columns; else a point in the middle"},
    {"", "row_id", R"("id")", "the column with the row's own number, which the draws of other rows name"},
    {"", "unusable_draws", R"("reject")",
     "draws that name no receipt of the payer: reject (else this) or ignore"},
    {"", "unknown_project", R"("reject")",
     "a project that the ledger does not have: reject (else this), or general: paid in general money"},
    {"", "own_resources", R"("held")",
     "where money comes from when a body pays itself in a project: held (else this) or unrecorded"},
    {"", "parent", R"("world")", "the party under which new ones are registered, when nothing closer says"},
    {"columns", "", "[columns]",
     "which column is which field: one title, or several to join. Without this table the fields' own names "
     "are looked for"},
    {"columns", "date", R"("Paid on")",
     "the day of the payment. It is needed, and so are from, to, amount and asset"},
    {"columns", "from", R"(["Ministry", "Department"])", "who paid: an id or a name"},
    {"columns", "to", R"("Payee")", "who was paid: an id or a name"},
    {"columns", "amount", R"("Amount")", "how much; below zero takes a payment back"},
    {"columns", "asset", R"("Currency")", "of what: CNY, USD"},
    {"columns", "fund", R"("Fund")", "the fund that the money is of: an id or a name; else general"},
    {"columns", "project", R"("Project")",
     "a project that the ledger has, by its id or name; else general money"},
    {"columns", "project_words", R"("Plan")", "free text about a project"},
    {"columns", "kind", R"("Kind")", "the kind of the payment; else it follows from who pays whom"},
    {"columns", "purpose", R"("Purpose")", "what it is for, as free text"},
    {"columns", "reference", R"("Voucher")", "the number that it has elsewhere"},
    {"columns", "draws", R"("Paid from")",
     "the row ids of the receipts that it is paid from, with blanks or ; between"},
    {"columns", "from_name", R"("Payer's name")", "the payer's name, when from has an id"},
    {"columns", "to_name", R"("Payee's name")", "the payee's name, when to has an id"},
    {"columns", "from_role", R"("Payer's role")", "SOURCE, HOLDER, RECIPIENT or auto"},
    {"columns", "to_role", R"("Payee's role")", "SOURCE, HOLDER, RECIPIENT or auto"},
    {"columns", "place", R"("Place")", "the place that it is for: its id or name"},
    {"columns", "stage", R"("Status")", "paid or committed; empty is paid"},
    {"columns", "need", R"("Need")", "the id of the need that it meets"},
    {"columns", "pledge", R"("Pledge")", "the id of the pledge that it keeps"},
    {"columns", "assignment", R"("Assignment")", "the id of the assignment that it fulfils"},
    {"columns", "commitment", R"("Commitment")", "the id of the commitment that it uses"},
    {"columns", "from_project", R"("Paid from project")",
     "the project whose money the payer first moves to the row's; - for general money"},
    {"constants", "", "[constants]", "a field's text for every row, or where the column's cell is empty"},
    {"constants", "FIELD", R"(asset = "CNY")", "any field of [columns]"},
    {"decimals", "", "[decimals]",
     "how many digits after the point an asset keeps, 0 to 9; else as ISO 4217 has it, and 2 for others"},
    {"decimals", "ASSET", R"("*" = 2)", "an asset's code; * stands for every one that is not named"},
    {"signs", "", "[signs]",
     "which assets a sign or a word beside the number stands for, in place of what is known of it"},
    {"signs", "SIGN", R"("$" = ["CAD", "USD"])", "one asset, several, or * for every one"},
    {"replace", "", "[replace.date]",
     "reads an exact cell as something else; [replace.FIELD] for any field of [columns]"},
    {"replace", "CELL", R"("24-Jan" = "2020-01-24")", "the cell, and what it is read as"},
    {"skip", "", "[[skip]]",
     "rows to leave out, which are counted: when any condition of one holds. May be given several times"},
    {"skip", "column", R"("Status")", "the column that is looked at"},
    {"skip", "values", R"(["pledge", "draft"])", "holds when the cell is one of these"},
    {"skip", "contains", R"("part")", "holds when the cell has this, or one of these, in it"},
    {"skip", "empty", "true", "holds when the cell is empty"},
    {"skip", "", "[[skip]]", "in place of a column:"},
    {"skip", "amount", R"("zero")", "holds when the amount is zero"},
    {"only", "", "[[only]]", "with the keys of [[skip]]: a row is taken only when one of these holds"},
    {"only", "column", R"("Country")", "as in [[skip]]"},
    {"only", "values", R"("Jordan")", "as in [[skip]]"},
    {"swap", "", "[[swap]]",
     "with the keys of [[skip]]: from and to are exchanged, as where a column says in or out"},
    {"swap", "column", R"("Direction")", "as in [[skip]]"},
    {"swap", "values", R"("in")", "as in [[skip]]"},
    {"in_project", "", "[[in_project]]",
     "with the keys of [[skip]]: a row's project counts only when one of these holds; any other row is "
     "general money"},
    {"in_project", "column", R"("Plan")", "as in [[skip]]"},
    {"in_project", "values", R"("Schools 2026")", "as in [[skip]]"},
    {"party", "", "[[party]]",
     "what a cell says of a party of the row, with the keys of [[skip]]; without a column, of all"},
    {"party", "side", R"("from")", "from, to or both"},
    {"party", "column", R"("Type")", "as in [[skip]]"},
    {"party", "values", R"(["Governments"])", "as in [[skip]]"},
    {"party", "contains", R"("Government")", "as in [[skip]]"},
    {"party", "empty", "false", "as in [[skip]]"},
    {"party", "role", R"("SOURCE")", "SOURCE, HOLDER, RECIPIENT or auto"},
    {"party", "parent", R"("governments")", "the party under which it is registered"},
    {"parties", "", R"([parties."Sweden, Government of"])",
     "one party, by its exact cell; each key may be left out"},
    {"parties", "id", R"("sweden")", "its id"},
    {"parties", "name", R"("Kingdom of Sweden")", "its name"},
    {"parties", "role", R"("SOURCE")", "its role"},
    {"parties", "parent", R"("governments")", "the party under which it is registered"},
    {"roles", "", "[roles]", "the roles of parties of which nothing closer says one"},
    {"roles", "from", R"("auto")",
     "SOURCE, HOLDER, RECIPIENT, or auto (else this): who pays anywhere in the file is a HOLDER"},
    {"roles", "to", R"("auto")", "likewise: who only receives is a RECIPIENT, whose role is inferred"},
};

// A key that stands for any: its example is a whole line.
bool IsFree(std::string_view key) {
  return key == "FIELD" || key == "ASSET" || key == "SIGN" || key == "CELL";
}

}  // namespace

std::span<const MapKey> MapKeys() { return kMapKeys; }

std::string LineOf(const MapKey& key) {
  if (key.key.empty() || IsFree(key.key)) return std::string(key.example);
  return std::string(key.key).append(" = ").append(key.example);
}

bool IsMapKey(std::string_view table, std::string_view key) {
  return std::any_of(std::begin(kMapKeys), std::end(kMapKeys), [&](const MapKey& known) {
    if (table.empty() && known.table == key) return true;
    const bool condition = table == "party" && known.table == "skip";
    return (known.table == table || condition) && known.key == key && !key.empty();
  });
}

}  // namespace fundtrail::sheets
