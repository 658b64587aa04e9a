// The rules of money: what a transfer draws, and where it goes.
#pragma once

#include <cstdint>
#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/record.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/books/authority.h"
#include "ledger/books/rules.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Applies one transfer as `ref`. Answers its pieces, or a refusal; after a refusal `state` may be half
// changed and must be dropped. `moment` is that of its record, and `date` is the value date.
StatusOr<v1::TransferOutcome> ApplyTransfer(store::Overlay* state, const Moment& moment, TransferRef ref,
                                            const v1::Transfer& transfer, Date date, Authority* authority,
                                            const std::string& field);

}  // namespace fundtrail::books
