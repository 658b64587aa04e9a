// The rules in one call: what an entry does to the state. docs/one-idea.md: state = fold(apply, records).
//
// Pure: no clock, no randomness, no disk but the state that it is given. The ledger calls it to append, an
// import to try, and a verifier, on a store of its own, to arrive at the same rows.
#pragma once

#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/record.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/rules.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Applies all actions of `entry`, which has its form (model/entry.h), at that moment; `signers` are the
// keys whose signatures verify. On success every change is in `state`. On a refusal, or an error of the
// store, a part of them may be. So give an overlay for this entry alone, and discard it then.
StatusOr<v1::Outcome> Apply(store::Overlay* state, const Moment& moment, const v1::Entry& entry,
                            const std::vector<crypto::PublicKey>& signers);

// The same for a list of actions that continue an entry of which `lines_before` transfers are applied
// already: how an import tries row by row. The checks of genesis, ledger name and author are left to Apply.
StatusOr<v1::Outcome> ApplyActions(store::Overlay* state, const Moment& moment, const v1::Entry& entry,
                                   std::uint32_t lines_before, const std::vector<crypto::PublicKey>& signers);

}  // namespace fundtrail::books
