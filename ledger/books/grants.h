// The grants of keys: what a key may do for a party is given, and taken back.
#pragma once

#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/books/authority.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Both need ADMINISTER for the party; to revoke a root key needs the root quorum. entry.proto names the refusals.
Status ApplyAuthoriseKey(store::Overlay* state, RecordIndex record, const v1::AuthoriseKey& action,
                         Authority* authority, const std::string& field);
Status ApplyRevokeKey(store::Overlay* state, const v1::RevokeKey& action, Authority* authority,
                      const std::string& field);

}  // namespace fundtrail::books
