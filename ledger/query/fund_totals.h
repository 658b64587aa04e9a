// What came into a fund and where it lies: a glance, where Participation reads every payment of its sources.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/query/project_rows.h"

namespace fundtrail::query {

// Of one asset, the sums of an AssetParticipation that have these names there, and no others.
struct FundTotal {
  std::string asset;
  std::uint32_t decimals = 0;
  std::int64_t brought = 0, unrecorded = 0;
  std::int64_t reached = 0, ended = 0, held = 0, with_sources = 0;
  std::uint64_t sources = 0;
};

// Of the assets in which the fund has or brought in anything, by their codes. Now it reads the names of all accounts, and one row for each
// of the fund's. As of a record it asks Participation. NOT_FOUND for a fund that is not there; OUT_OF_RANGE for a record that is not
// there yet; DATA_LOSS for a sum of more than 63 bits.
StatusOr<std::vector<FundTotal>> FundTotals(const View& view, const std::string& fund, AsOfRecord as_of);

}  // namespace fundtrail::query
