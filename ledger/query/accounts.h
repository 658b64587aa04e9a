// Balances and statements of a party's accounts.
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
// (`minted`), so it holds what came back to it.
StatusOr<v1::BalanceAnswer> Balance(const View& view, std::string_view party, std::string_view fund,
                                    const AsOf& as_of);

// The movements of each account with a value date in the period, in the order of the log. held_before +
// total_in - total_out = held_after; of a SOURCE, payments out bring in what they pay and change nothing in
// what it holds.
StatusOr<v1::StatementAnswer> Statement(const View& view, std::string_view party, std::string_view fund,
                                        std::optional<Date> from, std::optional<Date> to);

}  // namespace fundtrail::query
