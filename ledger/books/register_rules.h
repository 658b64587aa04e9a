// What one register alone demands, beside the form of its fields and what all registers have in common.
#pragma once

#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/ancestors.h"
#include "ledger/books/rules.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// The own rule of the register that `action` is of; OK when it has none. `before` is the action that made the version
// which is amended; null of a new item. All else has been checked. Rows that only this register has are written here.
//   trees        no more stand above one another than the rules say (FIELD_INVALID)
//   party        the parent is there, but for the root party; only a RECIPIENT is inferred (FIELD_INVALID). The
//                role is fixed (FIELD_FIXED), but that an inferred one may turn out to be that of a HOLDER; alternative ids
//                are free (ALTERNATIVE_ID_EXISTS). Its commitments are those of personal.h (FIELD_INVALID)
//   join         its two parties are not the same (FIELD_INVALID)
//   fund         a rule that asks for the approval of one party names one of the approvers, and asks for 1. No other asks for
//                more than there are approvers (FIELD_INVALID)
//   place        its level is below its parent's, and it does not succeed itself (FIELD_INVALID)
//   project      its parts add up, and those for needs are no more than the whole (SPLIT_INVALID). It has a target
//                (TARGET_MISSING), each once. A budget has an asset; there are no more households than people (FIELD_INVALID)
//   need         it says people, an amount with its asset, or a quantity with its unit (FIELD_INVALID)
//   deployment   it is there for another party; what has ended says when (FIELD_INVALID)
//   duty         it has one kind of scope: a programme, a project, or a place and a category of which one may be empty
//                (FIELD_INVALID)
//   policy       books/policies.h
//   group        no kind is required twice (FIELD_INVALID)
//   seat         its party is not the group, and the group has at most 256 seats in all (FIELD_INVALID)
//   method       evaluations.h, and of its bars bars.h
//   evaluation   evaluations.h
//   project, policy   what they begin to name is not suspended or withdrawn (NOT_IN_FORCE): standing.h
//   notice       notices.h
//   targets      none is LATEST across places, or AVERAGE across periods (FIELD_INVALID)
//   periods      the last day does not come before the first (PERIOD_INVALID)
Status CheckOwnRule(store::Overlay* state, const Moment& moment, const v1::Action& action,
                    const v1::Action* before, Ancestors* ancestors, const std::string& field);

// What else ends with the item that `action` made: the alternative ids of a party are free again.
void EndOwn(store::Overlay* state, const v1::Action& action);

// PERIOD_INVALID when both days are said and the last comes before the first. The form of both is good.
Status CheckPeriod(const std::string& first, const std::string& last, const std::string& field);

}  // namespace fundtrail::books
