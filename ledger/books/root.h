// What the root quorum alone may do: replace the ledger's own key, change the root keys and their quorum, adopt rules.
#pragma once

#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/books/authority.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Adds the key to the ledger's history. `ledger` is its name, which the endorsement is for. The rows do not know which
// key is the ledger's first: log/ledger.h compares `old_key` with it, and a verifier (audit/) with the checkpoints' signer.
Status ApplyRotateLedgerKey(store::Overlay* state, RecordIndex record, const std::string& ledger,
                            const v1::RotateLedgerKey& action, Authority* authority,
                            const std::string& field);

// Signed by the quorum as it was, and by the quorum as it will be.
Status ApplyChangeRoot(store::Overlay* state, RecordIndex record, const v1::ChangeRoot& action,
                       Authority* authority, const std::string& field);

// The records after `record` are judged by those rules. RULES_NOT_NEWER unless their version is above the one in force.
// Whether this program knows them is asked where it appends (log/ledger.h), since whoever replays need not.
Status ApplyAdoptRules(store::Overlay* state, RecordIndex record, const v1::AdoptRules& action,
                       Authority* authority, const std::string& field);

}  // namespace fundtrail::books
