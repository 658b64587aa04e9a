// The verdicts that stand over a project, a programme, a policy or a party (rows `z`), and what they stop.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "ledger/books/rules.h"
#include "ledger/model/rows.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// So many verdicts stand over one item at most.
inline constexpr int kMaxVerdicts = 64;

// What an evaluation judges. Of one that names nothing the action is not set.
struct Subject {
  v1::Action::ActionCase action = v1::Action::ACTION_NOT_SET;
  std::string id;
  // "project warm-lunches".
  std::string Words() const;
  friend bool operator==(const Subject&, const Subject&) = default;
};
Subject SubjectOf(const v1::Evaluate& evaluation);

// Whether a verdict stops what it is about: SUSPEND and WITHDRAW.
bool Stops(v1::Evaluate::Verdict verdict);

// Puts the verdict of an evaluation, which keeps all other rules, over its subject. The older CONTINUE or IMPROVE of
// the same group goes, and so does what it lifts. FIELD_INVALID when more than kMaxVerdicts would stand over it.
Status AddVerdict(store::Overlay* state, const Moment& moment, const v1::Evaluate& evaluation,
                  const std::string& field);
// Takes the verdict of an evaluation away, where it stands. What it replaced or lifted does not come back, and what a
// WITHDRAW made void stays void.
Status TakeVerdict(store::Overlay* state, const Moment& moment, const v1::Evaluate& evaluation);

// What a verdict says on a day. IMPROVE counts as SUSPEND after its last day. CONTINUE and IMPROVE say nothing
// (VERDICT_UNSPECIFIED) after the day until which they are valid, but an IMPROVE that counts as SUSPEND goes on.
v1::Evaluate::Verdict VerdictOn(const v1::StandingVerdict& verdict, Date day);

// The strictest verdict on a day. Of equally strict ones it is by the oldest.
struct Standing {
  v1::Evaluate::Verdict verdict = v1::Evaluate::VERDICT_UNSPECIFIED;
  v1::StandingVerdict by;  // the default while nothing is said
};
// DATA_LOSS when the row has more verdicts than may be.
StatusOr<Standing> StandingOn(const v1::StandingRow& row, Date day);

// OK when nothing on the day of the record stops money from leaving and reaching the projects of this transfer. What
// could is a verdict over one of them or over its programme. Else FUNDS_FROZEN. What is sent back is never stopped, nor general
// money. But what was sent back and is sent again is paid once more; `returned` is what this transfer sends back. The
// projects that it names are there; `to_project` is the one that receives.
Status CheckNotFrozen(const store::Reader& state, const Moment& moment, const v1::Transfer& transfer,
                      const std::optional<model::TransferRow>& returned, const std::string& to_project,
                      const std::string& field);

// NOT_IN_FORCE when a new item, or a new version of one, begins to name what is stopped on the day of the record. That is
// a project's programme, or the policy that a policy carries out. Also when a project no longer names its
// programme, which is stopped, or when a policy that is stopped begins to name a programme. Of all other registers OK.
Status CheckNamesInForce(const store::Reader& state, const Moment& moment, const v1::Action& action,
                         const v1::Action* before, const std::string& field);

}  // namespace fundtrail::books
