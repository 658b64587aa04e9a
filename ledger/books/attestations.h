// What somebody says about an item of a register: one function with one order of checks for all attestations.
#pragma once

#include <cstdint>
#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/authority.h"
#include "ledger/books/rules.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Keeps an attestation, an action that model/attestation_table.h has and whose form is good. `at` is where it stands in the
// entry: "actions[3]", and `place` its number there. The first rule that is broken is named, in this order:
//   1. what it names is there and goes on: REFERENCE_UNKNOWN, REFERENCE_ENDED;
//   2. a key that signed may do it for the party in the field `by`: KEY_NOT_AUTHORISED, QUORUM_MISSING;
//   3. the version that it names is the present one: AMEND_STALE;
//   4. its own rule: attestation_rules.h.
Status ApplyAttestation(store::Overlay* state, const Moment& moment, const v1::Entry& entry,
                        const v1::Action& action, Authority* authority, const std::string& at,
                        std::uint32_t place);

}  // namespace fundtrail::books
