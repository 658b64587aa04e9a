// A name where an id of a register is asked. The arguments of commands are read so before a command runs (RunNamed); here is the
// same for a name inside an argument.
#pragma once

#include <string>

#include "cli/client/connection.h"
#include "cli/client/resolve.h"
#include "cli/context.h"
#include "ledger/base/status.h"

namespace fundtrail::cli {

// The id of the item of the register `kind` that `text` is or names, told on stderr where it is another text. Where nothing is called
// so, it is `text`, and `missing` becomes NOT_FOUND. INVALID_ARGUMENT where several items fit. `shown` names the argument.
StatusOr<std::string> IdNamed(const Context& context, Connection* connection, const std::string& shown,
                              const std::string& kind, const std::string& text, Parts parts, Status* missing);

}  // namespace fundtrail::cli
