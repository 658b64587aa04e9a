// Coverage against a naive model: random trees, needs with money of their own, projects, funds, seats of recipients and
// deployments. For each line the model looks at all facts again, one by one, and by ids alone.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/model/enum_word.h"
#include "ledger/query/coverage_lines.h"
#include "tests/support/entries.h"

namespace fundtrail::testing {
namespace {

using Request = v1::CoverageRequest;
using Line = v1::CoverageLine;
using Amounts = std::vector<std::int64_t>;

// Parents by id; empty above a root.
using Parents = std::map<std::string, std::string>;

bool IsBelow(const Parents& tree, std::string id, const std::string& top) {
  if (top.empty()) return true;
  for (; !id.empty(); id = tree.at(id))
    if (id == top) return true;
  return false;
}

std::vector<std::string> Children(const Parents& tree, const std::string& top) {
  std::vector<std::string> children;
  for (const auto& [id, parent] : tree)
    if (parent == top) children.push_back(id);
  return children;
}

void Preorder(const Parents& tree, const std::string& top, std::vector<std::string>* order) {
  for (const std::string& child : Children(tree, top)) {
    order->push_back(child);
    Preorder(tree, child, order);
  }
}

struct Share {
  std::string id;
  std::int64_t points;
};

// One unit after another to whoever lacks the most of its exact share, each once in a round, the lower id first.
Amounts Divide(std::int64_t amount, const std::vector<Share>& shares, const Amounts* most) {
  Amounts parts;
  std::int64_t left = amount;
  for (const Share& share : shares) {
    parts.push_back(amount * share.points / 10'000);
    left -= parts.back();
  }
  while (left > 0) {
    std::set<std::size_t> served;
    while (left > 0) {
      std::size_t best = shares.size();
      for (std::size_t i = 0; i < shares.size(); ++i) {
        if (served.count(i) > 0 || (most != nullptr && parts[i] == (*most)[i])) continue;
        const auto lacks = [&](std::size_t of) { return amount * shares[of].points % 10'000; };
        if (best == shares.size() || lacks(i) > lacks(best)) best = i;
      }
      if (best == shares.size()) break;
      served.insert(best);
      ++parts[best];
      --left;
    }
    REQUIRE((left == 0 || !served.empty()));
  }
  return parts;
}

// One unit after another to whoever has the largest remainder, the lower id first.
Amounts DivideBy(std::int64_t amount, const Amounts& weights) {
  std::int64_t sum = 0;
  for (const std::int64_t weight : weights) sum += weight;
  Amounts parts;
  std::int64_t left = amount;
  for (const std::int64_t weight : weights) {
    parts.push_back(amount * weight / sum);
    left -= parts.back();
  }
  std::set<std::size_t> served;
  for (; left > 0; --left) {
    std::size_t best = weights.size();
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (served.count(i) > 0) continue;
      if (best == weights.size() || amount * weights[i] % sum > amount * weights[best] % sum) best = i;
    }
    REQUIRE(best < weights.size());
    served.insert(best);
    ++parts[best];
  }
  return parts;
}

// The same, and none is above its most: what is too much is divided anew, by the room that each has.
Amounts DivideWithin(std::int64_t amount, const Amounts& weights, const Amounts& most) {
  const auto some = [](std::int64_t weight) { return weight > 0; };
  Amounts parts(weights.size()), rooms;
  if (std::any_of(weights.begin(), weights.end(), some)) parts = DivideBy(amount, weights);
  std::int64_t left = amount;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i] = std::min(parts[i], most[i]);
    left -= parts[i];
    rooms.push_back(most[i] - parts[i]);
  }
  if (left == 0) return parts;
  const Amounts more = DivideBy(left, rooms);
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i] += more[i];
  return parts;
}

// Something that is booked somewhere: a need, money, a project or a team.
struct Fact {
  std::string place, category;  // empty: none
  bool shared = false;
  std::int64_t asked = 0, people = 0, placed = 0, reached = 0, committed = 0, direct = 0, promised = 0;
  int needs = 0, severity = 0;
  std::string project;  // whose money it is, or which works there
  std::string payee;    // the project, its seat, or the need that has the money
  bool open = false;    // the project
  std::string team;     // the party that is there
  std::string actor, group;
};

struct Part {
  std::string id;
  bool several = false;
  std::int64_t placed = 0, reached = 0, committed = 0;
};

struct Project {
  std::string id, programme, party, group;
  std::vector<Share> places, categories;
  bool open = false;
  std::int64_t placed = 0, reached = 0, committed = 0;
  std::vector<Part> seats;  // where its money stands, when that is where its recipients have their seats
};

std::vector<Part> Parted(const Parents& tree, const std::vector<Share>& shares, const Part& of) {
  if (shares.empty()) return {{"", false, of.placed, of.reached, of.committed}};
  if (shares.size() == 1) return {{shares[0].id, false, of.placed, of.reached, of.committed}};
  if (shares[0].points == 0) {
    std::string common = shares[0].id;
    const auto has_all = [&](const std::string& top) {
      return std::all_of(shares.begin(), shares.end(),
                         [&](const Share& share) { return IsBelow(tree, share.id, top); });
    };
    while (!common.empty() && !has_all(common)) common = tree.at(common);
    return {{common, true, of.placed, of.reached, of.committed}};
  }
  const Amounts placed = Divide(of.placed, shares, nullptr);
  const Amounts reached = Divide(of.reached, shares, &placed);
  const Amounts committed = Divide(of.committed, shares, &placed);
  std::vector<Part> parts;
  for (std::size_t i = 0; i < shares.size(); ++i)
    parts.push_back({shares[i].id, false, placed[i], reached[i], committed[i]});
  return parts;
}

struct World {
  Parents places, categories, parties;
  std::vector<Project> projects;
  std::vector<Fact> facts;
  std::map<std::string, std::map<std::string, query::CoverageMoney>> funds;  // of each payee, by fund
  std::int64_t placed = 0;     // by all projects, and for all needs
  query::CoverageBooks books;  // the same, as the program has it

  std::vector<Fact> In(const std::string& place, const std::string& category) const {
    std::vector<Fact> in;
    for (const Fact& fact : facts)
      if (IsBelow(places, fact.place, place) && IsBelow(categories, fact.category, category))
        in.push_back(fact);
    return in;
  }
};

std::string SeatOf(const Project& project, std::size_t seat) { return absl::StrCat(project.id, " ", seat); }

bool IsCell(const Fact& fact) { return !fact.place.empty() && !fact.category.empty() && !fact.shared; }

struct Sums {
  std::int64_t asked = 0, people = 0, at_least = 0, placed = 0, reached = 0, committed = 0, direct = 0;
  std::int64_t promised = 0;
  int needs = 0, severity = 0;
  std::set<std::string> projects, teams;
};

// Of each place the most people of one category.
std::int64_t AtLeast(const std::vector<Fact>& facts) {
  std::map<std::string, std::map<std::string, std::int64_t>> people;
  for (const Fact& fact : facts) people[fact.place][fact.category] += fact.people;
  std::int64_t sum = 0;
  for (const auto& [place, of] : people) {
    std::int64_t most = 0;
    for (const auto& [category, number] : of) most = std::max(most, number);
    sum += most;
  }
  return sum;
}

int Severity(const std::vector<Fact>& facts) {
  const auto people = [&](int severity) {
    std::int64_t sum = 0;
    for (const Fact& fact : facts)
      if (fact.severity >= severity) sum += fact.people;
    return sum;
  };
  for (int severity = 5; severity > 0 && people(1) > 0; --severity)
    if (100 * people(severity) >= 20 * people(1)) return severity;
  return 0;
}

Sums SumsOf(const std::vector<Fact>& facts) {
  Sums sums;
  sums.at_least = AtLeast(facts);
  sums.severity = Severity(facts);
  for (const Fact& fact : facts) {
    sums.direct += fact.direct;
    sums.promised += fact.promised;
    sums.asked += fact.asked;
    sums.people += fact.people;
    sums.placed += fact.placed;
    sums.reached += fact.reached;
    sums.committed += fact.committed;
    sums.needs += fact.needs;
    if (fact.open) sums.projects.insert(fact.project);
    if (!fact.team.empty()) sums.teams.insert(fact.team);
  }
  return sums;
}

v1::CoverageState StateOf(const Sums& sums) {
  if (sums.placed > 0 && sums.asked == 0) return v1::COVERAGE_STATE_UNDECLARED;
  if (sums.placed > 0) {
    const std::int64_t ratio = 10'000 * sums.placed / sums.asked;
    return ratio < 5'000     ? v1::COVERAGE_STATE_UNDER
           : ratio <= 11'000 ? v1::COVERAGE_STATE_COVERED
                             : v1::COVERAGE_STATE_OVER;
  }
  if (sums.needs == 0) return v1::COVERAGE_STATE_UNSPECIFIED;
  return sums.promised == 0 && sums.projects.empty() && sums.teams.empty() ? v1::COVERAGE_STATE_VACUUM
                                                                           : v1::COVERAGE_STATE_UNFUNDED;
}

using Cell = std::pair<std::string, std::string>;
std::map<Cell, std::vector<Fact>> CellsOf(const std::vector<Fact>& facts) {
  std::map<Cell, std::vector<Fact>> cells;
  for (const Fact& fact : facts)
    if (IsCell(fact)) cells[{fact.place, fact.category}].push_back(fact);
  return cells;
}

bool IsCrowded(const Parents& parties, const std::vector<Fact>& cell) {
  for (const Fact& one : cell) {
    for (const Fact& other : cell) {
      if (one.actor.empty() || other.actor.empty() || one.group != other.group) continue;
      if (!IsBelow(parties, one.actor, other.actor) && !IsBelow(parties, other.actor, one.actor)) return true;
    }
  }
  return false;
}

// The state of a cell, which is no VACUUM when something is at a place and a category below.
v1::CoverageState StateOfCell(const World& world, const Cell& cell, const std::vector<Fact>& facts) {
  const v1::CoverageState state = StateOf(SumsOf(facts));
  if (state != v1::COVERAGE_STATE_VACUUM) return state;
  for (const Fact& fact : world.In(cell.first, cell.second)) {
    const bool serves = fact.placed > 0 || fact.promised > 0 || fact.open || !fact.team.empty();
    const bool below = fact.place != cell.first || fact.category != cell.second || fact.shared;
    if (serves && below && !fact.place.empty() && !fact.category.empty()) return v1::COVERAGE_STATE_UNFUNDED;
  }
  return state;
}

// What a line says, as text.
struct Shown {
  Line::Kind kind;
  std::string id, category;
  int depth = 0;
};
std::string Text(const World& world, const Shown& shown, const std::vector<Fact>& facts, bool by_project,
                 bool is_cell) {
  const Sums sums = SumsOf(facts);
  std::string text = absl::StrCat(
      model::WordOf(shown.kind), " ", shown.id, "/", shown.category, " ", shown.depth, ": asked ", sums.asked,
      " placed ", sums.placed, " reached ", sums.reached, " committed ", sums.committed, " direct ",
      sums.direct, " promised ", sums.promised, " people ", sums.at_least, " to ", sums.people, " severity ",
      sums.severity, " needs ", sums.needs, " projects ", sums.projects.size(), " teams ", sums.teams.size());
  const bool has_state =
      shown.kind != Line::KIND_SHARED && shown.kind != Line::KIND_UNSPECIFIED && !by_project;
  std::map<v1::CoverageState, std::vector<std::vector<Fact>>> by_state;
  int crowded = 0;
  if (!by_project) {
    for (const auto& [cell, of] : CellsOf(facts)) {
      by_state[StateOfCell(world, cell, of)].push_back(of);
      crowded += IsCrowded(world.parties, of) ? 1 : 0;
    }
  }
  v1::CoverageState own = StateOf(sums);
  if (own == v1::COVERAGE_STATE_VACUUM && by_state.count(v1::COVERAGE_STATE_VACUUM) == 0)
    own = v1::COVERAGE_STATE_UNFUNDED;
  absl::StrAppend(&text, " ", has_state ? model::WordOf(own) : "-");
  if (crowded > 0) absl::StrAppend(&text, " crowded");
  if (is_cell) return text;
  for (const auto& [state, cells] : by_state) {
    std::vector<Fact> all;
    for (const auto& of : cells) all.insert(all.end(), of.begin(), of.end());
    const Sums of = SumsOf(all);
    absl::StrAppend(&text, ", ", model::WordOf(state), " ", cells.size(), " (", of.people, " ", of.asked, " ",
                    of.placed, ")");
  }
  return absl::StrCat(text, "; ", crowded);
}

std::string Text(const Line& line, bool by_project, bool is_cell) {
  const v1::CoverageFigures& figures = line.figures();
  CHECK(figures.gap() == std::max<std::int64_t>(0, figures.asked() - figures.placed()));
  CHECK(figures.over() == std::max<std::int64_t>(0, figures.placed() - figures.asked()));
  CHECK(figures.has_ratio() == (figures.asked() > 0));
  if (figures.asked() > 0) CHECK(figures.ratio() == 10'000 * figures.placed() / figures.asked());
  CHECK(figures.reached() <= figures.placed());
  CHECK(figures.committed() <= figures.placed());
  CHECK(figures.direct() <= figures.placed());
  CHECK(figures.people_at_least() <= figures.people());
  std::string text = absl::StrCat(
      model::WordOf(line.kind()), " ", line.id(), "/", line.category(), " ", line.depth(), ": asked ",
      figures.asked(), " placed ", figures.placed(), " reached ", figures.reached(), " committed ",
      figures.committed(), " direct ", figures.direct(), " promised ", figures.promised(), " people ",
      figures.people_at_least(), " to ", figures.people(), " severity ", figures.severity(), " needs ",
      figures.needs(), " projects ", figures.projects(), " teams ", figures.teams());
  const bool has_state =
      line.kind() != Line::KIND_SHARED && line.kind() != Line::KIND_UNSPECIFIED && !by_project;
  if (!has_state) CHECK(line.state() == v1::COVERAGE_STATE_UNSPECIFIED);
  absl::StrAppend(&text, " ", has_state ? model::WordOf(line.state()) : "-");
  if (line.crowded()) absl::StrAppend(&text, " crowded");
  if (is_cell) return text;
  for (const auto& cells : line.cells()) {
    absl::StrAppend(&text, ", ", model::WordOf(cells.state()), " ", cells.cells(), " (", cells.people(), " ",
                    cells.asked(), " ", cells.placed(), ")");
  }
  return absl::StrCat(text, "; ", line.crowded_cells());
}

using Lines = std::vector<std::string>;

// The lines below an item of a tree. `facts` are those of it.
Lines TreeLines(const World& world, bool of_places, const std::string& top, int level, int depth,
                const std::vector<Fact>& facts) {
  const Parents& tree = of_places ? world.places : world.categories;
  const auto item = [&](const Fact& fact) { return of_places ? fact.place : fact.category; };
  Lines lines;
  for (const std::string& child : Children(tree, top)) {
    std::vector<Fact> below;
    for (const Fact& fact : facts)
      if (!item(fact).empty() && IsBelow(tree, item(fact), child)) below.push_back(fact);
    if (below.empty()) continue;
    lines.push_back(Text(world, {Line::KIND_ITEM, child, "", level}, below, false, false));
    if (level + 1 == depth) continue;
    const Lines more = TreeLines(world, of_places, child, level + 1, depth, below);
    lines.insert(lines.end(), more.begin(), more.end());
  }
  const bool has_items = !lines.empty();
  std::vector<Fact> own, shared;
  for (const Fact& fact : facts)
    if (item(fact) == top) (fact.shared && !of_places ? shared : own).push_back(fact);
  const auto kind = top.empty() ? Line::KIND_UNSPECIFIED : Line::KIND_UNDIVIDED;
  const bool told = level > 0 && !has_items && shared.empty();
  if (!own.empty() && kind == Line::KIND_UNDIVIDED && !told)
    lines.push_back(Text(world, {kind, "", "", level}, own, false, false));
  if (!shared.empty()) lines.push_back(Text(world, {Line::KIND_SHARED, "", "", level}, shared, false, false));
  if (!own.empty() && kind == Line::KIND_UNSPECIFIED)
    lines.push_back(Text(world, {kind, "", "", level}, own, false, false));
  return lines;
}

Lines CellLines(const World& world, const std::vector<Fact>& facts) {
  Lines lines;
  std::vector<std::string> places, categories;
  Preorder(world.places, "", &places);
  Preorder(world.categories, "", &categories);
  const auto cells = CellsOf(facts);
  for (const std::string& place : places) {
    for (const std::string& category : categories) {
      const auto cell = cells.find({place, category});
      if (cell != cells.end())
        lines.push_back(Text(world, {Line::KIND_ITEM, place, category, 0}, cell->second, false, true));
    }
  }
  std::vector<Fact> shared, unspecified;
  for (const Fact& fact : facts)
    if (!IsCell(fact)) (fact.shared && !fact.place.empty() ? shared : unspecified).push_back(fact);
  if (!shared.empty()) lines.push_back(Text(world, {Line::KIND_SHARED, "", "", 0}, shared, false, false));
  if (!unspecified.empty())
    lines.push_back(Text(world, {Line::KIND_UNSPECIFIED, "", "", 0}, unspecified, false, false));
  return lines;
}

Lines ProjectLines(const World& world, bool by_programme, const std::vector<Fact>& facts) {
  std::map<std::string, std::vector<Fact>> groups;
  std::map<std::string, std::string> programmes;
  for (const Project& project : world.projects) programmes[project.id] = project.programme;
  for (const Fact& fact : facts) {
    if (fact.project.empty()) continue;
    groups[by_programme ? programmes.at(fact.project) : fact.project].push_back(fact);
  }
  Lines lines;
  for (const auto& [id, of] : groups)
    if (!id.empty()) lines.push_back(Text(world, {Line::KIND_ITEM, id, "", 0}, of, true, false));
  if (groups.count("") > 0)
    lines.push_back(Text(world, {Line::KIND_UNSPECIFIED, "", "", 0}, groups.at(""), true, false));
  std::vector<Fact> direct;
  for (const Fact& fact : facts)
    if (fact.direct > 0) direct.push_back(fact);
  if (!direct.empty()) lines.push_back(Text(world, {Line::KIND_DIRECT, "", "", 0}, direct, true, false));
  return lines;
}

// What each project, or each seat of it, and each need has there is divided over its funds, as all that it has.
Lines FundLines(const World& world, const std::vector<Fact>& facts) {
  std::map<std::string, Fact> payees;
  for (const Fact& fact : facts) {
    if (fact.placed == 0) continue;
    Fact& sum = payees[fact.payee];
    sum.project = fact.project;
    // It counts where it works there.
    sum.open = std::any_of(facts.begin(), facts.end(),
                           [&](const Fact& other) { return other.open && other.project == fact.project; });
    sum.placed += fact.placed;
    sum.reached += fact.reached;
    sum.committed += fact.committed;
  }
  std::map<std::string, std::vector<Fact>> funds;
  for (const auto& [payee, sum] : payees) {
    Amounts of_placed, of_reached, of_committed;
    const auto& of = world.funds.at(payee);
    for (const auto& [fund, money] : of) {
      of_placed.push_back(money.placed);
      of_reached.push_back(money.reached);
      of_committed.push_back(money.committed);
    }
    const Amounts placed = DivideBy(sum.placed, of_placed);
    const Amounts reached = DivideWithin(sum.reached, of_reached, placed);
    const Amounts committed = DivideWithin(sum.committed, of_committed, placed);
    std::size_t i = 0;
    for (const auto& [fund, money] : of) {
      Fact part = sum;
      part.placed = placed[i];
      part.reached = reached[i];
      part.committed = committed[i];
      CHECK(part.reached <= part.placed);
      CHECK(part.committed <= part.placed);
      if (part.project.empty()) part.direct = part.placed;
      if (placed[i++] == 0) continue;
      funds[fund].push_back(part);
      for (const Fact& fact : facts)
        if (!fact.team.empty() && !fact.project.empty() && fact.project == part.project)
          funds[fund].push_back(fact);
    }
  }
  Lines lines;
  for (const auto& [fund, of] : funds)
    lines.push_back(Text(world, {Line::KIND_ITEM, fund, "", 0}, of, true, false));
  return lines;
}

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}
  std::uint64_t Below(std::uint64_t bound) { return random_() % bound; }

  World Make() {
    World world;
    world.places = Tree("p", 1 + Below(12));
    world.categories = Tree("k", 1 + Below(6));
    world.parties = Tree("o", 2 + Below(6));
    world.books.places = AsTree(v1::Action::kDeclarePlace, world.places);
    world.books.categories = AsTree(v1::Action::kDeclareCategory, world.categories);
    MakeParties(&world);
    world.books.programmes = {{"g0", ""}, {"g1", ""}};
    world.books.funds = {{"f0", ""}, {"f1", ""}, {"f2", ""}, {"f3", ""}};
    for (std::uint64_t i = Below(15); i > 0; --i) AddNeed(&world, absl::StrCat("n", i));
    const std::uint64_t projects = Below(9);
    for (std::uint64_t i = 0; i < projects; ++i) AddProject(&world, absl::StrCat("x", i));
    for (std::uint64_t i = Below(8); i > 0; --i) AddTeam(&world);
    return world;
  }
  std::string Any(const Parents& tree) {
    auto at = tree.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(Below(tree.size())));
    return at->first;
  }

 private:
  Parents Tree(const std::string& letter, std::uint64_t size) {
    Parents tree;
    std::vector<std::string> ids;
    for (std::uint64_t i = 0; i < size; ++i) {
      // Of any order, so that a parent may have the higher id.
      const std::string id = absl::StrCat(letter, Below(1'000'000), ".", i);
      tree[id] = ids.empty() || Below(4) == 0 ? "" : ids[Below(ids.size())];
      ids.push_back(id);
    }
    return tree;
  }
  static query::ItemTree AsTree(v1::Action::ActionCase action, const Parents& tree) {
    std::vector<query::ItemTree::Item> items;
    for (const auto& [id, parent] : tree) items.push_back({id, "Item " + id, parent});
    return Need(query::ItemTree::Make(action, std::move(items)));
  }
  void MakeParties(World* world) {
    party_.clear();
    std::vector<std::string> order;
    Preorder(world->parties, "", &order);
    for (const std::string& id : order) {
      party_[id] = static_cast<int>(party_.size());
      query::CoverageBooks::Party party;
      const std::string& above = world->parties.at(id);
      if (!above.empty()) {
        party.above = party_.at(above);
        party.depth = world->books.parties[party.above].depth + 1;
      }
      world->books.parties.push_back(party);
    }
  }
  std::int64_t Number(std::uint64_t bound) { return static_cast<std::int64_t>(Below(bound)); }
  std::int64_t UpTo(std::int64_t most) { return Number(static_cast<std::uint64_t>(most) + 1); }

  void AddNeed(World* world, const std::string& id) {
    query::CoverageNeed need;
    Fact fact;
    // In none where several places succeeded it that have nothing in common.
    if (Below(8) > 0) fact.place = Any(world->places);
    fact.category = Any(world->categories);
    need.place = world->books.places.Find(fact.place);
    need.category = world->books.categories.Find(fact.category);
    need.counts = Below(5) > 0;
    if (need.counts) {
      Fact asks = fact;
      asks.asked = Below(4) == 0 ? 0 : Number(100);
      asks.people = Number(50);
      asks.severity = static_cast<int>(Below(6));
      asks.needs = 1;
      if (Below(4) == 0) asks.promised = 1 + Number(60);
      world->facts.push_back(asks);
      need.amount = asks.asked;
      need.people = asks.people;
      need.promised = asks.promised;
      need.severity = static_cast<std::uint32_t>(asks.severity);
    }
    if (Below(3) == 0) {
      fact.payee = id;
      fact.placed = fact.direct = 1 + Number(60);
      fact.reached = UpTo(fact.placed);
      fact.committed = UpTo(fact.placed);
      world->facts.push_back(fact);
      world->placed += fact.placed;
      need.direct = {fact.placed, fact.reached, fact.committed};
      need.funds = Funds(world, id, need.direct, true);
    }
    world->books.needs.push_back(need);
  }
  // Out of which funds it came. Of a project nobody knows which of them committed it.
  std::vector<query::CoverageFund> Funds(World* world, const std::string& payee,
                                         const query::CoverageMoney& money, bool of_need) {
    auto& funds = world->funds[payee];
    for (std::int64_t left = money.placed; left > 0;) {
      const std::int64_t part = Below(3) == 0 ? left : 1 + UpTo(left - 1);
      funds[absl::StrCat("f", Below(4))].placed += part;
      left -= part;
    }
    Spread(money.reached, &query::CoverageMoney::reached, &funds);
    if (of_need) Spread(money.committed, &query::CoverageMoney::committed, &funds);
    std::vector<query::CoverageFund> out;
    for (const auto& [fund, part] : funds) out.push_back({fund[1] - '0', part});
    return out;
  }
  // Any parts that add up, none above what is placed.
  void Spread(std::int64_t amount, std::int64_t query::CoverageMoney::*figure,
              std::map<std::string, query::CoverageMoney>* funds) {
    while (amount > 0) {
      for (auto& [fund, money] : *funds) {
        const std::int64_t part = std::min(amount, UpTo(money.placed - money.*figure));
        money.*figure += part;
        amount -= part;
      }
    }
  }
  std::vector<Share> Shares(const Parents& tree) {
    std::set<std::string> ids;
    for (std::uint64_t i = Below(4); i > 0; --i) ids.insert(Any(tree));
    std::vector<Share> shares;
    for (const std::string& id : ids) shares.push_back({id, 0});
    if (shares.empty() || Below(2) == 0) return shares;
    std::int64_t left = 10'000;
    for (Share& share : shares) {
      share.points = 1 + static_cast<std::int64_t>(Below(2'500));
      left -= share.points;
    }
    shares[Below(shares.size())].points += left;
    return shares;
  }
  static std::vector<query::CoverageShare> AsShares(const query::ItemTree& tree,
                                                    const std::vector<Share>& shares) {
    std::vector<query::CoverageShare> out;
    for (const Share& share : shares)
      out.push_back({tree.Find(share.id), static_cast<std::uint32_t>(share.points)});
    return out;
  }
  void AddProject(World* world, const std::string& id) {
    Project project;
    project.id = id;
    const std::uint64_t programme = Below(3);
    if (programme < 2) project.programme = absl::StrCat("g", programme);
    project.party = Any(world->parties);
    project.group = absl::StrCat(Below(2));
    project.places = Shares(world->places);
    project.categories = Shares(world->categories);
    project.open = Below(3) > 0;
    if (Below(4) == 0) {
      for (std::uint64_t i = 1 + Below(3); i > 0; --i) AddSeat(*world, &project);
    } else if (Below(3) > 0) {
      project.placed = Below(4) == 0 ? Number(1'000'000) : Number(40);
      project.reached = UpTo(project.placed);
      project.committed = UpTo(project.placed);
    }
    world->placed += project.placed;
    AddFacts(world, project);

    query::CoverageProject as;
    as.id = id;
    as.name = "Project " + id;
    as.programme = project.programme.empty() ? query::kNoItem : static_cast<int>(programme);
    as.places = AsShares(world->books.places, project.places);
    as.categories = AsShares(world->books.categories, project.categories);
    as.open = project.open;
    as.party = party_.at(project.party);
    as.group = project.group == "0" ? 0 : 1;
    as.money = {project.placed, project.reached, project.committed};
    if (project.seats.empty()) {
      as.funds = Funds(world, id, as.money, false);
    } else {
      as.seats.emplace();
      for (std::size_t i = 0; i < project.seats.size(); ++i) {
        const Part& seat = project.seats[i];
        query::CoverageSeat there;
        there.place = world->books.places.Find(seat.id);
        there.money = {seat.placed, seat.reached, seat.committed};
        there.funds = Funds(world, SeatOf(project, i), there.money, false);
        as.seats->push_back(there);
      }
    }
    world->books.projects.push_back(as);
    world->projects.push_back(project);
  }
  // What recipients in one place have; or, in none, those without a seat, and holders.
  void AddSeat(const World& world, Project* project) {
    Part seat;
    if (Below(4) > 0) seat.id = Any(world.places);
    seat.placed = Number(40);
    seat.reached = UpTo(seat.placed);
    seat.committed = UpTo(seat.placed);
    project->placed += seat.placed;
    project->reached += seat.reached;
    project->committed += seat.committed;
    project->seats.push_back(seat);
  }
  static void AddFacts(World* world, const Project& project) {
    const std::vector<Share> none{{"", 0}};
    if (project.open) {
      for (const Share& place : project.places.empty() ? none : project.places) {
        for (const Share& category : project.categories.empty() ? none : project.categories) {
          Fact fact;
          fact.place = place.id;
          fact.category = category.id;
          fact.project = project.id;
          fact.open = true;
          fact.actor = project.party;
          fact.group = project.group;
          world->facts.push_back(fact);
        }
      }
    }
    const Part all{"", false, project.placed, project.reached, project.committed};
    const bool seated = !project.seats.empty();
    const std::vector<Part> parts = seated ? project.seats : Parted(world->places, project.places, all);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Part& there = parts[i];
      for (const Part& part : Parted(world->categories, project.categories, there)) {
        if (part.placed == 0) continue;
        Fact fact;
        fact.place = there.id;
        fact.category = part.id;
        fact.shared = part.several;
        fact.placed = part.placed;
        fact.reached = part.reached;
        fact.committed = part.committed;
        fact.project = project.id;
        fact.payee = seated ? SeatOf(project, i) : project.id;
        // Where its recipients have their seats it need not work.
        fact.open = project.open && !seated;
        world->facts.push_back(fact);
      }
    }
  }
  void AddTeam(World* world) {
    Fact fact;
    if (Below(8) > 0) fact.place = Any(world->places);
    fact.category = Any(world->categories);
    fact.team = fact.actor = Any(world->parties);
    fact.group = absl::StrCat(Below(2));
    query::CoverageTeam team;
    team.party = party_.at(fact.team);
    team.place = world->books.places.Find(fact.place);
    team.category = world->books.categories.Find(fact.category);
    team.group = fact.group == "0" ? 0 : 1;
    if (!world->projects.empty() && Below(2) == 0) {
      const std::uint64_t project = Below(world->projects.size());
      fact.project = world->projects[project].id;
      team.project = static_cast<int>(project);
      // Who works on an open project acts for whoever implements it.
      if (world->projects[project].open) fact.actor = world->projects[project].party;
    }
    world->facts.push_back(fact);
    world->books.teams.push_back(team);
  }

  std::mt19937_64 random_;
  std::map<std::string, int> party_;
};

TEST_CASE("coverage is what a naive model adds up, in every line") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 150; ++round) {
    INFO("round " << round);
    Maker maker(random());
    const World world = maker.Make();
    for (const auto by : {Request::BY_PLACE, Request::BY_CATEGORY, Request::BY_PROGRAMME, Request::BY_PROJECT,
                          Request::BY_CELL, Request::BY_FUND}) {
      const std::string place = maker.Below(2) == 0 ? "" : maker.Any(world.places);
      const std::string category = maker.Below(2) == 0 ? "" : maker.Any(world.categories);
      query::CoverageQuestion question;
      question.by = by;
      question.depth = static_cast<int>(1 + maker.Below(4));
      question.scope = {world.books.places.Find(place), world.books.categories.Find(category)};
      INFO(model::WordOf(by) << " of \"" << place << "\", \"" << category << "\", depth " << question.depth);
      const bool by_project =
          by == Request::BY_PROGRAMME || by == Request::BY_PROJECT || by == Request::BY_FUND;
      const query::GoOn go_on = [] { return absl::OkStatus(); };
      const auto cells = Need(query::CellsOf(world.books, question.scope, go_on));
      Lines lines;
      const Line total = Need(query::EachLine(world.books, cells, question, go_on, [&](const Line& line) {
        lines.push_back(Text(line, by_project, by == Request::BY_CELL && line.kind() == Line::KIND_ITEM));
        return absl::OkStatus();
      }));

      std::vector<Fact> facts = world.In(place, category);
      std::int64_t placed = 0;
      for (const Fact& fact : facts) placed += fact.placed;
      CHECK(cells.elsewhere == world.placed - placed);
      if (by_project)
        facts.erase(
            std::remove_if(facts.begin(), facts.end(), [](const Fact& fact) { return fact.needs > 0; }),
            facts.end());
      const Lines expected =
          by == Request::BY_PLACE      ? TreeLines(world, true, place, 0, question.depth, facts)
          : by == Request::BY_CATEGORY ? TreeLines(world, false, category, 0, question.depth, facts)
          : by == Request::BY_CELL     ? CellLines(world, facts)
          : by == Request::BY_FUND     ? FundLines(world, facts)
                                       : ProjectLines(world, by == Request::BY_PROGRAMME, facts);
      REQUIRE(lines == expected);
      REQUIRE(Text(total, by_project, false) ==
              Text(world, {Line::KIND_TOTAL, "", "", 0}, facts, by_project, false));
    }
  }
}

TEST_CASE("lines are chosen by their state and by whether they are crowded, and the rest stays as it is") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  Maker maker(seed);
  const query::GoOn go_on = [] { return absl::OkStatus(); };
  for (int round = 0; round < 30; ++round) {
    const World world = maker.Make();
    query::CoverageQuestion question;
    question.depth = 3;
    const auto cells = Need(query::CellsOf(world.books, {}, go_on));
    const auto ask = [&](std::vector<std::string>* lines) {
      return Need(query::EachLine(world.books, cells, question, go_on, [&](const Line& line) {
        lines->push_back(line.SerializeAsString());
        return absl::OkStatus();
      }));
    };
    Lines all, some;
    const Line total = ask(&all);
    question.states = {v1::COVERAGE_STATE_VACUUM, v1::COVERAGE_STATE_OVER};
    question.crowded = maker.Below(2) == 0;
    CHECK(ask(&some).SerializeAsString() == total.SerializeAsString());
    Lines expected;
    for (const std::string& bytes : all) {
      Line line;
      REQUIRE(line.ParseFromString(bytes));
      const bool state = line.state() == v1::COVERAGE_STATE_VACUUM || line.state() == v1::COVERAGE_STATE_OVER;
      if (state && (line.crowded() || !question.crowded)) expected.push_back(bytes);
    }
    CHECK(some == expected);
  }
}

TEST_CASE("a tree knows what is below what, and refuses one without a top") {
  const auto make = [](std::vector<query::ItemTree::Item> items) {
    return query::ItemTree::Make(v1::Action::kDeclarePlace, std::move(items));
  };
  const query::ItemTree tree =
      Need(make({{"a", "", "z"}, {"b", "", "a"}, {"c", "", ""}, {"d", "", "a"}, {"z", "", ""}}));
  const auto at = [&](const std::string& id) { return tree.Find(id); };
  CHECK(tree.size() == 5);
  CHECK(tree.IsIn(at("z"), at("b")));
  CHECK(tree.IsIn(at("a"), at("a")));
  CHECK_FALSE(tree.IsIn(at("b"), at("a")));
  CHECK_FALSE(tree.IsIn(at("c"), at("a")));
  CHECK(tree.IsIn(query::kNoItem, at("c")));
  CHECK_FALSE(tree.IsIn(at("c"), query::kNoItem));
  CHECK(tree.Common(at("b"), at("d")) == at("a"));
  CHECK(tree.Common(at("b"), at("a")) == at("a"));
  CHECK(tree.Common(at("b"), at("c")) == query::kNoItem);
  CHECK(at("nothing") == query::kNoItem);
  CHECK(make({{"a", "", "b"}, {"b", "", "a"}}).status().code() == absl::StatusCode::kDataLoss);
  CHECK(make({{"a", "", "b"}}).status().code() == absl::StatusCode::kDataLoss);
  CHECK(Need(make({})).size() == 0);
}

}  // namespace
}  // namespace fundtrail::testing
