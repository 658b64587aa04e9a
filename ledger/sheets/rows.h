// The rows of a spreadsheet as payments, in the order in which a ledger should take them. Knows nothing of a
// ledger: whether a party exists, can pay, or owns what it draws on is the importer's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/sheets/csv.h"
#include "ledger/sheets/map.h"
#include "ledger/sheets/row.h"

namespace fundtrail::sheets {

// A record as it stands in the file, for the list of rejects.
struct RawRow {
  std::uint64_t line = 0;
  std::vector<std::string> fields;
};

struct SkipCount {
  std::string rule;  // in words: "status is \"pledge\""
  std::uint64_t rows = 0;
};

// Reads a file twice. Open() goes through it once, on all cores, and keeps 12 bytes a row, and a few for each party, whose role depends on
// the whole file. When the map names a row_id, it keeps each row's id too. Read() decodes rows again, some hundreds together, and as many
// ahead on a thread of the reader's own: a few MB, or three records where these are larger. So memory does not grow with the file.
// One thread at a time.
class RowReader {
 public:
  // `text` is UTF-8 (see encoding.h) and must outlive the reader. Refuses a file whose header lacks a column
  // that the map names, or names one twice. Also one in which a quote is never closed: half of it would be read
  // as one cell. Where `lines` are given, the text was made of another file: each record's line there, in order.
  static StatusOr<RowReader> Open(std::string_view text, ImportMap map, Cells cells = Cells::kGuarded,
                                  const std::vector<std::uint64_t>& lines = {});
  RowReader(RowReader&&) noexcept;
  RowReader& operator=(RowReader&&) noexcept;
  ~RowReader();

  const std::vector<std::string>& header() const;
  const ImportMap& map() const;

  // Records in the file without the header, and those of them that are rows to process; the others were
  // skipped.
  std::uint64_t records() const;
  std::size_t size() const;
  // Every [[skip]] rule, and last, if the map has [[only]], the rows that none of these takes.
  const std::vector<SkipCount>& skipped() const;

  // The i-th row in processing order: by date, or as they stand, as the map says. A row that draws on another row comes
  // after it, unless they draw on each other in a circle. Rows that cannot be read come last by date; for these the
  // Status says what is wrong in the row (not where: that is Raw). It lasts until another row is read.
  const StatusOr<Row>& Read(std::size_t i);
  RawRow Raw(std::size_t i);  // reads no other row
  // The cells of that row, which was read last.
  const std::vector<std::string>& CellsOf(std::size_t i);

 private:
  struct Parts;
  explicit RowReader(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace fundtrail::sheets
