// `balance --below`: what a body and all bodies below it received, paid and hold together.
#pragma once

#include <cstddef>
#include <string>

#include "cli/commands/as_of.h"
#include "cli/context.h"

namespace fundtrail::cli {

// A sum of at most so many bodies.
inline constexpr std::size_t kMaxBodiesBelow = 1000;

struct BelowQuestion {
  std::string party, fund;  // no fund: all
  AsOf as_of;               // a day counts value dates up to it; neither: now
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

// Asks for the tree, and for the statement of each body in it, all as of one record. What they paid one another counts neither
// as received nor as paid, and is told apart. INVALID_ARGUMENT where there are more bodies than kMaxBodiesBelow.
StatusOr<Exit> AskBelow(const Context& context, const BelowQuestion& question);

}  // namespace fundtrail::cli
