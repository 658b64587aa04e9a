// Which keys may do what, and which keys were the ledger's own.
#pragma once

#include "fundtrail/v1/keys.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// What keys may do for a party, or for any when it is empty; of one key, or of all when it is empty. Revoked keys are
// not there, unless `all` of them are asked for; as of a record, those that were revoked later are. `paging` cuts the answer, whatever the request says of
// that; the view must outlive it.
StatusOr<Pages<v1::KeyAnswer>> Keys(const View& view, const v1::KeysRequest& request, const Paging& paging);
// The keys that signed the ledger's checkpoints: never many.
StatusOr<v1::LedgerKeyAnswer> LedgerKeys(const View& view, const v1::LedgerKeysRequest& request);

}  // namespace fundtrail::query
