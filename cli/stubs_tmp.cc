// Empty until the next commits bring these commands.
#include "cli/context.h"
namespace fundtrail::cli {
void AddRegisterCommands(CLI::App*, Context*) {}
void AddEntryCommands(CLI::App*, Context*) {}
void AddAskCommands(CLI::App*, Context*) {}
}  // namespace fundtrail::cli
