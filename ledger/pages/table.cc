// See table.h.
#include "ledger/pages/table.h"

#include <algorithm>
#include <cassert>

#include "ledger/sheets/csv.h"

namespace fundtrail::pages {
namespace {

// How style.css sets its cells; null: as others.
const char* ClassOf(const Column& column) {
  if (column.number) return "n";
  return column.is_date ? "d" : nullptr;
}

sheets::Cells CellsAs(bool exact) { return exact ? sheets::Cells::kRaw : sheets::Cells::kGuarded; }

}  // namespace

void Table::Add(std::vector<Cell> cells, Attributes attributes) {
  assert(cells.size() == columns_.size());
  rows_.push_back({std::move(cells), std::move(attributes)});
}

bool Table::SaysTheSame(std::size_t at, std::size_t rows) const {
  const Column& column = columns_[at];
  if (rows < 2 || column.number || column.is_date || rows_[0].cells[at].plain.empty()) return false;
  return std::all_of(
      rows_.begin() + 1, rows_.begin() + static_cast<std::ptrdiff_t>(rows),
      [&](const Row& row) { return row.cells[at].shown.bytes() == rows_[0].cells[at].shown.bytes(); });
}

Html Table::Shown(std::size_t most) const {
  const std::size_t rows = std::min(most, rows_.size());
  Html head, body, caption = Text(caption_);
  std::vector<std::size_t> stand;  // the columns that have cells
  for (std::size_t at = 0; at < columns_.size(); ++at) {
    const Column& column = columns_[at];
    if (column.file_only) continue;
    if (!stand.empty() && SaysTheSame(at, rows)) {
      caption += Text(" \u00b7 " + column.title + " ") + rows_[0].cells[at].shown;
      continue;
    }
    stand.push_back(at);
    Attributes attributes = {{"scope", "col"}};
    if (const char* const set = ClassOf(column); set != nullptr) attributes.push_back({"class", set});
    AddElement("th", attributes, Text(column.title), &head);
  }
  const Attribute heading{"scope", "row"};
  std::vector<Attributes> classes;
  for (const Column& column : columns_) {
    const char* const set = ClassOf(column);
    classes.push_back(set == nullptr ? Attributes{} : Attributes{{"class", set}});
  }
  for (std::size_t i = 0; i < rows; ++i) {
    Html line;
    for (const std::size_t at : stand) {
      const Html& cell = rows_[i].cells[at].shown;
      if (at == stand.front())
        AddElement("th", {&heading, 1}, cell, &line);
      else
        AddElement("td", classes[at], cell, &line);
    }
    AddElement("tr", rows_[i].attributes, line, &body);
  }
  const Html table = Element(
      "table", Element("caption", caption) + Element("thead", Element("tr", head)) + Element("tbody", body));
  // A table that is wider than the page moves inside this, and the keyboard reaches it.
  return Element("div", {{"class", "wide"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", caption_}},
                 table);
}

std::string Table::CsvTitles(bool exact) const {
  std::vector<std::string> cells;
  cells.reserve(columns_.size());
  for (const Column& column : columns_) cells.push_back(column.title);
  return sheets::CsvLine(cells, CellsAs(exact));
}

std::string Table::CsvRows(bool exact) const {
  std::string text;
  std::vector<std::string> cells(columns_.size());
  for (const Row& row : rows_) {
    for (std::size_t at = 0; at < cells.size(); ++at) cells[at] = row.cells[at].plain;
    text += sheets::CsvLine(cells, CellsAs(exact));
  }
  return text;
}

}  // namespace fundtrail::pages
