// One row of the table that a file of another standard becomes.
#pragma once

#include <string>
#include <string_view>

#include "ledger/sheets/csv.h"
#include "ledger/sheets/exchange.h"

namespace fundtrail::sheets {

// Its fields are the columns, in their order.
struct ExchangeRow {
  std::string stage, date, from, from_name, to, to_name, amount, asset, purpose, reference, project_words,
      place, id;
};

inline std::string CsvOf(const ExchangeRow& row) {
  return CsvLine({row.stage, row.date, row.from, row.from_name, row.to, row.to_name, row.amount, row.asset,
                  row.purpose, row.reference, row.project_words, row.place, row.id},
                 Cells::kRaw);
}
inline std::string ExchangeHeader() {
  return CsvLine({kExchangeColumns.begin(), kExchangeColumns.end()}, Cells::kRaw);
}
// "2020-03-01T00:00:00Z" as "2020-03-01". Other texts stay as they are, for the import to judge.
inline std::string DayOf(std::string_view time) {
  return std::string(
      time.size() > 10 && time[4] == '-' && time[7] == '-' && time[10] == 'T' ? time.substr(0, 10) : time);
}

}  // namespace fundtrail::sheets
