// As much as can flow from supplies to cells along arcs that take any amount (Dinic). Plain numbers: it knows no pledges.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/base/wide.h"

namespace fundtrail::query {

// Steps along arcs that are left, and whether to go on.
class FlowSteps {
 public:
  // `go_on` is asked now and then; empty: never.
  FlowSteps(std::uint64_t most, std::function<Status()> go_on) : most_(most), go_on_(std::move(go_on)) {}
  // RESOURCE_EXHAUSTED when more than the most are taken.
  Status Take(std::uint64_t steps);

 private:
  const std::uint64_t most_;
  const std::function<Status()> go_on_;
  std::uint64_t taken_ = 0, asked_ = 0;
};

// Arcs of one side to the other: those of node i are ends[begin[i]] to ends[begin[i + 1] - 1].
struct FlowArcs {
  std::vector<int> begin{0};
  std::vector<int> ends;
};

// Supplies, cells and the arcs between them, with what flows. An arc takes any amount.
class MaxFlow {
 public:
  // Supplies and cells by number; `arcs` leads from supplies to cells.
  MaxFlow(FlowArcs arcs, int cells);
  int supplies() const { return static_cast<int>(has_.size()); }
  int cells() const { return static_cast<int>(lacks_.size()); }
  // What a supply has that does not flow yet, and what a cell may still take.
  void SetSupply(int supply, Wide amount) { has_[supply] = amount; }
  void SetCell(int cell, Wide amount) { lacks_[cell] = amount; }
  void AddToCell(int cell, Wide amount) { lacks_[cell] += amount; }
  Wide has(int supply) const { return has_[supply]; }
  Wide lacks(int cell) const { return lacks_[cell]; }
  const FlowArcs& arcs() const { return arcs_; }
  Wide flow(int arc) const { return flow_[arc]; }
  int from(int arc) const { return from_[arc]; }
  // The arcs that lead to the cell.
  const int* BackBegin(int cell) const { return back_.ends.data() + back_.begin[cell]; }
  const int* BackEnd(int cell) const { return back_.ends.data() + back_.begin[cell + 1]; }
  // Takes all that flows back.
  void Clear() { std::fill(flow_.begin(), flow_.end(), 0); }

  // Lets as much flow as can (Dinic). What cells got they keep.
  Status Fill(FlowSteps* steps);
  // After Fill left something with a supply: no way leads from what it reaches to a cell that lacks something, and none will. That is
  // not looked at again.
  void Close();
  // After Fill: marks what more of a supply could still reach.
  Status Reach(std::vector<bool>* supplies_in, std::vector<bool>* cells_in, FlowSteps* steps);

 private:
  // How far supplies and cells are from a supply that has something, as long as none that lacks something is nearer.
  StatusOr<bool> FindLevels(FlowSteps* steps);

  // One way from the supply to a cell that lacks something, by levels.
  StatusOr<bool> PushFrom(int root, FlowSteps* steps);

  // From the cell at the end of the way to a supply that flows into it. Where there is none, back to where the way came from.
  StatusOr<int> GoOnFrom(int cell, FlowSteps* steps);

  void Push(int root, int cell);

  const FlowArcs arcs_;
  FlowArcs back_;  // of cells: the numbers of the arcs that lead to them
  std::vector<int> from_;
  std::vector<Wide> has_, lacks_, flow_;
  std::vector<int> supply_level_, cell_level_, next_arc_, next_back_;
  std::vector<int> way_forth_, way_back_;
  std::vector<bool> closed_;  // cells; empty: none
};

}  // namespace fundtrail::query
