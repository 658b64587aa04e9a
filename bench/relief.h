// A large ledger of relief money for the benchmarks of sums and pages: a donor pays departments, and these pay parties, of which every
// second holds what it got and the others are recipients.
#pragma once

#include <cstdint>

#include "ledger/log/ledger.h"

namespace fundtrail::bench {

inline constexpr std::uint64_t kReliefPaid =
    20;  // parties that a department pays of one grant, in the entry of the grant

// Where in the ledger the payments are. Line 1 of each of these records is a grant to a department, and its other lines are payments by
// that department, which keeps a hundredth.
struct Relief {
  std::uint64_t first = 0, grants = 0;  // records
  std::uint64_t transfers = 0;
};
// Writes it behind genesis (bench.h) into a ledger that has nothing else: that many transfers, or up to a grant more.
Relief FillRelief(log::Ledger* ledger, std::uint64_t transfers, std::uint64_t parties);

}  // namespace fundtrail::bench
