// The registers: parties, keys, funds.
#pragma once

#include <string_view>

#include "ledger/query/view.h"

namespace fundtrail::query {

StatusOr<v1::PartyAnswer> ShowParty(const View& view, std::string_view id);
StatusOr<v1::PartyAnswer> ListParties(const View& view);  // by id
// A party and all below it, each parent before its children. Empty: the root party.
StatusOr<v1::PartyAnswer> PartyTree(const View& view, std::string_view root);
// What keys may do for a party, or for any when it is empty; of one key, or of all when it is empty. Revoked
// keys are not there.
StatusOr<v1::KeyAnswer> ListKeys(const View& view, std::string_view party, ByteView public_key = {});
// The keys that signed the ledger's checkpoints.
StatusOr<v1::LedgerKeyAnswer> ListLedgerKeys(const View& view);
StatusOr<v1::FundAnswer> ListFunds(const View& view);
StatusOr<v1::AssetAnswer> ListAssets(const View& view);

}  // namespace fundtrail::query
