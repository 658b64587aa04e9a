// Files of activities: reading ends, what is found of them adds up, and the sheets that are made can be read.
#include "ledger/iati/payments.h"
#include "ledger/iati/read.h"
#include "ledger/iati/tables.h"
#include "ledger/sheets/rows.h"
#include "tests/fuzz/fuzz.h"

namespace fundtrail::iati {

void Fuzz(std::string_view input) {
  const auto document = ReadActivities(input);
  if (!document.ok()) return;
  std::size_t transactions = 0, alone = 0;
  for (const Activity& activity : document->activities) {
    transactions += activity.transactions.size();
    if (activity.transactions.empty()) ++alone;
  }
  for (const bool promises : {false, true}) {
    Surroundings ledger;
    ledger.unrecorded = "unrecorded";
    ledger.promises = promises;
    const Payments payments = FindPayments(*document, ledger);
    // Each transaction is a payment, refused, told by the other side, or a promise. An activity that is refused has a line too.
    std::size_t promised = 0;
    for (const auto& [of, each] : payments.promises) promised += each.transactions;
    const std::size_t all =
        payments.payments.size() + payments.refused.size() + payments.told_twice + promised;
    FUZZ_CHECK(all >= transactions && all <= transactions + alone);
    const Tables tables = MakeTables(payments, {});
    FUZZ_CHECK(tables.payments.lines.size() == payments.payments.size());
    sheets::ImportMap map = sheets::DefaultMap();
    map.separator = ',';
    auto rows =
        sheets::RowReader::Open(tables.payments.text, map, sheets::Cells::kRaw, tables.payments.lines);
    FUZZ_CHECK(rows.ok());
    FUZZ_CHECK(rows->size() == payments.payments.size());
    for (std::size_t i = 0; i < rows->size(); ++i) (void)rows->Read(i).ok();
    for (const auto& [name, sheet] : tables.registers) {
      auto reader = sheets::CsvReader::Open(sheet.text, ',', sheets::Cells::kRaw);
      FUZZ_CHECK(reader.ok());
      sheets::CsvRecord record;
      std::size_t count = 0;
      for (; reader->Next(&record); ++count) FUZZ_CHECK(record.status.ok() && record.line == count + 2);
      FUZZ_CHECK(count == sheet.lines.size());
    }
  }
}

}  // namespace fundtrail::iati

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fundtrail::iati::Fuzz(AsText(data, size));
  return 0;
}
