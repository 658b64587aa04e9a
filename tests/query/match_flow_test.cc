// The match in plain numbers: tables of small cases, OCHA's gaps of 2020 to the dollar, and random cases against all subsets.
#include "ledger/query/match_flow.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/query/apportion.h"
#include "tests/support/entries.h"

namespace fundtrail::testing {
namespace {

using query::FlowMatch;
using query::MatchDemand;
using query::MatchFlows;
using query::MatchMethod;
using query::MatchProblem;
using query::MatchSupply;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// A pledge with what it is for: the ids of needs.
struct Pledged {
  std::string id;
  std::int64_t left = 0;
  std::vector<std::string> needs;
};
MatchDemand Lacking(const std::string& id, std::int64_t open, std::uint32_t severity = 0,
                    std::uint32_t priority = 0, std::int64_t people = 0) {
  MatchDemand demand;
  demand.id = id;
  demand.open = open;
  demand.severity = severity;
  demand.priority = priority;
  demand.people = people;
  return demand;
}
// Each need has a cell of its own, and each pledge a scope.
MatchProblem Problem(const std::vector<Pledged>& pledges, std::vector<MatchDemand> needs) {
  MatchProblem problem;
  std::map<std::string, int> cells;
  for (MatchDemand& need : needs) {
    need.cell = problem.cells++;
    cells[need.id] = need.cell;
  }
  problem.demands = std::move(needs);
  for (const Pledged& pledge : pledges) {
    std::vector<int> scope;
    for (const std::string& need : pledge.needs) scope.push_back(cells.at(need));
    problem.supplies.push_back({pledge.id, pledge.left, static_cast<int>(problem.scopes.size())});
    problem.scopes.push_back(std::move(scope));
  }
  return problem;
}

// "a 3: p 2, q 1; b 0", in the order of the demands.
std::string Text(const MatchProblem& problem, const MatchFlows& flows) {
  std::string text;
  for (std::size_t i = 0; i < problem.demands.size(); ++i) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", problem.demands[i].id, " ", flows.matched[i]);
    const char* between = ": ";
    for (const query::MatchLine& line : flows.lines) {
      if (line.demand != static_cast<int>(i)) continue;
      absl::StrAppend(&text, between, problem.supplies[static_cast<std::size_t>(line.supply)].id, " ",
                      line.amount);
      between = ", ";
    }
  }
  return text;
}
// "a b by p q: 9 - 5 lacks 4".
std::string Sets(const MatchProblem& problem, const MatchFlows& flows) {
  std::string text;
  for (const query::MatchSet& set : flows.sets) {
    absl::StrAppend(&text, text.empty() ? "" : "; ");
    for (const int demand : set.demands)
      absl::StrAppend(&text, problem.demands[static_cast<std::size_t>(demand)].id, " ");
    absl::StrAppend(&text, "by");
    for (const int supply : set.supplies)
      absl::StrAppend(&text, " ", problem.supplies[static_cast<std::size_t>(supply)].id);
    absl::StrAppend(&text, ": ", set.open, " - ", set.supply, " lacks ", set.lacks);
  }
  return text;
}

TEST_CASE("who gets what, and from whom") {
  struct Row {
    std::string name;
    std::vector<Pledged> pledges;
    std::vector<MatchDemand> needs;
    std::string says, sets;
  };
  const std::vector<Row> rows = {
      {"nothing is there", {}, {Lacking("a", 5)}, "a 0", "a by: 5 - 0 lacks 5"},
      {"nothing is needed", {{"p", 5, {}}}, {}, "", ""},
      {"enough", {{"p", 5, {"a"}}}, {Lacking("a", 3)}, "a 3: p 3", ""},
      {"in proportion", {{"p", 6, {"a", "b"}}}, {Lacking("a", 3), Lacking("b", 9)}, "a 2: p 2; b 4: p 4", ""},
      {"units go to the largest remainders",
       {{"p", 5, {"a", "b", "c"}}},
       {Lacking("a", 3), Lacking("b", 3), Lacking("c", 3)},
       "a 2: p 2; b 2: p 2; c 1: p 1",
       ""},
      {"the most severe first",
       {{"p", 5, {"a", "b"}}},
       {Lacking("a", 4, 2), Lacking("b", 4, 5)},
       "a 1: p 1; b 4: p 4",
       ""},
      {"no severity comes last",
       {{"p", 5, {"a", "b"}}},
       {Lacking("a", 4), Lacking("b", 4, 1)},
       "a 1: p 1; b 4: p 4",
       ""},
      {"then the most urgent",
       {{"p", 5, {"a", "b", "c"}}},
       {Lacking("a", 4, 3, 2), Lacking("b", 4, 3, 1), Lacking("c", 4, 3)},
       "a 1: p 1; b 4: p 4; c 0",
       ""},
      {"the narrow pledge is used first",
       {{"p", 5, {"a", "b"}}, {"q", 5, {"a"}}},
       {Lacking("a", 5), Lacking("b", 1)},
       "a 5: q 5; b 1: p 1",
       ""},
      {"of two as narrow the lower id",
       {{"q", 5, {"a"}}, {"p", 2, {"a"}}},
       {Lacking("a", 4)},
       "a 4: q 2, p 2",
       ""},
      {"a severe need makes way, and loses nothing",
       {{"p", 5, {"a", "b"}}, {"q", 5, {"a"}}},
       {Lacking("a", 5, 5), Lacking("b", 5, 1)},
       "a 5: q 5; b 5: p 5",
       ""},
      {"a part that others cannot help",
       {{"p", 2, {"a"}}, {"q", 9, {"b"}}},
       {Lacking("a", 8), Lacking("b", 9)},
       "a 2: p 2; b 9: q 9",
       "a by p: 8 - 2 lacks 6"},
      {"two sets, and one that nobody is for",
       {{"p", 2, {"a", "b"}}, {"q", 1, {"c"}}},
       {Lacking("a", 2), Lacking("b", 2), Lacking("c", 4), Lacking("d", 3), Lacking("e", 1)},
       "a 1: p 1; b 1: p 1; c 1: q 1; d 0; e 0",
       "a b by p: 4 - 2 lacks 2; c by q: 4 - 1 lacks 3; d e by: 4 - 0 lacks 4"},
      {"a set has the needs that its pledges serve",
       {{"p", 4, {"a", "b"}}},
       {Lacking("a", 3, 5), Lacking("b", 3, 1)},
       "a 3: p 3; b 1: p 1",
       "a b by p: 6 - 4 lacks 2"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const MatchProblem problem = Problem(row.pledges, row.needs);
    const MatchFlows flows = Need(FlowMatch(problem, MatchMethod::kProportional));
    CHECK(Text(problem, flows) == row.says);
    const std::int64_t lacking =
        std::accumulate(row.needs.begin(), row.needs.end(),
                        -std::accumulate(flows.matched.begin(), flows.matched.end(), std::int64_t{0}),
                        [](std::int64_t sum, const MatchDemand& need) { return sum + need.open; });
    CHECK(flows.sets.empty() == (lacking == 0));
    if (!row.sets.empty()) CHECK(Sets(problem, flows) == row.sets);
  }
}

TEST_CASE("equal amounts: for each need, and for each person where all say how many") {
  MatchProblem problem =
      Problem({{"p", 12, {"a", "b", "c"}}}, {Lacking("a", 2), Lacking("b", 20), Lacking("c", 30)});
  MatchFlows flows = Need(FlowMatch(problem, MatchMethod::kEqual));
  CHECK_FALSE(flows.per_person);
  CHECK(Text(problem, flows) == "a 2: p 2; b 5: p 5; c 5: p 5");
  problem = Problem({{"p", 12, {"a", "b", "c"}}},
                    {Lacking("a", 20, 0, 0, 1), Lacking("b", 20, 0, 0, 2), Lacking("c", 4, 0, 0, 9)});
  flows = Need(FlowMatch(problem, MatchMethod::kEqual));
  CHECK(flows.per_person);
  CHECK(flows.matched == std::vector<std::int64_t>{3, 5, 4});
  // What the capped one does not take is left: the others have the same for each person, until the pledge is used up.
  CHECK(std::accumulate(flows.matched.begin(), flows.matched.end(), std::int64_t{0}) == 12);
}

TEST_CASE("what cannot be matched is said") {
  const auto code = [](const MatchProblem& problem, const query::MatchWork& work = {}) {
    return FlowMatch(problem, MatchMethod::kProportional, work).status().code();
  };
  MatchProblem problem = Problem({{"p", 5, {"a"}}}, {Lacking("a", 3)});
  CHECK(code(problem) == absl::StatusCode::kOk);
  problem.supplies[0].left = -1;
  CHECK(code(problem) == absl::StatusCode::kInvalidArgument);
  problem = Problem({{"p", 5, {"a"}}}, {Lacking("a", 3, 6)});
  CHECK(code(problem) == absl::StatusCode::kInvalidArgument);
  problem = Problem({{"p", 5, {"a"}}}, {Lacking("a", 3)});
  problem.scopes[0][0] = 1;
  CHECK(code(problem) == absl::StatusCode::kInvalidArgument);
  problem = Problem({{"p", kMost, {"a"}}, {"q", 1, {"a"}}}, {Lacking("a", 3)});
  CHECK(code(problem) == absl::StatusCode::kOutOfRange);
  problem = Problem({{"p", 5, {"a"}}}, {Lacking("a", kMost), Lacking("b", 1)});
  CHECK(code(problem) == absl::StatusCode::kOutOfRange);
  problem = Problem({{"p", 5, {"a"}}}, {Lacking("a", 3)});
  query::MatchWork little;
  little.most = 3;
  CHECK(code(problem, little) == absl::StatusCode::kResourceExhausted);
  query::MatchWork narrow;
  narrow.most_arcs = 0;
  CHECK(code(problem, narrow) == absl::StatusCode::kResourceExhausted);
}

TEST_CASE("the largest amounts that there can be are divided without overflow") {
  const MatchProblem problem =
      Problem({{"p", kMost - 1, {"a", "b"}}}, {Lacking("a", kMost / 2), Lacking("b", kMost - kMost / 2)});
  const MatchFlows flows = Need(FlowMatch(problem, MatchMethod::kProportional));
  CHECK(flows.matched == query::Apportion(kMost - 1, {kMost / 2, kMost - kMost / 2}));
}

// --- K3: the gaps that OCHA published of Afghanistan 2020, and what no cluster has ---------------------------------------------

const std::vector<std::pair<std::string, std::int64_t>>& Gaps() {
  static const std::vector<std::pair<std::string, std::int64_t>> kGaps = {
      {"Aviation", 25'000'000 - 7'982'215},
      {"Coordination", 14'939'040 - 5'077'130},
      {"Education in Emergencies", 47'281'253 - 7'281'473},
      {"Education in Emergencies COVID-19", 20'823'000 - 355'645},
      {"Emergency Shelter and NFIs", 55'442'757 - 24'652'964},
      {"Emergency Shelter and NFIs COVID-19", 67'456'238},
      {"Food Security", 309'581'740 - 116'023'570},
      {"Food Security COVID-19", 60'743'080 - 48'240'976},
      {"Health", 63'476'220 - 15'383'904},
      {"Health COVID-19", 107'614'298 - 40'546'803},
      {"Nutrition", 72'495'783 - 27'379'188},
      {"Nutrition COVID-19", 42'149'424 - 7'956'832},
      {"Protection", 62'341'224 - 43'064'770},
      {"Protection COVID-19", 29'534'365 - 9'011'199},
      {"Water, Sanitation and Hygiene", 84'803'628 - 11'592'738},
      {"Water, Sanitation and Hygiene COVID-19", 67'368'770 - 10'612'818}};
  return kGaps;
}
constexpr std::int64_t kNotSpecified = 160'548'636;

std::map<std::string, std::int64_t> MatchGaps(MatchMethod method) {
  std::vector<MatchDemand> needs;
  Pledged all{"extra", kNotSpecified, {}};
  for (const auto& [name, gap] : Gaps()) {
    needs.push_back(Lacking(name, gap));
    all.needs.push_back(name);
  }
  const MatchProblem problem = Problem({all}, needs);
  const MatchFlows flows = Need(FlowMatch(problem, method));
  std::map<std::string, std::int64_t> got;
  for (std::size_t i = 0; i < problem.demands.size(); ++i) got[problem.demands[i].id] = flows.matched[i];
  REQUIRE(flows.sets.size() == 1);
  CHECK(flows.sets[0].open == 755'888'595);
  CHECK(flows.sets[0].supply == kNotSpecified);
  CHECK(flows.sets[0].lacks == 595'339'959);
  return got;
}

TEST_CASE("Afghanistan 2020, K3: what no cluster has, in proportion to the gaps") {
  CHECK(Gaps().size() == 16);
  const auto got = MatchGaps(MatchMethod::kProportional);
  CHECK(got.at("Food Security") == 41'111'217);
  CHECK(got.at("Water, Sanitation and Hygiene") == 15'549'790);
  CHECK(got.at("Emergency Shelter and NFIs COVID-19") == 14'327'517);
  CHECK(got.at("Coordination") == 2'094'642);
}

TEST_CASE("Afghanistan 2020, K3: the same for each gap, and none more than it lacks") {
  std::map<std::int64_t, int> counts;
  for (const auto& [name, amount] : MatchGaps(MatchMethod::kEqual)) ++counts[amount];
  CHECK(counts == std::map<std::int64_t, int>{{9'861'910, 1}, {10'045'781, 4}, {10'045'782, 11}});
  CHECK(MatchGaps(MatchMethod::kEqual).at("Coordination") == 9'861'910);
}

// --- random cases --------------------------------------------------------------------------------------------------------------

using Amounts = std::vector<std::int64_t>;

// What the rules say, by trying all sets of needs: at most 6.
class Naive {
 public:
  Naive(const MatchProblem& problem, MatchMethod method)
      : problem_(problem), most_(std::size_t{1} << size()) {
    per_person_ =
        method == MatchMethod::kEqual && std::all_of(problem.demands.begin(), problem.demands.end(),
                                                     [](const auto& need) { return need.people > 0; });
    for (const MatchDemand& need : problem.demands)
      weights_.push_back(method == MatchMethod::kProportional ? need.open : per_person_ ? need.people : 1);
    for (unsigned set = 0; set < most_.size(); ++set) most_[set] = MostOf(set);
  }
  std::size_t size() const { return problem_.demands.size(); }
  // The most that these needs can get together.
  std::int64_t most(unsigned set) const { return most_[set]; }
  std::int64_t most() const { return most_.back(); }
  bool CanBe(const Amounts& amounts) const {
    for (unsigned set = 0; set < most_.size(); ++set)
      if (Sum(set, amounts) > most_[set]) return false;
    return true;
  }

  Amounts Match() const {
    std::map<std::pair<int, int>, unsigned> levels;
    for (std::size_t i = 0; i < size(); ++i) {
      const MatchDemand& need = problem_.demands[i];
      levels[{-static_cast<int>(need.severity), need.priority == 0 ? 9 : static_cast<int>(need.priority)}] |=
          1U << i;
    }
    Amounts amounts(size(), 0);
    unsigned before = 0;
    for (const auto& [level, needs] : levels) {
      AddLevel(before, needs, &amounts);
      before |= needs;
    }
    return amounts;
  }

 private:
  struct Share {
    std::int64_t of = 0, in = 1;  // of / in
  };
  static std::int64_t Sum(unsigned set, const Amounts& amounts) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < amounts.size(); ++i)
      if ((set >> i & 1U) != 0) sum += amounts[i];
    return sum;
  }
  // Over all ways to cut: some needs get all that they lack, of the others everything that reaches them is used up.
  std::int64_t MostOf(unsigned set) const {
    std::int64_t most = kMost;
    for (unsigned used_up = 0; used_up < most_.size(); ++used_up) {
      if ((used_up & ~set) != 0) continue;
      std::int64_t sum = 0;
      for (std::size_t i = 0; i < size(); ++i)
        if (((set & ~used_up) >> i & 1U) != 0) sum += problem_.demands[i].open;
      for (const MatchSupply& supply : problem_.supplies) {
        const auto& scope = problem_.scopes[static_cast<std::size_t>(supply.scope)];
        if (std::any_of(scope.begin(), scope.end(), [&](int cell) { return (used_up >> cell & 1U) != 0; }))
          sum += supply.left;
      }
      most = std::min(most, sum);
    }
    return most;
  }
  // Raises the share until some set is tight, gives it that, and goes on.
  void AddLevel(unsigned before, unsigned needs, Amounts* amounts) const {
    unsigned fixed = before;
    for (unsigned left = needs; left != 0;) {
      Share least{1, 0};
      unsigned tight = 0;
      for (unsigned set = left; set != 0; set = (set - 1) & left) {
        const Share share{most_[fixed | set] - most_[fixed], Sum(set, weights_)};
        if (share.in == 0) continue;
        const bool lower = least.in == 0 || share.of * least.in < least.of * share.in;
        const bool larger =
            least.in > 0 && share.of * least.in == least.of * share.in && (set & tight) == tight;
        if (!lower && !larger) continue;
        least = share;
        tight = set;
      }
      if (tight == 0) break;
      Give(tight, least, amounts);
      left &= ~tight;
      fixed |= tight;
    }
  }
  // Whole units of the share, and those that are left by largest remainder: no set gives one to a set with a larger share.
  void Give(unsigned set, Share share, Amounts* amounts) const {
    std::vector<std::pair<std::size_t, std::int64_t>> remainders;
    for (std::size_t i = 0; i < size(); ++i) {
      if ((set >> i & 1U) == 0) continue;
      (*amounts)[i] = share.of * weights_[i] / share.in;
      if (const std::int64_t rest = share.of * weights_[i] % share.in; rest > 0)
        remainders.emplace_back(i, rest);
    }
    std::stable_sort(remainders.begin(), remainders.end(),
                     [](const auto& one, const auto& other) { return one.second > other.second; });
    for (const auto& [i, rest] : remainders) {
      ++(*amounts)[i];
      if (!CanBe(*amounts)) --(*amounts)[i];
    }
  }

  const MatchProblem& problem_;
  std::vector<std::int64_t> most_;
  Amounts weights_;
  bool per_person_ = false;
};

using Random = std::mt19937;
std::int64_t Below(Random& random, std::uint32_t bound) { return random() % bound; }

MatchProblem Small(Random& random) {
  std::vector<MatchDemand> needs;
  std::vector<Pledged> pledges;
  const std::int64_t levels = 1 + Below(random, 3);
  for (std::int64_t i = 1 + Below(random, 6); i > 0; --i)
    needs.push_back(Lacking(absl::StrCat("n", needs.size()), Below(random, 9),
                            static_cast<std::uint32_t>(Below(random, static_cast<std::uint32_t>(levels))),
                            static_cast<std::uint32_t>(Below(random, 2)), Below(random, 5)));
  for (std::int64_t i = 1 + Below(random, 6); i > 0; --i) {
    Pledged& pledge = pledges.emplace_back(Pledged{absl::StrCat("p", pledges.size()), Below(random, 9), {}});
    for (const MatchDemand& need : needs)
      if (Below(random, 2) == 0) pledge.needs.push_back(need.id);
  }
  return Problem(pledges, needs);
}

// That lines and sets are what they say.
void CheckProof(const MatchProblem& problem, const Naive& naive, const MatchFlows& flows) {
  Amounts used(problem.supplies.size(), 0), got(problem.demands.size(), 0);
  for (const query::MatchLine& line : flows.lines) {
    const auto supply = static_cast<std::size_t>(line.supply), demand = static_cast<std::size_t>(line.demand);
    const auto& scope = problem.scopes[static_cast<std::size_t>(problem.supplies[supply].scope)];
    CHECK(std::count(scope.begin(), scope.end(), problem.demands[demand].cell) == 1);
    CHECK(line.amount > 0);
    used[supply] += line.amount;
    got[demand] += line.amount;
  }
  CHECK(got == flows.matched);
  for (std::size_t i = 0; i < used.size(); ++i) CHECK(used[i] <= problem.supplies[i].left);
  CHECK(std::accumulate(got.begin(), got.end(), std::int64_t{0}) == naive.most());

  std::vector<int> sets_of(problem.demands.size(), 0);
  for (const query::MatchSet& set : flows.sets) {
    std::int64_t open = 0, matched = 0, supply = 0;
    for (const int demand : set.demands) {
      ++sets_of[static_cast<std::size_t>(demand)];
      open += problem.demands[static_cast<std::size_t>(demand)].open;
      matched += flows.matched[static_cast<std::size_t>(demand)];
    }
    // All pledges that are for one of them, and no other.
    for (std::size_t i = 0; i < problem.supplies.size(); ++i) {
      const auto& scope = problem.scopes[static_cast<std::size_t>(problem.supplies[i].scope)];
      const bool reaches = std::any_of(set.demands.begin(), set.demands.end(), [&](int demand) {
        return std::count(scope.begin(), scope.end(),
                          problem.demands[static_cast<std::size_t>(demand)].cell) > 0;
      });
      const bool named = std::count(set.supplies.begin(), set.supplies.end(), static_cast<int>(i)) > 0;
      if (problem.supplies[i].left > 0) CHECK(named == reaches);
      if (named) supply += problem.supplies[i].left;
    }
    CHECK(set.open == open);
    CHECK(set.got == matched);
    CHECK(set.supply == supply);
    CHECK(set.supply == set.got);
    CHECK(set.lacks == open - matched);
    CHECK(set.lacks > 0);
  }
  for (std::size_t i = 0; i < sets_of.size(); ++i) {
    if (flows.matched[i] < problem.demands[i].open) CHECK(sets_of[i] == 1);
    CHECK(sets_of[i] <= 1);
  }
  // The smallest sets: a need stands there because it lacks something, or has what another one lacks.
  for (const query::MatchSet& set : flows.sets) {
    for (const int demand : set.demands) {
      const auto at = static_cast<std::size_t>(demand);
      if (flows.matched[at] < problem.demands[at].open || flows.matched[at] == 0) continue;
      Amounts without = flows.matched;
      without[at] -= 1;
      const bool another = std::any_of(set.demands.begin(), set.demands.end(), [&](int other) {
        const auto to = static_cast<std::size_t>(other);
        if (flows.matched[to] == problem.demands[to].open) return false;
        Amounts with = without;
        with[to] += 1;
        return naive.CanBe(with);
      });
      CHECK(another);
    }
  }
}

TEST_CASE("a larger share gets no unit that a smaller one could have") {
  // c, d and e share 6 units of q, 2.5 each where d has its one; a and b share 7 of p, 3.5 each. So b gets none of q by a detour over a.
  const MatchProblem problem =
      Problem({{"p", 7, {"a", "b"}}, {"q", 6, {"a", "c", "d", "e"}}},
              {Lacking("a", 7), Lacking("b", 5), Lacking("c", 3), Lacking("d", 1), Lacking("e", 3)});
  CHECK(Need(FlowMatch(problem, MatchMethod::kEqual)).matched == Amounts{4, 3, 3, 1, 2});
}

TEST_CASE("the match is what trying everything says, whatever the order, with its proof") {
  const auto seed = std::random_device()();
  INFO("seed " << seed);
  Random random(seed);
  for (int round = 0; round < 250; ++round) {
    INFO("round " << round);
    const MatchProblem problem = Small(random);
    for (const auto method : {MatchMethod::kProportional, MatchMethod::kEqual}) {
      const Naive naive(problem, method);
      const MatchFlows flows = Need(FlowMatch(problem, method));
      REQUIRE(flows.matched == naive.Match());
      CheckProof(problem, naive, flows);
      // The same in another order.
      MatchProblem shuffled = problem;
      std::vector<std::size_t> order(problem.demands.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::shuffle(order.begin(), order.end(), random);
      for (std::size_t i = 0; i < order.size(); ++i) shuffled.demands[i] = problem.demands[order[i]];
      std::shuffle(shuffled.supplies.begin(), shuffled.supplies.end(), random);
      const MatchFlows again = Need(FlowMatch(shuffled, method));
      using Line = std::tuple<std::string, std::string, std::int64_t>;
      const auto lines = [](const MatchProblem& of, const MatchFlows& in) {
        std::vector<Line> all;
        for (const query::MatchLine& line : in.lines)
          all.emplace_back(of.demands[static_cast<std::size_t>(line.demand)].id,
                           of.supplies[static_cast<std::size_t>(line.supply)].id, line.amount);
        std::sort(all.begin(), all.end());
        return all;
      };
      CHECK(lines(problem, flows) == lines(shuffled, again));
      CHECK(Sets(problem, flows) == Sets(shuffled, again));
    }
  }
}

TEST_CASE("a single pledge for all is divided by largest remainder") {
  const auto seed = std::random_device()();
  INFO("seed " << seed);
  Random random(seed);
  for (int round = 0; round < 100; ++round) {
    Amounts gaps;
    std::vector<MatchDemand> needs;
    Pledged all{"p", 0, {}};
    for (std::int64_t i = 1 + Below(random, 20); i > 0; --i) {
      gaps.push_back(1 + Below(random, 1'000));
      needs.push_back(Lacking(absl::StrCat("n", 100 + needs.size()), gaps.back()));
      all.needs.push_back(needs.back().id);
    }
    const std::int64_t sum = std::accumulate(gaps.begin(), gaps.end(), std::int64_t{0});
    all.left = Below(random, static_cast<std::uint32_t>(sum + 1));
    CHECK(Need(FlowMatch(Problem({all}, needs), MatchMethod::kProportional)).matched ==
          query::Apportion(all.left, gaps));
  }
}

TEST_CASE("a need that is split into parts gains at most a unit for each part") {
  const auto seed = std::random_device()();
  INFO("seed " << seed);
  Random random(seed);
  for (int round = 0; round < 150; ++round) {
    const MatchProblem problem = Small(random);
    const MatchDemand& whole = problem.demands[0];
    const std::int64_t parts = std::min<std::int64_t>(whole.open, 1 + Below(random, 4));
    if (parts == 0) continue;
    MatchProblem split = problem;
    split.demands[0].open = whole.open - (parts - 1);
    for (std::int64_t i = 1; i < parts; ++i) {
      split.demands.push_back(whole);
      split.demands.back().id += absl::StrCat("-", i);
      split.demands.back().open = 1;
    }
    const auto before = Need(FlowMatch(problem, MatchMethod::kProportional)).matched;
    const auto after = Need(FlowMatch(split, MatchMethod::kProportional)).matched;
    std::int64_t got = after[0];
    for (std::size_t i = problem.demands.size(); i < after.size(); ++i) got += after[i];
    INFO("round " << round << ", " << parts << " parts");
    CHECK(got <= before[0] + parts);
  }
}

}  // namespace
}  // namespace fundtrail::testing
