// What a party brought in, received, paid and holds: the sums that Top has of it (money_sums.h), by its own movements, where Top reads every
// transfer of the ledger. Parties that are one body (joins.h) may be counted together.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "ledger/base/wide.h"
#include "ledger/query/money_sums.h"

namespace fundtrail::query {

// One account by itself: what came from another account of the same body is received there.
struct PartyAccountSums {
  v1::Account account;
  AccountSums sums;
};
// All accounts in one asset as one: what went from one of them to another is moved.
struct PartyAssetSums {
  std::string asset;
  std::uint32_t decimals = 0;
  AccountSums sums;
  Wide between = 0;  // of what was moved: from one of the parties to another
};
struct PartySums {
  std::vector<PartyAccountSums>
      accounts;  // in which something ever moved; of each party after the other, in the order of Balance
  std::vector<PartyAssetSums> assets;  // by their codes
  std::set<std::string> years;         // "2026": of the value dates of all that moved
};

// `parties` is one party, or all that are joined with it, each once. What moved in an account, and what is there, follows from the role of
// its own party, whoever stands for it.
// NOT_FOUND for a party that is not there; OUT_OF_RANGE for a record that is not there yet. RESOURCE_EXHAUSTED when the parties have more
// than `most` movements, which are not read then: AccountTotals is a glance at the same.
StatusOr<PartySums> SumsOfParties(const View& view, const std::vector<std::string>& parties, AsOfRecord as_of,
                                  std::uint64_t most = UINT64_MAX);

}  // namespace fundtrail::query
