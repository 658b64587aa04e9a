// Many lines of a table for a spreadsheet, of one checkpoint.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "fundtrail/v1/checkpoint.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

class CsvRows {
 public:
  CsvRows(const v1::CheckpointRef& as_of, sheets::Cells how);
  // What CsvRow (csv.h) makes of them, at the end of a text. `cells` has room for its last three, which this writes.
  void Append(std::span<std::string_view> cells, std::string* text) const;

 private:
  const std::string ledger_, size_, root_;
  const sheets::Cells how_;
};

}  // namespace fundtrail::render
