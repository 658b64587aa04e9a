// Supply on the way to demand, in one place for the registers and for transfers: pledges and assignments (pledges.h), and
// commitments (commitments.h).
#pragma once

#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/books/authority.h"
#include "ledger/books/rules.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// The own rules of pledges, assignments and commitments, the rows that they have alone, and what an assignment fixes of
// its need. OK of any other action. `before` is the action that made the version which is amended, null of a new item.
Status ApplySupply(store::Overlay* state, const Moment& moment, const v1::Action& action,
                   const v1::Action* before, Authority* authority, const std::string& field);

// What else ends with an assignment or a commitment: it releases what is not paid.
Status EndSupply(store::Overlay* state, const Moment& moment, const v1::Action& action);

// Whether a transfer may name the pledge, the assignment and the commitment that it names.
//   KIND_MISMATCH   only the first four kinds name a pledge or an assignment, and what sends back names no commitment
// The rest is that of CheckPledgeNamed and CheckCommitmentNamed.
Status CheckSupplyNamed(const store::Reader& state, const Moment& moment, const v1::Transfer& transfer,
                        const std::string& field);

// Counts the transfer `ref` out of that account, and keeps what it named.
Status CountSupply(store::Overlay* state, TransferRef ref, const v1::Transfer& transfer,
                   model::AccountNumber account);

// Takes what `back`, a RETURN or REVERSAL of that record, sends back of the transfer `returned` off the pledge and the
// assignment that it named. A commitment is not restored: the money is free again.
Status CountSupplySentBack(store::Overlay* state, RecordIndex record, const v1::Transfer& back,
                           const model::TransferRow& returned);

}  // namespace fundtrail::books
