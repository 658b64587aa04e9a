// What an import works on. With --ledger, the rows of the server in this process. With --server, a copy of the ledger's
// rows that this process makes by replaying its records, and so checks on the way.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "cli/client/connection.h"
#include "ledger/intake/import.h"

namespace fundtrail::cli {

// The connection must outlive the target. `progress` is told of the records that are read, until there is a target.
StatusOr<std::unique_ptr<intake::Target>> MakeTarget(
    Connection* connection, std::function<void(std::uint64_t done, std::uint64_t total)> progress);

}  // namespace fundtrail::cli
