// Comma-separated values as RFC 4180 has them, over a whole text in memory.
//
// Fields may be quoted; inside quotes a doubled quote is a quote, and line breaks and separators are text.
// Lines end in LF, CRLF or CR; the last may end in none. Empty lines are passed over. A quote inside a field
// that does not begin with one is text. The first record is the header, and every other must have as many
// fields.
//
// A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula. So what is written for people has an
// apostrophe before each such cell (a guard). Reading takes it off again: what is read is what was written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/status.h"

namespace fundtrail::sheets {

inline constexpr std::size_t kMaxCsvBytes = std::size_t{1} << 30;
inline constexpr std::size_t kMaxFieldBytes = std::size_t{64} * 1024;
inline constexpr std::size_t kMaxFields = 512;

// Whether cells have guards, or stand for exactly what is in them.
enum class Cells { kGuarded, kRaw };

struct CsvRecord {
  std::uint64_t line = 0;    // the line, from 1, on which it begins, as an editor counts
  std::uint64_t offset = 0;  // the byte at which it begins
  std::vector<std::string> fields;
  std::size_t guards = 0;  // how many of them had a guard, which was taken off
  // What is wrong with this record alone; reading goes on after it, and `fields` has what could be read.
  Status status;
};

class CsvReader {
 public:
  // Reads the header. `text` is UTF-8 without byte order mark and must outlive the reader; `separator` is
  // ',', ';' or a tab. Refuses a text over 1 GiB and one without a usable header.
  static StatusOr<CsvReader> Open(std::string_view text, char separator, Cells cells);

  const std::vector<std::string>& header() const { return header_; }

  // The next record into `*record`, whose memory is used again; false at the end of the text.
  // A record is at fault when its quote never ends: then it reaches to the end of the text, and
  // `unterminated` tells so. It is also at fault when text follows a closing quote. So it is with another number of
  // fields than the header has, a field over 64 KiB, or more than 512 fields.
  bool Next(CsvRecord* record);
  // Whether the last record read had a quote that never ended: the file is cut off, or a quote is missing.
  bool unterminated() const { return unterminated_; }

  // Goes to a record read before: the next Next() reads it again.
  void Seek(std::uint64_t offset, std::uint64_t line);

 private:
  CsvReader(std::string_view text, char separator, Cells cells)
      : text_(text), separator_(separator), cells_(cells) {}
  void ReadRecord(CsvRecord* record);
  void ReadQuoted(std::string* field, CsvRecord* record);
  void ReadPlain(std::string* field);
  bool AtLineEnd() const;
  void SkipLineEnd();

  std::string_view text_;
  char separator_;
  Cells cells_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  bool unterminated_ = false;
  std::vector<std::string> header_;
};

// The separator of a file: of `,`, `;` and tab the one that stands most often in the header outside quotes. It is `,` when two
// are as frequent, or none is there.
char FindSeparator(std::string_view text);
// A text whose header has none of these, and `；` or `，` in full width, as some write by hand: the more frequent of the two becomes `;` or `,`
// wherever it stands outside quotes. Any other text stays as it is.
std::string WithNarrowSeparators(std::string text);

// Whether a spreadsheet might run the cell. Its first sign is `=`, `+`, `-`, `@`, one of these in full width, a tab or
// a line break. Spaces, quotes and apostrophes before it do not count. A number below zero is none: a minus, digits,
// points and commas.
bool RunsAsFormula(std::string_view cell);
// A cell that runs as a formula gets an apostrophe before it. Unguarded takes the apostrophe off a cell of which the
// rest runs as a formula, and leaves every other: Unguarded(Guarded(x)) is x, whatever x is.
std::string Guarded(std::string_view cell);
std::string_view Unguarded(std::string_view cell);

// One line, with LF. A field is quoted when it holds a separator, a quote, a line break, or a space or tab at either
// end. A single empty field is quoted too, so that it is not an empty line.
std::string CsvLine(const std::vector<std::string>& fields, Cells cells, char separator = ',');
// The same, at the end of a text: for who writes a line of many.
void AppendCsvLine(std::span<const std::string_view> fields, Cells cells, std::string* text,
                   char separator = ',');

}  // namespace fundtrail::sheets
