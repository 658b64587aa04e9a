// See table.h.
#include "cli/render/table.h"

#include <algorithm>
#include <cassert>

#include "ledger/base/text.h"

namespace fundtrail::render {
namespace {

// What a column that may be cut keeps at least: a name, and any other. With these a list fits 80 columns.
constexpr int kLeastName = 12;
constexpr int kLeastOther = 4;
constexpr std::size_t kMaxCellBytes = 4'096;

}  // namespace

Cell::Cell(std::string_view text) : text_(Safe(text.substr(0, kMaxCellBytes))) {
  if (text.size() > kMaxCellBytes) text_ += "…";
}

Shown Table::Text(const Style& style) const {
  return Shown::Made(In(Language::kEnglish, style), In(Language::kChinese, style));
}

std::string Table::Title(Language language, std::size_t column) const {
  const char* title = columns_[column].title;
  return std::string(language == Language::kChinese ? ChineseOf(title) : title);
}

std::vector<bool> Table::Folded(bool narrow) const {
  std::vector<bool> folded(columns_.size(), false);
  if (rows_.size() < 2) return folded;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!columns_[i].folds && !(narrow && columns_[i].folds_narrow)) continue;
    folded[i] = std::all_of(rows_.begin(), rows_.end(), [&](const auto& row) {
      return row[i].text(Language::kEnglish) == rows_[0][i].text(Language::kEnglish);
    });
  }
  return folded;
}

std::vector<std::size_t> Table::NotFolded(bool narrow) const {
  const std::vector<bool> folded = Folded(narrow);
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (!folded[i]) shown.push_back(i);
  return shown;
}

int Table::LineOf(const std::vector<int>& widths) {
  int line = -2;
  for (const int width : widths) line += width + 2;
  return line;
}

std::vector<int> Table::Widths(Language language, const Style& style,
                               const std::vector<std::size_t>& shown) const {
  std::vector<int> widths;
  std::vector<int> least;
  int line = 0;
  for (const std::size_t i : shown) {
    const Column& column = columns_[i];
    int width = DisplayWidth(Title(language, i));
    least.push_back(column.name ? kLeastName : kLeastOther);
    const int limit = style.endless() && !column.right ? kMaxPadded : kEndless;
    for (const auto& row : rows_)
      width = std::max(width, std::min(limit, DisplayWidth(row[i].text(language))));
    widths.push_back(width);
    line += width + (line == 0 ? 0 : 2);
  }
  // First what is spare, then what is no name, then names too.
  for (const int pass : {0, 1, 2}) {
    while (line > style.width) {
      std::size_t widest = shown.size();
      for (std::size_t k = 0; k < shown.size(); ++k) {
        const Column& column = columns_[shown[k]];
        if (column.right || column.whole || (pass == 0 && !column.spare) || (column.name && pass < 2) ||
            widths[k] <= least[k])
          continue;
        if (widest == shown.size() || widths[k] > widths[widest]) widest = k;
      }
      if (widest == shown.size()) break;
      --widths[widest];
      --line;
    }
  }
  return widths;
}

// A row as a block: a line for each cell that has something in it.
std::string Table::Blocks(Language language, const Style& style,
                          const std::vector<std::size_t>& shown) const {
  int titles = 0;
  for (const std::size_t i : shown) titles = std::max(titles, DisplayWidth(Title(language, i)));
  const int room = std::max(kLeastOther, style.width - titles - 2);
  std::string text;
  for (const auto& row : rows_) {
    if (!text.empty()) text += "\n";
    for (const std::size_t i : shown) {
      const std::string& cell = row[i].text(language);
      if (cell.empty()) continue;
      const bool whole = columns_[i].right || columns_[i].whole;
      text += PadRight(Title(language, i), titles) + "  " + (whole ? cell : ClipToWidth(cell, room)) + "\n";
    }
  }
  return text;
}

std::string Table::In(Language language, const Style& style) const {
  std::vector<std::size_t> shown = NotFolded(false);
  std::vector<int> widths = Widths(language, style, shown);
  const bool narrow = LineOf(widths) > style.width;
  if (narrow) {
    shown = NotFolded(true);
    widths = Widths(language, style, shown);
  }
  const std::vector<bool> folded = Folded(narrow);
  Shown left_out;
  if (LineOf(widths) > style.width) {
    std::vector<std::size_t> kept;
    for (const std::size_t i : shown)
      if (!columns_[i].spare) kept.push_back(i);
    const std::vector<int> of_kept = Widths(language, style, kept);
    if (LineOf(of_kept) <= style.width) {
      for (const std::size_t i : shown)
        if (columns_[i].spare)
          left_out += (left_out.empty() ? Shown() : Shown(", ")) + Shown::Made(Title(language, i));
      shown = kept;
      widths = of_kept;
    }
  }
  Shown above;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    assert(rows_.empty() || rows_[0].size() == columns_.size());
    if (!folded[i]) continue;
    if (const std::string& all = rows_[0][i].text(language); !all.empty()) {
      above += (above.empty() ? Shown() : Shown(", ")) + Shown::Made(Title(language, i) + " " + all);
    }
  }
  std::string text;
  if (!above.empty()) text = Toned(style, Tone::kDim, Say("In every line: {}", above)).In(language) + "\n";
  if (LineOf(widths) > style.width && shown.size() > 1) return text + Blocks(language, style, shown);
  const auto line = [&](const auto& cell_of) {
    std::string words;
    for (std::size_t k = 0; k < shown.size(); ++k) {
      const Column& column = columns_[shown[k]];
      const bool whole = column.right || column.whole || style.endless();
      const auto clip = column.middle ? ClipMiddle : ClipToWidth;
      const std::string cell =
          whole ? std::string(cell_of(shown[k])) : clip(cell_of(shown[k]), std::max(1, widths[k]));
      if (k > 0) words += "  ";
      words += column.right ? PadLeft(cell, widths[k]) : PadRight(cell, widths[k]);
    }
    words.erase(words.find_last_not_of(' ') + 1);
    return words;
  };
  const auto title = [&](std::size_t i) { return Title(language, i); };
  text += Toned(style, Tone::kBold, Shown::Made(line(title))).str() + "\n";
  for (const auto& row : rows_) text += line([&](std::size_t i) { return row[i].text(language); }) + "\n";
  if (!left_out.empty())
    text +=
        Toned(style, Tone::kDim, Say("Left out, since lines are short: {}", left_out)).In(language) + "\n";
  return text;
}

}  // namespace fundtrail::render
