// Files of other standards as a table of payments: 360Giving (grants) and OCDS (contracts). Each becomes a CSV text with the
// columns of kExchangeColumns, which an import reads with the map beside it. docs/exchange.md shows both.
//
// What is a payment stays a payment, and what is promised a commitment. What is neither has a stage that the map leaves out, so that
// the summary counts it. Nothing is left out in silence.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::sheets {

// `place` says where in the file the row comes from, as a JSON pointer or a line. `stage` is paid, committed, or why the row is left
// out.
inline constexpr std::array<std::string_view, 13> kExchangeColumns = {
    "stage", "date",    "from",      "from_name",     "to",    "to_name", "amount",
    "asset", "purpose", "reference", "project_words", "place", "id"};

struct ExchangeFormat {
  std::string_view name;      // of the command: "360giving"
  std::string_view left_out;  // below the columns of its map: which stages are no payments
  // Below these: where promises are left out that nothing is paid of yet, and where they are taken. Empty where the standard has none.
  std::string_view promises_left_out, promises_taken;
  // From the file's text in UTF-8. INVALID_ARGUMENT when it is not of the standard, with the place, and when the table would have
  // more than `most` bytes: a row repeats what its grant or contract says once.
  StatusOr<std::string> (*to_csv)(std::string_view text, std::size_t most);
};
extern const ExchangeFormat k360Giving;
extern const ExchangeFormat kOcds;
// TOML, for ParseImportMap.
std::string MapOf(const ExchangeFormat& format, bool promises = false);

// 360Giving, JSON or CSV; OCDS releases or records.
StatusOr<std::string> GrantsToCsv(std::string_view text, std::size_t most = kMaxCsvBytes);
StatusOr<std::string> ContractsToCsv(std::string_view text, std::size_t most = kMaxCsvBytes);

}  // namespace fundtrail::sheets
