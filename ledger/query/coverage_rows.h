// What the rows of a ledger say for coverage: needs that count, projects with their money, and teams. No transfer is read.
#pragma once

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
};

// Needs the day in `answer`, and fills in it what is neither a line nor their total: the asset, and the sums over the whole
// ledger. NOT_FOUND for a place, a category or an asset; INVALID_ARGUMENT when the request names no asset and there are several.
StatusOr<CoverageRead> ReadCoverage(const View& view, const v1::CoverageRequest& request, AsOfRecord as_of,
                                    v1::CoverageAnswer* answer);

}  // namespace fundtrail::query
