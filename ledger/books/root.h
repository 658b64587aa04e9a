// What the root quorum alone may do: replace the ledger's own key, and change the root keys and their quorum.
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

}  // namespace fundtrail::books
