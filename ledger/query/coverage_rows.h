// What the rows of a ledger say for coverage: needs and what was paid for them, projects with their money, and teams. No
// transfer is read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fundtrail/v1/coverage.pb.h"
#include "ledger/query/coverage_cells.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

struct CoverageRead {
  CoverageBooks books;
  CoverageScope scope;
  std::vector<std::string> parties;  // the ids of those in `books`, by number
  std::vector<std::string> authors;  // of the needs that count and are in scope, each once
  // Money of projects, and for needs, that were not read: none of it is in scope.
  std::int64_t elsewhere = 0;
};

// Needs the day in `answer`. Fills in it what is neither a line nor their total: the asset, and the sums over the
// whole ledger. It reads what may be in the place that is asked for (CoveragePlaces), and the sums of all projects as
// one. The funds of money are read where lines are BY_FUND. NOT_FOUND for a place, a category or an asset;
// INVALID_ARGUMENT when the request names no asset and what it asks about counts several. OUT_OF_RANGE for sums that do
// not fit in 63 bits.
StatusOr<CoverageRead> ReadCoverage(const View& view, const v1::CoverageRequest& request, AsOfRecord as_of,
                                    v1::CoverageAnswer* answer);

}  // namespace fundtrail::query
