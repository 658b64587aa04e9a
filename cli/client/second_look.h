// What a person is asked about a payment before it is sent: whether it was made already, and whether its date is meant.
#pragma once

#include <cstdint>

#include "cli/client/connection.h"
#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/date.h"

namespace fundtrail::cli {

// Within so many days the same payment is one that may have been made already.
inline constexpr int kDuplicateDays = 7;
// A number of the payer's own is looked for so far back.
inline constexpr int kMaxReferenceDays = 400;
// So long before the ledger's first record a payment is taken for a slip: ten years.
inline constexpr int kFarBackDays = 3'653;

// INVALID_ARGUMENT with the payment that may be the same. Its payer, payee, asset and amount are the same, and its value
// date is at most `days` away. Or its payer, payee and own number are the same. Two numbers that differ are two payments.
// What was sent back whole does not count, nor does money that stays with its party. `decimals` are those of the asset.
Status CheckNotPaid(Connection* connection, const v1::Transfer& transfer, Date date, int days,
                    std::uint32_t decimals);

// INVALID_ARGUMENT when `today` is before the day of the newest of the ledger's `size` records. One of two clocks is wrong then,
// and a payment that says no day would get a wrong one. A day's difference is none.
Status CheckClock(Connection* connection, std::uint64_t size, Date today);

// INVALID_ARGUMENT when the date is after `today`, or ten years or more before the ledger's first record.
Status CheckDateMeant(Connection* connection, Date date, Date today);

}  // namespace fundtrail::cli
