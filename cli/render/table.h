// Aligned columns, measured as a terminal shows them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/render/style.h"

namespace fundtrail::render {

struct Column {
  const char* title;
  bool right = false;         // amounts and counts
  bool whole = false;         // never cut, on a narrow terminal either: ids
  bool folds = false;         // where it is the same in every row, it stands above the table, once
  bool name = false;          // cut last, and least: what a reader looks for
  bool middle = false;        // cut in the middle: what begins alike
  bool spare = false;         // cut first; where a line has no room for it, it is left out, and that is said
  bool folds_narrow = false;  // as `folds`, but only where the table does not fit
  bool below =
      false;  // where lines are too short for it, it stands below its row, in as many lines as it needs
  const char* means =
      nullptr;  // a text whose Chinese the title has, where the title is another word elsewhere
};

// A cell. Text is escaped. Of one that is longer than any text of a ledger, the front is shown, and `…`.
class Cell {
 public:
  Cell(Shown text) : text_(std::move(text)) {}                     // NOLINT(google-explicit-constructor)
  Cell(std::string_view text);                                     // NOLINT(google-explicit-constructor)
  Cell(const std::string& text) : Cell(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
  Cell(const char* text) : text_(text) {}  // NOLINT(google-explicit-constructor): a literal
  const std::string& text(Language language) const { return text_.In(language); }

 private:
  Shown text_;
};

// On a terminal, the widest column shrinks first until a line fits the style's width, names last. Where they cannot shrink so
// far, columns are folded or left out that say they may be, and the longest id goes below its row. Else each row becomes a block,
// with a line for each cell. A column whose title says that it names something, as "party" or "fund", is never cut so far that two that differ look the same: both
// are cut around what differs (apart.h). Where lines are endless, nothing is clipped: a cell of more than 100 columns moves the
// rest of its line.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // As many cells as columns.
  void Add(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  Shown Text(const Style& style) const;

 private:
  // Which columns stand where.
  struct Layout {
    std::vector<std::size_t> shown, below, left_out;
    std::vector<int> widths;   // of those shown
    std::vector<bool> folded;  // of all: it stands above the table
    bool blocks = false;       // a line has no room for a row
  };

  std::string In(Language language, const Style& style) const;
  Layout LayOut(Language language, const Style& style) const;
  std::string Title(Language language, std::size_t column) const;
  std::vector<bool> Folded(bool narrow) const;
  std::vector<std::size_t> NotFolded(bool narrow) const;
  static int LineOf(const std::vector<int>& widths);
  // `floors`: what each column is not cut below.
  std::vector<int> Widths(Language language, const Style& style, const std::vector<std::size_t>& shown,
                          const std::vector<int>& floors) const;
  std::vector<int> ApartWidths(Language language, const Style& style,
                               const std::vector<std::size_t>& shown) const;
  std::vector<std::string> TextsOf(Language language, std::size_t column) const;
  int WholeWidth(Language language, std::size_t column) const;
  bool FitsWhole(Language language, const Style& style, const std::vector<std::size_t>& shown) const;
  std::string Blocks(Language language, const Style& style, const std::vector<std::size_t>& shown) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace fundtrail::render
