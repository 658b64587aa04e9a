// What one attestation alone demands. What all demand is in attestations.h.
#pragma once

#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "ledger/books/ancestors.h"
#include "ledger/store/store.h"

namespace fundtrail::books {

// `item` is the present version of what the attestation is about; what it names is there. A party, and all above
// and below it, count as one body, and no body judges what is its own. Two parties below one are two bodies.
//   ForgetPersonal  NOT_RESPONSIBLE, FIELD_INVALID: personal.h
//   AcceptDuty      NOT_RESPONSIBLE: `by` is not the party that the duty names
//   ApproveProject  APPROVER_RECUSED: `by` belongs to the body that owns or implements the project
//   VerifyNeed      NEED_SELF_VERIFIED: `by` belongs to the body that declared the need.
//                   OUTSIDE_ITS_PLACE: the place of `by` is not that of the need, nor above it.
//                   FIELD_INVALID: figures beside another result than CORRECTED
//   ReportProgress  NOT_RESPONSIBLE: `by` neither owns nor implements the project; FIELD_INVALID: the project has no such
//                   indicator; PERIOD_INVALID
//   Appeal, DecideAppeal   evaluations.h
//   RespondConcern, CloseConcern  see concerns.h
// `today` is the day of the record.
Status CheckAttestationRule(const v1::Action& action, const v1::RegisterRow& item, Date today,
                            Ancestors* ancestors, const store::Reader& state, const std::string& field);

}  // namespace fundtrail::books
