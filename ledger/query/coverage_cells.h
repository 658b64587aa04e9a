// The cells of coverage: each place and category with a need, money, an open project or a team. Plain structs in, plain
// structs out: nothing here knows a ledger.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/coverage.pb.h"
#include "ledger/base/status.h"
#include "ledger/query/coverage_split.h"
#include "ledger/query/item_tree.h"

namespace fundtrail::query {

// What a project has, or what was paid straight for a need, out of one fund: in all, wherever it is placed. Of a
// project nobody knows what of it is committed: it is 0.
struct CoverageFund {
  int fund = kNoItem;  // in CoverageBooks::funds
  CoverageMoney money;
};

// What of a project lies with recipients who have their seats in one place; or with holders, and recipients without a seat.
struct CoverageSeat {
  int place = kNoItem;
  CoverageMoney money;
  std::vector<CoverageFund> funds;  // of `money`, by fund, none at zero; read BY_FUND alone
};

// A need with the figures that count; or one that does not count any more, or yet, and got money all the same.
struct CoverageNeed {
  int place = kNoItem;
  int category = kNoItem;
  bool counts = true;  // else it is no need of its cell: what it asks for, its people and its severity are 0
  std::int64_t amount = 0;  // in the asset that is counted
  std::int64_t people = 0;
  std::uint32_t severity = 0;  // 1 to 5; 0 while nobody said it
  std::int64_t promised = 0;   // assigned to it and not paid, in the same asset; 0 where it does not count
  CoverageMoney direct;        // that was paid straight for it, whether it counts or not
  std::vector<CoverageFund> funds;  // of `direct`, by fund, none at zero; read BY_FUND alone
};

struct CoverageProject {
  std::string id, name;
  int programme = kNoItem;                        // in CoverageBooks::programmes
  std::vector<CoverageShare> places, categories;  // by id
  bool open = false;
  int party = kNoItem;  // that implements it: in CoverageBooks::parties
  int group = kNoItem;  // whom it is for; any numbers that tell groups apart
  CoverageMoney money;
  // Where its money stands, when that does not follow from `places`. They add up to `money`.
  std::optional<std::vector<CoverageSeat>> seats;
  std::vector<CoverageFund> funds;  // of `money`, as those of a need; none where seats have them
};

// A deployment in force.
struct CoverageTeam {
  int party = kNoItem;
  int place = kNoItem;
  int category = kNoItem;
  int group = kNoItem;
  int project = kNoItem;  // in CoverageBooks::projects
};

struct CoverageBooks {
  ItemTree places, categories;
  std::vector<CoverageNeed> needs;
  std::vector<CoverageProject> projects;  // by id
  std::vector<CoverageTeam> teams;
  struct Programme {
    std::string id, name;
  };
  std::vector<Programme> programmes;  // by id
  struct Fund {
    std::string id, name;
  };
  std::vector<Fund> funds;  // by id: those that CoverageFund names
  struct Party {
    int above = kNoItem;  // the party above it
    int depth = 0;        // how many stand above it
  };
  std::vector<Party> parties;
};

// The place and the category that are looked at, with all below; kNoItem: all.
struct CoverageScope {
  int place = kNoItem;
  int category = kNoItem;
};

struct CoverageSums {
  std::int64_t asked = 0, placed = 0, reached = 0, committed = 0, direct = 0, people = 0, promised = 0;
  std::array<std::int64_t, 5> of_severity{};  // of `people`, those whose need says how severe it is
  std::uint64_t needs = 0, projects = 0, teams = 0;
};
// Anybody may declare a need of any size: what needs ask for, what is promised to them, and their people count to 2^63
// - 1 and no further.
void AddUpTo63Bits(std::int64_t* sum, std::int64_t more);
// placed / asked in basis points, rounded down, and at most 2^63 - 1. Needs an `asked` above zero.
std::int64_t RatioOf(const CoverageSums& sums);
v1::CoverageState StateOf(const CoverageSums& sums);
// The worst severity, 1 to 5, that at least a fifth of these people has, or a worse one. 0 where no needs of people say it.
std::uint32_t SeverityOf(const CoverageSums& sums);

// Where something is booked: a cell, or a place beside all cells.
struct CoverageSlot {
  int place = kNoItem;     // none: of projects that name none, or several without anything in common
  int category = kNoItem;  // none: of projects that name none; or, shared, that have none in common
  bool shared = false;  // for several categories without shares; `category` is the lowest that has them all
  CoverageSums sums;
  bool crowded = false;
  // Money, a promise, an open project or a team is below it: at its place or one below, for its category or one below.
  bool served_below = false;
  bool is_cell() const { return place != kNoItem && category != kNoItem && !shared; }
};

// As of its sums; but what is served below is no VACUUM.
v1::CoverageState StateOf(const CoverageSlot& slot);

struct CoverageCells {
  std::vector<CoverageSlot> slots;  // that are in scope
  // What each project has in each slot, project by project, and seat by seat where it has seats. Then what was paid
  // straight for each need.
  struct Money {
    int slot, project, seat, need;  // of a project, or of a need: the others are kNoItem
    CoverageMoney money;
  };
  std::vector<Money> money;
  // Open projects, project by project, and teams, party by party: each stands in a slot once.
  struct Presence {
    int slot, project, party;
  };
  std::vector<Presence> projects, teams;
  std::int64_t elsewhere = 0;  // money of projects, and for needs, that is out of scope
};

using GoOn = std::function<Status()>;

// An open project counts in each of its places and each of its categories, and where its money stands but for seats.
// There it need not work. All sums in scope fit in 63 bits together: else OUT_OF_RANGE. RESOURCE_EXHAUSTED when the
// projects name more cells than can be looked at. Money for a need stands at the need, whether that counts or not.
StatusOr<CoverageCells> CellsOf(const CoverageBooks& books, const CoverageScope& scope, const GoOn& go_on);

}  // namespace fundtrail::query
