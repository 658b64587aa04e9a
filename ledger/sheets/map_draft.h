// A first import map for a file: its lines, why each is so, and what whoever uses it is asked. suggest.h makes one for payments,
// and ledger/intake/suggest_register.h for items of a register.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::sheets {

// So many rows are looked at.
inline constexpr std::size_t kMaxRowsLookedAt = 1000;

// What a map is made from.
struct SheetHead {
  std::string encoding;
  char separator = ',';
  bool wide_separators = false;                // as they are written, in full width
  std::vector<std::string> titles;             // each in one line
  std::vector<std::vector<std::string>> rows;  // the first ones that can be read

  // The cells of a column that are not empty, each in one line.
  std::vector<std::string> CellsOf(std::size_t column) const;
};
// `bytes` are the file's; `encoding` is what the user says, or empty. INVALID_ARGUMENT when the encoding is not certain or there
// is no header.
StatusOr<SheetHead> ReadSheetHead(const std::string& bytes, std::string_view encoding, Cells cells);

// As a text of TOML, in quotes.
std::string TomlText(std::string_view text);
// What of a cell or a title is shown in a comment.
std::string ShownText(std::string_view text);

// All words are English sentences, as those of errors are: whoever prints them may tell them in another language.
class MapDraft {
 public:
  // A line of the map, with why it is so.
  void Guess(std::string_view key, std::string_view value, std::string_view why);
  // A question. The answers stand below it: lines that count once their `#` is taken off.
  void Ask(std::string_view question, const std::vector<std::string>& answers);
  // The heading of a table, as `[columns]`.
  void Heading(std::string_view heading);
  // A comment.
  void Told(std::string_view words);

  // What stands before all else: from what it is made, the encoding and the separator. `command` is what follows `import`.
  void Begin(std::string_view file, const SheetHead& head, std::string_view command);
  // Which columns no line names.
  void Unused(const std::vector<std::string>& titles);

  // The map. `tell` is given each sentence, and returns it as it is to stand there: in one line.
  using Tell = std::function<std::string(std::string_view words)>;
  std::string Text(const Tell& tell) const;

 private:
  enum class Kind : std::uint8_t { kLine, kQuestion, kHeading, kComment };
  struct Part {
    Kind kind;
    std::string map;  // as it stands in the map, without a line break at its end
    std::string words;
  };
  std::vector<Part> parts_;
};

}  // namespace fundtrail::sheets
