// See wrap.h.
#include "ledger/base/wrap.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "ledger/base/text.h"

namespace fundtrail {
namespace {

// What is not broken, and how many blanks stand before it.
struct Piece {
  std::string text;
  int columns = 0;
  std::size_t blanks = 0;
};

// One character, or the escape sequence of a colour.
std::string_view NextOf(std::string_view line) {
  if (line.substr(0, 2) == "\x1b[") return line.substr(0, line.find('m') + 1);
  std::size_t end = 1;
  while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) ++end;
  return line.substr(0, end);
}
int ColumnsOf(std::string_view one) { return one.front() == '\x1b' ? 0 : DisplayWidth(one); }

int ColumnsOfLine(std::string_view line) {
  int columns = 0;
  while (!line.empty()) {
    const std::string_view one = NextOf(line);
    columns += ColumnsOf(one);
    line.remove_prefix(one.size());
  }
  return columns;
}

bool IsOneOf(std::string_view one, std::string_view marks) {
  return marks.find(one) != std::string_view::npos;
}
bool Closes(std::string_view one) { return IsOneOf(one, "，。；：、）」』”’！？,.;:)!?%"); }
bool Opens(std::string_view one) { return IsOneOf(one, "（「『“‘("); }

std::vector<Piece> PiecesOf(std::string_view line) {
  std::vector<Piece> pieces(1);
  bool quoted = false, wide_before = false, opened = false;
  while (!line.empty()) {
    const std::string_view one = NextOf(line);
    line.remove_prefix(one.size());
    if (one == "`") quoted = !quoted && line.find('`') != std::string_view::npos;
    if (one == " " && !quoted) {
      if (!pieces.back().text.empty()) pieces.emplace_back();
      ++pieces.back().blanks;
      wide_before = false;
      continue;
    }
    const int columns = ColumnsOf(one);
    const bool wide = columns == 2;
    const bool may_break = !quoted && (wide || wide_before) && columns > 0 && !opened && !Closes(one);
    if (may_break && !pieces.back().text.empty()) pieces.emplace_back();
    pieces.back().text += one;
    pieces.back().columns += columns;
    if (columns == 0) continue;
    wide_before = wide;
    opened = Opens(one);
  }
  return pieces;
}

// How far in the rest of the line stands: below what follows the first gap of several blanks, where there is one, as in
// "  size       13 records", and else below the line's own beginning.
std::size_t StartOf(const std::vector<Piece>& pieces, std::size_t most) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < pieces.size() && at <= most; ++i) {
    at += pieces[i].blanks;
    if (i > 0 && pieces[i].blanks > 1 && at <= most) return at;
    at += static_cast<std::size_t>(pieces[i].columns);
  }
  return std::min(pieces.front().blanks, most);
}

std::string Broken(std::string_view line, int columns) {
  const std::vector<Piece> pieces = PiecesOf(line);
  const std::size_t in = StartOf(pieces, static_cast<std::size_t>(columns) / 2);
  std::string text;
  int at = 0;
  for (const Piece& piece : pieces) {
    const int needed = static_cast<int>(piece.blanks) + piece.columns;
    if (at > static_cast<int>(in) && at + needed > columns) {
      text += "\n" + std::string(in, ' ');
      at = static_cast<int>(in);
    } else {
      text += std::string(piece.blanks, ' ');
      at += static_cast<int>(piece.blanks);
    }
    text += piece.text;
    at += piece.columns;
  }
  return text;
}

}  // namespace

std::string Wrapped(std::string_view text, int columns) {
  std::string wrapped;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    wrapped += ColumnsOfLine(line) <= columns ? std::string(line) : Broken(line, columns);
    if (end == std::string_view::npos) break;
    wrapped += '\n';
    text.remove_prefix(end + 1);
  }
  return wrapped;
}

}  // namespace fundtrail
