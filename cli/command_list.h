// The list of all commands, under the titles that the help has.
#pragma once

#include <string>

#include "cli/context.h"

namespace fundtrail::cli {

// Adds the command or the group of this name, with all that belongs to it; others may be added too. To make the options of all
// commands takes longer than most answers, and a command line names one. False when there is none: then nothing was added.
bool AddCommand(const std::string& name, CLI::App* app, Context* context);

// Adds all of them.
void AddCommands(CLI::App* app, Context* context);

}  // namespace fundtrail::cli
