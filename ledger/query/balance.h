// Balances of a party's accounts.
#pragma once

#include "fundtrail/v1/balance.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// One line for each account. received = drawn + held. What a SOURCE brings in is received and drawn at once
// (`minted`), so it holds what came back to it. A receipt counts each time: trace.h says how a trace, which counts each
// unit once, comes to the same sum. NOT_FOUND for a party or fund that the ledger does not have, OUT_OF_RANGE for a
// record that is not there yet.
StatusOr<v1::BalanceAnswer> Balance(const View& view, const v1::BalanceRequest& request);

}  // namespace fundtrail::query
