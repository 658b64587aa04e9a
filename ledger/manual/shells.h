// What a shell reads to complete the words of a program, from the tree of its command line.
#pragma once

#include <string>

#include "ledger/manual/tree.h"

namespace fundtrail::manual {

// Scripts that offer the commands, the options of the command at hand, and for the value of an option its words, files or folders.
// An option of the program goes with every command.
std::string BashCompletion(const Command& tree);
std::string ZshCompletion(const Command& tree);
std::string FishCompletion(const Command& tree);

}  // namespace fundtrail::manual
