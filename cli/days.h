// Days on the command line: the forms that imports read too (sheets/date_text.h) are put into the one of questions and entries. It
// is done here for all commands, before they run. Which options take a day, the names of their values say.
#pragma once

#include "CLI/CLI.hpp"
#include "ledger/base/status.h"

namespace fundtrail::cli {

// INVALID_ARGUMENT, with the option, for what may be two days and for a day that is none. A text of no form that is known stays
// as it is: the command that takes it says so.
Status ReadDays(const CLI::App& app);

}  // namespace fundtrail::cli
