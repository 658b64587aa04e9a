// See coverage_lines.h.
#include "ledger/query/coverage_lines.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "ledger/query/apportion.h"

namespace fundtrail::query {

namespace {

using Kind = v1::CoverageLine::Kind;
// Cells in one state.
struct CellSums {
  std::uint64_t cells = 0;
  std::int64_t people = 0, asked = 0, placed = 0;
};
using States = std::array<CellSums, v1::CoverageState_ARRAYSIZE>;

// A line that grows. Those of one level stand below another one; the line of all is the first.
struct Bucket {
  int above = kNoItem;
  Kind kind = v1::CoverageLine::KIND_TOTAL;
  int item = kNoItem;  // the place, category, programme, project or slot that it is
  int depth = 0;
  CoverageSums sums;
  std::int64_t people_at_least = 0;
  std::int64_t most_people = 0;  // of one category, at the place that was counted last
  int states = kNoItem;          // where its cells are counted: most lines of single cells need none
  std::uint64_t crowded_cells = 0;
  int last = kNoItem;  // the project, the party or the place that was counted last
};

void Add(const CoverageSums& more, CoverageSums* to) {
  AddUpTo63Bits(&to->asked, more.asked);
  to->placed += more.placed;
  to->reached += more.reached;
  to->committed += more.committed;
  to->direct += more.direct;
  AddUpTo63Bits(&to->people, more.people);
  AddUpTo63Bits(&to->promised, more.promised);
  for (std::size_t i = 0; i < to->of_severity.size(); ++i)
    AddUpTo63Bits(&to->of_severity[i], more.of_severity[i]);
  to->needs += more.needs;
}

void Add(const CellSums& more, CellSums* to) {
  to->cells += more.cells;
  AddUpTo63Bits(&to->people, more.people);
  AddUpTo63Bits(&to->asked, more.asked);
  to->placed += more.placed;
}

void Add(const CoverageMoney& more, CoverageMoney* to) {
  to->placed += more.placed;
  to->reached += more.reached;
  to->committed += more.committed;
}

void Add(const CoverageMoney& more, CoverageSums* to) {
  to->placed += more.placed;
  to->reached += more.reached;
  to->committed += more.committed;
}

// Over the funds of a project or a need, each figure as all of it is. No part of what reached recipients, or is committed, is above
// its part of what is placed. Of a project nobody knows out of which funds it is committed: it is divided as what is placed.
std::vector<CoverageMoney> Divide(const CoverageMoney& money, const std::vector<CoverageFund>& funds) {
  std::vector<std::int64_t> of_placed, of_reached, of_committed;
  for (const CoverageFund& fund : funds) {
    of_placed.push_back(fund.money.placed);
    of_reached.push_back(fund.money.reached);
    of_committed.push_back(fund.money.committed);
  }
  const auto placed = Apportion(money.placed, of_placed);
  const auto reached = ApportionWithin(money.reached, of_reached, placed);
  const auto committed = ApportionWithin(money.committed, of_committed, placed);
  std::vector<CoverageMoney> parts;
  for (std::size_t i = 0; i < funds.size(); ++i) parts.push_back({placed[i], reached[i], committed[i]});
  return parts;
}

class LineBuilder {
 public:
  LineBuilder(const CoverageBooks& books, const CoverageCells& cells, const CoverageQuestion& question,
              const GoOn& go_on)
      : books_(books),
        cells_(cells),
        question_(question),
        go_on_(go_on),
        by_fund_(question.by == v1::CoverageRequest::BY_FUND),
        by_project_(by_fund_ || question.by == v1::CoverageRequest::BY_PROGRAMME ||
                    question.by == v1::CoverageRequest::BY_PROJECT) {
    buckets_.emplace_back();
  }

  StatusOr<v1::CoverageLine> Build(const std::function<Status(const v1::CoverageLine&)>& take) {
    if (by_fund_) FT_RETURN_IF_ERROR(FillByFund());
    if (by_project_ && !by_fund_) FT_RETURN_IF_ERROR(FillByProject());
    if (!by_project_) {
      FT_RETURN_IF_ERROR(FillBySlot());
      FT_RETURN_IF_ERROR(CountPeople());
    }
    FT_RETURN_IF_ERROR(CountPresences());
    for (std::size_t i = buckets_.size(); --i > 0;) RollUp(buckets_[i]);
    FT_RETURN_IF_ERROR(TakeLines(take));
    return LineOf(buckets_[0]);
  }

 private:
  Status GoOnSometimes() { return ++steps_ % 64 == 0 ? go_on_() : absl::OkStatus(); }

  int BucketBelow(int above, Kind kind, int item) {
    const auto [found, is_new] = numbers_.try_emplace(std::tuple(above, static_cast<int>(kind), item),
                                                      static_cast<int>(buckets_.size()));
    if (is_new) {
      Bucket bucket;
      bucket.above = above;
      bucket.kind = kind;
      bucket.item = item;
      bucket.depth = above == 0 ? 0 : buckets_[above].depth + 1;
      buckets_.push_back(bucket);
    }
    return found->second;
  }

  // Of what is booked at an item of a tree: the line of the item, or of that above it where lines end. Where lines go on
  // below the item, it is the line of what is not below it.
  int BucketInTree(const ItemTree& tree, int top, int item, bool shared) {
    std::vector<int> way;  // from the item up to below the top
    for (int at = item; at != top; at = tree.parent(at)) way.push_back(at);
    const int levels = std::min(static_cast<int>(way.size()), question_.depth);
    int bucket = 0;
    for (int level = 0; level < levels; ++level)
      bucket = BucketBelow(bucket, v1::CoverageLine::KIND_ITEM, way[way.size() - 1 - level]);
    if (levels == question_.depth) return bucket;
    const Kind rest = shared            ? v1::CoverageLine::KIND_SHARED
                      : item == kNoItem ? v1::CoverageLine::KIND_UNSPECIFIED
                                        : v1::CoverageLine::KIND_UNDIVIDED;
    return BucketBelow(bucket, rest, kNoItem);
  }

  int BucketOfSlot(int number) {
    const CoverageSlot& slot = cells_.slots[number];
    switch (question_.by) {
      case v1::CoverageRequest::BY_CATEGORY:
        return BucketInTree(books_.categories, question_.scope.category, slot.category, slot.shared);
      case v1::CoverageRequest::BY_CELL:
        if (slot.is_cell()) return BucketBelow(0, v1::CoverageLine::KIND_ITEM, number);
        return BucketBelow(0,
                           slot.place != kNoItem && slot.shared ? v1::CoverageLine::KIND_SHARED
                                                                : v1::CoverageLine::KIND_UNSPECIFIED,
                           kNoItem);
      default:
        return BucketInTree(books_.places, question_.scope.place, slot.place, false);
    }
  }

  int BucketOfProject(int number) {
    if (question_.by == v1::CoverageRequest::BY_PROJECT)
      return BucketBelow(0, v1::CoverageLine::KIND_ITEM, number);
    const int programme = books_.projects[number].programme;
    return BucketBelow(
        0, programme == kNoItem ? v1::CoverageLine::KIND_UNSPECIFIED : v1::CoverageLine::KIND_ITEM,
        programme);
  }

  Status FillBySlot() {
    of_slot_.reserve(cells_.slots.size());
    for (int i = 0; i < static_cast<int>(cells_.slots.size()); ++i) {
      FT_RETURN_IF_ERROR(GoOnSometimes());
      const CoverageSlot& slot = cells_.slots[i];
      const int number = BucketOfSlot(i);
      of_slot_.push_back(number);
      Bucket& bucket = buckets_[number];
      Add(slot.sums, &bucket.sums);
      if (!slot.is_cell()) continue;
      const CellSums cell{1, slot.sums.people, slot.sums.asked, slot.sums.placed};
      Bucket& counted = question_.by == v1::CoverageRequest::BY_CELL ? buckets_[0] : bucket;
      Add(cell, &StatesOf(&counted)[StateOf(slot)]);
      if (slot.crowded) ++bucket.crowded_cells;
    }
    return absl::OkStatus();
  }

  Status FillByProject() {
    for (const CoverageCells::Money& part : cells_.money) {
      FT_RETURN_IF_ERROR(GoOnSometimes());
      const bool direct = part.project == kNoItem;
      const int bucket =
          direct ? BucketBelow(0, v1::CoverageLine::KIND_DIRECT, kNoItem) : BucketOfProject(part.project);
      CoverageSums& sums = buckets_[bucket].sums;
      Add(part.money, &sums);
      if (direct) sums.direct += part.money.placed;
    }
    return absl::OkStatus();
  }

  // What each project, each seat of it, and each need has in scope is divided once.
  Status FillByFund() {
    for (std::size_t i = 0; i < cells_.money.size();) {
      const CoverageCells::Money& first = cells_.money[i];
      CoverageMoney money;
      for (; i < cells_.money.size(); ++i) {
        const CoverageCells::Money& part = cells_.money[i];
        if (part.project != first.project || part.seat != first.seat || part.need != first.need) break;
        FT_RETURN_IF_ERROR(GoOnSometimes());
        Add(part.money, &money);
      }
      const bool direct = first.project == kNoItem;
      const std::vector<CoverageFund>& funds = FundsOf(first);
      const std::vector<CoverageMoney> parts = Divide(money, funds);
      for (std::size_t at = 0; at < parts.size(); ++at) {
        FT_RETURN_IF_ERROR(GoOnSometimes());
        if (parts[at].placed == 0) continue;
        const int bucket = BucketBelow(0, v1::CoverageLine::KIND_ITEM, funds[at].fund);
        CoverageSums& sums = buckets_[bucket].sums;
        Add(parts[at], &sums);
        if (direct) {
          sums.direct += parts[at].placed;
        } else {
          of_project_[first.project].push_back(bucket);
        }
      }
    }
    // Seats of a project have the same funds.
    for (auto& [project, buckets] : of_project_) {
      FT_RETURN_IF_ERROR(GoOnSometimes());
      std::sort(buckets.begin(), buckets.end());
      buckets.erase(std::unique(buckets.begin(), buckets.end()), buckets.end());
    }
    return absl::OkStatus();
  }

  const std::vector<CoverageFund>& FundsOf(const CoverageCells::Money& part) const {
    if (part.project == kNoItem) return books_.needs[part.need].funds;
    const CoverageProject& project = books_.projects[part.project];
    return part.seat == kNoItem ? project.funds : (*project.seats)[part.seat].funds;
  }

  // Of each place the most people of one category count, in each line by itself.
  Status CountPeople() {
    // Of each place its first slot with people, and of each slot the next. What has no place is the first of all.
    std::vector<int> first(static_cast<std::size_t>(books_.places.size()) + 1, kNoItem);
    std::vector<int> next(cells_.slots.size(), kNoItem);
    for (int i = 0; i < static_cast<int>(cells_.slots.size()); ++i) {
      FT_RETURN_IF_ERROR(GoOnSometimes());
      const CoverageSlot& slot = cells_.slots[i];
      if (slot.sums.people == 0) continue;
      next[i] = first[slot.place + 1];
      first[slot.place + 1] = i;
    }
    for (int place = 0; place <= books_.places.size(); ++place) {
      for (int slot = first[place]; slot != kNoItem; slot = next[slot]) {
        FT_RETURN_IF_ERROR(GoOnSometimes());
        const std::int64_t people = cells_.slots[slot].sums.people;
        for (int at = of_slot_[slot]; at != kNoItem; at = buckets_[at].above) {
          Bucket& bucket = buckets_[at];
          if (bucket.last != place) {
            AddUpTo63Bits(&bucket.people_at_least, bucket.most_people);
            bucket.most_people = 0;
            bucket.last = place;
          }
          // Nor is it then the most in a line above.
          if (bucket.most_people >= people) break;
          bucket.most_people = people;
        }
      }
    }
    for (Bucket& bucket : buckets_) AddUpTo63Bits(&bucket.people_at_least, bucket.most_people);
    Forget();
    return absl::OkStatus();
  }

  void Forget() {
    for (Bucket& bucket : buckets_) bucket.last = kNoItem;
  }

  // In the line and all above it, each once.
  void CountIn(int bucket, int number, std::uint64_t CoverageSums::*count) {
    for (int at = bucket; at != kNoItem && buckets_[at].last != number; at = buckets_[at].above) {
      buckets_[at].last = number;
      ++(buckets_[at].sums.*count);
    }
  }

  // In the lines of where it is, or of its project.
  Status CountThere(const CoverageCells::Presence& there, int number, std::uint64_t CoverageSums::*count) {
    FT_RETURN_IF_ERROR(GoOnSometimes());
    const bool of_one = there.project != kNoItem && !by_fund_;
    CountIn(!by_project_ ? of_slot_[there.slot] : of_one ? BucketOfProject(there.project) : 0, number, count);
    const auto funds = of_project_.find(there.project);
    if (funds == of_project_.end()) return absl::OkStatus();
    for (const int bucket : funds->second) {
      FT_RETURN_IF_ERROR(GoOnSometimes());
      CountIn(bucket, number, count);
    }
    return absl::OkStatus();
  }

  // Each project and each party once in a line, in however many slots of it they are.
  Status CountPresences() {
    // Where lines are of projects, one slot of a project is as good as another. They stand project by project.
    int last = kNoItem;
    for (const CoverageCells::Presence& there : cells_.projects) {
      if (!by_project_ || there.project != last)
        FT_RETURN_IF_ERROR(CountThere(there, there.project, &CoverageSums::projects));
      last = there.project;
    }
    Forget();
    absl::flat_hash_set<std::pair<int, int>> counted;  // each project and party
    for (const CoverageCells::Presence& there : cells_.teams) {
      if (!by_project_ || counted.emplace(there.project, there.party).second)
        FT_RETURN_IF_ERROR(CountThere(there, there.party, &CoverageSums::teams));
    }
    return absl::OkStatus();
  }

  States& StatesOf(Bucket* bucket) {
    if (bucket->states == kNoItem) {
      bucket->states = static_cast<int>(states_.size());
      states_.emplace_back();
    }
    return states_[bucket->states];
  }

  void RollUp(const Bucket& bucket) {
    Bucket& above = buckets_[bucket.above];
    Add(bucket.sums, &above.sums);
    above.crowded_cells += bucket.crowded_cells;
    if (bucket.states == kNoItem) return;
    States& to = StatesOf(&above);
    for (std::size_t state = 0; state < to.size(); ++state) Add(states_[bucket.states][state], &to[state]);
  }

  // Where a line stands among those beside it: items in the order of their trees and ids, then the rest by kind.
  std::tuple<int, int, int> OrderOf(int number) const {
    const Bucket& bucket = buckets_[number];
    if (question_.by != v1::CoverageRequest::BY_CELL || bucket.item == kNoItem)
      return {static_cast<int>(bucket.kind), bucket.item, 0};
    const CoverageSlot& slot = cells_.slots[bucket.item];
    return {static_cast<int>(bucket.kind), slot.place, slot.category};
  }

  Status TakeLines(const std::function<Status(const v1::CoverageLine&)>& take) {
    std::vector<std::vector<int>> below(buckets_.size());
    for (std::size_t i = 1; i < buckets_.size(); ++i) below[buckets_[i].above].push_back(static_cast<int>(i));
    // A line with nothing below it is not told again as what is undivided in it.
    for (std::size_t i = 1; i < below.size(); ++i) {
      if (below[i].size() == 1 && buckets_[below[i][0]].kind == v1::CoverageLine::KIND_UNDIVIDED)
        below[i].clear();
    }
    std::vector<int> left;
    const auto open = [&](int number) {
      auto& lines = below[number];
      std::sort(lines.begin(), lines.end(), [&](int a, int b) { return OrderOf(a) > OrderOf(b); });
      left.insert(left.end(), lines.begin(), lines.end());
    };
    open(0);
    while (!left.empty()) {
      FT_RETURN_IF_ERROR(GoOnSometimes());
      const int number = left.back();
      left.pop_back();
      const v1::CoverageLine line = LineOf(buckets_[number]);
      if (IsAsked(line)) FT_RETURN_IF_ERROR(take(line));
      open(number);
    }
    return absl::OkStatus();
  }

  bool IsAsked(const v1::CoverageLine& line) const {
    if (question_.crowded && !line.crowded()) return false;
    const auto& states = question_.states;
    return states.empty() || std::find(states.begin(), states.end(), line.state()) != states.end();
  }

  void SetItem(const Bucket& bucket, v1::CoverageLine* line) const {
    const auto name = [&](const std::string& id, const std::string& words) {
      line->set_id(id);
      line->set_name(words);
    };
    if (bucket.item == kNoItem) return;
    switch (question_.by) {
      case v1::CoverageRequest::BY_CATEGORY:
        return name(books_.categories.id(bucket.item), books_.categories.name(bucket.item));
      case v1::CoverageRequest::BY_PROGRAMME:
        return name(books_.programmes[bucket.item].id, books_.programmes[bucket.item].name);
      case v1::CoverageRequest::BY_PROJECT:
        return name(books_.projects[bucket.item].id, books_.projects[bucket.item].name);
      case v1::CoverageRequest::BY_FUND:
        return name(books_.funds[bucket.item].id, books_.funds[bucket.item].name);
      case v1::CoverageRequest::BY_CELL: {
        const CoverageSlot& slot = cells_.slots[bucket.item];
        line->set_category(books_.categories.id(slot.category));
        line->set_category_name(books_.categories.name(slot.category));
        return name(books_.places.id(slot.place), books_.places.name(slot.place));
      }
      default:
        return name(books_.places.id(bucket.item), books_.places.name(bucket.item));
    }
  }

  // A line is no VACUUM whose cells are all served below: what stands at a place itself, while its villages have help.
  v1::CoverageState StateIn(const Bucket& bucket) const {
    if (question_.by == v1::CoverageRequest::BY_CELL && bucket.kind == v1::CoverageLine::KIND_ITEM)
      return StateOf(cells_.slots[bucket.item]);
    const v1::CoverageState state = StateOf(bucket.sums);
    const bool has_vacuum =
        bucket.states != kNoItem && states_[bucket.states][v1::COVERAGE_STATE_VACUUM].cells > 0;
    return state == v1::COVERAGE_STATE_VACUUM && !has_vacuum ? v1::COVERAGE_STATE_UNFUNDED : state;
  }

  v1::CoverageLine LineOf(const Bucket& bucket) const {
    v1::CoverageLine line;
    line.set_kind(bucket.kind);
    SetItem(bucket, &line);
    line.set_depth(static_cast<std::uint32_t>(bucket.depth));
    const CoverageSums& sums = bucket.sums;
    v1::CoverageFigures* figures = line.mutable_figures();
    figures->set_asked(sums.asked);
    figures->set_placed(sums.placed);
    figures->set_reached(sums.reached);
    figures->set_committed(sums.committed);
    figures->set_gap(std::max<std::int64_t>(0, sums.asked - sums.placed));
    figures->set_over(std::max<std::int64_t>(0, sums.placed - sums.asked));
    if (sums.asked > 0) figures->set_ratio(RatioOf(sums));
    figures->set_people(sums.people);
    figures->set_needs(sums.needs);
    figures->set_projects(sums.projects);
    figures->set_teams(sums.teams);
    figures->set_people_at_least(bucket.people_at_least);
    figures->set_severity(SeverityOf(sums));
    figures->set_direct(sums.direct);
    figures->set_promised(sums.promised);
    const bool in_cells =
        bucket.kind != v1::CoverageLine::KIND_SHARED && bucket.kind != v1::CoverageLine::KIND_UNSPECIFIED;
    if (in_cells && !by_project_) line.set_state(StateIn(bucket));
    line.set_crowded(bucket.crowded_cells > 0);
    const bool is_cell = question_.by == v1::CoverageRequest::BY_CELL && bucket.item != kNoItem;
    if (!is_cell) line.set_crowded_cells(bucket.crowded_cells);
    if (bucket.states == kNoItem) return line;
    for (std::size_t state = 0; state < States().size(); ++state) {
      const CellSums& of = states_[bucket.states][state];
      if (of.cells == 0) continue;
      v1::CoverageCells* cells = line.add_cells();
      cells->set_state(static_cast<v1::CoverageState>(state));
      cells->set_cells(of.cells);
      cells->set_people(of.people);
      cells->set_asked(of.asked);
      cells->set_placed(of.placed);
    }
    return line;
  }

  const CoverageBooks& books_;
  const CoverageCells& cells_;
  const CoverageQuestion& question_;
  const GoOn& go_on_;
  const bool by_fund_;
  const bool by_project_;  // by programme and by fund too: by whose money it is
  std::size_t steps_ = 0;
  std::vector<Bucket> buckets_;  // each behind the one above it
  std::vector<States> states_;
  absl::flat_hash_map<std::tuple<int, int, int>, int> numbers_;
  std::vector<int> of_slot_;
  absl::flat_hash_map<int, std::vector<int>> of_project_;  // by fund: the lines with money of the project
};

}  // namespace

StatusOr<v1::CoverageLine> EachLine(const CoverageBooks& books, const CoverageCells& cells,
                                    const CoverageQuestion& question, const GoOn& go_on,
                                    const std::function<Status(const v1::CoverageLine&)>& take) {
  return LineBuilder(books, cells, question, go_on).Build(take);
}

}  // namespace fundtrail::query
