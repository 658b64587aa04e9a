// Coverage of a real ledger: each state, how money is split, what is undivided, shared, unspecified, direct and general. Also out
// of which funds it came and where its recipients are, what is verified, and what was known then.
#include "ledger/query/coverage.h"

#include <catch2/catch.hpp>
#include <limits>
#include <optional>

#include "ledger/model/enum_word.h"
#include "ledger/query/coverage_split.h"
#include "ledger/store/memory.h"
#include "ledger/store/overlay.h"
#include "tests/support/counting_reader.h"
#include "tests/support/ledgers.h"
#include "tests/support/projects.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using Request = v1::CoverageRequest;

// cn ─┬─ gz ─┬─ bj      EDU, HEA, PRO ─┬─ CPN    county declares and owns, the auditor in cn verifies and decides;
//     │      └─ zy                     └─ GBV    charity ── team, and relief, do the work
//     └─ sc
struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Ground() {
    Do({Place("cn"), Place("gz", "cn", 1), Place("sc", "cn", 1), Place("bj", "gz", 2), Place("zy", "gz", 2),
        Category("EDU"), Category("HEA"), Category("PRO"), Category("CPN", "PRO"), Category("GBV", "PRO"),
        Party("county", "root"), Party("charity", "root"), Party("team", "charity"), Party("relief", "root"),
        Seated(Party("auditor", "root"), "cn"), Asset("USD"), Programme("prog", "county"),
        Fund("school", "root"), Inferred("hamlet", "root")});
  }
  // The record.
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  // A need of money that somebody else confirmed; the record that declared it.
  std::uint64_t Needs(const std::string& id, const std::string& place, const std::string& category,
                      std::int64_t amount, std::int64_t people = 0) {
    v1::Action need = NeedAt(id, "county", place, category, people);
    if (amount > 0) need = Asking(need, amount);
    const std::uint64_t record = Do({need});
    Do({Verify(id, record)});
    return record;
  }
  // A project that is approved; the record that proposed it.
  std::uint64_t Runs(const std::string& id, Parts places, Parts categories,
                     const std::string& implementer = "charity") {
    const std::uint64_t record = Do({Where(Project(id, "county", implementer), places, categories)});
    Do({Decide(id, record)});
    return record;
  }
  // The payment meets a need.
  static v1::Action Meeting(const std::string& need, v1::Action pay) {
    pay.mutable_transfer()->set_need(need);
    return pay;
  }
  static v1::Action OutOf(const std::string& fund, v1::Action pay) {
    pay.mutable_transfer()->set_fund(fund);
    return pay;
  }
  // Puts money in a project, of which some reaches the village.
  void Gives(const std::string& project, std::int64_t amount, std::int64_t reached = 0) {
    Do({Into(project, Pay("donor", "ministry", amount))});
    if (reached > 0) Do({In(project, Pay("ministry", "village", reached))});
  }
  StatusOr<v1::CoverageAnswer> Try(const Request& request) const {
    return query::Coverage(Need(query::MakeView(ledger->store())), request);
  }
  // What it answers adds up.
  v1::CoverageAnswer Ask(const Request& request) const {
    v1::CoverageAnswer answer = Need(Try(request));
    CHECK(answer.total().figures().placed() + answer.elsewhere() + answer.general() ==
          answer.brought_in() - answer.with_sources() + answer.exchanged());
    if (request.states().empty() && !request.crowded()) {
      v1::CoverageFigures sum;
      for (const v1::CoverageLine& line : answer.lines()) {
        if (line.depth() > 0) continue;
        sum.set_asked(sum.asked() + line.figures().asked());
        sum.set_placed(sum.placed() + line.figures().placed());
        sum.set_reached(sum.reached() + line.figures().reached());
        sum.set_committed(sum.committed() + line.figures().committed());
        sum.set_people(sum.people() + line.figures().people());
        sum.set_needs(sum.needs() + line.figures().needs());
        sum.set_direct(sum.direct() + line.figures().direct());
        sum.set_people_at_least(sum.people_at_least() + line.figures().people_at_least());
      }
      const v1::CoverageFigures& total = answer.total().figures();
      CHECK(sum.asked() == total.asked());
      CHECK(sum.placed() == total.placed());
      CHECK(sum.reached() == total.reached());
      CHECK(sum.committed() == total.committed());
      CHECK(sum.people() == total.people());
      CHECK(sum.needs() == total.needs());
      CHECK(sum.direct() == total.direct());
      // Places are other people, and categories may be the same.
      const bool by_place = request.by() == Request::BY_PLACE || request.by() == Request::BY_UNSPECIFIED;
      CHECK(sum.people_at_least() >= total.people_at_least());
      if (by_place) CHECK(sum.people_at_least() == total.people_at_least());
    }
    return answer;
  }
};

Request By(Request::By by, const std::string& place = "", const std::string& category = "",
           std::uint32_t depth = 0) {
  Request request;
  request.set_by(by);
  request.set_place(place);
  request.set_category(category);
  request.set_depth(depth);
  request.set_asset("CNY");
  return request;
}

std::string NameOf(const v1::CoverageLine& line) {
  std::string text = std::string(line.depth(), '>');
  if (line.kind() != v1::CoverageLine::KIND_ITEM) absl::StrAppend(&text, model::WordOf(line.kind()));
  absl::StrAppend(&text, line.id());
  if (!line.category().empty()) absl::StrAppend(&text, "/", line.category());
  return text;
}

// "gz 100/60; >bj 100/60": asked and placed.
std::string Lines(const v1::CoverageAnswer& answer) {
  std::string text;
  for (const v1::CoverageLine& line : answer.lines()) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", NameOf(line), " ", line.figures().asked(), "/",
                    line.figures().placed());
  }
  return text;
}

// "bj 60 to 100; gz 40": the fewest people, and the most.
std::string People(const v1::CoverageAnswer& answer) {
  std::string text;
  const auto add = [&](const std::string& name, const v1::CoverageFigures& figures) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", name, " ", figures.people_at_least());
    if (figures.people() != figures.people_at_least()) absl::StrAppend(&text, " to ", figures.people());
  };
  for (const v1::CoverageLine& line : answer.lines()) add(NameOf(line), line.figures());
  add("total", answer.total().figures());
  return text;
}

// "bj VACUUM; gz UNDER".
std::string States(const v1::CoverageAnswer& answer) {
  std::string text;
  for (const v1::CoverageLine& line : answer.lines()) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", NameOf(line), " ", model::WordOf(line.state()),
                    line.crowded() ? " crowded" : "");
  }
  return text;
}

// "VACUUM 1, OVER 2".
std::string Cells(const v1::CoverageLine& line) {
  std::string text;
  for (const v1::CoverageCells& cells : line.cells()) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", model::WordOf(cells.state()), " ", cells.cells());
  }
  return text;
}

TEST_CASE("the state of a cell says how its need is met") {
  struct Row {
    std::string name;
    std::int64_t asked, people;
    bool project, team;
    std::int64_t placed;
    std::string state;
    std::optional<std::int64_t> ratio;
    std::int64_t gap, over;
  };
  const std::vector<Row> rows = {
      {"a need alone", 100, 0, false, false, 0, "VACUUM", 0, 100, 0},
      {"people alone", 0, 40, false, false, 0, "VACUUM", {}, 0, 0},
      {"a project without money", 100, 0, true, false, 0, "UNFUNDED", 0, 100, 0},
      {"a team", 100, 0, false, true, 0, "UNFUNDED", 0, 100, 0},
      {"people and a team", 0, 40, false, true, 0, "UNFUNDED", {}, 0, 0},
      {"less than half", 100, 0, true, false, 49, "UNDER", 4'900, 51, 0},
      {"half", 100, 0, true, false, 50, "COVERED", 5'000, 50, 0},
      {"all", 100, 0, true, true, 100, "COVERED", 10'000, 0, 0},
      {"a tenth more", 100, 0, true, false, 110, "COVERED", 11'000, 0, 10},
      {"more than that", 100, 0, true, false, 111, "OVER", 11'100, 0, 11},
      {"a third", 3, 0, true, false, 1, "UNDER", 3'333, 2, 0},
      {"money alone", 0, 0, true, false, 70, "UNDECLARED", {}, 0, 70},
      {"money, and people who ask for none", 0, 40, true, false, 70, "UNDECLARED", {}, 0, 70},
      {"a project alone", 0, 0, true, false, 0, "COVERAGE_STATE_UNSPECIFIED", {}, 0, 0},
      {"a team alone", 0, 0, false, true, 0, "COVERAGE_STATE_UNSPECIFIED", {}, 0, 0},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    Ground ground;
    if (row.asked > 0 || row.people > 0) ground.Needs("n", "bj", "EDU", row.asked, row.people);
    if (row.project) ground.Runs("p", {{"bj", 0}}, {{"EDU", 0}});
    if (row.team) ground.Do({Deployment("d", "county", "team", "bj", "EDU")});
    if (row.placed > 0) ground.Gives("p", row.placed);
    const auto answer = ground.Ask(By(Request::BY_CELL));
    REQUIRE(answer.lines_size() == 1);
    const v1::CoverageLine& line = answer.lines(0);
    CHECK(NameOf(line) == "bj/EDU");
    CHECK(line.name() == "Place bj");
    CHECK(line.category_name() == "Category EDU");
    CHECK(model::WordOf(line.state()) == row.state);
    const v1::CoverageFigures& figures = line.figures();
    CHECK(figures.has_ratio() == row.ratio.has_value());
    CHECK(figures.ratio() == row.ratio.value_or(0));
    CHECK(figures.gap() == row.gap);
    CHECK(figures.over() == row.over);
    CHECK(figures.people() == row.people);
    CHECK(figures.projects() == (row.project ? 1 : 0));
    CHECK(figures.teams() == (row.team ? 1 : 0));
    CHECK(Cells(answer.total()) == row.state + " 1");
    CHECK(answer.total().state() == line.state());
  }
}

TEST_CASE("money is split by largest remainder, and of equal remainders the lower id is served first") {
  using Numbers = std::vector<std::int64_t>;
  const auto split = [](std::int64_t amount, const std::vector<std::uint32_t>& shares) {
    std::vector<query::CoverageShare> of;
    for (const std::uint32_t share : shares) of.push_back({0, share});
    return query::Split(amount, of);
  };
  CHECK(split(10, {5'000, 5'000}) == Numbers{5, 5});
  CHECK(split(11, {5'000, 5'000}) == Numbers{6, 5});
  CHECK(split(10, {3'333, 3'333, 3'334}) == Numbers{3, 3, 4});
  CHECK(split(1, {1, 9'999}) == Numbers{0, 1});
  CHECK(split(5, {2'500, 2'500, 2'500, 2'500}) == Numbers{2, 1, 1, 1});
  CHECK(split(0, {4'000, 6'000}) == Numbers{0, 0});
  CHECK(split(INT64_MAX, {10'000}) == Numbers{INT64_MAX});
  CHECK(split(INT64_MAX, {5'000, 5'000}) == Numbers{INT64_MAX / 2 + 1, INT64_MAX / 2});
  // With a unit more in all, the last has one less. So a part of the whole stays within the parts of the whole.
  const std::vector<query::CoverageShare> shares = {{0, 4'286}, {0, 4'286}, {0, 1'428}};
  CHECK(query::Split(10, shares) == Numbers{4, 4, 2});
  const Numbers whole = query::Split(11, shares);
  CHECK(whole == Numbers{5, 5, 1});
  CHECK(query::Split(10, shares, &whole) == Numbers{5, 4, 1});
  CHECK(query::Split(11, shares, &whole) == whole);

  Ground ground;
  ground.Runs("p", {{"bj", 5'000}, {"zy", 5'000}}, {{"EDU", 3'333}, {"HEA", 6'667}});
  ground.Gives("p", 11, 5);
  // First over the places: 6 and 5. Then each over the categories.
  CHECK(Lines(ground.Ask(By(Request::BY_CELL))) == "bj/EDU 0/2; bj/HEA 0/4; zy/EDU 0/2; zy/HEA 0/3");
  CHECK(Lines(ground.Ask(By(Request::BY_PLACE, "gz"))) == "bj 0/6; zy 0/5");
  const auto total = ground.Ask(By(Request::BY_CATEGORY)).total().figures();
  CHECK(total.placed() == 11);
  CHECK(total.reached() == 5);
}

TEST_CASE("money for several places without shares stands at the lowest place that has them all") {
  Ground ground;
  ground.Runs("near", {{"bj", 0}, {"zy", 0}}, {{"EDU", 0}});
  ground.Gives("near", 100);
  ground.Runs("far", {{"bj", 0}, {"sc", 0}}, {{"EDU", 0}});
  ground.Gives("far", 20);
  ground.Runs("nowhere", {}, {{"EDU", 0}});
  ground.Gives("nowhere", 3);
  ground.Needs("n", "bj", "EDU", 50);
  ground.Needs("m", "gz", "EDU", 8);
  CHECK(Lines(ground.Ask(By(Request::BY_PLACE))) == "cn 58/120; UNSPECIFIED 0/3");
  CHECK(Lines(ground.Ask(By(Request::BY_PLACE, "cn"))) == "gz 58/100; sc 0/0; UNDIVIDED 0/20");
  CHECK(Lines(ground.Ask(By(Request::BY_PLACE, "cn", "", 2))) ==
        "gz 58/100; >bj 50/0; >zy 0/0; >UNDIVIDED 8/100; sc 0/0; UNDIVIDED 0/20");
  CHECK(ground.Ask(By(Request::BY_PLACE, "gz")).elsewhere() == 23);
  // It works in each of them: help is on its way.
  CHECK(States(ground.Ask(By(Request::BY_CELL, "gz"))) ==
        "gz/EDU OVER; bj/EDU UNFUNDED; zy/EDU COVERAGE_STATE_UNSPECIFIED");
  // However many places of a line a project has, it is one there.
  const auto answer = ground.Ask(By(Request::BY_PLACE, "cn", "", 2));
  CHECK(answer.total().figures().projects() == 2);
  CHECK(answer.lines(0).figures().projects() == 2);
  CHECK(answer.lines(1).figures().projects() == 2);
  CHECK(answer.lines(2).figures().projects() == 1);
  CHECK(answer.lines(3).figures().projects() == 1);  // whose money stands there
}

TEST_CASE("the example of docs/coverage.md") {
  Ground ground;
  ground.Runs("near", {{"bj", 0}, {"zy", 0}}, {{"EDU", 0}});
  ground.Gives("near", 100);
  ground.Runs("far", {{"bj", 0}, {"sc", 0}}, {{"EDU", 0}});
  ground.Gives("far", 20);
  ground.Needs("n", "bj", "EDU", 50);
  ground.Needs("m", "gz", "EDU", 8);
  const auto answer = [&] { return ground.Ask(By(Request::BY_PLACE, "cn", "", 2)); };
  CHECK(States(answer()) ==
        "gz OVER; >bj UNFUNDED; >zy COVERAGE_STATE_UNSPECIFIED; >UNDIVIDED OVER; sc "
        "COVERAGE_STATE_UNSPECIFIED; UNDIVIDED UNDECLARED");
  ground.Do({Pay("donor", "ministry", 5), Ground::Meeting("n", Pay("ministry", "village", 5))});
  CHECK(Lines(answer()) == "gz 58/105; >bj 50/5; >zy 0/0; >UNDIVIDED 8/100; sc 0/0; UNDIVIDED 0/20");
  CHECK(States(answer()) ==
        "gz OVER; >bj UNDER; >zy COVERAGE_STATE_UNSPECIFIED; >UNDIVIDED OVER; sc COVERAGE_STATE_UNSPECIFIED; "
        "UNDIVIDED UNDECLARED");
  CHECK(answer().total().figures().placed() == 125);
  CHECK(answer().total().figures().direct() == 5);
  CHECK(model::WordOf(answer().total().state()) == "OVER");
}

TEST_CASE("money for several categories without shares is shared, and for none it is unspecified") {
  Ground ground;
  ground.Runs("school", {{"bj", 0}}, {{"EDU", 0}, {"HEA", 0}});
  ground.Gives("school", 100);
  ground.Runs("shelter", {{"bj", 0}}, {{"CPN", 0}, {"GBV", 0}});
  ground.Gives("shelter", 20);
  ground.Runs("any", {{"bj", 0}}, {});
  ground.Gives("any", 3);
  ground.Needs("n", "bj", "EDU", 50);
  ground.Do({Pay("donor", "ministry", 7)});
  const auto answer = ground.Ask(By(Request::BY_CATEGORY));
  CHECK(Lines(answer) == "EDU 50/0; HEA 0/0; PRO 0/20; SHARED 0/100; UNSPECIFIED 0/3");
  CHECK(States(answer) ==
        "EDU UNFUNDED; HEA COVERAGE_STATE_UNSPECIFIED; PRO UNDECLARED; SHARED COVERAGE_STATE_UNSPECIFIED; "
        "UNSPECIFIED COVERAGE_STATE_UNSPECIFIED");
  CHECK(answer.general() == 7);
  CHECK(answer.brought_in() == 130);
  // What is shared below one category is that category's.
  CHECK(Lines(ground.Ask(By(Request::BY_CATEGORY, "", "PRO"))) == "CPN 0/0; GBV 0/0; SHARED 0/20");
  CHECK(ground.Ask(By(Request::BY_CATEGORY, "", "PRO")).elsewhere() == 103);
  CHECK(Lines(ground.Ask(By(Request::BY_CATEGORY, "", "", 2))) ==
        "EDU 50/0; HEA 0/0; PRO 0/20; >CPN 0/0; >GBV 0/0; >SHARED 0/20; SHARED 0/100; UNSPECIFIED 0/3");
  // By place all of it has a place.
  CHECK(Lines(ground.Ask(By(Request::BY_PLACE, "gz"))) == "bj 50/123");
  CHECK(Lines(ground.Ask(By(Request::BY_CELL))) ==
        "bj/EDU 50/0; bj/HEA 0/0; bj/CPN 0/0; bj/GBV 0/0; SHARED 0/120; UNSPECIFIED 0/3");
  // No cell has any of this money.
  CHECK(Cells(answer.total()) == "COVERAGE_STATE_UNSPECIFIED 3, UNFUNDED 1");
}

TEST_CASE("a line shows its own state, and how many cells stand in each") {
  Ground ground;
  ground.Needs("a", "bj", "EDU", 100, 10);
  ground.Needs("b", "zy", "EDU", 100, 20);
  ground.Needs("c", "sc", "HEA", 100, 30);
  ground.Runs("p", {{"bj", 0}}, {{"EDU", 0}});
  ground.Gives("p", 200, 150);
  const auto answer = ground.Ask(By(Request::BY_PLACE, "cn"));
  CHECK(States(answer) == "gz COVERED; sc VACUUM");
  CHECK(Cells(answer.lines(0)) == "VACUUM 1, OVER 1");
  CHECK(answer.lines(0).cells(0).people() == 20);
  CHECK(answer.lines(0).cells(0).asked() == 100);
  CHECK(answer.lines(0).cells(1).placed() == 200);
  CHECK(answer.lines(0).figures().reached() == 150);
  CHECK(Cells(answer.total()) == "VACUUM 2, OVER 1");
  CHECK(answer.total().figures().people() == 60);
  CHECK(answer.total().figures().needs() == 3);
  CHECK(model::WordOf(answer.total().state()) == "COVERED");
  // States and crowds choose lines, and change no total.
  Request some = By(Request::BY_PLACE, "cn", "", 2);
  some.add_states(v1::COVERAGE_STATE_VACUUM);
  some.add_states(v1::COVERAGE_STATE_OVER);
  const auto chosen = ground.Ask(some);
  CHECK(States(chosen) == ">bj OVER; >zy VACUUM; sc VACUUM");
  CHECK(chosen.total().SerializeAsString() == answer.total().SerializeAsString());
  Request crowded = By(Request::BY_PLACE, "cn");
  crowded.set_crowded(true);
  CHECK(ground.Ask(crowded).lines().empty());
}

TEST_CASE("a need of a whole place is no vacuum while help stands below it") {
  // bj is in gz, and CPN in PRO.
  const auto states = [](const Ground& ground) { return States(ground.Ask(By(Request::BY_CELL))); };
  const auto with_need = [] {
    Ground ground;
    ground.Needs("region", "gz", "PRO", 0, 400);
    return ground;
  };
  Ground alone = with_need();
  CHECK(states(alone) == "gz/PRO VACUUM");
  CHECK(States(alone.Ask(By(Request::BY_PLACE, "gz"))) == "UNDIVIDED VACUUM");

  Ground team = with_need();
  team.Do({Deployment("d", "county", "relief", "bj", "CPN")});
  CHECK(states(team) == "gz/PRO UNFUNDED; bj/CPN COVERAGE_STATE_UNSPECIFIED");
  const auto answer = team.Ask(By(Request::BY_PLACE, "gz"));
  CHECK(States(answer) == "bj COVERAGE_STATE_UNSPECIFIED; UNDIVIDED UNFUNDED");
  CHECK(Cells(answer.total()) == "COVERAGE_STATE_UNSPECIFIED 1, UNFUNDED 1");

  Ground shared = with_need();  // money at the place itself, for several categories below
  shared.Runs("p", {{"gz", 0}}, {{"CPN", 0}, {"GBV", 0}});
  shared.Gives("p", 10);
  CHECK_THAT(states(shared), Catch::StartsWith("gz/PRO UNFUNDED; "));

  Ground elsewhere = with_need();
  elsewhere.Do({Deployment("other", "county", "relief", "bj", "EDU")});  // for something else
  elsewhere.Do({Deployment("above", "county", "relief", "cn", "PRO")});  // above it
  CHECK_THAT(states(elsewhere), Catch::Contains("gz/PRO VACUUM"));
}

TEST_CASE("needs of any size leave an answer") {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  Ground ground;
  ground.Needs("one", "bj", "EDU", kMost, kMost);
  ground.Needs("two", "bj", "EDU", kMost, kMost);
  ground.Needs("three", "zy", "EDU", 7, 7);
  const auto answer = Need(ground.Try(By(Request::BY_PLACE, "gz")));
  CHECK(answer.total().figures().asked() == kMost);
  CHECK(answer.total().figures().people() == kMost);
  CHECK(answer.total().figures().gap() == kMost);
  CHECK(answer.total().figures().needs() == 3);
  CHECK(States(answer) == "bj VACUUM; zy VACUUM");
}

TEST_CASE("a cell is crowded when two who do not stand above one another work for the same people") {
  Ground ground;
  ground.Runs("one", {{"bj", 0}}, {{"EDU", 0}});
  const auto crowded = [&] { return States(ground.Ask(By(Request::BY_CELL))); };
  const std::string nothing = " COVERAGE_STATE_UNSPECIFIED";
  CHECK(crowded() == "bj/EDU" + nothing);
  ground.Runs("two", {{"bj", 0}}, {{"EDU", 0}});                 // the same implementer
  ground.Do({Deployment("d1", "county", "team", "bj", "EDU")});  // stands below it
  CHECK(crowded() == "bj/EDU" + nothing);
  // For other people, and elsewhere.
  v1::Action group;
  group.mutable_declare_target_group()->set_id("poor");
  group.mutable_declare_target_group()->set_name("Poor");
  v1::Action for_poor = Deployment("d2", "county", "relief", "bj", "EDU");
  for_poor.mutable_deploy()->set_target_group("poor");
  ground.Do({group, for_poor, Deployment("d3", "county", "relief", "zy", "EDU")});
  CHECK(crowded() == "bj/EDU" + nothing + "; zy/EDU" + nothing);
  v1::Action planned = Deployment("d4", "county", "relief", "bj", "EDU");
  planned.mutable_deploy()->set_status(v1::Deploy::STATUS_PLANNED);
  v1::Action over = Deployment("d5", "county", "relief", "bj", "EDU");
  over.mutable_deploy()->set_to("2026-02-28");
  ground.Do({planned, over});
  CHECK(crowded() == "bj/EDU" + nothing + "; zy/EDU" + nothing);
  const auto there = ground.Do({Deployment("d6", "county", "relief", "bj", "EDU")});
  CHECK(crowded() == "bj/EDU" + nothing + " crowded; zy/EDU" + nothing);
  const auto answer = ground.Ask(By(Request::BY_PLACE, "gz"));
  CHECK(answer.lines(0).crowded());
  CHECK(answer.lines(0).crowded_cells() == 1);
  CHECK(answer.total().crowded_cells() == 1);
  CHECK(answer.total().figures().teams() == 2);  // relief counts once
  CHECK(answer.total().figures().projects() == 2);
  ground.Do({End("deployment", "d6", there)});
  CHECK_FALSE(ground.Ask(By(Request::BY_PLACE, "gz")).total().crowded());
}

TEST_CASE("a need counts with the figures that somebody else found, in its present version") {
  Ground ground;
  const auto confirmed = ground.Needs("confirmed", "bj", "EDU", 100, 10);
  const auto corrected = ground.Do({Asking(NeedAt("corrected", "county", "bj", "EDU", 50), 200)});
  v1::Action says = Verify("corrected", corrected, "auditor", v1::VerifyNeed::RESULT_CORRECTED);
  says.mutable_verify_need()->set_people(5);
  says.mutable_verify_need()->set_amount(60);
  ground.Do({says});
  const auto refused = ground.Do({Asking(NeedAt("refused", "county", "bj", "EDU", 7), 400)});
  ground.Do({Verify("refused", refused, "auditor", v1::VerifyNeed::RESULT_REFUSED)});
  ground.Do({Asking(NeedAt("silent", "county", "bj", "EDU", 3), 800)});
  const auto figures = [&](bool unverified, std::optional<std::uint64_t> as_of = {}) {
    Request request = By(Request::BY_PLACE);
    request.set_unverified(unverified);
    if (as_of.has_value()) request.set_as_of(*as_of);
    const auto answer = ground.Ask(request);
    const auto& total = answer.total().figures();
    return absl::StrCat(total.needs(), " needs of ", total.people(), " people ask ", total.asked(), "; ",
                        answer.not_verified(), " not verified ask ", answer.not_verified_asked());
  };
  CHECK(figures(false) == "2 needs of 15 people ask 160; 1 not verified ask 800");
  CHECK(figures(true) == "3 needs of 18 people ask 960; 0 not verified ask 0");
  // A new version must be looked at anew.
  const auto amended =
      ground.Do({Amending(Asking(NeedAt("confirmed", "county", "bj", "EDU", 11), 110), confirmed)});
  CHECK(figures(false) == "1 needs of 5 people ask 60; 2 not verified ask 910");
  CHECK(figures(true) == "3 needs of 19 people ask 970; 0 not verified ask 0");
  CHECK(figures(false, amended - 1) == "2 needs of 15 people ask 160; 1 not verified ask 800");
  ground.Do({Verify("confirmed", amended)});
  CHECK(figures(false) == "2 needs of 16 people ask 170; 1 not verified ask 800");
  // The newest says what counts.
  const auto withdrawn = ground.Do({Verify("confirmed", amended, "auditor", v1::VerifyNeed::RESULT_REFUSED)});
  CHECK(figures(true) == "2 needs of 8 people ask 860; 0 not verified ask 0");
  CHECK(figures(false, withdrawn - 1) == "2 needs of 16 people ask 170; 1 not verified ask 800");
  ground.Do({End("need", "corrected", corrected)});
  CHECK(figures(false) == "0 needs of 0 people ask 0; 1 not verified ask 800");
}

TEST_CASE("needs, projects and teams count on their days") {
  Ground ground;
  v1::Action need = Asking(NeedAt("n", "county", "bj", "EDU", 10), 100);
  need.mutable_declare_need()->set_from("2026-02-01");
  need.mutable_declare_need()->set_until("2026-02-28");
  v1::Action project = Where(Project("p", "county", "charity"), {{"bj", 0}}, {{"EDU", 0}});
  project.mutable_propose_project()->set_from("2026-02-10");
  project.mutable_propose_project()->set_until("2026-02-20");
  v1::Action team = Deployment("d", "county", "relief", "bj", "EDU");
  team.mutable_deploy()->set_from("2026-02-15");
  team.mutable_deploy()->set_to("2026-02-16");
  const auto opened = ground.Do({need, project, team});
  ground.Do({Verify("n", opened), Decide("p", opened)});
  const auto on = [&](const std::string& day) {
    Request request = By(Request::BY_PLACE);
    request.set_on(day);
    const auto answer = ground.Ask(request);
    CHECK(answer.on() == (day.empty() ? "2026-03-01" : day));
    const auto& total = answer.total().figures();
    return absl::StrCat(total.needs(), total.projects(), total.teams());
  };
  CHECK(on("2026-01-31") == "000");
  CHECK(on("2026-02-01") == "100");
  CHECK(on("2026-02-10") == "110");
  CHECK(on("2026-02-15") == "111");
  CHECK(on("2026-02-16") == "111");
  CHECK(on("2026-02-17") == "110");
  CHECK(on("2026-02-20") == "110");
  CHECK(on("2026-02-28") == "100");
  CHECK(on("") == "000");  // that of the last record
}

TEST_CASE("a project is open while its present version is approved and it has not ended; its money stays") {
  Ground ground;
  const auto proposed = ground.Runs("p", {{"bj", 0}}, {{"EDU", 0}});
  ground.Gives("p", 100);
  const auto shown = [&](std::optional<std::uint64_t> as_of = {}) {
    Request request = By(Request::BY_PLACE, "gz");
    if (as_of.has_value()) request.set_as_of(*as_of);
    const auto answer = ground.Ask(request);
    return absl::StrCat(Lines(answer), ", projects ", answer.total().figures().projects());
  };
  CHECK(shown() == "bj 0/100, projects 1");
  const auto before = ground.ledger->size() - 1;
  const auto amended =
      ground.Do({Amending(Where(Project("p", "county", "charity"), {{"zy", 0}}, {{"EDU", 0}}), proposed)});
  CHECK(shown() == "zy 0/100, projects 0");
  CHECK(shown(before) == "bj 0/100, projects 1");
  ground.Do({Decide("p", amended)});
  CHECK(shown() == "zy 0/100, projects 1");
  ground.Do({Decide("p", amended, "auditor", v1::ApproveProject::DECISION_REJECTED)});
  CHECK(shown() == "zy 0/100, projects 0");
  ground.Do({Decide("p", amended)});
  ground.Do({End("project", "p", amended)});
  CHECK(shown() == "zy 0/100, projects 0");
  CHECK(shown(proposed) == ", projects 0");
}

TEST_CASE("by programme and by project no needs are counted") {
  Ground ground;
  v1::Action in_programme = Where(Project("a", "county", "charity"), {{"bj", 0}}, {{"EDU", 0}});
  in_programme.mutable_propose_project()->set_programme("prog");
  const auto record = ground.Do({in_programme});
  ground.Do({Decide("a", record)});
  ground.Runs("b", {{"zy", 0}}, {{"HEA", 0}}, "relief");
  ground.Runs("idle", {{"sc", 0}}, {{"HEA", 0}});
  ground.Gives("a", 100, 30);
  ground.Gives("b", 7);
  ground.Needs("n", "bj", "EDU", 50);
  v1::Action of_a = Deployment("d", "county", "team", "bj", "EDU");
  of_a.mutable_deploy()->set_project("a");
  ground.Do({of_a, Deployment("e", "county", "relief", "bj", "EDU")});
  const auto by_programme = ground.Ask(By(Request::BY_PROGRAMME));
  CHECK(Lines(by_programme) == "prog 0/100; UNSPECIFIED 0/7");
  CHECK(by_programme.lines(0).name() == "Programme prog");
  const auto by_project = ground.Ask(By(Request::BY_PROJECT));
  CHECK(Lines(by_project) == "a 0/100; b 0/7; idle 0/0");
  CHECK(by_project.lines(0).name() == "Project a");
  CHECK(by_project.lines(0).figures().reached() == 30);
  CHECK(by_project.lines(0).figures().projects() == 1);
  CHECK(by_project.lines(0).figures().teams() == 1);
  CHECK(by_project.lines(1).figures().teams() == 0);
  CHECK(by_project.total().figures().projects() == 3);
  CHECK(by_project.total().figures().teams() == 2);  // that which is for no project too
  CHECK(by_project.total().figures().asked() == 0);
  CHECK(by_project.total().cells().empty());
  CHECK(model::WordOf(by_project.lines(0).state()) == "COVERAGE_STATE_UNSPECIFIED");
  CHECK(Lines(ground.Ask(By(Request::BY_PROJECT, "gz", "EDU"))) == "a 0/100");
}

TEST_CASE("money that was paid straight for a need stands at the need, and is no general money") {
  Ground ground;
  const auto opened = ground.Needs("n", "bj", "EDU", 100);
  const auto given = ground.Do({Pay("donor", "ministry", 500)});
  CHECK(States(ground.Ask(By(Request::BY_CELL))) == "bj/EDU VACUUM");
  const auto paid = ground.Do({Ground::Meeting("n", Pay("ministry", "village", 40))});
  const auto shown = [&](const Request& request) {
    const auto answer = ground.Ask(request);
    const auto& total = answer.total().figures();
    return absl::StrCat(Lines(answer), ", direct ", total.direct(), " reached ", total.reached(),
                        " committed ", total.committed(), ", general ", answer.general(), " elsewhere ",
                        answer.elsewhere());
  };
  CHECK(shown(By(Request::BY_PLACE, "gz")) ==
        "bj 100/40, direct 40 reached 40 committed 0, general 460 elsewhere 0");
  CHECK(States(ground.Ask(By(Request::BY_CELL))) == "bj/EDU UNDER");
  CHECK(shown(By(Request::BY_CATEGORY, "zy")) ==
        ", direct 0 reached 0 committed 0, general 460 elsewhere 40");
  CHECK(shown(By(Request::BY_PLACE, "gz", "HEA")) ==
        ", direct 0 reached 0 committed 0, general 460 elsewhere 40");
  // Out of another fund too; and what is committed is said.
  ground.Do({Ground::OutOf("school", Pay("donor", "ministry", 20))});
  ground.Do({Ground::OutOf("school", Ground::Meeting("n", Pay("ministry", "village", 20))),
             Committed(Ground::Meeting("n", Pay("ministry", "village", 5)))});
  CHECK(shown(By(Request::BY_PLACE, "gz")) ==
        "bj 100/65, direct 65 reached 65 committed 5, general 455 elsewhere 0");
  // It is in no project and no programme, and beside it stands what is.
  ground.Runs("p", {{"bj", 0}}, {{"EDU", 0}});
  ground.Gives("p", 30);
  CHECK(shown(By(Request::BY_PLACE, "gz")) ==
        "bj 100/95, direct 65 reached 65 committed 5, general 455 elsewhere 0");
  for (const auto by : {Request::BY_PROGRAMME, Request::BY_PROJECT}) {
    const auto answer = ground.Ask(By(by));
    const std::string project = by == Request::BY_PROJECT ? "p" : "UNSPECIFIED";
    CHECK(Lines(answer) == project + " 0/30; DIRECT 0/65");
    const v1::CoverageFigures& direct = answer.lines(1).figures();
    CHECK(direct.direct() == 65);
    CHECK(direct.reached() == 65);
    CHECK(direct.projects() == 0);
    CHECK(answer.total().figures().direct() == 65);
  }
  // What was sent back is general again.
  const auto returned = ground.Do({Returning(Pay("village", "ministry", 10), Ref(paid))});
  CHECK(shown(By(Request::BY_PLACE, "gz")) ==
        "bj 100/85, direct 55 reached 55 committed 5, general 465 elsewhere 0");
  Request then = By(Request::BY_PLACE, "gz");
  then.set_as_of(returned - 1);
  CHECK(shown(then) == "bj 100/95, direct 65 reached 65 committed 5, general 455 elsewhere 0");
  then.set_as_of(paid);
  CHECK(shown(then) == "bj 100/40, direct 40 reached 40 committed 0, general 460 elsewhere 0");
  then.set_as_of(given);
  CHECK(shown(then) == "bj 100/0, direct 0 reached 0 committed 0, general 500 elsewhere 0");
  // It stays where the need was, when that is over.
  ground.Do({End("need", "n", opened)});
  CHECK(shown(By(Request::BY_PLACE, "gz")) ==
        "bj 0/85, direct 55 reached 55 committed 5, general 465 elsewhere 0");
  CHECK(States(ground.Ask(By(Request::BY_CELL))) == "bj/EDU UNDECLARED");
}

TEST_CASE("money for a need that nobody verified, or that was refused, stands at it all the same") {
  Ground ground;
  ground.Do({Pay("donor", "ministry", 500)});
  ground.Do({Asking(NeedAt("n", "county", "bj", "EDU", 10), 100)});
  ground.Do({Ground::Meeting("n", Pay("ministry", "village", 40))});
  auto answer = ground.Ask(By(Request::BY_CELL));
  CHECK(Lines(answer) == "bj/EDU 0/40");
  CHECK(States(answer) == "bj/EDU UNDECLARED");
  CHECK(answer.total().figures().needs() == 0);
  CHECK(answer.total().figures().people() == 0);
  CHECK(answer.not_verified() == 1);
  Request all = By(Request::BY_CELL);
  all.set_unverified(true);
  CHECK(States(ground.Ask(all)) == "bj/EDU UNDER");
  const auto refused = ground.Do({Asking(NeedAt("m", "county", "zy", "EDU", 10), 100)});
  ground.Do({Ground::Meeting("m", Pay("ministry", "village", 7))});
  ground.Do({Verify("m", refused, "auditor", v1::VerifyNeed::RESULT_REFUSED)});
  answer = ground.Ask(all);
  CHECK(Lines(answer) == "bj/EDU 100/40; zy/EDU 0/7");
  CHECK(answer.total().figures().direct() == 47);
}

TEST_CASE("the same people may stand in several categories, so that people are a range") {
  Ground ground;
  ground.Needs("a", "bj", "EDU", 0, 60);
  ground.Needs("b", "bj", "EDU", 0, 40);  // of one category they add up
  ground.Needs("c", "bj", "HEA", 0, 60);
  ground.Needs("d", "bj", "PRO", 0, 30);
  ground.Needs("e", "bj", "CPN", 0, 50);  // another category than that above it
  ground.Needs("f", "zy", "EDU", 0, 20);
  ground.Needs("g", "gz", "HEA", 0, 200);  // another place than that below it
  ground.Needs("h", "sc", "EDU", 0, 7);
  CHECK(People(ground.Ask(By(Request::BY_PLACE, "cn", "", 2))) ==
        "gz 320 to 460; >bj 100 to 240; >zy 20; >UNDIVIDED 200; sc 7; total 327 to 467");
  // Categories are of the same people, and so the lines may add up to more than the total.
  CHECK(People(ground.Ask(By(Request::BY_CATEGORY, "gz", "", 2))) ==
        "EDU 120; HEA 260; PRO 50 to 80; >CPN 50; >UNDIVIDED 30; total 320 to 460");
  CHECK(People(ground.Ask(By(Request::BY_CATEGORY, "bj", "PRO"))) == "CPN 50; UNDIVIDED 30; total 50 to 80");
  CHECK(People(ground.Ask(By(Request::BY_CELL, "bj"))) ==
        "bj/EDU 100; bj/HEA 60; bj/PRO 30; bj/CPN 50; total 100 to 240");
  CHECK(People(ground.Ask(By(Request::BY_PROJECT))) == "total 0");
}

TEST_CASE("Afghanistan 2024: people in need of all clusters are a range that has the figure OCHA published") {
  // OCHA's Humanitarian Needs Overview, the whole country, by cluster (CC BY-IGO).
  constexpr std::int64_t kPublished = 23'666'389;
  const std::pair<const char*, std::int64_t> kClusters[] = {
      {"EDU", 8'030'371},  {"FSC", 15'823'677}, {"HEA", 17'936'233}, {"NUT", 7'399'632},
      {"PRO", 20'806'009}, {"SHL", 6'609'590},  {"WSH", 21'105'937}};
  Ground ground;
  ground.Do({Category("FSC"), Category("NUT"), Category("SHL"), Category("WSH")});
  for (const auto& [cluster, people] : kClusters) ground.Needs(cluster, "cn", cluster, 0, people);
  const auto answer = ground.Ask(By(Request::BY_PLACE));
  CHECK(People(answer) == "cn 21105937 to 97711449; total 21105937 to 97711449");
  CHECK(answer.total().figures().people_at_least() <= kPublished);
  CHECK(kPublished <= answer.total().figures().people());
}

TEST_CASE("the severity of a line is the worst that a fifth of its people has") {
  struct Group {
    std::int64_t people;
    std::uint32_t severity;
  };
  const struct {
    std::string name;
    std::vector<Group> groups;
    std::uint32_t severity;
  } kCases[] = {
      {"nobody", {}, 0},
      {"nobody said it", {{100, 0}}, 0},
      {"all", {{100, 3}}, 3},
      {"all, at the least", {{100, 1}}, 1},
      {"exactly a fifth", {{80, 3}, {20, 5}}, 5},
      {"less than a fifth", {{81, 3}, {19, 5}}, 3},
      {"a fifth that or worse", {{80, 2}, {10, 4}, {10, 5}}, 4},
      {"who did not say it is not of all", {{79, 1}, {21, 4}, {900, 0}}, 4},
      {"a need of no people", {{0, 5}, {10, 2}}, 2},
      {"only needs of no people", {{0, 5}}, 0},
  };
  for (const auto& one : kCases) {
    INFO(one.name);
    Ground ground;
    int number = 0;
    for (const Group& group : one.groups) {
      const std::string id = absl::StrCat("n", number++);
      v1::Action need = Asking(NeedAt(id, "county", number % 2 == 0 ? "bj" : "zy", "EDU", group.people), 100);
      need.mutable_declare_need()->set_severity(group.severity);
      const auto record = ground.Do({need});
      ground.Do({Verify(id, record)});
    }
    CHECK(ground.Ask(By(Request::BY_PLACE)).total().figures().severity() == one.severity);
    CHECK(ground.Ask(By(Request::BY_PROGRAMME)).total().figures().severity() == 0);
  }
}

TEST_CASE("the severity that somebody else found counts") {
  Ground ground;
  v1::Action need = NeedAt("n", "county", "bj", "EDU", 50);
  need.mutable_declare_need()->set_severity(5);
  const auto declared = ground.Do({need});
  v1::Action says = Verify("n", declared, "auditor", v1::VerifyNeed::RESULT_CORRECTED);
  says.mutable_verify_need()->set_people(40);
  says.mutable_verify_need()->set_severity(2);
  ground.Do({says});
  const auto figures = ground.Ask(By(Request::BY_PLACE)).total().figures();
  CHECK(figures.severity() == 2);
  CHECK(figures.people_at_least() == 40);
}

TEST_CASE("a need that recurs asks for its amount anew every year, and for the same people") {
  Ground ground;
  v1::Action need = Asking(NeedAt("n", "county", "bj", "EDU", 10), 100);
  need.mutable_declare_need()->set_from("2024-03-02");
  need.mutable_declare_need()->set_until("2027-03-01");
  need.mutable_declare_need()->set_recurring(true);
  const auto declared = ground.Do({need});
  ground.Do({Verify("n", declared)});
  const auto on = [&](const std::string& day) {
    Request request = By(Request::BY_PLACE);
    request.set_on(day);
    const auto figures = ground.Ask(request).total().figures();
    return absl::StrCat(figures.asked(), " for ", figures.people());
  };
  CHECK(on("2024-03-01") == "0 for 0");
  CHECK(on("2024-03-02") == "100 for 10");
  CHECK(on("2025-03-01") == "100 for 10");
  CHECK(on("2025-03-02") == "200 for 10");
  CHECK(on("2026-03-01") == "200 for 10");
  CHECK(on("2026-03-02") == "300 for 10");
  CHECK(on("2027-03-01") == "300 for 10");
  CHECK(on("2027-03-02") == "0 for 0");
}

TEST_CASE("by fund: what is placed is divided as the funds of each project are, to the last unit") {
  Ground ground;
  ground.Runs("p", {{"bj", 6'000}, {"sc", 4'000}}, {{"EDU", 0}});
  ground.Gives("p", 100, 30);
  const auto before = ground.ledger->size() - 1;
  ground.Do({Ground::OutOf("school", Into("p", Pay("donor", "ministry", 50)))});
  v1::Action of_p = Deployment("d", "county", "team", "bj", "EDU");
  of_p.mutable_deploy()->set_project("p");
  ground.Do({of_p, Deployment("e", "county", "relief", "bj", "EDU")});
  ground.Runs("idle", {{"bj", 0}}, {{"EDU", 0}});
  const auto shown = [&](const Request& request) {
    std::string text;
    const auto answer = ground.Ask(request);
    for (const v1::CoverageLine& line : answer.lines()) {
      const v1::CoverageFigures& figures = line.figures();
      absl::StrAppend(&text, text.empty() ? "" : "; ", line.id(), " ", figures.placed(), " reached ",
                      figures.reached(), " direct ", figures.direct(), " projects ", figures.projects(),
                      " teams ", figures.teams());
      CHECK(line.state() == v1::COVERAGE_STATE_UNSPECIFIED);
      CHECK(line.cells().empty());
    }
    return text;
  };
  // Of 150 in all, 60 % stand in bj: 90. Two thirds of all are of one fund, and all 18 that reached recipients there.
  CHECK(shown(By(Request::BY_FUND, "gz")) ==
        "flood 60 reached 18 direct 0 projects 1 teams 1; school 30 reached 0 direct 0 projects 1 teams 1");
  const auto answer = ground.Ask(By(Request::BY_FUND));
  CHECK(Lines(answer) == "flood 0/100; school 0/50");
  CHECK(answer.lines(0).name() == "Fund flood");
  CHECK(answer.total().figures().projects() == 2);
  CHECK(answer.total().figures().teams() == 2);
  // What was paid straight for a need is of the fund that it was paid from.
  ground.Needs("n", "zy", "HEA", 100, 10);
  ground.Do({Ground::OutOf("school", Pay("donor", "ministry", 20))});
  ground.Do({Ground::OutOf("school", Ground::Meeting("n", Pay("ministry", "village", 7)))});
  CHECK(shown(By(Request::BY_FUND, "gz")) ==
        "flood 60 reached 18 direct 0 projects 1 teams 1; school 37 reached 7 direct 7 projects 1 teams 1");
  CHECK(shown(By(Request::BY_FUND, "zy")) == "school 7 reached 7 direct 7 projects 0 teams 0");
  CHECK(ground.Ask(By(Request::BY_FUND)).total().figures().needs() == 0);
  CHECK(Lines(ground.Ask(By(Request::BY_FUND))) == "flood 0/100; school 0/57");
  Request then = By(Request::BY_FUND);
  then.set_as_of(before);
  CHECK(Lines(ground.Ask(then)) == "flood 0/100");
  Request dollars = By(Request::BY_FUND);
  dollars.set_asset("USD");
  CHECK(Lines(ground.Ask(dollars)).empty());
}

TEST_CASE("by recipient: money stands where those have their seats whom it reached") {
  Ground ground;
  ground.Do({Seated(Party("clinic", "root", v1::ROLE_RECIPIENT), "zy"),
             Seated(Party("ward", "root", v1::ROLE_RECIPIENT), "sc")});
  ground.Runs("p", {{"bj", 0}}, {{"EDU", 4'000}, {"HEA", 6'000}});
  ground.Gives("p", 100, 20);  // the village has no seat
  ground.Do({In("p", Pay("ministry", "clinic", 30)), In("p", Pay("ministry", "ward", 5))});
  const auto by_recipient = [&](Request request) {
    request.set_by_recipient(true);
    return ground.Ask(request);
  };
  CHECK(Lines(ground.Ask(By(Request::BY_PLACE, "cn", "", 2))) == "gz 0/100; >bj 0/100");
  // The project still works in bj.
  const auto answer = by_recipient(By(Request::BY_PLACE, "", "", 3));
  CHECK(Lines(answer) == "cn 0/35; >gz 0/30; >>bj 0/0; >>zy 0/30; >sc 0/5; UNSPECIFIED 0/65");
  CHECK(answer.total().figures().reached() == 55);
  CHECK(answer.lines(0).figures().reached() == 35);
  CHECK(answer.lines(2).figures().projects() == 1);
  CHECK(by_recipient(By(Request::BY_PLACE, "gz")).elsewhere() == 70);
  CHECK(Lines(by_recipient(By(Request::BY_CELL, "zy"))) == "zy/EDU 0/12; zy/HEA 0/18");
  CHECK(Lines(by_recipient(By(Request::BY_FUND, "gz"))) == "flood 0/30");
  // It works in none of the places where its recipients have their seats.
  CHECK(answer.lines(3).figures().projects() == 0);
  CHECK(by_recipient(By(Request::BY_PLACE, "zy")).total().figures().projects() == 0);
  CHECK(by_recipient(By(Request::BY_PLACE, "bj")).total().figures().projects() == 1);
  // What was paid straight for a need stands at the need.
  ground.Needs("n", "bj", "PRO", 10);
  ground.Do({Pay("donor", "ministry", 9), Ground::Meeting("n", Pay("ministry", "clinic", 9))});
  CHECK(Lines(by_recipient(By(Request::BY_PLACE, "gz"))) == "bj 10/9; zy 0/30");
}

TEST_CASE("by recipient, joined: money stands at the seat of the party that stands for them") {
  Ground ground;
  ground.Do({Seated(Party("clinic", "root", v1::ROLE_RECIPIENT), "zy"),
             Seated(Party("ward", "root", v1::ROLE_RECIPIENT), "sc")});
  ground.Runs("p", {{"bj", 0}}, {{"EDU", 4'000}, {"HEA", 6'000}});
  ground.Gives("p", 100, 20);  // the village has no seat
  ground.Do({In("p", Pay("ministry", "clinic", 30)), In("p", Pay("ministry", "ward", 5))});
  v1::Action join;
  join.mutable_join_parties()->set_id("twice");
  join.mutable_join_parties()->set_party("ward");
  join.mutable_join_parties()->set_under("clinic");
  join.mutable_join_parties()->set_why(v1::JoinParties::WHY_SAME);
  const std::uint64_t record = ground.Do({join});
  const auto ask = [&](const std::string& place, bool joined, std::optional<std::uint64_t> as_of = {}) {
    Request request = By(Request::BY_PLACE, place);
    request.set_by_recipient(true);
    request.set_joined(joined);
    if (as_of.has_value()) request.set_as_of(*as_of);
    return ground.Ask(request);
  };
  CHECK(ask("zy", false).total().figures().placed() == 30);
  CHECK(ask("sc", false).total().figures().placed() == 5);
  CHECK(ask("zy", false).joined().empty());
  const auto answer = ask("zy", true);
  CHECK(answer.total().figures().placed() == 35);
  CHECK(ask("sc", true).total().figures().placed() == 0);
  REQUIRE(answer.joined_size() == 1);
  CHECK(answer.joined(0).party() == "ward");
  CHECK(answer.joined(0).under() == "clinic");
  CHECK(answer.joined(0).record() == record);
  // The whole is the same, and as of the record before nobody is joined.
  CHECK(ask("", true).total().figures().placed() == ask("", false).total().figures().placed());
  CHECK(ask("zy", true, record - 1).total().figures().placed() == 30);
}

TEST_CASE("by fund and by recipient, each seat has the funds of the money that lies there") {
  Ground ground;
  ground.Do({Seated(Party("clinic", "root", v1::ROLE_RECIPIENT), "zy"),
             Seated(Party("ward", "root", v1::ROLE_RECIPIENT), "sc")});
  ground.Runs("p", {{"bj", 0}}, {{"EDU", 3'333}, {"HEA", 6'667}});
  ground.Gives("p", 100);
  ground.Do({Ground::OutOf("school", Into("p", Pay("donor", "ministry", 60)))});
  ground.Do({In("p", Pay("ministry", "clinic", 10)),
             Ground::OutOf("school", In("p", Pay("ministry", "clinic", 20))),
             Ground::OutOf("school", In("p", Pay("ministry", "ward", 7)))});
  const auto shown = [&](const std::string& place, const std::string& category = "") {
    Request request = By(Request::BY_FUND, place, category);
    request.set_by_recipient(true);
    std::string text;
    const auto answer = ground.Ask(request);
    for (const v1::CoverageLine& line : answer.lines())
      absl::StrAppend(&text, text.empty() ? "" : "; ", line.id(), " ", line.figures().placed(), " reached ",
                      line.figures().reached());
    return text;
  };
  CHECK(shown("") == "flood 100 reached 10; school 60 reached 27");
  CHECK(shown("zy") == "flood 10 reached 10; school 20 reached 20");
  CHECK(shown("sc") == "school 7 reached 7");
  // Of 30 at the clinic a third is for EDU: 10, a third of it out of flood.
  CHECK(shown("zy", "EDU") == "flood 3 reached 3; school 7 reached 7");
}

TEST_CASE("by fund, what reached recipients is of the funds that it came from") {
  Ground ground;
  ground.Runs("p", {{"bj", 5'000}, {"zy", 5'000}}, {{"EDU", 0}});
  ground.Gives("p", 10, 10);
  ground.Do({Ground::OutOf("school", Into("p", Pay("donor", "ministry", 90)))});
  const auto shown = [&](const std::string& place) {
    std::string text;
    const auto answer = ground.Ask(By(Request::BY_FUND, place));
    for (const v1::CoverageLine& line : answer.lines())
      absl::StrAppend(&text, text.empty() ? "" : "; ", line.id(), " ", line.figures().placed(), " reached ",
                      line.figures().reached());
    return text;
  };
  CHECK(shown("") == "flood 10 reached 10; school 90 reached 0");
  CHECK(shown("bj") == "flood 5 reached 5; school 45 reached 0");
  // With one unit more, bj has 51 of 101, and 6 of 11 that reached people. Of these no more is of flood than flood has there.
  ground.Gives("p", 1, 1);
  CHECK(shown("bj") == "flood 6 reached 6; school 45 reached 0");
  ground.Do({Ground::OutOf("school", In("p", Pay("ministry", "village", 89)))});
  CHECK(shown("") == "flood 11 reached 11; school 90 reached 89");
  CHECK(shown("zy") == "flood 5 reached 5; school 45 reached 45");
}

TEST_CASE("places of today: what was booked at a place that another one succeeded stands there") {
  Ground ground;
  v1::Action old = Place("old", "gz", 2), now = Place("now", "sc", 2);
  old.mutable_declare_place()->set_valid_to("2025-12-31");
  now.mutable_declare_place()->set_valid_from("2026-01-01");
  now.mutable_declare_place()->add_succeeds("old");
  ground.Do({old});
  ground.Do({now});
  ground.Needs("n", "old", "EDU", 100, 10);
  ground.Runs("p", {{"now", 0}}, {{"EDU", 0}});
  ground.Gives("p", 60);
  ground.Runs("q", {{"old", 0}}, {{"EDU", 0}});
  ground.Gives("q", 5);
  ground.Do({Deployment("d", "county", "relief", "old", "EDU")});
  CHECK(Lines(ground.Ask(By(Request::BY_PLACE, "cn", "", 2))) == "gz 100/5; >old 100/5; sc 0/60; >now 0/60");
  Request today = By(Request::BY_PLACE, "cn", "", 2);
  today.set_places_today(true);
  const auto answer = ground.Ask(today);
  CHECK(Lines(answer) == "sc 100/65; >now 100/65");
  CHECK(answer.total().figures().teams() == 1);
  CHECK(answer.total().figures().projects() == 2);
  CHECK(answer.total().figures().people() == 10);
  today.set_on("2025-12-31");  // it was no successor yet
  CHECK(Lines(ground.Ask(today)) == "gz 100/5; >old 100/5; sc 0/60; >now 0/60");
}

TEST_CASE(
    "places of today: a need whose place has successors without a place in common stands in no line's "
    "state") {
  Ground ground;
  v1::Action old = Place("old", "gz", 2);
  old.mutable_declare_place()->set_valid_to("2025-12-31");
  ground.Do({old, Place("far")});
  v1::Action east = Place("east", "cn", 1), west = Place("west", "far", 1);
  east.mutable_declare_place()->add_succeeds("old");
  west.mutable_declare_place()->add_succeeds("old");
  ground.Do({east, west});
  ground.Needs("n", "old", "EDU", 100, 10);
  ground.Do({Pay("donor", "ministry", 60), Ground::Meeting("n", Pay("ministry", "village", 40))});
  Request today = By(Request::BY_PLACE);
  today.set_places_today(true);
  const auto answer = ground.Ask(today);
  CHECK(Lines(answer) == "UNSPECIFIED 100/40");
  CHECK(States(answer) == "UNSPECIFIED COVERAGE_STATE_UNSPECIFIED");
  CHECK(model::WordOf(answer.total().state()) == "UNDER");
  today.set_by(Request::BY_CELL);
  CHECK(States(ground.Ask(today)) == "UNSPECIFIED COVERAGE_STATE_UNSPECIFIED");
  today.set_by(Request::BY_CATEGORY);
  CHECK(States(ground.Ask(today)) == "EDU UNDER");
}

TEST_CASE("every unit that came in is placed, elsewhere, general, back at sources or exchanged") {
  Ground ground;
  ground.Do({Party("unrecorded", "root", v1::ROLE_SOURCE)});
  ground.Runs("p", {{"bj", 0}}, {{"EDU", 0}});
  ground.Runs("q", {{"sc", 0}}, {{"HEA", 0}});
  ground.Gives("p", 1'000, 400);
  ground.Gives("q", 300);
  const auto given = ground.Do({Pay("donor", "ministry", 200)});
  ground.Do({Pay("unrecorded", "ministry", 50), Committed(Into("p", Pay("donor", "ministry", 60)))});
  ground.Do({Returning(Pay("ministry", "donor", 30), Ref(given))});
  ground.Do({In("p", Exchange("ministry", "charity", 90, "USD", 13))});
  const auto answer = ground.Ask(By(Request::BY_PLACE, "gz"));
  CHECK(answer.total().figures().placed() == 970);
  CHECK(answer.total().figures().reached() == 400);
  CHECK(answer.total().figures().committed() == 60);
  CHECK(answer.elsewhere() == 300);
  CHECK(answer.general() == 220);
  CHECK(answer.brought_in() == 1'610);
  CHECK(answer.unrecorded() == 50);
  CHECK(answer.committed() == 60);
  CHECK(answer.with_sources() == 30);
  CHECK(answer.exchanged() == -90);
  Request dollars = By(Request::BY_PLACE);
  dollars.set_asset("USD");
  const auto other = ground.Ask(dollars);
  CHECK(other.exchanged() == 13);
  CHECK(other.total().figures().placed() == 13);
  CHECK(std::vector<std::string>(other.other_assets().begin(), other.other_assets().end()) ==
        std::vector<std::string>{"CNY"});
}

TEST_CASE("more money for needs than there is general money is damage") {
  Ground ground;
  ground.Needs("n", "bj", "EDU", 1'000);
  ground.Do({Pay("donor", "ministry", 500), Ground::Meeting("n", Pay("ministry", "village", 40))});
  const auto ask = [&](std::int64_t paid) {
    store::Overlay rows(static_cast<const store::Reader&>(ground.ledger->store()));
    const RecordIndex last(ground.ledger->size() - 1);
    rows.Put(model::keys::NeedSums("n", "flood", "CNY", last),
             model::Encode(model::NeedSums{Amount(paid), Amount(0), false}));
    return query::Coverage(Need(query::MakeView(rows)), By(Request::BY_PLACE));
  };
  CHECK(Need(ask(500)).general() == 0);
  const Status damaged = ask(501).status();
  CHECK(damaged.code() == absl::StatusCode::kDataLoss);
  CHECK_THAT(std::string(damaged.message()), Contains("more was paid for needs than general money is"));
}

TEST_CASE("the asset is the only one that needs and projects count, or must be named") {
  Ground ground;
  Request request;
  const auto asset = [&] { return ground.Ask(request).asset(); };
  CHECK(asset().empty());  // nobody counts any
  ground.Do({Pay("donor", "ministry", 7)});
  CHECK(asset() == "CNY");  // general money alone
  const auto dollars = ground.Do({Asking(NeedAt("n", "county", "bj", "EDU", 10), 5, "USD")});
  CHECK(asset() == "CNY");  // nobody looked at that need
  ground.Do({Verify("n", dollars)});
  CHECK(asset() == "USD");
  ground.Runs("p", {{"bj", 0}}, {{"EDU", 0}});
  ground.Gives("p", 5);
  const Status several = ground.Try(request).status();
  CHECK(several.code() == absl::StatusCode::kInvalidArgument);
  CHECK_THAT(std::string(several.message()), Contains("CNY, USD"));
  request.set_asset("CNY");
  const auto answer = ground.Ask(request);
  CHECK(answer.decimals() == 2);
  CHECK(answer.without_amount() == 1);
  CHECK(answer.total().figures().needs() == 1);
  CHECK(answer.total().figures().asked() == 0);
  CHECK(answer.other_assets_size() == 1);
}

TEST_CASE(
    "of a place where nothing counts, the asset is that of all projects and needs, or of general money") {
  Ground ground;
  const auto ask = [&] {
    Request request;
    request.set_place("sc");
    return ground.Try(request);
  };
  const auto told = [&](const std::string& words) {
    const Status status = ask().status();
    CHECK(status.code() == absl::StatusCode::kInvalidArgument);
    CHECK(std::string(status.message()) == words);
  };
  CHECK(Need(ask()).asset().empty());
  ground.Do({Pay("donor", "ministry", 500)});
  CHECK(Need(ask()).asset() == "CNY");
  v1::Action dollars = Pay("donor", "ministry", 7);
  dollars.mutable_transfer()->set_asset("USD");
  ground.Do({dollars});
  told("asset: the ledger counts CNY, USD: name one (--asset)");
  // Elsewhere a project has money in one of them.
  ground.Runs("p", {{"bj", 0}}, {{"EDU", 0}});
  ground.Gives("p", 5);
  CHECK(Need(ask()).asset() == "CNY");
  CHECK(Need(ask()).elsewhere() == 5);
  CHECK(Need(ask()).other_assets().empty());
  // And a need was paid for in the other one.
  ground.Do({Asking(NeedAt("n", "county", "bj", "EDU", 10), 5, "USD")});
  v1::Action meets = Ground::Meeting("n", Pay("ministry", "village", 3));
  meets.mutable_transfer()->set_asset("USD");
  ground.Do({meets});
  told("asset: the ledger counts CNY, USD: name one (--asset)");
  // What counts in the place itself goes first.
  ground.Needs("m", "sc", "EDU", 100);
  CHECK(Need(ask()).asset() == "CNY");
}

TEST_CASE("what cannot be asked of coverage is refused with a sentence") {
  Ground ground;
  const auto code = [&](const Request& request) { return ground.Try(request).status().code(); };
  CHECK(code(By(Request::BY_PLACE, "nowhere")) == absl::StatusCode::kNotFound);
  CHECK(code(By(Request::BY_PLACE, "", "nothing")) == absl::StatusCode::kNotFound);
  Request asset = By(Request::BY_PLACE);
  asset.set_asset("EUR");
  CHECK(code(asset) == absl::StatusCode::kNotFound);
  CHECK(code(By(Request::BY_PLACE, "", "", 10)) == absl::StatusCode::kOk);
  CHECK(code(By(Request::BY_PLACE, "", "", 11)) == absl::StatusCode::kInvalidArgument);
  CHECK(code(By(static_cast<Request::By>(99))) == absl::StatusCode::kInvalidArgument);
  Request day = By(Request::BY_PLACE);
  day.set_on("today");
  CHECK(code(day) == absl::StatusCode::kInvalidArgument);
  Request to_come = By(Request::BY_PLACE);
  to_come.set_as_of(ground.ledger->size());
  CHECK(code(to_come) == absl::StatusCode::kOutOfRange);
  Request before = By(Request::BY_PLACE, "cn");
  before.set_as_of(0);
  CHECK(code(before) == absl::StatusCode::kNotFound);
}

TEST_CASE("needs that nobody verified are in nobody's way, whatever they ask for") {
  Ground ground;
  ground.Do({Asking(NeedAt("a", "county", "bj", "EDU", 1), INT64_MAX),
             Asking(NeedAt("b", "county", "bj", "EDU", 1), INT64_MAX)});
  CHECK(ground.Ask(By(Request::BY_PLACE)).not_verified_asked() == INT64_MAX);
  Request all = By(Request::BY_PLACE);
  all.set_unverified(true);
  CHECK(ground.Ask(all).total().figures().asked() == INT64_MAX);
}

TEST_CASE("coverage looks at no transfer") {
  Ground ground;
  ground.Runs("p", {{"bj", 0}}, {{"EDU", 0}});
  ground.Gives("p", 10'000);
  const auto looks = [&] {
    const CountingReader rows(ground.ledger->store());
    Need(query::Coverage(Need(query::MakeView(rows)), By(Request::BY_PLACE)).status());
    return rows.looks + rows.steps;
  };
  const auto pay = [&] {
    for (int i = 0; i < 50; ++i)
      ground.Do({In("p", Pay("ministry", "village", 1)), Pay("donor", "ministry", 1)});
  };
  const std::size_t few = looks();
  pay();
  const std::size_t before = looks();
  CHECK(before < few + 40);
  pay();
  CHECK(looks() == before);
}

}  // namespace
}  // namespace fundtrail::testing
