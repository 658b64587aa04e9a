// Statements as they are asked for, and as files that may be long.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/statement.pb.h"
#include "ledger/pages/asking.h"
#include "ledger/pages/makers.h"

namespace fundtrail::pages {

// What the address of a statement asks for. INVALID_ARGUMENT for what means nothing.
StatusOr<v1::StatementRequest> StatementAsked(const Asking& asking, StatementOf of, const std::string& id);
// A piece of it as CSV, with the titles of the table where it is the first.
std::string StatementCsv(const Asking& asking, const v1::StatementAnswer& piece, bool first);

}  // namespace fundtrail::pages
