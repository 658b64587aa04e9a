// The lines of coverage: the cells added up by place, by category, by programme, by project, by fund, or one by one.
#pragma once

#include <functional>
#include <vector>

#include "fundtrail/v1/coverage.pb.h"
#include "ledger/query/coverage_cells.h"

namespace fundtrail::query {

struct CoverageQuestion {
  v1::CoverageRequest::By by = v1::CoverageRequest::BY_PLACE;
  CoverageScope scope;
  int depth = 1;                          // how many levels of lines
  std::vector<v1::CoverageState> states;  // of the lines that are taken; none: all
  bool crowded = false;                   // takes lines that are crowded alone
};

// Calls `take` with each line, before those below it, and answers the line of all. `cells` are those of the question's
// scope. Lines of programmes, projects and funds, and then the line of all too, have no needs, no cells and no state.
// Nor has the money that stands in no cell a state: its lines are SHARED and UNSPECIFIED. Lines of funds need the funds
// of each project, or of its seats, and of each need with money. What of that money is in scope is divided over them as
// all of it is.
StatusOr<v1::CoverageLine> EachLine(const CoverageBooks& books, const CoverageCells& cells,
                                    const CoverageQuestion& question, const GoOn& go_on,
                                    const std::function<Status(const v1::CoverageLine&)>& take);

}  // namespace fundtrail::query
