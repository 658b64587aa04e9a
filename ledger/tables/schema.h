// The tables that a ledger is written as, for programs that analyse tables: their names, columns, types and keys. One list:
// the tables themselves, datapackage.json and docs/tables.md are made from it.
//
// Tables of money are listed by hand. Registers and attestations are read off the model's tables: each field of their message
// is a column, and what the field's form says (form.proto) is its type, its words and what it refers to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/message.h"

namespace fundtrail::tables {

enum class Type : std::uint8_t {
  kText,
  kInteger,  // up to 2^63 - 1; the rows of a source, which nobody checks, up to 2^64 - 1
  kNumber,   // an amount: a point, no commas, as many digits as its asset keeps
  kDate,     // 2026-03-01
  kTime,     // RFC 3339, in UTC
  kBoolean,  // true or false
  kList,     // a JSON array of texts
};
// As Frictionless Data names it: "integer".
std::string_view NameOf(Type type);

struct Column {
  std::string name;
  Type type = Type::kText;
  std::string about;
  std::string refers_to;  // the table of whose key the cell has a value; empty: none
};

struct Table {
  std::string name;  // of the file: NAME.csv
  std::string about;
  std::vector<std::string> key;  // the columns that name a row
  std::vector<Column> columns;
};

// All tables, in the order in which they are written down.
const std::vector<Table>& Schema();
// Null when there is none.
const Table* FindTable(std::string_view name);

// The table of the action's items: of a register "target_groups", of an attestation "verify_need". Empty for any other action.
std::string TableOf(const google::protobuf::FieldDescriptor& action);
// Whether the field has a second column beside it, NAME_units, with the same amount in the asset's smallest unit.
bool HasUnits(const google::protobuf::FieldDescriptor& field);

}  // namespace fundtrail::tables
