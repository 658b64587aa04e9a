// See match_flow.h.
//
// Pledges of one scope are one supply here, and needs in reach of the same supplies share a cell: amounts flow from supplies to
// cells. For each level in turn its needs are added. What earlier levels got is kept: it may come from another pledge, but is no
// less. Within a level the needs are divided where the pledges in their reach tell them apart (Groenevelt's decomposition). Let all
// have the share that the sum allows. If the pledges can do that, it is their share. Else the minimum cut parts those that get
// less from those that get more, and each part is a problem of its own.
#include "ledger/query/match_flow.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/quantity.h"
#include "ledger/base/wide.h"
#include "ledger/query/max_flow.h"

namespace fundtrail::query {

namespace {

// Pledges of one scope.
struct Supply {
  std::vector<int> members;  // in the order of ids
  std::int64_t left = 0;
};
// Needs in reach of the same supplies.
struct Cell {
  std::vector<int> members;  // by level, then in the order of ids
};

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
    FT_RETURN_IF_ERROR(Merge());
    result_.matched.assign(problem_.demands.size(), 0);
    kept_.assign(cells_.size(), 0);
    live_ = Part();
    for (int i = 0; i < static_cast<int>(supplies_.size()); ++i) live_.supplies.push_back(i);
    for (int i = 0; i < static_cast<int>(cells_.size()); ++i)
      if (reached_[i]) live_.cells.push_back(i);
    for (std::size_t at = 0; at < by_level_.size();) {
      std::size_t end = at;
      while (end < by_level_.size() && LevelOf(by_level_[end]) == LevelOf(by_level_[at])) ++end;
      FT_RETURN_IF_ERROR(AddLevel({by_level_.begin() + static_cast<std::ptrdiff_t>(at),
                                   by_level_.begin() + static_cast<std::ptrdiff_t>(end)}));
      at = end;
    }
    FT_RETURN_IF_ERROR(Pay());
    return std::move(result_);
  }

 private:
  const MatchDemand& demand(int i) const { return problem_.demands[i]; }
  std::pair<int, int> LevelOf(int i) const {
    const MatchDemand& of = demand(i);
    return {-static_cast<int>(of.severity), of.priority == 0 ? 4 : static_cast<int>(of.priority)};
  }

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
    by_id_.resize(demands.size());
    std::iota(by_id_.begin(), by_id_.end(), 0);
    std::sort(by_id_.begin(), by_id_.end(), [&](int a, int b) { return demand(a).id < demand(b).id; });
    for (const int i : by_id_)
      if (demand(i).open > 0) by_level_.push_back(i);
    std::stable_sort(by_level_.begin(), by_level_.end(),
                     [&](int a, int b) { return LevelOf(a) < LevelOf(b); });
  }

  // Numbers follow from ids, so that no order in which the problem was written shows.
  Status Merge() {
    std::vector<int> supplies_by_id(problem_.supplies.size());
    std::iota(supplies_by_id.begin(), supplies_by_id.end(), 0);
    std::sort(supplies_by_id.begin(), supplies_by_id.end(),
              [&](int a, int b) { return problem_.supplies[a].id < problem_.supplies[b].id; });
    // Cells in which a need lacks something, by the lowest id of such a need.
    std::vector<int> number(problem_.cells, -1);
    int cells = 0;
    for (const int i : by_id_)
      if (demand(i).open > 0 && number[demand(i).cell] < 0) number[demand(i).cell] = cells++;
    // Scopes that reach the same cells are one.
    std::map<std::vector<int>, int> of_reach;
    std::vector<int> of_scope(problem_.scopes.size(), -1);
    std::vector<const std::vector<int>*> reach;
    std::vector<Supply> supplies;
    for (const int i : supplies_by_id) {
      const MatchSupply& supply = problem_.supplies[i];
      if (supply.left == 0) continue;
      int& merged = of_scope[supply.scope];
      if (merged < 0) {
        const std::vector<int>& all = problem_.scopes[supply.scope];
        FT_RETURN_IF_ERROR(steps_.Take(1 + all.size()));
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
          of_supplies.try_emplace(std::move(reached_by[i]), static_cast<int>(cells_.size()));
      merged_cell[i] = found->second;
      if (!is_new) continue;
      cells_.emplace_back();
      reached_.push_back(!found->first.empty());
    }
    cell_of_.assign(problem_.demands.size(), -1);
    for (const int i : by_level_) {
      cell_of_[i] = merged_cell[number[demand(i).cell]];
      cells_[cell_of_[i]].members.push_back(i);
    }
    OrderSupplies(std::move(supplies), reach, merged_cell);
    return absl::OkStatus();
  }

  // The narrowest first, and then the lowest id.
  void OrderSupplies(std::vector<Supply> supplies, const std::vector<const std::vector<int>*>& reach,
                     const std::vector<int>& merged_cell) {
    std::vector<std::vector<int>> to(supplies.size());
    std::vector<std::size_t> needs(supplies.size());
    for (std::size_t i = 0; i < supplies.size(); ++i) {
      for (const int cell : *reach[i]) to[i].push_back(merged_cell[cell]);
      std::sort(to[i].begin(), to[i].end());
      to[i].erase(std::unique(to[i].begin(), to[i].end()), to[i].end());
      for (const int cell : to[i]) needs[i] += cells_[cell].members.size();
    }
    std::vector<int> order(supplies.size());
    std::iota(order.begin(), order.end(), 0);
    // They stand by their lowest ids.
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return needs[a] < needs[b]; });
    for (const int i : order) {
      supplies_.push_back(std::move(supplies[i]));
      arcs_.ends.insert(arcs_.ends.end(), to[i].begin(), to[i].end());
      arcs_.begin.push_back(static_cast<int>(arcs_.ends.size()));
    }
  }

  // The arcs within a part, with the part's own numbers.
  StatusOr<MaxFlow> FlowIn(const Part& part) {
    local_.resize(cells_.size(), -1);
    for (std::size_t i = 0; i < part.cells.size(); ++i) local_[part.cells[i]] = static_cast<int>(i);
    FlowArcs arcs;
    std::uint64_t seen = part.cells.size();
    for (const int supply : part.supplies) {
      for (int arc = arcs_.begin[supply]; arc < arcs_.begin[supply + 1]; ++arc)
        if (local_[arcs_.ends[arc]] >= 0) arcs.ends.push_back(local_[arcs_.ends[arc]]);
      seen += 1 + arcs_.begin[supply + 1] - arcs_.begin[supply];
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
      flow->SetSupply(static_cast<int>(i), scale * supplies_[part.supplies[i]].left);
    for (std::size_t i = 0; i < part.cells.size(); ++i)
      flow->SetCell(static_cast<int>(i), scale * kept_[part.cells[i]]);
  }
  // Of each demand of the part: its cell in it.
  std::vector<int> CellsOf(const Part& part) {
    local_.resize(cells_.size(), -1);
    for (std::size_t i = 0; i < part.cells.size(); ++i) local_[part.cells[i]] = static_cast<int>(i);
    std::vector<int> cells;
    for (const int i : part.demands) cells.push_back(local_[cell_of_[i]]);
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
    for (const int i : by_level_) kept_[cell_of_[i]] += result_.matched[i];
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
        kept_[cell_of_[of]] += demand(of).open;
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
    for (int i = 0; i < static_cast<int>(supplies_.size()); ++i) all.supplies.push_back(i);
    for (int i = 0; i < static_cast<int>(cells_.size()); ++i) all.cells.push_back(i);
    FT_ASSIGN_OR_RETURN(MaxFlow flow, FlowIn(all));
    for (int i = 0; i < flow.supplies(); ++i) flow.SetSupply(i, 0);
    for (int i = 0; i < flow.cells(); ++i) flow.SetCell(i, kept_[i]);
    for (int i = 0; i < flow.supplies(); ++i) {
      flow.SetSupply(i, supplies_[i].left);
      FT_RETURN_IF_ERROR(flow.Fill(&steps_));
      if (flow.has(i) > 0) flow.Close();
      flow.SetSupply(i, 0);
    }
    for (int i = 0; i < flow.cells(); ++i)
      if (flow.lacks(i) != 0) return absl::InternalError("what the needs get could not be paid");
    WriteLines(flow);
    WriteSets(flow);
    return absl::OkStatus();
  }

  void WriteLines(const MaxFlow& flow) {
    // Of each supply, its members are used in the order of ids.
    std::vector<std::size_t> member(supplies_.size(), 0);
    std::vector<std::int64_t> used(supplies_.size(), 0);
    std::vector<Wide> unpaid(arcs_.ends.size());
    for (std::size_t arc = 0; arc < unpaid.size(); ++arc) unpaid[arc] = flow.flow(static_cast<int>(arc));
    for (int cell = 0; cell < flow.cells(); ++cell) {
      const int* arc = flow.BackBegin(cell);
      for (const int of : cells_[cell].members) {
        std::int64_t wanted = result_.matched[of];
        while (wanted > 0 && arc != flow.BackEnd(cell)) {
          if (unpaid[*arc] == 0) {
            ++arc;
            continue;
          }
          const int supply = flow.from(*arc);
          const int pledge = supplies_[supply].members[member[supply]];
          const std::int64_t here = problem_.supplies[pledge].left - used[supply];
          if (here == 0) {
            ++member[supply];
            used[supply] = 0;
            continue;
          }
          const auto amount = static_cast<std::int64_t>(std::min<Wide>({wanted, here, unpaid[*arc]}));
          result_.lines.push_back({pledge, of, amount});
          wanted -= amount;
          used[supply] += amount;
          unpaid[*arc] -= amount;
        }
      }
    }
    std::sort(result_.lines.begin(), result_.lines.end(), [](const MatchLine& one, const MatchLine& other) {
      return std::make_pair(one.demand, one.supply) < std::make_pair(other.demand, other.supply);
    });
  }

  // From each cell that lacks something to all supplies that reach it, and from each of these to all cells that it flows into. That is
  // the smallest set of needs that uses up all that can serve it.
  void WriteSets(const MaxFlow& flow) {
    std::vector<std::int64_t> lacks(cells_.size(), 0);
    for (const int i : by_level_) lacks[cell_of_[i]] += demand(i).open - result_.matched[i];
    std::vector<bool> cell_in(cells_.size(), false), supply_in(supplies_.size(), false);
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
        for (int out = arcs_.begin[supply]; out < arcs_.begin[supply + 1]; ++out)
          if (flow.flow(out) > 0) add(arcs_.ends[out]);
      }
    }
    // Those that an arc joins are one set.
    std::vector<int> set_of(cells_.size(), -1), set_of_supply(supplies_.size(), -1);
    for (int first = 0; first < flow.cells(); ++first) {
      if (!cell_in[first] || set_of[first] >= 0) continue;
      const int number = static_cast<int>(result_.sets.size());
      result_.sets.emplace_back();
      set_of[first] = number;
      todo.push_back(first);
      while (!todo.empty()) {
        const int cell = todo.back();
        todo.pop_back();
        for (const int* arc = flow.BackBegin(cell); arc != flow.BackEnd(cell); ++arc) {
          const int supply = flow.from(*arc);
          if (set_of_supply[supply] >= 0) continue;
          set_of_supply[supply] = number;
          for (int out = arcs_.begin[supply]; out < arcs_.begin[supply + 1]; ++out) {
            const int next = arcs_.ends[out];
            if (!cell_in[next] || set_of[next] >= 0) continue;
            set_of[next] = number;
            todo.push_back(next);
          }
        }
      }
    }
    for (const int i : by_id_) {
      if (cell_of_[i] < 0 || set_of[cell_of_[i]] < 0) continue;
      MatchSet& set = result_.sets[set_of[cell_of_[i]]];
      set.demands.push_back(i);
      set.open += demand(i).open;
      set.got += result_.matched[i];
      set.lacks += demand(i).open - result_.matched[i];
    }
    for (std::size_t i = 0; i < supplies_.size(); ++i) {
      if (set_of_supply[i] < 0) continue;
      MatchSet& set = result_.sets[set_of_supply[i]];
      set.supply += supplies_[i].left;
      set.supplies.insert(set.supplies.end(), supplies_[i].members.begin(), supplies_[i].members.end());
    }
    for (MatchSet& set : result_.sets) {
      std::sort(set.supplies.begin(), set.supplies.end(),
                [&](int a, int b) { return problem_.supplies[a].id < problem_.supplies[b].id; });
    }
    std::sort(result_.sets.begin(), result_.sets.end(), [&](const MatchSet& one, const MatchSet& other) {
      return demand(one.demands.front()).id < demand(other.demands.front()).id;
    });
  }

  const MatchProblem& problem_;
  const MatchMethod method_;
  const MatchWork& work_;
  FlowSteps steps_;
  std::vector<std::int64_t> weights_;
  std::vector<int> by_id_;     // all demands
  std::vector<int> by_level_;  // those that lack something: by level, then by id
  std::vector<Supply> supplies_;
  std::vector<Cell> cells_;
  std::vector<bool> reached_;  // of each cell: some supply reaches it
  std::vector<int> cell_of_;
  FlowArcs arcs_;
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
