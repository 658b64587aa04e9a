// Who holds money that is not passed on, and for how long.
#pragma once

#include "fundtrail/v1/idle.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// Of each account of a HOLDER, every unit that it holds has one transfer that brought it. Its age runs from the value date of
// that transfer. A trace sees the same units as HELD, and counts from the same dates. Before the first page it looks at every
// account, and keeps a line for each that holds something. Of now it reads only where money lies undrawn, which rows say, and the
// pieces that brought it there, however much was paid out. As of a record it reads all pieces of those accounts.
//
// NOT_FOUND for a party, a fund or an asset that is not there. INVALID_ARGUMENT for what is no day and no order, and for a token
// of another question. OUT_OF_RANGE for a record that is not there yet, and for a sum that does not fit in 63 bits. DATA_LOSS when
// the ages of an account do not add up to what it holds.
StatusOr<Pages<v1::IdleAnswer>> Idle(const View& view, const v1::IdleRequest& request, const Paging& paging);

}  // namespace fundtrail::query
