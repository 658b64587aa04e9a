// Fields of a request as values: what a client wrote as a day, read once, where the question is answered.
#pragma once

#include <optional>
#include <string>

#include "ledger/base/date.h"
#include "ledger/base/status.h"

namespace fundtrail::query {

// The day in a field, nothing when it is empty. INVALID_ARGUMENT, with the field's name, for a day that is not one.
StatusOr<std::optional<Date>> Day(const char* field, const std::string& text);

}  // namespace fundtrail::query
