// See max_flow.h.
#include "ledger/query/max_flow.h"

#include <algorithm>
#include <numeric>

namespace fundtrail::query {
namespace {

constexpr std::uint64_t kStepsBetween = 10'000;
constexpr int kFar = -1;

}  // namespace

Status FlowSteps::Take(std::uint64_t steps) {
  taken_ += steps;
  if (taken_ > most_)
    return absl::ResourceExhaustedError(
        "these pledges and needs are too many, or too entangled, to be matched at once: ask for a place or "
        "a category");
  if (!go_on_ || taken_ < asked_ + kStepsBetween) return absl::OkStatus();
  asked_ = taken_;
  return go_on_();
}

MaxFlow::MaxFlow(FlowArcs arcs, int cells) : arcs_(std::move(arcs)) {
  const int supplies = static_cast<int>(arcs_.begin.size()) - 1;
  has_.resize(supplies);
  lacks_.resize(cells);
  flow_.resize(arcs_.ends.size());
  from_.resize(arcs_.ends.size());
  back_.begin.assign(cells + 1, 0);
  for (const int cell : arcs_.ends) ++back_.begin[cell + 1];
  std::partial_sum(back_.begin.begin(), back_.begin.end(), back_.begin.begin());
  back_.ends.resize(arcs_.ends.size());
  std::vector<int> at(back_.begin.begin(), back_.begin.end() - 1);
  for (int supply = 0; supply < supplies; ++supply) {
    for (int arc = arcs_.begin[supply]; arc < arcs_.begin[supply + 1]; ++arc) {
      from_[arc] = supply;
      back_.ends[at[arcs_.ends[arc]]++] = arc;
    }
  }
}

Status MaxFlow::Fill(FlowSteps* steps) {
  while (true) {
    FT_ASSIGN_OR_RETURN(const bool more, FindLevels(steps));
    if (!more) return absl::OkStatus();
    next_arc_.assign(arcs_.begin.begin(), arcs_.begin.end() - 1);
    next_back_.assign(back_.begin.begin(), back_.begin.end() - 1);
    for (int supply = 0; supply < supplies(); ++supply) {
      while (has_[supply] > 0) {
        FT_ASSIGN_OR_RETURN(const bool pushed, PushFrom(supply, steps));
        if (!pushed) break;
      }
    }
  }
}

void MaxFlow::Close() {
  closed_.resize(lacks_.size(), false);
  for (std::size_t i = 0; i < lacks_.size(); ++i)
    if (cell_level_[i] != kFar) closed_[i] = true;
}

Status MaxFlow::Reach(std::vector<bool>* supplies_in, std::vector<bool>* cells_in, FlowSteps* steps) {
  FT_RETURN_IF_ERROR(FindLevels(steps).status());
  supplies_in->assign(has_.size(), false);
  cells_in->assign(lacks_.size(), false);
  for (std::size_t i = 0; i < has_.size(); ++i) (*supplies_in)[i] = supply_level_[i] != kFar;
  for (std::size_t i = 0; i < lacks_.size(); ++i) (*cells_in)[i] = cell_level_[i] != kFar;
  return absl::OkStatus();
}

StatusOr<bool> MaxFlow::FindLevels(FlowSteps* steps) {
  supply_level_.assign(has_.size(), kFar);
  cell_level_.assign(lacks_.size(), kFar);
  std::vector<int> now, next;
  for (int supply = 0; supply < supplies(); ++supply) {
    if (has_[supply] == 0) continue;
    supply_level_[supply] = 0;
    now.push_back(supply);
  }
  bool found = false;
  FT_RETURN_IF_ERROR(steps->Take(has_.size()));
  for (int level = 0; !found && !now.empty(); ++level) {
    std::vector<int> reached;
    for (const int supply : now) {
      FT_RETURN_IF_ERROR(steps->Take(1 + arcs_.begin[supply + 1] - arcs_.begin[supply]));
      for (int arc = arcs_.begin[supply]; arc < arcs_.begin[supply + 1]; ++arc) {
        const int cell = arcs_.ends[arc];
        if (cell_level_[cell] != kFar || (!closed_.empty() && closed_[cell])) continue;
        cell_level_[cell] = level;
        found = found || lacks_[cell] > 0;
        reached.push_back(cell);
      }
    }
    next.clear();
    for (const int cell : reached) {
      FT_RETURN_IF_ERROR(steps->Take(1 + back_.begin[cell + 1] - back_.begin[cell]));
      for (int at = back_.begin[cell]; at < back_.begin[cell + 1]; ++at) {
        const int arc = back_.ends[at];
        if (flow_[arc] == 0 || supply_level_[from_[arc]] != kFar) continue;
        supply_level_[from_[arc]] = level + 1;
        next.push_back(from_[arc]);
      }
    }
    std::swap(now, next);
  }
  return found;
}

StatusOr<bool> MaxFlow::PushFrom(int root, FlowSteps* steps) {
  // Forth and back in turn.
  way_forth_.clear();
  way_back_.clear();
  int supply = root;
  while (true) {
    FT_RETURN_IF_ERROR(steps->Take(1));
    int& at = next_arc_[supply];
    while (at < arcs_.begin[supply + 1] && cell_level_[arcs_.ends[at]] != supply_level_[supply]) {
      ++at;
      FT_RETURN_IF_ERROR(steps->Take(1));
    }
    if (at == arcs_.begin[supply + 1]) {
      // Nothing is behind this supply.
      if (supply == root) return false;
      const int cell = arcs_.ends[way_forth_.back()];
      ++next_back_[cell];
      way_back_.pop_back();
      FT_ASSIGN_OR_RETURN(supply, GoOnFrom(cell, steps));
      continue;
    }
    const int cell = arcs_.ends[at];
    way_forth_.push_back(at);
    if (lacks_[cell] > 0) {
      Push(root, cell);
      return true;
    }
    FT_ASSIGN_OR_RETURN(supply, GoOnFrom(cell, steps));
  }
}

StatusOr<int> MaxFlow::GoOnFrom(int cell, FlowSteps* steps) {
  int& at = next_back_[cell];
  for (; at < back_.begin[cell + 1]; ++at) {
    FT_RETURN_IF_ERROR(steps->Take(1));
    const int arc = back_.ends[at];
    if (flow_[arc] == 0 || supply_level_[from_[arc]] != cell_level_[cell] + 1) continue;
    way_back_.push_back(arc);
    return from_[arc];
  }
  const int supply = from_[way_forth_.back()];
  way_forth_.pop_back();
  ++next_arc_[supply];
  return supply;
}

void MaxFlow::Push(int root, int cell) {
  Wide amount = std::min(has_[root], lacks_[cell]);
  for (const int arc : way_back_) amount = std::min(amount, flow_[arc]);
  for (const int arc : way_back_) flow_[arc] -= amount;
  for (const int arc : way_forth_) flow_[arc] += amount;
  has_[root] -= amount;
  lacks_[cell] -= amount;
}

}  // namespace fundtrail::query
