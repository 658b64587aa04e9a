// The grants of keys: what a key may do for a party is given, and taken back.
#pragma once

#include <string>
#include <string_view>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/bytes.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/books/authority.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Both need ADMINISTER for the party; to revoke a root key needs the root quorum. entry.proto names the refusals.
Status ApplyAuthoriseKey(store::Overlay* state, RecordIndex record, const v1::AuthoriseKey& action,
                         Authority* authority, const std::string& field);
Status ApplyRevokeKey(store::Overlay* state, RecordIndex record, const v1::RevokeKey& action,
                      Authority* authority, const std::string& field);

// Takes back a grant that is there. The row of what it was stays, for answers as of an earlier record. A grant of the
// same record was never in force after one, and leaves nothing.
void EndGrant(store::Overlay* state, RecordIndex record, ByteView public_key, std::string_view party,
              const v1::GrantRow& grant);

}  // namespace fundtrail::books
