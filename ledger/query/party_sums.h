// What a party brought in, received, paid and holds: the sums that Top has of it (money_sums.h), by its own movements, where Top reads every
// transfer of the ledger.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/query/money_sums.h"

namespace fundtrail::query {

// One account by itself: what came from another account of the party is received there.
struct PartyAccountSums {
  v1::Account account;
  AccountSums sums;
};
// All accounts in one asset as one: what went from one of them to another is moved.
struct PartyAssetSums {
  std::string asset;
  std::uint32_t decimals = 0;
  AccountSums sums;
};
struct PartySums {
  std::vector<PartyAccountSums> accounts;  // in which something ever moved, in the order of Balance
  std::vector<PartyAssetSums> assets;      // by their codes
};

// NOT_FOUND for a party that is not there; OUT_OF_RANGE for a record that is not there yet.
StatusOr<PartySums> SumsOfParty(const View& view, const std::string& party, AsOfRecord as_of);

}  // namespace fundtrail::query
