// What a party received, passed on and held over time: by its own movements, where Series reads every transfer of the ledger.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/base/date.h"
#include "ledger/query/project_rows.h"

namespace fundtrail::query {

// One month or year, by value date. Over all periods of an asset the first three add up to what AccountTotals says, and `held` of the last
// is what it says: `received` is without what a source brought in, and what moves between the party's own accounts is received and
// passed on. A sum of more than 63 bits is shown as the most.
struct PartyPeriod {
  std::string name;  // "2026-01", "2026"
  std::int64_t brought_in = 0, received = 0, passed_on = 0;
  std::int64_t held =
      0;  // at its end; below zero where the record has money that was passed on before it came
};
struct PartyAsset {
  std::string asset;
  std::uint32_t decimals = 0;
  bool by_year = false;
  std::vector<PartyPeriod> periods;  // from the first to the last movement, without a gap
};

// Months since the beginning of the year 0.
int MonthOf(Date date);

// Where there are more months than this, years are shown.
inline constexpr std::size_t kMaxMonths = 120;

// Of each asset in which something moved, by its code; of one alone where `asset` is not empty. NOT_FOUND for a party that is not there.
StatusOr<std::vector<PartyAsset>> PartyPeriods(const View& view, const std::string& party,
                                               const std::string& asset, AsOfRecord as_of);

}  // namespace fundtrail::query
