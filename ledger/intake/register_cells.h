// What the cells of a row say of an item of a register, by a map. register_import.h makes entries of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"
#include "ledger/intake/known_names.h"
#include "ledger/model/item_text.h"
#include "ledger/model/register_table.h"
#include "ledger/sheets/csv.h"
#include "ledger/sheets/field_map.h"
#include "ledger/store/store.h"

namespace fundtrail::intake {

class RegisterCells {
 public:
  // All of them must outlive it.
  RegisterCells(const model::Register& of, const sheets::FieldMap& map, const std::string& author)
      : of_(of), map_(map), author_(author) {}

  // Finds the column of each field. INVALID_ARGUMENT when the map and the header do not fit, or no column has the id.
  Status FindColumns(const std::string& file, const std::vector<std::string>& header);
  // Columns that are no field's.
  const std::vector<std::string>& unused() const { return unused_; }

  // Puts into `item` what the row says. `state` has the rows before it, and `recorded` those that Add told of. Refused when
  // a cell says nothing that the field can have.
  Status Fill(const sheets::CsvRecord& record, bool is_new, const store::Reader& state,
              const store::Reader& recorded, model::Message* item);
  // The entry is recorded now: its items can be named.
  void Add(const v1::Entry& entry) { known_.Add(entry); }

 private:
  // A field, and where its text stands in a row.
  struct Column {
    const model::FieldDescriptor* field = nullptr;
    std::optional<std::size_t> at;  // else `value`
    std::string prefix, value;
    const std::map<std::string, std::string, std::less<>>* replace = nullptr;  // what texts are read as
    const model::Register* named = nullptr;  // of an item's name: the register that it is in
    int zeros = 0;                           // of the units that an amount counts
  };

  std::string FieldNames() const;
  Status FindMapped(const std::string& file, const std::vector<std::string>& header);
  Status FindReplacements();
  Status CheckUnits(const std::vector<std::string>& header) const;
  Status CheckTwice(const std::string& file, const std::vector<std::string>& header);
  StatusOr<const model::Register*> NamedBy(const model::FieldDescriptor& field) const;
  static std::vector<std::string> TextsIn(const Column& column, const sheets::CsvRecord& record);
  StatusOr<std::string> IdNamed(const Column& column, const std::string& text, const store::Reader& state,
                                const store::Reader& recorded);

  const model::Register& of_;
  const sheets::FieldMap& map_;
  const std::string& author_;
  std::vector<Column> columns_;
  std::vector<std::string> unused_;
  KnownNames known_;
};

}  // namespace fundtrail::intake
