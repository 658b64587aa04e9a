// A table once: as HTML for people, and as CSV for spreadsheets, from the same cells.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "ledger/pages/html.h"

namespace fundtrail::pages {

struct Column {
  std::string title;
  bool number = false;     // set to the right
  bool file_only = false;  // an id that the page has as a link
  bool is_date = false;    // never broken into two lines
};

struct Cell {
  Html shown;
  std::string plain;
};

class Table {
 public:
  Table(std::string caption, std::vector<Column> columns)
      : caption_(std::move(caption)), columns_(std::move(columns)) {}

  // One cell a column. `attributes` are those of the row.
  void Add(std::vector<Cell> cells, Attributes attributes = {});
  std::size_t size() const { return rows_.size(); }
  bool empty() const { return rows_.empty(); }
  const std::string& caption() const { return caption_; }

  // The first `most` rows; the first cell of a row is its heading. Words that all rows have in a column stand in the caption, once: a
  // phone shows few columns.
  Html Shown(std::size_t most) const;
  // All rows. A cell that a spreadsheet would run has an apostrophe before it (sheets/csv.h), or is exact for programs.
  std::string Csv(bool exact) const { return CsvTitles(exact) + CsvRows(exact); }
  std::string CsvTitles(bool exact) const;
  std::string CsvRows(bool exact) const;

 private:
  struct Row {
    std::vector<Cell> cells;
    Attributes attributes;
  };
  bool SaysTheSame(std::size_t at, std::size_t rows) const;

  std::string caption_;
  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace fundtrail::pages
