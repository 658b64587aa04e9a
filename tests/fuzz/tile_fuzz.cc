// Paths of tiles, and bundles of entries: what is taken is written back byte for byte.
#include "ledger/tree/tiles.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fundtrail::tree;
  const std::string_view text = AsText(data, size);
  const auto tile = ParseTilePath(text);
  if (tile.ok()) FUZZ_CHECK(TilePath(*tile) == text);
  const auto entries = ParseBundle(text);
  if (entries.ok()) {
    FUZZ_CHECK(entries->size() <= kTileWidth);
    fundtrail::Bytes again;
    for (const auto& entry : *entries) AppendToBundle(&again, entry);
    FUZZ_CHECK(again == text);
  }
  return 0;
}
