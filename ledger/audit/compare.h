// Two sets of rows side by side.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/crypto/keyed_sum.h"
#include "ledger/store/store.h"

namespace fundtrail::audit {

struct Comparison {
  std::uint64_t rows = 0;              // of a store that were compared
  std::uint64_t tiles = 0;             // of an archive that were compared
  std::optional<std::string> problem;  // the first row or tile that differs, in words
  bool sums_differ = false;            // a row differs of those that are compared by their sum
};

// Every row of `stored` against `replayed`, but for records and the checkpoint, which are checked otherwise.
StatusOr<Comparison> CompareRows(const store::Reader& stored, const store::Reader& replayed);
// The same where `replayed` lacks all rows of the `kinds`, by the first byte of their keys, and `sum` is that of them.
StatusOr<Comparison> CompareRows(const store::Reader& stored, const store::Reader& replayed,
                                 std::string_view kinds, const crypto::KeyedSum& sum);

}  // namespace fundtrail::audit
