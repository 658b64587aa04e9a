// How a group judges: methods, evaluations, appeals and what is decided about them. What follows for money and for what may
// be opened is in standing.h.
#pragma once

#include <cstdint>
#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/ancestors.h"
#include "ledger/books/authority.h"
#include "ledger/books/rules.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// The own rule of a method. SPLIT_INVALID: the weights are not 10,000 together. FIELD_INVALID: a code is listed twice;
// the lowest grade takes another total than 0, or two take one. A "=" in a name that people write with "=".
Status CheckMethod(const v1::SetMethod& method, const std::string& field);

// The own rule of an evaluation, and the verdict in the rows `z`. `before` is the version that is amended, null of a
// new one. The first rule that is broken is named, in this order:
//   1. it is new: FIELD_FIXED. No amendment is good, one that changes nothing neither;
//   2. the group is one that judges, and there is one subject. What people write with "=" has no "=". The report is a hash, and
//      improve_by is there with IMPROVE alone. The sample is a part of what there was. For all these: FIELD_INVALID. It is valid
//      until improve_by, or longer: PERIOD_INVALID;
//   3. SUSPEND and WITHDRAW have a report, and so has an IMPROVE that is late on the day of the record: REPORT_MISSING;
//   4. each criterion of the method's present version is scored, and no other: SCORES_INCOMPLETE;
//   5. CONTINUE is not below the method's floor: VERDICT_UNFOUNDED;
//   6. what it lifts is of the same subject: FIELD_INVALID. It is by the same group, or by one whose place is below that of this
//      group: VERDICT_STANDS;
//   7. no more verdicts stand over the subject than kMaxVerdicts: FIELD_INVALID.
Status ApplyEvaluation(store::Overlay* state, const Moment& moment, const v1::Evaluate& evaluation,
                       const v1::Action* before, Ancestors* ancestors, const std::string& field);

// NOT_RESPONSIBLE when `by` neither owns nor implements what was judged, nor is the judged party. `judged` is the
// evaluation.
Status CheckAppeal(const v1::Appeal& appeal, const v1::Evaluate& judged, const store::Reader& state,
                   const std::string& field);

// GROUP_LEVEL when `by` is not a group whose place is above that of the group that judged. Of the root party, the root
// quorum signs: QUORUM_MISSING. APPEAL_MISSING when no appeal is newer than every decision. Then what is annulled
// leaves the rows `z`. It stays annulled, whatever is decided later.
Status ApplyDecision(store::Overlay* state, const Moment& moment, const v1::DecideAppeal& decision,
                     const v1::Evaluate& judged, Authority* authority, const std::string& field);

// The sum of score × weight ÷ 10,000, rounded down, by that version of the method; 0 for what the version does not score.
std::uint64_t TotalOf(const v1::SetMethod& method, const v1::Evaluate& evaluation);
// The best grade whose lowest total is not above this one; empty when there is none. What may cap it is in bars.h.
std::string GradeOf(const v1::SetMethod& method, std::uint64_t total);

}  // namespace fundtrail::books
