// Maps of imports: those of payments and those of registers.
#include "ledger/sheets/field_map.h"
#include "ledger/sheets/map.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto map = fundtrail::sheets::ParseImportMap(AsText(data, size), "fuzz.toml");
  FUZZ_CHECK(map.ok() || !map.status().message().empty());
  const auto fields = fundtrail::sheets::ParseFieldMap(AsText(data, size), "fuzz.toml");
  FUZZ_CHECK(fields.ok() || !fields.status().message().empty());
  return 0;
}
