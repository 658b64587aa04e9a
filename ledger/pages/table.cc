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

}  // namespace

void Table::Add(std::vector<Cell> cells, Attributes attributes) {
  assert(cells.size() == columns_.size());
  rows_.push_back({std::move(cells), std::move(attributes)});
}

Html Table::Shown(std::size_t most) const {
  Html head, body;
  for (const Column& column : columns_) {
    if (column.file_only) continue;
    Attributes attributes = {{"scope", "col"}};
    if (const char* const set = ClassOf(column); set != nullptr) attributes.push_back({"class", set});
    head += Element("th", attributes, Text(column.title));
  }
  for (std::size_t i = 0; i < std::min(most, rows_.size()); ++i) {
    Html line;
    bool first = true;
    for (std::size_t at = 0; at < columns_.size(); ++at) {
      if (columns_[at].file_only) continue;
      const char* const set = ClassOf(columns_[at]);
      const Attributes attributes = set == nullptr ? Attributes{} : Attributes{{"class", set}};
      line += first ? Element("th", {{"scope", "row"}}, rows_[i].cells[at].shown)
                    : Element("td", attributes, rows_[i].cells[at].shown);
      first = false;
    }
    body += Element("tr", rows_[i].attributes, line);
  }
  const Html table = Element("table", Element("caption", Text(caption_)) +
                                          Element("thead", Element("tr", head)) + Element("tbody", body));
  // A table that is wider than the page moves inside this, and the keyboard reaches it.
  return Element("div", {{"class", "wide"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", caption_}},
                 table);
}

std::string Table::Csv(bool exact) const {
  const sheets::Cells as = exact ? sheets::Cells::kRaw : sheets::Cells::kGuarded;
  std::vector<std::string> cells;
  for (const Column& column : columns_) cells.push_back(column.title);
  std::string text = sheets::CsvLine(cells, as);
  for (const Row& row : rows_) {
    cells.clear();
    for (const Cell& cell : row.cells) cells.push_back(cell.plain);
    text += sheets::CsvLine(cells, as);
  }
  return text;
}

}  // namespace fundtrail::pages
