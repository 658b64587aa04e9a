// See match_merge.h.
#include "ledger/query/match_merge.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace fundtrail::query {

namespace {

void OrderDemands(const MatchProblem& problem, MergedMatch* merged) {
  const auto& demands = problem.demands;
  merged->by_id.resize(demands.size());
  std::iota(merged->by_id.begin(), merged->by_id.end(), 0);
  std::sort(merged->by_id.begin(), merged->by_id.end(),
            [&](int a, int b) { return demands[a].id < demands[b].id; });
  for (const int i : merged->by_id)
    if (demands[i].open > 0) merged->by_level.push_back(i);
  std::stable_sort(merged->by_level.begin(), merged->by_level.end(),
                   [&](int a, int b) { return LevelOf(demands[a]) < LevelOf(demands[b]); });
}

// The narrowest first, and then the lowest id.
void OrderSupplies(std::vector<MergedSupply> supplies, const std::vector<const std::vector<int>*>& reach,
                   const std::vector<int>& merged_cell, MergedMatch* merged) {
  std::vector<std::vector<int>> to(supplies.size());
  std::vector<std::size_t> needs(supplies.size());
  for (std::size_t i = 0; i < supplies.size(); ++i) {
    for (const int cell : *reach[i]) to[i].push_back(merged_cell[cell]);
    std::sort(to[i].begin(), to[i].end());
    to[i].erase(std::unique(to[i].begin(), to[i].end()), to[i].end());
    for (const int cell : to[i]) needs[i] += merged->cells[cell].members.size();
  }
  std::vector<int> order(supplies.size());
  std::iota(order.begin(), order.end(), 0);
  // They stand by their lowest ids.
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return needs[a] < needs[b]; });
  for (const int i : order) {
    merged->supplies.push_back(std::move(supplies[i]));
    merged->arcs.ends.insert(merged->arcs.ends.end(), to[i].begin(), to[i].end());
    merged->arcs.begin.push_back(static_cast<int>(merged->arcs.ends.size()));
  }
}

}  // namespace

std::pair<int, int> LevelOf(const MatchDemand& demand) {
  return {-static_cast<int>(demand.severity), demand.priority == 0 ? 4 : static_cast<int>(demand.priority)};
}

StatusOr<MergedMatch> MergeMatch(const MatchProblem& problem, FlowSteps* steps) {
  MergedMatch made;
  OrderDemands(problem, &made);
  std::vector<int> supplies_by_id(problem.supplies.size());
  std::iota(supplies_by_id.begin(), supplies_by_id.end(), 0);
  std::sort(supplies_by_id.begin(), supplies_by_id.end(),
            [&](int a, int b) { return problem.supplies[a].id < problem.supplies[b].id; });
  // Cells in which a need lacks something, by the lowest id of such a need.
  std::vector<int> number(problem.cells, -1);
  int cells = 0;
  for (const int i : made.by_id)
    if (problem.demands[i].open > 0 && number[problem.demands[i].cell] < 0)
      number[problem.demands[i].cell] = cells++;
  // Scopes that reach the same cells are one.
  std::map<std::vector<int>, int> of_reach;
  std::vector<int> of_scope(problem.scopes.size(), -1);
  std::vector<const std::vector<int>*> reach;
  std::vector<MergedSupply> supplies;
  for (const int i : supplies_by_id) {
    const MatchSupply& supply = problem.supplies[i];
    if (supply.left == 0) continue;
    int& merged = of_scope[supply.scope];
    if (merged < 0) {
      const std::vector<int>& all = problem.scopes[supply.scope];
      FT_RETURN_IF_ERROR(steps->Take(1 + all.size()));
      std::vector<int> in;
      for (const int cell : all)
        if (number[cell] >= 0) in.push_back(number[cell]);
      std::sort(in.begin(), in.end());
      in.erase(std::unique(in.begin(), in.end()), in.end());
      const auto [found, is_new] = of_reach.try_emplace(std::move(in), static_cast<int>(supplies.size()));
      merged = found->second;
      if (is_new) {
        supplies.emplace_back();
        reach.push_back(&found->first);
      }
    }
    supplies[merged].members.push_back(i);
    supplies[merged].left += supply.left;
  }
  // Cells that the same supplies reach are one.
  std::vector<std::vector<int>> reached_by(cells);
  for (std::size_t i = 0; i < supplies.size(); ++i)
    for (const int cell : *reach[i]) reached_by[cell].push_back(static_cast<int>(i));
  std::map<std::vector<int>, int> of_supplies;
  std::vector<int> merged_cell(cells);
  for (int i = 0; i < cells; ++i) {
    const auto [found, is_new] =
        of_supplies.try_emplace(std::move(reached_by[i]), static_cast<int>(made.cells.size()));
    merged_cell[i] = found->second;
    if (!is_new) continue;
    made.cells.emplace_back();
    made.reached.push_back(!found->first.empty());
  }
  made.cell_of.assign(problem.demands.size(), -1);
  for (const int i : made.by_level) {
    made.cell_of[i] = merged_cell[number[problem.demands[i].cell]];
    made.cells[made.cell_of[i]].members.push_back(i);
  }
  OrderSupplies(std::move(supplies), reach, merged_cell, &made);
  return made;
}

}  // namespace fundtrail::query
