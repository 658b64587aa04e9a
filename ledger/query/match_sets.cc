// See match_sets.h.
#include "ledger/query/match_sets.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "ledger/base/wide.h"

namespace fundtrail::query {

void WriteMatchLines(const MatchProblem& problem, const MergedMatch& merged, const MaxFlow& flow,
                     MatchFlows* result) {
  std::vector<std::size_t> member(merged.supplies.size(), 0);
  std::vector<std::int64_t> used(merged.supplies.size(), 0);
  std::vector<Wide> unpaid(merged.arcs.ends.size());
  for (std::size_t arc = 0; arc < unpaid.size(); ++arc) unpaid[arc] = flow.flow(static_cast<int>(arc));
  for (int cell = 0; cell < flow.cells(); ++cell) {
    const int* arc = flow.BackBegin(cell);
    for (const int of : merged.cells[cell].members) {
      std::int64_t wanted = result->matched[of];
      while (wanted > 0 && arc != flow.BackEnd(cell)) {
        if (unpaid[*arc] == 0) {
          ++arc;
          continue;
        }
        const int supply = flow.from(*arc);
        const int pledge = merged.supplies[supply].members[member[supply]];
        const std::int64_t here = problem.supplies[pledge].left - used[supply];
        if (here == 0) {
          ++member[supply];
          used[supply] = 0;
          continue;
        }
        const auto amount = static_cast<std::int64_t>(std::min<Wide>({wanted, here, unpaid[*arc]}));
        result->lines.push_back({pledge, of, amount});
        wanted -= amount;
        used[supply] += amount;
        unpaid[*arc] -= amount;
      }
    }
  }
  std::sort(result->lines.begin(), result->lines.end(), [](const MatchLine& one, const MatchLine& other) {
    return std::make_pair(one.demand, one.supply) < std::make_pair(other.demand, other.supply);
  });
}

void WriteMatchSets(const MatchProblem& problem, const MergedMatch& merged, const MaxFlow& flow,
                    MatchFlows* result) {
  std::vector<std::int64_t> lacks(merged.cells.size(), 0);
  for (const int i : merged.by_level)
    lacks[merged.cell_of[i]] += problem.demands[i].open - result->matched[i];
  std::vector<bool> cell_in(merged.cells.size(), false), supply_in(merged.supplies.size(), false);
  std::vector<int> todo;
  const auto add = [&](int cell) {
    if (cell_in[cell]) return;
    cell_in[cell] = true;
    todo.push_back(cell);
  };
  for (int cell = 0; cell < flow.cells(); ++cell)
    if (lacks[cell] > 0) add(cell);
  while (!todo.empty()) {
    const int cell = todo.back();
    todo.pop_back();
    for (const int* arc = flow.BackBegin(cell); arc != flow.BackEnd(cell); ++arc) {
      const int supply = flow.from(*arc);
      if (supply_in[supply]) continue;
      supply_in[supply] = true;
      for (int out = merged.arcs.begin[supply]; out < merged.arcs.begin[supply + 1]; ++out)
        if (flow.flow(out) > 0) add(merged.arcs.ends[out]);
    }
  }
  // Those that an arc joins are one set.
  std::vector<int> set_of(merged.cells.size(), -1), set_of_supply(merged.supplies.size(), -1);
  for (int first = 0; first < flow.cells(); ++first) {
    if (!cell_in[first] || set_of[first] >= 0) continue;
    const int number = static_cast<int>(result->sets.size());
    result->sets.emplace_back();
    set_of[first] = number;
    todo.push_back(first);
    while (!todo.empty()) {
      const int cell = todo.back();
      todo.pop_back();
      for (const int* arc = flow.BackBegin(cell); arc != flow.BackEnd(cell); ++arc) {
        const int supply = flow.from(*arc);
        if (set_of_supply[supply] >= 0) continue;
        set_of_supply[supply] = number;
        for (int out = merged.arcs.begin[supply]; out < merged.arcs.begin[supply + 1]; ++out) {
          const int next = merged.arcs.ends[out];
          if (!cell_in[next] || set_of[next] >= 0) continue;
          set_of[next] = number;
          todo.push_back(next);
        }
      }
    }
  }
  for (const int i : merged.by_id) {
    if (merged.cell_of[i] < 0 || set_of[merged.cell_of[i]] < 0) continue;
    MatchSet& set = result->sets[set_of[merged.cell_of[i]]];
    set.demands.push_back(i);
    set.open += problem.demands[i].open;
    set.got += result->matched[i];
    set.lacks += problem.demands[i].open - result->matched[i];
  }
  for (std::size_t i = 0; i < merged.supplies.size(); ++i) {
    if (set_of_supply[i] < 0) continue;
    MatchSet& set = result->sets[set_of_supply[i]];
    set.supply += merged.supplies[i].left;
    set.supplies.insert(set.supplies.end(), merged.supplies[i].members.begin(),
                        merged.supplies[i].members.end());
  }
  for (MatchSet& set : result->sets) {
    std::sort(set.supplies.begin(), set.supplies.end(),
              [&](int a, int b) { return problem.supplies[a].id < problem.supplies[b].id; });
  }
  std::sort(result->sets.begin(), result->sets.end(), [&](const MatchSet& one, const MatchSet& other) {
    return problem.demands[one.demands.front()].id < problem.demands[other.demands.front()].id;
  });
}

}  // namespace fundtrail::query
