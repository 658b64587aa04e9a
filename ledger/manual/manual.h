// The manual of a program, made from its own command line: man pages, and what bash, zsh and fish need to complete its words.
// Nothing here knows a ledger.
#pragma once

#include <string>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/manual/page.h"

namespace CLI {  // long to compile, and not needed by who only has the manual written
class App;
}  // namespace CLI

namespace fundtrail::manual {

// All files of the manual of a program: its page of man, one for each of its commands, and one file a shell.
// `app` is whole: all its commands were added. Options and commands that help does not show are left out.
std::vector<Page> MakeManual(const CLI::App& app, const Program& program);

// Writes these files below `share`, and makes the folders that are missing. UNAVAILABLE, with the path, when that fails.
Status WriteManual(const CLI::App& app, const Program& program, const std::string& share);

}  // namespace fundtrail::manual
