// Fields of a request as values: what a client wrote as a day or a transfer, read once, where the question is answered.
#pragma once

#include <optional>
#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"

namespace fundtrail::query {

// The day in a field, nothing when it is empty. INVALID_ARGUMENT, with the field's name, for what is no day.
StatusOr<std::optional<Date>> Day(const char* field, const std::string& text);
TransferRef RefOf(const v1::TransferRef& ref);

}  // namespace fundtrail::query
