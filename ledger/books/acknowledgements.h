// Whether a payment arrived: who may say so, and of which payments. docs/answers.md says it for people.
#pragma once

#include <cstdint>
#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/authority.h"
#include "ledger/books/rules.h"
#include "ledger/model/rows.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Acknowledge: looks at it, and keeps it as a row `j`; it moves no money, and changes nothing. `place` is the action's
// number in the entry, and `at` its field there.
//
// In this order:
//   REFERENCE_UNKNOWN    of the transfer, of `by` and of the sample; then REFERENCE_ENDED of `by`
//   ACK_NOT_PAYEE        SELF by another than the payee
//   KEY_NOT_AUTHORISED   it takes ACKNOWLEDGE for the payee, and DECLARE or ADMINISTER for whoever speaks for it
//   AGENT_RECUSED        `by` is the payer, or stands above or below it
//   FIELD_INVALID        the transfer is a RECLASSIFICATION or a REVERSAL, by which nothing arrives, or is not in the sample
//   ACK_EXCEEDS          as much as was paid, or more, arrived in part
Status ApplyAcknowledge(store::Overlay* state, const Moment& moment, const v1::Entry& entry,
                        const v1::Action& action, Authority* authority, const std::string& at,
                        std::uint32_t place);

// Whether something can arrive by a transfer of that kind. Not by a RECLASSIFICATION, which stays with its party, and
// not by a REVERSAL, which says that a record was wrong.
bool CanArrive(v1::TransferKind kind);

// Whether a sample may ask about the transfer `ref`, whose row is `transfer`. It is recorded before the sample, sends
// nothing back, and was paid. It brings money to a party that is a RECIPIENT as the sample is drawn, in the sample's fund
// and project.
StatusOr<bool> IsSampled(const store::Reader& state, const v1::RegisterRow& sample, TransferRef ref,
                         const model::TransferRow& transfer);

// The same of the account that it came to.
StatusOr<bool> IsSampledAccount(const store::Reader& state, const v1::RegisterRow& sample,
                                model::AccountNumber account);
// And of the transfer, its account left aside.
bool IsSampledPayment(const v1::RegisterRow& sample, TransferRef ref, const model::TransferRow& transfer);

// DrawSample, but for its form: FIELD_INVALID for another confidence than 90, 95 and 99.
Status CheckSample(const v1::DrawSample& sample, const std::string& field);

}  // namespace fundtrail::books
