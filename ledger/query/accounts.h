// Balances of a party's accounts.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ledger/base/date.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// As the ledger stood after a record, or by the value dates up to a day. Neither: now.
struct AsOf {
  std::optional<std::uint64_t> record;
  std::optional<Date> date;
};

// One line for each account. received = drawn + held. What a SOURCE brings in is received and drawn at once
// (`minted`), so it holds what came back to it. A receipt counts each time: trace.h says how a trace, which counts each
// unit once, comes to the same sum.
StatusOr<v1::BalanceAnswer> Balance(const View& view, std::string_view party, std::string_view fund,
                                    const AsOf& as_of);

}  // namespace fundtrail::query
