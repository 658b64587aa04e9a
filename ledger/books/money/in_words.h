// Amounts in the sentences of refusals.
#pragma once

#include <string>

#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/store/store.h"

namespace fundtrail::books {

// "1,234.00 CNY".
StatusOr<std::string> InWords(const store::Reader& state, Amount amount, const std::string& asset);

}  // namespace fundtrail::books
