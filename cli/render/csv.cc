// See csv.h.
#include "cli/render/csv.h"

#include "cli/render/csv_rows.h"
#include "cli/render/style.h"
#include "ledger/base/bytes.h"
#include "ledger/base/decimal.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

std::string PlainMoney(std::int64_t amount, std::uint32_t decimals) {
  return FormatPlain(Amount(amount), PrintableDecimals(decimals));
}

std::string CsvTitles(std::vector<std::string> titles, sheets::Cells how) {
  titles.insert(titles.end(), {"ledger", "size", "root"});
  return sheets::CsvLine(titles, how);
}

std::string CsvRow(std::vector<std::string> cells, const v1::CheckpointRef& as_of, sheets::Cells how) {
  cells.insert(cells.end(), {as_of.ledger(), std::to_string(as_of.size()), HexEncode(as_of.root())});
  return sheets::CsvLine(cells, how);
}

CsvRows::CsvRows(const v1::CheckpointRef& as_of, sheets::Cells how)
    : ledger_(as_of.ledger()),
      size_(std::to_string(as_of.size())),
      root_(HexEncode(as_of.root())),
      how_(how) {}

void CsvRows::Append(std::span<std::string_view> cells, std::string* text) const {
  const std::span<std::string_view, 3> last = cells.last<3>();
  last[0] = ledger_;
  last[1] = size_;
  last[2] = root_;
  sheets::AppendCsvLine(cells, how_, text);
}

}  // namespace fundtrail::render
