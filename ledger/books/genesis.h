// The beginning of a ledger: its name, its rules, its root party and its root keys.
#pragma once

#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Writes what genesis says. Its root party is a HOLDER without a parent. Only in record 0, as the first action.
Status ApplyGenesis(store::Overlay* state, const std::string& ledger, const v1::Genesis& genesis);

}  // namespace fundtrail::books
