// The rules have versions. Genesis names those that a ledger begins with; AdoptRules names those that judge the records
// after it. A record is judged by the rules in force when it was recorded, whatever newer ones its reader knows. So a
// rule may become stricter, and no ledger that exists breaks. docs/decisions/0015-rules.md says what may change how.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ledger/base/date.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"

namespace fundtrail::books {

// What the rules of one version say where versions may differ.
struct Rules {
  std::uint32_t version = 0;
  int tree_depth = 0;  // how many items of a tree, parties for one, may stand above one another
};

// All that a program knows, from version 1 on without a gap.
using Rulebook = std::span<const Rules>;

inline constexpr std::array<Rules, 1> kRules{{{.version = 1, .tree_depth = 64}}};

// This program's.
inline constexpr Rulebook KnownRules() { return kRules; }

// UNIMPLEMENTED when the program is too old for that version: "needs rules 3, and this program knows …".
StatusOr<Rules> FindRules(Rulebook known, std::uint32_t version);

// When an entry is applied: as which record, on which day it is recorded (UTC), and by which rules. No rule looks at
// another clock, nor at the author's date to learn what time it is.
struct Moment {
  RecordIndex record;
  Date recorded;
  Rules rules;
};

}  // namespace fundtrail::books
