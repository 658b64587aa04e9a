// See coverage_cells.h.
#include "ledger/query/coverage_cells.h"

#include <algorithm>
#include <compare>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "ledger/base/quantity.h"
#include "ledger/base/wide.h"

namespace fundtrail::query {

namespace {

// Of projects in slots, some hundred megabytes: ten thousand projects with twenty places and twenty categories each.
constexpr std::size_t kMaxCellParts = 4'000'000;

Status TooMany() {
  return absl::ResourceExhaustedError(
      "projects and needs name too many places and categories together: ask for a place or a category");
}

Status TooManyCells() {
  return absl::OutOfRangeError(
      "the money of projects and for needs adds up to more than 2^63 - 1: ask for a place or a category");
}

class CellCounter {
 public:
  CellCounter(const CoverageBooks& books, const CoverageScope& scope, const GoOn& go_on)
      : books_(books), scope_(scope), go_on_(go_on) {}

  StatusOr<CoverageCells> Count() {
    for (const CoverageNeed& need : books_.needs) FT_RETURN_IF_ERROR(AddNeed(need));
    for (int i = 0; i < static_cast<int>(books_.projects.size()); ++i) {
      if (books_.projects[i].open) FT_RETURN_IF_ERROR(AddOpen(i));
      FT_RETURN_IF_ERROR(AddMoney(i));
    }
    for (int i = 0; i < static_cast<int>(books_.needs.size()); ++i) FT_RETURN_IF_ERROR(AddDirect(i));
    FT_RETURN_IF_ERROR(AddTeams());
    FT_RETURN_IF_ERROR(FindCrowds());
    FT_RETURN_IF_ERROR(MarkServed());
    return std::move(cells_);
  }

 private:
  // Who does something for a group in a cell.
  struct Actor {
    int slot, group, depth, party;
    friend auto operator<=>(const Actor&, const Actor&) = default;
  };

  Status GoOnSometimes() { return ++steps_ % 64 == 0 ? go_on_() : absl::OkStatus(); }

  bool InScope(int place, int category) const {
    return books_.places.IsIn(scope_.place, place) && books_.categories.IsIn(scope_.category, category);
  }

  static std::uint64_t KeyOf(int place, int category, bool shared) {
    const auto low = static_cast<std::uint32_t>(category + 1) * 2 + (shared ? 1 : 0);
    return (std::uint64_t{static_cast<std::uint32_t>(place + 1)} << 32) | low;
  }

  int SlotAt(int place, int category, bool shared) {
    const auto [found, is_new] =
        numbers_.try_emplace(KeyOf(place, category, shared), static_cast<int>(cells_.slots.size()));
    if (is_new) {
      cells_.slots.push_back({place, category, shared, {}, false, false});
      last_.push_back(kNoItem);
    }
    return found->second;
  }

  Status AddNeed(const CoverageNeed& need) {
    FT_RETURN_IF_ERROR(GoOnSometimes());
    if (!need.counts || !InScope(need.place, need.category)) return absl::OkStatus();
    CoverageSums& sums = cells_.slots[SlotAt(need.place, need.category, false)].sums;
    AddUpTo63Bits(&sums.asked, need.amount);
    AddUpTo63Bits(&sums.people, need.people);
    AddUpTo63Bits(&sums.promised, need.promised);
    if (need.severity > 0 && need.severity <= sums.of_severity.size())
      AddUpTo63Bits(&sums.of_severity[need.severity - 1], need.people);
    ++sums.needs;
    return absl::OkStatus();
  }

  Status AddPresence(int slot, int project) {
    if (last_[slot] == project) return absl::OkStatus();
    last_[slot] = project;
    ++cells_.slots[slot].sums.projects;
    if (cells_.projects.size() == kMaxCellParts) return TooMany();
    cells_.projects.push_back({slot, project, books_.projects[project].party});
    return absl::OkStatus();
  }

  // An open project, in each of its places and categories.
  Status AddOpen(int number) {
    static const std::vector<CoverageShare> kNone{CoverageShare{}};
    const CoverageProject& project = books_.projects[number];
    for (const CoverageShare& place : project.places.empty() ? kNone : project.places) {
      for (const CoverageShare& category : project.categories.empty() ? kNone : project.categories) {
        FT_RETURN_IF_ERROR(GoOnSometimes());
        if (!InScope(place.item, category.item)) continue;
        const int slot = SlotAt(place.item, category.item, false);
        FT_RETURN_IF_ERROR(AddPresence(slot, number));
        AddActor(slot, project.group, project.party);
      }
    }
    return absl::OkStatus();
  }

  Status AddMoney(int number) {
    const CoverageProject& project = books_.projects[number];
    if (project.money.placed == 0) return GoOnSometimes();
    if (!project.seats.has_value()) {
      for (const BookedMoney& there : Book(project.money, project.places, books_.places))
        FT_RETURN_IF_ERROR(AddMoneyAt(there.item, there.money, number, kNoItem));
      return absl::OkStatus();
    }
    const std::vector<CoverageSeat>& seats = *project.seats;
    for (int seat = 0; seat < static_cast<int>(seats.size()); ++seat)
      FT_RETURN_IF_ERROR(AddMoneyAt(seats[seat].place, seats[seat].money, number, seat));
    return absl::OkStatus();
  }

  // What of a project stands at a place, for its categories.
  Status AddMoneyAt(int place, const CoverageMoney& money, int number, int seat) {
    const CoverageProject& project = books_.projects[number];
    for (const BookedMoney& part : Book(money, project.categories, books_.categories)) {
      FT_RETURN_IF_ERROR(GoOnSometimes());
      if (part.money.placed == 0) continue;
      if (!InScope(place, part.item)) {
        if (!AddTo(&cells_.elsewhere, part.money.placed)) return TooManyCells();
        continue;
      }
      const int slot = SlotAt(place, part.item, part.undivided);
      FT_RETURN_IF_ERROR(Place({slot, number, seat, kNoItem, part.money}));
      if (project.open && seat == kNoItem) FT_RETURN_IF_ERROR(AddPresence(slot, number));
    }
    return absl::OkStatus();
  }

  // What was paid straight for a need.
  Status AddDirect(int number) {
    FT_RETURN_IF_ERROR(GoOnSometimes());
    const CoverageNeed& need = books_.needs[number];
    if (need.direct.placed == 0) return absl::OkStatus();
    if (!InScope(need.place, need.category))
      return AddTo(&cells_.elsewhere, need.direct.placed) ? absl::OkStatus() : TooManyCells();
    const int slot = SlotAt(need.place, need.category, false);
    FT_RETURN_IF_ERROR(Place({slot, kNoItem, kNoItem, number, need.direct}));
    cells_.slots[slot].sums.direct += need.direct.placed;
    return absl::OkStatus();
  }

  // Of a project, or for a need.
  Status Place(const CoverageCells::Money& part) {
    // No sum in a slot, or in a line, is above that of all.
    if (!AddTo(&placed_, part.money.placed)) return TooManyCells();
    CoverageSums& sums = cells_.slots[part.slot].sums;
    sums.placed += part.money.placed;
    sums.reached += part.money.reached;
    sums.committed += part.money.committed;
    if (cells_.money.size() == kMaxCellParts) return TooMany();
    cells_.money.push_back(part);
    return absl::OkStatus();
  }

  // Party by party, so that one with two deployments in a cell counts once.
  Status AddTeams() {
    std::vector<std::size_t> order(books_.teams.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::tie(books_.teams[a].party, a) < std::tie(books_.teams[b].party, b);
    });
    std::fill(last_.begin(), last_.end(), kNoItem);
    for (const std::size_t i : order) {
      FT_RETURN_IF_ERROR(GoOnSometimes());
      const CoverageTeam& team = books_.teams[i];
      if (!InScope(team.place, team.category)) continue;
      const int slot = SlotAt(team.place, team.category, false);
      // A team that works on an open project is no effort beside it.
      const bool of_project = team.project != kNoItem && books_.projects[team.project].open;
      AddActor(slot, team.group, of_project ? books_.projects[team.project].party : team.party);
      // Of each project that it is for, since lines of projects count it too.
      cells_.teams.push_back({slot, team.project, team.party});
      if (last_[slot] == team.party) continue;
      last_[slot] = team.party;
      ++cells_.slots[slot].sums.teams;
    }
    return absl::OkStatus();
  }

  void AddActor(int slot, int group, int party) {
    if (cells_.slots[slot].is_cell()) actors_.push_back({slot, group, books_.parties[party].depth, party});
  }

  bool StandsAbove(int above, int party) const {
    while (books_.parties[party].depth > books_.parties[above].depth) party = books_.parties[party].above;
    return party == above;
  }

  Status FindCrowds() {
    std::sort(actors_.begin(), actors_.end());
    actors_.erase(std::unique(actors_.begin(), actors_.end()), actors_.end());
    for (std::size_t i = 1; i < actors_.size(); ++i) {
      FT_RETURN_IF_ERROR(GoOnSometimes());
      const Actor& one = actors_[i - 1];
      const Actor& next = actors_[i];
      if (one.slot != next.slot || one.group != next.group) continue;
      // From the top down: when each stands above the next, each stands above all that follow.
      if (!StandsAbove(one.party, next.party)) cells_.slots[one.slot].crowded = true;
    }
    return absl::OkStatus();
  }

  // Every cell above a slot where something is.
  Status MarkServed() {
    for (std::size_t i = 0; i < cells_.slots.size(); ++i) {
      const CoverageSlot& slot = cells_.slots[i];
      const CoverageSums& sums = slot.sums;
      if (sums.placed == 0 && sums.promised == 0 && sums.projects == 0 && sums.teams == 0) continue;
      for (int place = slot.place; place != kNoItem; place = books_.places.parent(place)) {
        FT_RETURN_IF_ERROR(GoOnSometimes());
        for (int category = slot.category; category != kNoItem;
             category = books_.categories.parent(category)) {
          const auto above = numbers_.find(KeyOf(place, category, false));
          if (above != numbers_.end() && above->second != static_cast<int>(i))
            cells_.slots[above->second].served_below = true;
        }
      }
    }
    return absl::OkStatus();
  }

  const CoverageBooks& books_;
  const CoverageScope scope_;
  const GoOn& go_on_;
  std::size_t steps_ = 0;
  CoverageCells cells_;
  std::int64_t placed_ = 0;  // in all, to see that it fits
  absl::flat_hash_map<std::uint64_t, int> numbers_;
  std::vector<int> last_;  // of each slot, the project or the team that was counted there last
  std::vector<Actor> actors_;
};

}  // namespace

void AddUpTo63Bits(std::int64_t* sum, std::int64_t more) {
  if (!AddTo(sum, more)) *sum = std::numeric_limits<std::int64_t>::max();
}

std::int64_t RatioOf(const CoverageSums& sums) {
  const Wide ratio = Wide(sums.placed) * 10'000 / sums.asked;
  const Wide most = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(ratio, most));
}

v1::CoverageState StateOf(const CoverageSums& sums) {
  if (sums.placed == 0) {
    if (sums.needs == 0) return v1::COVERAGE_STATE_UNSPECIFIED;
    return sums.promised == 0 && sums.projects == 0 && sums.teams == 0 ? v1::COVERAGE_STATE_VACUUM
                                                                       : v1::COVERAGE_STATE_UNFUNDED;
  }
  if (sums.asked == 0) return v1::COVERAGE_STATE_UNDECLARED;
  const std::int64_t ratio = RatioOf(sums);
  if (ratio < 5'000) return v1::COVERAGE_STATE_UNDER;
  return ratio <= 11'000 ? v1::COVERAGE_STATE_COVERED : v1::COVERAGE_STATE_OVER;
}

v1::CoverageState StateOf(const CoverageSlot& slot) {
  const v1::CoverageState state = StateOf(slot.sums);
  return state == v1::COVERAGE_STATE_VACUUM && slot.served_below ? v1::COVERAGE_STATE_UNFUNDED : state;
}

std::uint32_t SeverityOf(const CoverageSums& sums) {
  Wide all = 0;
  for (const std::int64_t people : sums.of_severity) all += people;
  if (all == 0) return 0;
  auto severity = static_cast<std::uint32_t>(sums.of_severity.size());
  for (Wide part = 0; severity > 1; --severity) {
    part += sums.of_severity[severity - 1];
    if (5 * part >= all) break;
  }
  return severity;  // of 1 or worse are all
}

StatusOr<CoverageCells> CellsOf(const CoverageBooks& books, const CoverageScope& scope, const GoOn& go_on) {
  return CellCounter(books, scope, go_on).Count();
}

}  // namespace fundtrail::query
