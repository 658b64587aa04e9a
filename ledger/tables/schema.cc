// See schema.h.
#include "ledger/tables/schema.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/form.h"
#include "ledger/model/register_table.h"

namespace fundtrail::tables {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

Table Records() {
  return {"records",
          "Each record of the ledger: one signed entry, and when it was recorded",
          {"record"},
          {{"record", Type::kInteger, "The record's number, from 0", ""},
           {"recorded_at", Type::kTime, "When the ledger recorded it", ""},
           {"author", Type::kText, "The party that speaks", "parties"},
           {"entry_id", Type::kText, "The entry's id, in hex", ""},
           {"entry_date", Type::kDate, "The author's date", ""},
           {"memo", Type::kText, "The author's words", ""},
           {"actions", Type::kInteger, "How many actions the entry has", ""},
           {"transfers", Type::kInteger, "How many of them are transfers", ""},
           {"source_name", Type::kText, "The imported file; else empty", ""},
           {"source_sha256", Type::kText, "The SHA-256 of that file, in hex", ""},
           {"source_first_row", Type::kInteger, "The file's first row that the entry holds, from 0", ""},
           {"source_last_row", Type::kInteger, "The file's last row that the entry holds", ""},
           {"leaf_hash", Type::kText, "The record's leaf hash in the Merkle tree, in hex", ""}}};
}

Table Actions() {
  return {"actions",
          "Each thing that an entry does: the history of all registers",
          {"record", "action"},
          {{"record", Type::kInteger, "The record", "records"},
           {"action", Type::kInteger, "The action's number in the entry, from 1", ""},
           {"kind", Type::kText, "What it does: the name of its field in Action", ""},
           {"item_table", Type::kText, "The table that has the item; empty: none has", ""},
           {"item", Type::kText, "The item's id there, or the transfer", ""},
           {"amends_record", Type::kInteger, "The record of the version that it replaces or ends", ""},
           {"reason", Type::kText, "Why it replaces or ends that version", ""}}};
}

Table Transfers() {
  return {"transfers",
          "Each payment, and whatever else moves money",
          {"transfer"},
          {{"transfer", Type::kText, "The receipt's name: record and line, as 12.3", ""},
           {"record", Type::kInteger, "The record", "records"},
           {"line", Type::kInteger, "The transfer's number in the record, from 1", ""},
           {"value_date", Type::kDate, "The day on which the money moved", ""},
           {"kind", Type::kText, "What kind of payment it is", ""},
           {"stage", Type::kText, "paid, or committed: promised and not paid", ""},
           {"payer", Type::kText, "Who pays", "parties"},
           {"payee", Type::kText, "Who is paid", "parties"},
           {"fund", Type::kText, "The fund that pays", "funds"},
           {"to_fund", Type::kText, "The fund that receives", "funds"},
           {"project", Type::kText, "The project that pays; empty: general money", "projects"},
           {"to_project", Type::kText, "The project that receives; empty: general money", "projects"},
           {"asset", Type::kText, "What is paid", "assets"},
           {"amount", Type::kNumber, "How much is paid", ""},
           {"amount_units", Type::kInteger, "The same, in the asset's smallest unit", ""},
           {"to_asset", Type::kText, "What the payee receives: another asset of an exchange alone", "assets"},
           {"to_amount", Type::kNumber, "How much the payee receives", ""},
           {"to_amount_units", Type::kInteger, "The same, in the smallest unit of to_asset", ""},
           {"from_account", Type::kInteger, "The account that pays", "accounts"},
           {"to_account", Type::kInteger, "The account that receives", "accounts"},
           {"place", Type::kText, "The place that the money is meant for", "places"},
           {"need", Type::kText, "The need that it meets", "needs"},
           {"pledge", Type::kText, "The pledge that it keeps", "pledges"},
           {"assignment", Type::kText, "The assignment that it fulfils", "assignments"},
           {"commitment", Type::kText, "The commitment that it uses", "commitments"},
           {"returns", Type::kText, "The transfer that it sends back", "transfers"},
           {"project_words", Type::kText, "The project, in the author's own words", ""},
           {"purpose", Type::kText, "What the money is for", ""},
           {"reference", Type::kText, "The payer's own number; of an import file and line", ""}}};
}

Table Pieces() {
  return {
      "pieces",
      "Which units each transfer moved: positions of the payer's line that became positions of the payee's",
      {"transfer", "piece"},
      {{"transfer", Type::kText, "The transfer", "transfers"},
       {"piece", Type::kInteger, "The piece's number in the transfer, from 1", ""},
       {"from_account", Type::kInteger, "The payer's account", "accounts"},
       {"from_position", Type::kInteger, "The first position that is drawn of its line", ""},
       {"to_account", Type::kInteger, "The payee's account", "accounts"},
       {"to_position", Type::kInteger, "The first position that it becomes; empty for an exchange", ""},
       {"asset", Type::kText, "What is paid", "assets"},
       {"amount", Type::kNumber, "How much", ""},
       {"amount_units", Type::kInteger, "How many positions: the same in the smallest unit", ""}}};
}

Table Draws() {
  return {"draws",
          "Which receipts a transfer names as those that it spends",
          {"transfer", "draw"},
          {{"transfer", Type::kText, "The transfer that spends", "transfers"},
           {"draw", Type::kInteger, "The draw's number in the transfer, from 1", ""},
           {"drawn", Type::kText, "The receipt that it spends", "transfers"}}};
}

Table Accounts() {
  return {"accounts",
          "One party's holding in one fund, in one project or none, in one asset",
          {"account"},
          {{"account", Type::kInteger, "The account's number, from 0", ""},
           {"party", Type::kText, "Whose it is", "parties"},
           {"fund", Type::kText, "The fund", "funds"},
           {"project", Type::kText, "The project; empty: general money", "projects"},
           {"asset", Type::kText, "The asset", "assets"},
           {"received", Type::kNumber, "All that it ever received or, of a source, brought in", ""},
           {"received_units", Type::kInteger, "The same, in the smallest unit", ""},
           {"paid", Type::kNumber, "All that was paid out of it", ""},
           {"paid_units", Type::kInteger, "The same, in the smallest unit", ""},
           {"held", Type::kNumber, "What is in it now: received less paid", ""},
           {"held_units", Type::kInteger, "The same, in the smallest unit", ""},
           {"brought_in", Type::kNumber, "Of a source: what it brought into the ledger", ""},
           {"brought_in_units", Type::kInteger, "The same, in the smallest unit", ""}}};
}

Table Acknowledgements() {
  return {"acknowledgements",
          "What somebody says became of a payment",
          {"record", "action"},
          {{"record", Type::kInteger, "The record", "records"},
           {"action", Type::kInteger, "The action's number in the entry, from 1", ""},
           {"author", Type::kText, "The party that signed the entry", "parties"},
           {"transfer", Type::kText, "The payment", "transfers"},
           {"by", Type::kText, "The party that says so", "parties"},
           {"result", Type::kText, "received, partly, not-received or with-issues", ""},
           {"amount", Type::kNumber, "How much arrived, where it is a part", ""},
           {"amount_units", Type::kInteger, "The same, in the asset's smallest unit", ""},
           {"date", Type::kDate, "The day on which it arrived", ""},
           {"channel", Type::kText, "Who was asked how: self, agent or sample", ""},
           {"sample", Type::kText, "The sample that asked for it", "samples"},
           {"note", Type::kText, "What there is to say", ""}}};
}

// The columns of a field of an item: one, or of an amount two.
void AddField(const FieldDescriptor& field, std::vector<Column>* columns) {
  const v1::Form& form = model::FormOf(field);
  Column column;
  column.name = field.name();
  column.about = form.help();
  if (const auto* of = model::FindRegister(form.refers_to()); of != nullptr && !field.is_repeated())
    column.refers_to = TableOf(model::ActionField(*of));
  if (field.is_repeated()) {
    column.type = Type::kList;
  } else if (HasUnits(field)) {
    column.type = Type::kNumber;
  } else if (form.shape() == v1::SHAPE_DATE) {
    column.type = Type::kDate;
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    column.type = Type::kBoolean;
  } else if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING &&
             field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM &&
             field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    column.type = Type::kInteger;
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_repeated() &&
      field.message_type() == v1::TransferRef::descriptor())
    column.refers_to = "transfers";
  columns->push_back(column);
  if (HasUnits(field))
    columns->push_back(
        {absl::StrCat(field.name(), "_units"), Type::kInteger, "The same, in the asset's smallest unit", ""});
}

void AddFields(const Descriptor& message, std::vector<Column>* columns) {
  for (int i = 0; i < message.field_count(); ++i) AddField(*message.field(i), columns);
}

Table Items(const model::Register& of) {
  Table table{TableOf(model::ActionField(of)),
              std::string(of.what) + ": the present version of each item",
              {model::IdField(of).name()},
              {}};
  AddFields(model::ItemDescriptor(of), &table.columns);
  table.columns.insert(
      table.columns.end(),
      {{"record", Type::kInteger, "The record that made this version", "records"},
       {"opened_record", Type::kInteger, "The record that opened the item", "records"},
       {"ended_record", Type::kInteger, "The record that ended it; empty: it goes on", "records"},
       {"ended_reason", Type::kText, "Why it ended", ""}});
  return table;
}

Table Said(const model::Attestation& of) {
  Table table{TableOf(model::ActionField(of)),
              std::string(of.what),
              {"record", "action"},
              {{"record", Type::kInteger, "The record", "records"},
               {"action", Type::kInteger, "The action's number in the entry, from 1", ""},
               {"author", Type::kText, "The party that signed the entry", "parties"}}};
  std::vector<Column> fields;
  AddFields(*model::ActionField(of).message_type(), &fields);
  for (Column& column : fields) {
    if (column.name == model::AboutField(of).name())
      column.refers_to = TableOf(model::ActionField(*model::FindRegister(of.about)));
    table.columns.push_back(std::move(column));
  }
  return table;
}

std::vector<Table> MakeSchema() {
  std::vector<Table> all = {Transfers(), Pieces(),  Draws(),           Accounts(),
                            Records(),   Actions(), Acknowledgements()};
  for (const model::Register& of : model::Registers()) all.push_back(Items(of));
  for (const model::Attestation& of : model::Attestations()) all.push_back(Said(of));
  return all;
}

}  // namespace

std::string_view NameOf(Type type) {
  switch (type) {
    case Type::kText:
      return "string";
    case Type::kInteger:
      return "integer";
    case Type::kNumber:
      return "number";
    case Type::kDate:
      return "date";
    case Type::kTime:
      return "datetime";
    case Type::kBoolean:
      return "boolean";
    case Type::kList:
      return "array";
  }
  return "string";
}

const std::vector<Table>& Schema() {
  static const std::vector<Table>* const kSchema = new std::vector<Table>(MakeSchema());
  return *kSchema;
}

const Table* FindTable(std::string_view name) {
  const auto& all = Schema();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Table& of) { return of.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string TableOf(const FieldDescriptor& action) {
  const auto number = static_cast<std::uint32_t>(action.number());
  if (const auto* of = model::FindRegisterNumbered(number)) {
    std::string name(of->plural);
    std::replace(name.begin(), name.end(), ' ', '_');
    return name;
  }
  return model::FindAttestationNumbered(number) != nullptr ? action.name() : "";
}

bool HasUnits(const FieldDescriptor& field) {
  return !field.is_repeated() && !model::FormOf(field).amount_in().empty();
}

}  // namespace fundtrail::tables
