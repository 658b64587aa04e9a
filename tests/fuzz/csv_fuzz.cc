// Spreadsheets: reading ends, and what was read is written so that it reads the same again.
#include "ledger/exchange/csv.h"
#include "ledger/exchange/encoding.h"
#include "tests/fuzz/fuzz.h"

namespace fundtrail::exchange {

void Fuzz(std::string_view input) {
  for (const char* encoding : {"gb18030", "windows-1252"}) (void)ToUtf8(std::string(input), encoding).ok();
  const auto text = ToUtf8(std::string(input), "utf-8");
  if (!text.ok()) return;
  auto reader = CsvReader::Open(*text);
  if (!reader.ok()) return;
  std::string written = CsvLine(reader->header());
  std::vector<std::vector<std::string>> rows;
  CsvRecord record;
  while (reader->Next(&record)) {
    FUZZ_CHECK(record.fields.size() <= kMaxFields + 1);
    if (!record.status.ok()) continue;
    FUZZ_CHECK(record.fields.size() == reader->header().size());
    rows.push_back(record.fields);
    written += CsvLine(record.fields);
  }
  auto again = CsvReader::Open(written);
  FUZZ_CHECK(again.ok());
  for (const auto& row : rows) {
    FUZZ_CHECK(again->Next(&record) && record.status.ok() && record.fields == row);
  }
  FUZZ_CHECK(!again->Next(&record));
}

}  // namespace fundtrail::exchange

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fundtrail::exchange::Fuzz(AsText(data, size));
  return 0;
}
