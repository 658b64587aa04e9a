// Pledges, and what groups assign of them to needs. No money moves here: payments name the pledge that they keep and the
// assignment that they fulfil. The sums (rows P) move with them and with what sends them back.
#pragma once

#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/books/authority.h"
#include "ledger/books/rules.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// `before` is the version that is amended, null of a new pledge.
//   FIELD_INVALID    it says not one of an amount with its asset and a quantity with its unit; what it answers is no CALL
//   PERIOD_INVALID   its last day is before its first
//   FIELD_FIXED      an amendment makes a pledge of money one of a quantity, or the other way round
//   PLEDGE_SHORT     an amendment says less than what is assigned
Status CheckPledge(const store::Reader& state, const v1::Pledge& pledge, const v1::Pledge* before,
                   const std::string& field);

// Counts a new assignment. What it names goes on, and the group has signed.
//   FIELD_INVALID        it says not one of an amount and a quantity
//   KEY_NOT_AUTHORISED   the donor did not sign, and its pledge does not accept assignment
//   NOT_IN_FORCE         the pledge or the need is not in force on the day of the record, or nobody verified the need
//   SCOPE_MISMATCH       the pledge does not cover the need, or they count different things
//   PLEDGE_SHORT         less is left of the pledge
//   NEED_FILLED          less is open of the need
Status CountAssigned(store::Overlay* state, const Moment& moment, const v1::Assign& assign,
                     Authority* authority, const std::string& field);

// Gives back to the pledge and the need what is not paid of an assignment that ends.
Status ReleaseAssigned(store::Overlay* state, const Moment& moment, const v1::Assign& assign);

// Whether a payment may name the pledge and the assignment that it names.
//   REFERENCE_UNKNOWN   there is no such pledge or assignment
//   REFERENCE_ENDED     the assignment has ended; a pledge that was withdrawn may still be kept
//   SCOPE_MISMATCH      the payer is not the pledge's owner, the asset or the need is another one, or the assignment is one
//                       of another pledge
//   PLEDGE_SHORT        less is left of the assignment
//   OVERFLOW            more than 2^63 - 1 units would have been paid under the pledge
Status CheckPledgeNamed(const store::Reader& state, const v1::Transfer& transfer, const std::string& field);

// Counts a payment for the pledge and the assignment that it names. A COMMITTED one takes its part of the assignment,
// and keeps nothing of the pledge: it is not paid.
Status CountKept(store::Overlay* state, RecordIndex record, const v1::Transfer& transfer);

// Takes what was sent back of a payment off the pledge for which it counted, empty for none, and off the assignment
// that it named.
Status CountNotKept(store::Overlay* state, RecordIndex record, const std::string& pledge,
                    const std::string& assignment, Amount amount);

}  // namespace fundtrail::books
