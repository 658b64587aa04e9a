// See csv.h.
#include "cli/render/csv.h"

#include "cli/render/style.h"
#include "ledger/base/bytes.h"
#include "ledger/base/decimal.h"

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

}  // namespace fundtrail::render
