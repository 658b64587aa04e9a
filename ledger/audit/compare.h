// Two sets of rows side by side.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ledger/base/status.h"
#include "ledger/store/store.h"

namespace fundtrail::audit {

struct Comparison {
  std::uint64_t rows = 0;              // of a store that were compared
  std::uint64_t tiles = 0;             // of an archive that were compared
  std::optional<std::string> problem;  // the first row or tile that differs, in words
};

// Every row of `stored` against `replayed`, but for records and the checkpoint, which are checked otherwise.
StatusOr<Comparison> CompareRows(const store::Reader& stored, const store::Reader& replayed);

}  // namespace fundtrail::audit
