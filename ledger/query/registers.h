// The registers: parties, keys, funds, assets. Long, so in pages; the view must outlive them.
#pragma once

#include <string_view>

#include "ledger/query/pages.h"

namespace fundtrail::query {

StatusOr<Pages<v1::PartyAnswer>> ShowParty(const View& view, std::string_view id, const Paging& paging = {});
StatusOr<Pages<v1::PartyAnswer>> ListParties(const View& view, const Paging& paging = {});  // by id
// A party and all below it, each parent before its children. Empty: the root party.
StatusOr<Pages<v1::PartyAnswer>> PartyTree(const View& view, std::string_view root,
                                           const Paging& paging = {});
// What keys may do for a party, or for any when it is empty; of one key, or of all when it is empty. Revoked
// keys are not there.
StatusOr<Pages<v1::KeyAnswer>> ListKeys(const View& view, std::string_view party, ByteView public_key = {},
                                        const Paging& paging = {});
StatusOr<Pages<v1::FundAnswer>> ListFunds(const View& view, const Paging& paging = {});
StatusOr<Pages<v1::AssetAnswer>> ListAssets(const View& view, const Paging& paging = {});
// The keys that signed the ledger's checkpoints: never many.
StatusOr<v1::LedgerKeyAnswer> ListLedgerKeys(const View& view);

}  // namespace fundtrail::query
