// Aligned columns, measured as a terminal shows them.
#pragma once

#include <string>
#include <vector>

#include "cli/render/style.h"

namespace fundtrail::render {

struct Column {
  std::string title;
  bool right = false;  // amounts and counts
};

// The last column is clipped so that a line fits the style's width, others to 48 columns.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // As many cells as columns, safe to print.
  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  std::string Text(const Style& style) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace fundtrail::render
