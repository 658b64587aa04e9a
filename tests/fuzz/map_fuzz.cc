// Import maps, and a row of a file read by one.
#include "ledger/sheets/map.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto map = fundtrail::exchange::ParseImportMap(AsText(data, size), "fuzz.toml");
  FUZZ_CHECK(map.ok() || !map.status().message().empty());
  return 0;
}
