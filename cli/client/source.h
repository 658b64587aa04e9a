// Where `verify` and `clone` read a ledger that they do not trust.
#pragma once

#include <memory>
#include <string>

#include "cli/context.h"
#include "ledger/audit/source.h"

namespace fundtrail::cli {

// `where`: a ledger's folder, an archive's, the URL of an archive, or a server's HOST:PORT.
StatusOr<std::unique_ptr<audit::Source>> OpenSource(const Context& context, const std::string& where);

}  // namespace fundtrail::cli
