// What a match says of amounts that flow: which pledge serves which need, and why needs lack something.
#pragma once

#include "ledger/query/match_merge.h"
#include "ledger/query/match_problem.h"
#include "ledger/query/max_flow.h"

namespace fundtrail::query {

// Of each supply, its members are used in the order of ids. `result` has what is matched.
void WriteMatchLines(const MatchProblem& problem, const MergedMatch& merged, const MaxFlow& flow,
                     MatchFlows* result);

// From each cell that lacks something to all supplies that reach it, and from each of these to all cells that it flows into. That is
// the smallest set of needs that uses up all that can serve it.
void WriteMatchSets(const MatchProblem& problem, const MergedMatch& merged, const MaxFlow& flow,
                    MatchFlows* result);

}  // namespace fundtrail::query
