// Pages of man(7), from the tree of a command line.
#pragma once

#include <vector>

#include "ledger/manual/page.h"
#include "ledger/manual/tree.h"

namespace fundtrail::manual {

// The page of the program, and one for each command in it, which has all that the command contains. Each has a path and its text.
std::vector<Page> ManPages(const Command& tree, const Program& program);

}  // namespace fundtrail::manual
