// See table.h.
#include "cli/render/table.h"

#include <algorithm>
#include <cassert>

#include "ledger/base/text.h"

namespace fundtrail::render {
namespace {

constexpr int kMaxColumn = 48;
constexpr std::size_t kMaxCellBytes = 4'096;

}  // namespace

Cell::Cell(std::string_view text) : text_(Safe(text.substr(0, kMaxCellBytes))) {
  if (text.size() > kMaxCellBytes) text_ += "…";
}

Shown Table::Text(const Style& style) const {
  return Shown::Made(In(Language::kEnglish, style), In(Language::kChinese, style));
}

std::string Table::In(Language language, const Style& style) const {
  const auto title = [&](std::size_t i) {
    return std::string(language == Language::kChinese ? ChineseOf(columns_[i].title) : columns_[i].title);
  };
  const auto is_whole = [&](std::size_t column) {
    return columns_[column].right || columns_[column].whole || style.endless();
  };
  std::vector<int> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) widths.push_back(DisplayWidth(title(i)));
  for (const auto& row : rows_) {
    assert(row.size() == columns_.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      const int limit = columns_[i].right ? kEndless
                        : is_whole(i)     ? kMaxPadded
                        : last            ? kEndless
                                          : kMaxColumn;
      widths[i] = std::max(widths[i], std::min(limit, DisplayWidth(row[i].text(language))));
    }
  }
  int before_last = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) before_last += widths[i] + 2;
  // Where it has no room left the line is too long anyway, and to cut it would help nobody.
  const int room = style.width - before_last;
  if (!is_whole(columns_.size() - 1) && room >= 12) widths.back() = std::min(widths.back(), room);
  const auto line = [&](const auto& cell_of) {
    std::string text;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string cell =
          is_whole(i) ? std::string(cell_of(i)) : ClipToWidth(cell_of(i), std::max(1, widths[i]));
      if (i > 0) text += "  ";
      text += columns_[i].right ? PadLeft(cell, widths[i]) : PadRight(cell, widths[i]);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  };
  std::string text = Toned(style, Tone::kBold, Shown::Made(line(title))).str() + "\n";
  for (const auto& row : rows_) text += line([&](std::size_t i) { return row[i].text(language); }) + "\n";
  return text;
}

}  // namespace fundtrail::render
