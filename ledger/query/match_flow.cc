// See match_flow.h.
//
// Amounts flow from supplies to cells (match_merge.h). For each level in turn its needs are added. What earlier levels got is kept: it
// may come from another pledge, but is no less. Within a level the needs are divided where the pledges in their reach tell them apart
// (Groenevelt's decomposition). Let all have the share that the sum allows. If the pledges can do that, it is their share. Else the
// minimum cut parts those that get less from those that get more, and each part is a problem of its own.
#include "ledger/query/match_flow.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/quantity.h"
#include "ledger/base/wide.h"
#include "ledger/query/match_merge.h"
#include "ledger/query/match_sets.h"
#include "ledger/query/max_flow.h"

namespace fundtrail::query {

namespace {

// A part of all, of which nothing flows to or from the rest.
struct Part {
  std::vector<int> supplies, cells, demands;  // `demands` of the level, in the order of ids
};

class Matcher {
 public:
  Matcher(const MatchProblem& problem, MatchMethod method, const MatchWork& work)
      : problem_(problem), method_(method), work_(work), steps_(work.most, work.go_on) {}

  StatusOr<MatchFlows> Run() {
    FT_RETURN_IF_ERROR(Check());
    Weigh();
    FT_ASSIGN_OR_RETURN(merged_, MergeMatch(problem_, &steps_));
    result_.matched.assign(problem_.demands.size(), 0);
    kept_.assign(merged_.cells.size(), 0);
    live_ = Part();
    for (int i = 0; i < static_cast<int>(merged_.supplies.size()); ++i) live_.supplies.push_back(i);
    for (int i = 0; i < static_cast<int>(merged_.cells.size()); ++i)
      if (merged_.reached[i]) live_.cells.push_back(i);
    for (std::size_t at = 0; at < merged_.by_level.size();) {
      std::size_t end = at;
      while (end < merged_.by_level.size() &&
             LevelOf(demand(merged_.by_level[end])) == LevelOf(demand(merged_.by_level[at])))
        ++end;
      FT_RETURN_IF_ERROR(AddLevel({merged_.by_level.begin() + static_cast<std::ptrdiff_t>(at),
                                   merged_.by_level.begin() + static_cast<std::ptrdiff_t>(end)}));
      at = end;
    }
    FT_RETURN_IF_ERROR(Pay());
    return std::move(result_);
  }

 private:
  const MatchDemand& demand(int i) const { return problem_.demands[i]; }

  Status Check() const {
    std::int64_t supply = 0, open = 0, people = 0;
    bool fits = true;
    for (const MatchSupply& of : problem_.supplies) {
      if (of.left < 0 || of.scope < 0 || of.scope >= static_cast<int>(problem_.scopes.size()))
        return absl::InvalidArgumentError("a pledge has less than nothing, or a scope that does not exist");
      fits = fits && AddTo(&supply, of.left);
    }
    for (const MatchDemand& of : problem_.demands) {
      if (of.open < 0 || of.people < 0 || of.cell < 0 || of.cell >= problem_.cells || of.severity > 5 ||
          of.priority > 3)
        return absl::InvalidArgumentError(
            "a need lacks less than nothing, or has a level or a cell that does not exist");
      fits = fits && AddTo(&open, of.open) && AddTo(&people, of.people);
    }
    std::uint64_t arcs = 0;
    for (const std::vector<int>& cells : problem_.scopes) {
      arcs += cells.size();
      for (const int cell : cells)
        if (cell < 0 || cell >= problem_.cells)
          return absl::InvalidArgumentError("a scope reaches a cell that does not exist");
    }
    if (arcs > work_.most_arcs)
      return absl::ResourceExhaustedError(
          absl::StrCat("the scopes of these pledges reach more than ", work_.most_arcs,
                       " places, kinds of help and groups, all counted: ask for a place or a category"));
    if (!fits)
      return absl::OutOfRangeError(
          "the pledges or the needs add up to more than 63 bits can count: ask for a place or a category");
    return absl::OkStatus();
  }

  void Weigh() {
    const auto& demands = problem_.demands;
    result_.per_person =
        method_ == MatchMethod::kEqual && !demands.empty() &&
        std::all_of(demands.begin(), demands.end(), [](const MatchDemand& of) { return of.people > 0; });
    for (const MatchDemand& of : demands)
      weights_.push_back(method_ == MatchMethod::kProportional ? of.open
                         : result_.per_person                  ? of.people
                                                               : 1);
  }

  // The arcs within a part, with the part's own numbers.
  StatusOr<MaxFlow> FlowIn(const Part& part) {
    local_.resize(merged_.cells.size(), -1);
    for (std::size_t i = 0; i < part.cells.size(); ++i) local_[part.cells[i]] = static_cast<int>(i);
    FlowArcs arcs;
    std::uint64_t seen = part.cells.size();
    for (const int supply : part.supplies) {
      for (int arc = merged_.arcs.begin[supply]; arc < merged_.arcs.begin[supply + 1]; ++arc)
        if (local_[merged_.arcs.ends[arc]] >= 0) arcs.ends.push_back(local_[merged_.arcs.ends[arc]]);
      seen += 1 + merged_.arcs.begin[supply + 1] - merged_.arcs.begin[supply];
      arcs.begin.push_back(static_cast<int>(arcs.ends.size()));
    }
    for (const int cell : part.cells) local_[cell] = -1;
    FT_RETURN_IF_ERROR(steps_.Take(seen));
    return MaxFlow(std::move(arcs), static_cast<int>(part.cells.size()));
  }
  // Supplies times `scale`; of cells what is kept, times it.
  void Load(const Part& part, Wide scale, MaxFlow* flow) const {
    flow->Clear();
    for (std::size_t i = 0; i < part.supplies.size(); ++i)
      flow->SetSupply(static_cast<int>(i), scale * merged_.supplies[part.supplies[i]].left);
    for (std::size_t i = 0; i < part.cells.size(); ++i)
      flow->SetCell(static_cast<int>(i), scale * kept_[part.cells[i]]);
  }
  // Of each demand of the part: its cell in it.
  std::vector<int> CellsOf(const Part& part) {
    local_.resize(merged_.cells.size(), -1);
    for (std::size_t i = 0; i < part.cells.size(); ++i) local_[part.cells[i]] = static_cast<int>(i);
    std::vector<int> cells;
    for (const int i : part.demands) cells.push_back(local_[merged_.cell_of[i]]);
    for (const int cell : part.cells) local_[cell] = -1;
    return cells;
  }

  // The parts that no arc joins, of those in which a need is to get something.
  StatusOr<std::vector<Part>> Apart(const Part& whole) {
    FT_ASSIGN_OR_RETURN(const MaxFlow flow, FlowIn(whole));
    std::vector<int> parent(flow.supplies() + flow.cells());
    std::iota(parent.begin(), parent.end(), 0);
    const auto top = [&](int i) {
      while (parent[i] != i) i = parent[i] = parent[parent[i]];
      return i;
    };
    for (int supply = 0; supply < flow.supplies(); ++supply)
      for (int arc = flow.arcs().begin[supply]; arc < flow.arcs().begin[supply + 1]; ++arc)
        parent[top(supply)] = top(flow.supplies() + flow.arcs().ends[arc]);
    std::vector<Part> parts;
    std::map<int, std::size_t> of_top;
    const auto part_of = [&](int i) -> Part* {
      const auto found = of_top.find(top(i));
      return found == of_top.end() ? nullptr : &parts[found->second];
    };
    const std::vector<int> cells = CellsOf(whole);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i] < 0) continue;
      const auto [found, is_new] = of_top.try_emplace(top(flow.supplies() + cells[i]), parts.size());
      if (is_new) parts.emplace_back();
      parts[found->second].demands.push_back(whole.demands[i]);
    }
    for (int i = 0; i < flow.supplies(); ++i)
      if (Part* part = part_of(i)) part->supplies.push_back(whole.supplies[i]);
    for (int i = 0; i < flow.cells(); ++i)
      if (Part* part = part_of(flow.supplies() + i)) part->cells.push_back(whole.cells[i]);
    FT_RETURN_IF_ERROR(steps_.Take(flow.arcs().ends.size() + parent.size()));
    return parts;
  }

  Status AddLevel(std::vector<int> demands) {
    Part level = live_;
    level.demands = std::move(demands);
    FT_ASSIGN_OR_RETURN(std::vector<Part> open, Apart(level));
    while (!open.empty()) {
      const Part part = std::move(open.back());
      open.pop_back();
      FT_RETURN_IF_ERROR(Solve(part, &open));
    }
    // What was capped stands in kept_ already: count anew.
    std::fill(kept_.begin(), kept_.end(), 0);
    for (const int i : merged_.by_level) kept_[merged_.cell_of[i]] += result_.matched[i];
    return Seal();
  }

  // Supplies that are used up for good, and the cells that only they reach, are left out from here on.
  Status Seal() {
    FT_ASSIGN_OR_RETURN(MaxFlow flow, FlowIn(live_));
    Load(live_, 1, &flow);
    FT_RETURN_IF_ERROR(flow.Fill(&steps_));
    std::vector<bool> supplies_in, cells_in;
    FT_RETURN_IF_ERROR(flow.Reach(&supplies_in, &cells_in, &steps_));
    Part rest;
    for (std::size_t i = 0; i < supplies_in.size(); ++i)
      if (supplies_in[i]) rest.supplies.push_back(live_.supplies[i]);
    for (std::size_t i = 0; i < cells_in.size(); ++i)
      if (cells_in[i]) rest.cells.push_back(live_.cells[i]);
    live_ = std::move(rest);
    return absl::OkStatus();
  }

  // Gives the demands of a part their amounts, or parts it.
  Status Solve(const Part& part, std::vector<Part>* open) {
    if (part.demands.empty()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(MaxFlow flow, FlowIn(part));
    const std::vector<int> cells = CellsOf(part);
    FT_RETURN_IF_ERROR(steps_.Take(part.demands.size()));
    // The most that they can get together.
    Load(part, 1, &flow);
    Wide lacking = 0, weight = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      flow.AddToCell(cells[i], demand(part.demands[i]).open);
      lacking += demand(part.demands[i]).open;
      weight += weights_[part.demands[i]];
    }
    FT_RETURN_IF_ERROR(flow.Fill(&steps_));
    Wide most = lacking;
    for (int i = 0; i < flow.cells(); ++i) most -= flow.lacks(i);
    if (most == lacking) {
      for (const int i : part.demands) result_.matched[i] = demand(i).open;
      return absl::OkStatus();
    }
    if (most == 0) return absl::OkStatus();
    // Each has `most` / `weight` for one of its weight. In units of one `weight`th all are whole numbers; each is less than 2^126.
    Load(part, weight, &flow);
    bool capped = false;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const Wide all = weight * demand(part.demands[i]).open, wanted = most * weights_[part.demands[i]];
      capped = capped || all < wanted;
      flow.AddToCell(cells[i], std::min(all, wanted));
    }
    FT_RETURN_IF_ERROR(flow.Fill(&steps_));
    bool full = true;
    for (int i = 0; i < flow.cells(); ++i) full = full && flow.lacks(i) == 0;
    if (full && !capped) return Round(part, cells, most, weight, &flow);
    std::vector<bool> supplies_in, cells_in;
    FT_RETURN_IF_ERROR(flow.Reach(&supplies_in, &cells_in, &steps_));
    Part less, more;
    for (std::size_t i = 0; i < part.supplies.size(); ++i)
      (supplies_in[i] ? more : less).supplies.push_back(part.supplies[i]);
    for (std::size_t i = 0; i < part.cells.size(); ++i)
      (cells_in[i] ? more : less).cells.push_back(part.cells[i]);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const int of = part.demands[i];
      if (!cells_in[cells[i]]) {
        less.demands.push_back(of);
      } else if (weight * demand(of).open < most * weights_[of]) {
        result_.matched[of] = demand(of).open;
        kept_[merged_.cell_of[of]] += demand(of).open;
      } else {
        more.demands.push_back(of);
      }
    }
    for (const Part& each : {less, more}) {
      FT_ASSIGN_OR_RETURN(std::vector<Part> apart, Apart(each));
      for (Part& piece : apart) open->push_back(std::move(piece));
    }
    return absl::OkStatus();
  }

  // Whole units of `most` / `weight` for each weight. The units that are left go one by one to the largest remainders, and of equal
  // ones to the lowest id, as the pledges allow.
  Status Round(const Part& part, const std::vector<int>& cells, Wide most, Wide weight, MaxFlow* flow) {
    std::vector<Wide> remainders(cells.size());
    Wide left = most;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const int of = part.demands[i];
      const Wide product = most * weights_[of];
      result_.matched[of] = static_cast<std::int64_t>(product / weight);
      remainders[i] = product % weight;
      left -= result_.matched[of];
    }
    if (left == 0) return absl::OkStatus();
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (remainders[i] > 0) order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
    const auto load_floors = [&] {
      Load(part, 1, flow);
      for (std::size_t i = 0; i < cells.size(); ++i)
        flow->AddToCell(cells[i], result_.matched[part.demands[i]]);
    };
    // All at once, which nearly always can be.
    load_floors();
    const auto count = static_cast<std::size_t>(left);
    for (std::size_t i = 0; i < count; ++i) flow->AddToCell(cells[order[i]], 1);
    FT_RETURN_IF_ERROR(flow->Fill(&steps_));
    bool full = true;
    for (int i = 0; i < flow->cells(); ++i) full = full && flow->lacks(i) == 0;
    if (full) {
      for (std::size_t i = 0; i < count; ++i) ++result_.matched[part.demands[order[i]]];
      return absl::OkStatus();
    }
    load_floors();
    FT_RETURN_IF_ERROR(flow->Fill(&steps_));
    // A cell that takes no more now takes no more later.
    std::vector<bool> done(part.cells.size(), false);
    for (std::size_t i = 0; i < order.size() && left > 0; ++i) {
      const int cell = cells[order[i]];
      if (done[cell]) continue;
      flow->AddToCell(cell, 1);
      FT_RETURN_IF_ERROR(flow->Fill(&steps_));
      if (flow->lacks(cell) > 0) {
        flow->AddToCell(cell, -1);
        done[cell] = true;
        continue;
      }
      ++result_.matched[part.demands[order[i]]];
      --left;
    }
    if (left > 0) return absl::InternalError("a share of units could not be given out");
    return absl::OkStatus();
  }

  // Which pledge serves which need: one supply after another, the narrowest first.
  Status Pay() {
    Part all;
    for (int i = 0; i < static_cast<int>(merged_.supplies.size()); ++i) all.supplies.push_back(i);
    for (int i = 0; i < static_cast<int>(merged_.cells.size()); ++i) all.cells.push_back(i);
    FT_ASSIGN_OR_RETURN(MaxFlow flow, FlowIn(all));
    for (int i = 0; i < flow.supplies(); ++i) flow.SetSupply(i, 0);
    for (int i = 0; i < flow.cells(); ++i) flow.SetCell(i, kept_[i]);
    for (int i = 0; i < flow.supplies(); ++i) {
      flow.SetSupply(i, merged_.supplies[i].left);
      FT_RETURN_IF_ERROR(flow.Fill(&steps_));
      if (flow.has(i) > 0) flow.Close();
      flow.SetSupply(i, 0);
    }
    for (int i = 0; i < flow.cells(); ++i)
      if (flow.lacks(i) != 0) return absl::InternalError("what the needs get could not be paid");
    WriteMatchLines(problem_, merged_, flow, &result_);
    WriteMatchSets(problem_, merged_, flow, &result_);
    return absl::OkStatus();
  }

  const MatchProblem& problem_;
  const MatchMethod method_;
  const MatchWork& work_;
  FlowSteps steps_;
  MergedMatch merged_;
  std::vector<std::int64_t> weights_;
  std::vector<std::int64_t> kept_;  // of each cell: what its needs have by now
  std::vector<int> local_;
  Part live_;
  MatchFlows result_;
};

}  // namespace

StatusOr<MatchFlows> FlowMatch(const MatchProblem& problem, MatchMethod method, const MatchWork& work) {
  return Matcher(problem, method, work).Run();
}

}  // namespace fundtrail::query
