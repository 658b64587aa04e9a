// What is paid straight for needs. A payment may name the need that it meets; the sums of that need move with it, and
// with what sends it back. Each record that changes them writes a row, so that they can be looked up as of any record.
#pragma once

#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/model/rows.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Whether the need that a transfer names is one that it can meet; OK when it names none. `payee` is the present version of
// the payee. Which kinds may name one is checked before (KIND_MISMATCH).
//   REFERENCE_UNKNOWN, REFERENCE_ENDED   there is no such need, or it has ended
//   SCOPE_MISMATCH                       the payee is no RECIPIENT whose role somebody stated, or the money is in a project or
//                                        goes there. Or the present version of the need asks for another asset, or for none
Status CheckNeedNamed(const store::Reader& state, const v1::Transfer& transfer, const v1::RegisterRow& payee,
                      const std::string& field);

// Counts the transfer `ref`, which names a need, in the sums of that need, and keeps which need it named. Where more
// than 2^63 - 1 units would have been paid for it out of the fund, the sums are given up (`beyond`). Nobody can stop
// other people's payments by paying too much.
Status CountPaid(store::Overlay* state, TransferRef ref, const v1::Transfer& transfer);

// Takes what `back` sends back of the transfer `returned` out of the sums of the need that it named. `back` is a RETURN or
// REVERSAL of that record. Nothing when it named none; a RETURN or REVERSAL itself never does. So what comes to a recipient by
// the return of a return is not paid for the need again. `fund` is that of the account that paid.
Status CountSentBack(store::Overlay* state, RecordIndex record, const v1::Transfer& back,
                     const std::string& fund, const model::TransferRow& returned);

}  // namespace fundtrail::books
