// A match's pledges and needs, put together where nothing tells them apart: pledges of one scope are one supply, and needs in reach of
// the same supplies share a cell.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/query/match_problem.h"
#include "ledger/query/max_flow.h"

namespace fundtrail::query {

// Pledges of one scope.
struct MergedSupply {
  std::vector<int> members;  // in the order of ids
  std::int64_t left = 0;
};
// Needs in reach of the same supplies.
struct MergedCell {
  std::vector<int> members;  // by level, then in the order of ids
};

// The levels that come first are the least.
std::pair<int, int> LevelOf(const MatchDemand& demand);

struct MergedMatch {
  std::vector<MergedSupply> supplies;  // the narrowest first, and then the lowest id
  std::vector<MergedCell> cells;
  std::vector<bool> reached;  // of each cell: some supply reaches it
  FlowArcs arcs;              // from supplies to cells
  std::vector<int> cell_of;   // of each demand; -1: it lacks nothing
  std::vector<int> by_id;     // all demands
  std::vector<int> by_level;  // those that lack something: by level, then by id
};

// Numbers follow from ids, so that no order in which the problem was written shows. RESOURCE_EXHAUSTED when it takes more steps than
// there are.
StatusOr<MergedMatch> MergeMatch(const MatchProblem& problem, FlowSteps* steps);

}  // namespace fundtrail::query
