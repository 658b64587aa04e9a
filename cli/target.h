// What an import works on. With --ledger, the rows of the server in this process; with --server, a copy of the ledger's
// rows that this process makes by replaying its records, and so checks on the way.
#pragma once

#include <memory>

#include "cli/connection.h"
#include "ledger/intake/import.h"

namespace fundtrail::cli {

// The connection must outlive the target.
StatusOr<std::unique_ptr<intake::Target>> MakeTarget(Connection* connection);

}  // namespace fundtrail::cli
