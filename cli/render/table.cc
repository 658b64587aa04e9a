// See table.h.
#include "cli/render/table.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <optional>
#include <string_view>

#include "cli/render/apart.h"
#include "ledger/base/text.h"
#include "ledger/base/wrap.h"

namespace fundtrail::render {
namespace {

// What a column that may be cut keeps at least: a name, and any other. With these a list fits 80 columns.
constexpr int kLeastName = 12;
constexpr int kLeastOther = 4;
constexpr std::size_t kMaxCellBytes = 4'096;
constexpr int kBelowIn = 8;         // blanks before what stands below a row
constexpr int kLeastBelow = 16;     // of an id that goes there: a shorter one makes little room
constexpr int kReadableOther = 16;  // what no text is cut below then: in a block it has more room
constexpr int kReadableName = 24;   // what a name is not cut below, where an id can make room

// Titles of columns that name bodies, accounts and items.
constexpr std::string_view kNamingTitles[] = {
    "author",    "category", "concern",      "deployment", "evaluation", "from",   "from or to", "fund",
    "group",     "held by",  "keeper",       "method",     "need",       "notice", "of",         "other",
    "owner",     "parent",   "implementer",  "party",      "party_name", "place",  "pledge",     "policy",
    "programme", "project",  "target_group", "to",         "under"};

bool MustStayApart(const Column& column) {
  return !column.right && !column.whole &&
         std::find(std::begin(kNamingTitles), std::end(kNamingTitles), column.title) !=
             std::end(kNamingTitles);
}

// The texts of a column, each cut to so many columns of the terminal.
std::vector<std::string> CutTo(int columns, const Column& column, std::vector<std::string> texts) {
  if (column.right || column.whole || columns >= kEndless) return texts;
  if (MustStayApart(column)) return CutApart(texts, columns, column.middle).shown;
  for (std::string& text : texts)
    text = column.middle ? ClipMiddle(text, columns) : ClipToWidth(text, columns);
  return texts;
}

// The least width from this one on in which these texts, cut, look different; at most that of the widest. Widths are halved: a table may
// have many rows, and a text hundreds of columns.
int ApartFrom(int width, const Column& column, std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  int widest = 0;
  for (const std::string& text : texts) widest = std::max(widest, DisplayWidth(text));
  if (width >= widest || CutApart(texts, width, column.middle).apart) return width;
  while (widest - width > 1) {
    const int between = width + (widest - width) / 2;
    (CutApart(texts, between, column.middle).apart ? widest : width) = between;
  }
  return widest;
}

}  // namespace

Cell::Cell(std::string_view text) : text_(Safe(text.substr(0, kMaxCellBytes))) {
  if (text.size() > kMaxCellBytes) text_ += "…";
}

Shown Table::Text(const Style& style) const {
  return Shown::Made(In(Language::kEnglish, style), In(Language::kChinese, style));
}

std::string Table::Title(Language language, std::size_t column) const {
  const Column& of = columns_[column];
  if (language == Language::kEnglish) return of.title;
  return std::string(ChineseOf(of.means != nullptr ? of.means : of.title));
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

std::vector<int> Table::Widths(Language language, const Style& style, const std::vector<std::size_t>& shown,
                               const std::vector<int>& floors) const {
  std::vector<int> widths;
  std::vector<int> least;
  int line = 0;
  for (const std::size_t i : shown) {
    const Column& column = columns_[i];
    int width = DisplayWidth(Title(language, i));
    least.push_back(std::max(column.name ? kLeastName : kLeastOther, floors[least.size()]));
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

std::vector<std::string> Table::TextsOf(Language language, std::size_t column) const {
  std::vector<std::string> texts;
  texts.reserve(rows_.size());
  for (const auto& row : rows_) texts.push_back(row[column].text(language));
  return texts;
}

// As Widths, but a column whose texts would not be told apart stays so wide that they are.
std::vector<int> Table::ApartWidths(Language language, const Style& style,
                                    const std::vector<std::size_t>& shown) const {
  std::vector<int> floors(shown.size(), 0);
  std::vector<int> widths = Widths(language, style, shown, floors);
  if (style.endless()) return widths;
  // Each round widens a column, up to its widest text at most.
  for (bool again = true; again;) {
    again = false;
    for (std::size_t k = 0; k < shown.size(); ++k) {
      const Column& column = columns_[shown[k]];
      if (!MustStayApart(column)) continue;
      const int width = ApartFrom(widths[k], column, TextsOf(language, shown[k]));
      if (width == widths[k]) continue;
      floors[k] = width;
      again = true;
    }
    if (again) widths = Widths(language, style, shown, floors);
  }
  return widths;
}

// Whether a line has room for all cells as they are.
bool Table::FitsWhole(Language language, const Style& style, const std::vector<std::size_t>& shown) const {
  Style roomy = style;
  roomy.width = kEndless - 1;
  return LineOf(Widths(language, roomy, shown, std::vector<int>(shown.size(), 0))) <= style.width;
}

// The rows as blocks, with an empty line between two: of each, a line for each cell that has something in it.
std::string Table::Blocks(Language language, const Style& style,
                          const std::vector<std::size_t>& shown) const {
  int titles = 0;
  for (const std::size_t i : shown) titles = std::max(titles, DisplayWidth(Title(language, i)));
  const int room = std::max(kLeastOther, style.width - titles - 2);
  std::vector<std::vector<std::string>> cells;
  cells.reserve(shown.size());
  for (const std::size_t i : shown)
    cells.push_back(CutTo(columns_[i].below ? kEndless : room, columns_[i], TextsOf(language, i)));
  std::string text;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (!text.empty()) text += "\n";
    for (std::size_t k = 0; k < shown.size(); ++k)
      if (!cells[k][row].empty())
        text += PadRight(Title(language, shown[k]), titles) + "  " + cells[k][row] + "\n";
  }
  return text;
}

// How wide a column is whose texts are whole.
int Table::WholeWidth(Language language, std::size_t column) const {
  int width = DisplayWidth(Title(language, column));
  for (const auto& row : rows_) width = std::max(width, DisplayWidth(row[column].text(language)));
  return width;
}

// What to do where a line has no room, from the first: what is said in words goes below its row; what is the same in every row is
// folded; what is spare is left out; the longest id goes below its row. That comes before a name is cut to a few letters. Where all
// is not enough, the rows are blocks.
Table::Layout Table::LayOut(Language language, const Style& style) const {
  Layout layout;
  const auto take_out = [&](const auto& which) {
    std::copy_if(layout.shown.begin(), layout.shown.end(), std::back_inserter(layout.below), which);
    layout.shown.erase(std::remove_if(layout.shown.begin(), layout.shown.end(), which), layout.shown.end());
  };
  const auto fits = [&](const std::vector<std::size_t>& shown) {
    layout.widths = ApartWidths(language, style, shown);
    return LineOf(layout.widths) <= style.width;
  };
  std::optional<Layout> cut;  // a layout that fits, with names that are cut much
  const auto good = [&] {
    if (!fits(layout.shown)) return false;
    for (std::size_t k = 0; k < layout.shown.size(); ++k) {
      const std::size_t i = layout.shown[k];
      if (!columns_[i].name || layout.widths[k] >= std::min(kReadableName, WholeWidth(language, i))) continue;
      cut = layout;
      return false;
    }
    return true;
  };
  const auto is_below = [&](std::size_t i) { return columns_[i].below; };
  layout.shown = NotFolded(false);
  layout.folded = Folded(false);
  if (!FitsWhole(language, style, layout.shown)) take_out(is_below);
  if (good()) return layout;
  if (!cut.has_value()) {
    layout.folded = Folded(true);
    layout.shown = NotFolded(true);
    layout.below.clear();
    take_out(is_below);
    if (good()) return layout;
  }
  if (!cut.has_value()) {
    const Layout before = layout;
    const auto is_spare = [&](std::size_t i) { return columns_[i].spare; };
    std::copy_if(layout.shown.begin(), layout.shown.end(), std::back_inserter(layout.left_out), is_spare);
    layout.shown.erase(std::remove_if(layout.shown.begin(), layout.shown.end(), is_spare),
                       layout.shown.end());
    if (!layout.left_out.empty() && good()) return layout;
    if (!cut.has_value()) layout = before;
  }
  std::size_t longest = columns_.size();
  int most = kLeastBelow - 1;
  for (const std::size_t i : layout.shown) {
    if (!columns_[i].whole || columns_[i].right) continue;
    const int width = WholeWidth(language, i);
    if (width > most) longest = i;
    most = std::max(most, width);
  }
  std::vector<std::size_t> others = layout.shown;
  others.erase(std::remove(others.begin(), others.end(), longest), others.end());
  const auto readable = [&] {
    for (std::size_t k = 0; k < others.size(); ++k)
      if (!columns_[others[k]].right &&
          layout.widths[k] < std::min(kReadableOther, WholeWidth(language, others[k])))
        return false;
    return true;
  };
  if (longest < columns_.size() && !others.empty() && kBelowIn + most <= style.width && fits(others) &&
      readable()) {
    layout.shown = others;
    layout.below.insert(layout.below.begin(), longest);
    return layout;
  }
  if (cut.has_value()) return *std::move(cut);
  layout.blocks = layout.shown.size() > 1;
  if (layout.blocks) {
    layout.shown.insert(layout.shown.end(), layout.below.begin(), layout.below.end());
    layout.below.clear();
  }
  layout.widths = ApartWidths(language, style, layout.shown);
  return layout;
}

std::string Table::In(Language language, const Style& style) const {
  const Layout layout = LayOut(language, style);
  const std::vector<std::size_t>& shown = layout.shown;
  Shown above;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    assert(rows_.empty() || rows_[0].size() == columns_.size());
    if (!layout.folded[i]) continue;
    if (const std::string& all = rows_[0][i].text(language); !all.empty()) {
      above += (above.empty() ? Shown() : Shown(", ")) + Shown::Made(Title(language, i) + " " + all);
    }
  }
  std::string text;
  if (!above.empty()) text = Toned(style, Tone::kDim, Say("In every line: {}", above)).In(language) + "\n";
  if (layout.blocks) return text + Blocks(language, style, shown);
  const auto line = [&](const auto& cell_of) {
    std::string words;
    for (std::size_t k = 0; k < shown.size(); ++k) {
      if (k > 0) words += "  ";
      words += columns_[shown[k]].right ? PadLeft(cell_of(k), layout.widths[k])
                                        : PadRight(cell_of(k), layout.widths[k]);
    }
    words.erase(words.find_last_not_of(' ') + 1);
    return words + "\n";
  };
  const auto below = [&](const std::string& words) {
    if (words.empty()) return std::string();
    return Wrapped(std::string(static_cast<std::size_t>(kBelowIn), ' ') + words, style.width) + "\n";
  };
  std::vector<std::vector<std::string>> titles, cells;  // by column
  for (std::size_t k = 0; k < shown.size(); ++k) {
    const int width = style.endless() ? kEndless : std::max(1, layout.widths[k]);
    titles.push_back(CutTo(width, columns_[shown[k]], {Title(language, shown[k])}));
    cells.push_back(CutTo(width, columns_[shown[k]], TextsOf(language, shown[k])));
  }
  const auto title = [&](std::size_t k) { return titles[k][0]; };
  const auto heading = [&](std::string words) {
    words.pop_back();
    return Toned(style, Tone::kBold, Shown::Made(words)).str() + "\n";
  };
  text += heading(line(title));
  for (const std::size_t i : layout.below) text += heading(below(Title(language, i)));
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    text += line([&](std::size_t k) { return cells[k][row]; });
    for (const std::size_t i : layout.below) text += below(rows_[row][i].text(language));
  }
  Shown left_out;
  for (const std::size_t i : layout.left_out)
    left_out += (left_out.empty() ? Shown() : Shown(", ")) + Shown::Made(Title(language, i));
  if (!left_out.empty())
    text +=
        Toned(style, Tone::kDim, Say("Left out, since lines are short: {}", left_out)).In(language) + "\n";
  return text;
}

}  // namespace fundtrail::render
