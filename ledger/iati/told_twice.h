// Payments that both sides tell. Inside iati/: others use payments.h, which says the rule.
#pragma once

#include "ledger/iati/payment.h"

namespace fundtrail::iati {

// Of such payments the payer's word stays, with the project that the payee's word says. Incoming funds that nobody's
// disbursement is, though the payer's activity tells what it pays to that very activity, are refused, unless duplicates are
// accepted.
void CountOnce(bool accept_duplicates, Payments* payments);

}  // namespace fundtrail::iati
