// Spreadsheets: reading ends, what was read is written so that it reads the same again, and a map that is suggested can be read.
#include "ledger/sheets/csv.h"
#include "ledger/sheets/date_text.h"
#include "ledger/sheets/encoding.h"
#include "ledger/sheets/map.h"
#include "ledger/sheets/suggest.h"
#include "tests/fuzz/fuzz.h"

namespace fundtrail::sheets {

// Reads, writes and reads again, with cells of one kind.
void FuzzCells(std::string_view text, Cells cells) {
  auto reader = CsvReader::Open(text, ',', cells);
  if (!reader.ok()) return;
  std::string written = CsvLine(reader->header(), cells);
  std::vector<std::vector<std::string>> rows;
  CsvRecord record;
  while (reader->Next(&record)) {
    FUZZ_CHECK(record.fields.size() <= kMaxFields + 1);
    FUZZ_CHECK(cells == Cells::kGuarded || record.guards == 0);
    if (!record.status.ok()) continue;
    FUZZ_CHECK(record.fields.size() == reader->header().size());
    rows.push_back(record.fields);
    written += CsvLine(record.fields, cells);
    for (const std::string& field : record.fields) FUZZ_CHECK(Unguarded(Guarded(field)) == field);
  }
  auto again = CsvReader::Open(written, ',', cells);
  FUZZ_CHECK(again.ok());
  for (const auto& row : rows) {
    FUZZ_CHECK(again->Next(&record) && record.status.ok() && record.fields == row);
  }
  FUZZ_CHECK(!again->Next(&record));
}

// A map that is suggested can be read, or asks for a field that is needed.
void FuzzSuggestion(std::string_view input) {
  const auto suggested = SuggestMap("fuzz.csv", std::string(input), "", Cells::kGuarded);
  if (!suggested.ok()) return;
  const auto map =
      ParseImportMap(suggested->Text([](std::string_view words) { return std::string(words); }), "fuzz.toml");
  FUZZ_CHECK(map.ok() || map.status().message().find("says nothing about") != absl::string_view::npos);
}

void Fuzz(std::string_view input) {
  FuzzSuggestion(input);
  const auto day = ParseClearDate(input.substr(0, input.find('\n')));
  FUZZ_CHECK(!day.ok() || IsWithinBounds(*day));
  for (const char* encoding : {"gb18030", "windows-1252"}) (void)ToUtf8(std::string(input), encoding).ok();
  const auto text = ToUtf8(std::string(input), "utf-8");
  if (!text.ok()) return;
  for (const Cells cells : {Cells::kGuarded, Cells::kRaw}) FuzzCells(*text, cells);
}

}  // namespace fundtrail::sheets

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fundtrail::sheets::Fuzz(AsText(data, size));
  return 0;
}
