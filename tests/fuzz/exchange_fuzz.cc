// Files of other standards, which strangers write: whatever they hold becomes a table that can be read, or is refused in words.
#include "ledger/sheets/csv.h"
#include "ledger/sheets/exchange.h"
#include "ledger/sheets/map.h"
#include "ledger/sheets/rows.h"
#include "tests/fuzz/fuzz.h"

namespace fundtrail::sheets {

void FuzzExchange(std::string_view text, const ExchangeFormat& format) {
  const auto csv = format.to_csv(text, kMaxCsvBytes);
  FUZZ_CHECK(csv.ok() || !csv.status().message().empty());
  if (!csv.ok()) return;
  auto map = ParseImportMap(MapOf(format, true), format.name);
  FUZZ_CHECK(map.ok());
  auto rows = RowReader::Open(*csv, *map, Cells::kRaw);
  FUZZ_CHECK(rows.ok());
  for (std::size_t i = 0; i < rows->size(); ++i) static_cast<void>(rows->Read(i));
}

void Fuzz(std::string_view input) {
  FuzzExchange(input, k360Giving);
  FuzzExchange(input, kOcds);
}

}  // namespace fundtrail::sheets

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fundtrail::sheets::Fuzz(AsText(data, size));
  return 0;
}
