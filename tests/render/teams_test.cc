// Which teams are short, and who works on what in how many places: what counts, and how it is printed.
#include "cli/render/teams.h"

#include <catch2/catch.hpp>
#include <set>

#include "ledger/base/text.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

struct Team {
  std::string id, party = "hub", place = "dafang", category = "EDU", from, to;
  std::int64_t staff = 0;
  v1::Deploy::Status status = v1::Deploy::STATUS_ACTIVE;
  bool ended = false;
};

v1::RegisterLine LineOf(const Team& team) {
  v1::RegisterLine line;
  line.set_record(12);
  if (team.ended) line.mutable_ended()->set_record(13);
  auto* said = line.mutable_action()->mutable_deploy();
  said->set_id(team.id);
  said->set_party(team.party);
  said->set_place(team.place);
  said->set_category(team.category);
  said->set_from(team.from);
  said->set_to(team.to);
  said->set_staff(team.staff);
  said->set_status(team.status);
  return line;
}

render::TeamScope Scope() {
  render::TeamScope scope;
  scope.on = "2026-03-01";
  scope.as_of.set_ledger("example.org/l");
  scope.as_of.set_size(20);
  return scope;
}

Team Named(const std::string& id) {
  Team team;
  team.id = id;
  return team;
}

TEST_CASE("a team is there when it is active, goes on, has the day, and is in scope") {
  render::TeamScope scope = Scope();
  const auto there = [&](const Team& team) { return render::IsThere(LineOf(team), scope); };
  Team team = Named("t");
  CHECK(there(team));
  for (const auto status :
       {v1::Deploy::STATUS_PLANNED, v1::Deploy::STATUS_ENDED, v1::Deploy::STATUS_SUSPENDED}) {
    team.status = status;
    CHECK_FALSE(there(team));
  }
  team.status = v1::Deploy::STATUS_ACTIVE;
  team.ended = true;
  CHECK_FALSE(there(team));
  team.ended = false;
  team.from = team.to = "2026-03-01";
  CHECK(there(team));
  team.from = team.to = "2026-03-02";
  CHECK_FALSE(there(team));
  team.from = team.to = "2026-02-28";
  CHECK_FALSE(there(team));
  team.to.clear();
  CHECK(there(team));
  scope.places = std::set<std::string>{"dafang", "qianxi"};
  CHECK(there(team));
  scope.categories = std::set<std::string>{"HEA"};
  CHECK_FALSE(there(team));
  scope.categories.reset();
  scope.places = std::set<std::string>{"qianxi"};
  CHECK_FALSE(there(team));
  v1::RegisterLine other;
  other.mutable_action()->mutable_declare_need();
  CHECK_FALSE(render::IsThere(other, Scope()));
}

// "staff", "days", "staff, days", or "no".
std::string ShortOf(const Team& team, std::int64_t staff = 3, std::int64_t days = 730) {
  render::ShortTeams teams;
  teams.staff = staff;
  teams.days = days;
  teams.Take(LineOf(team));
  const std::string csv = WithoutCheckpoint(render::ShortTeamsCsv(teams, {}, sheets::Cells::kRaw));
  if (teams.teams.empty()) return "no";
  if (Has(csv, ",yes,yes,12\n")) return "staff, days";
  return Has(csv, ",yes,no,12\n") ? "staff" : "days";
}

TEST_CASE("a team is short of staff or of days, and of nothing that nobody said") {
  const struct {
    std::int64_t staff;
    const char *from, *to, *says;
  } kCases[] = {
      {0, "", "", "no"},
      {2, "", "", "staff"},
      {3, "", "", "no"},
      {0, "2026-01-01", "", "no"},              // it is open
      {0, "", "2026-03-01", "no"},              // nobody said since when
      {0, "2026-01-01", "2027-12-30", "days"},  // 729 days
      {0, "2026-01-01", "2027-12-31", "no"},
      {1, "2026-03-01", "2026-03-01", "staff, days"},
  };
  for (const auto& one : kCases) {
    INFO(one.staff << " " << one.from << " " << one.to);
    Team team = Named("t");
    team.staff = one.staff;
    team.from = one.from;
    team.to = one.to;
    CHECK(ShortOf(team) == one.says);
  }
  Team team = Named("t");
  team.staff = 3;
  CHECK(ShortOf(team, 4) == "staff");
  team.from = team.to = "2026-03-01";
  CHECK(ShortOf(team, 3, 1) == "no");
  CHECK(render::PlannedDays(LineOf(team)) == 1);
}

TEST_CASE("short teams, as they are printed") {
  render::ShortTeams teams;
  Team one = Named("one");
  one.staff = 2;
  one.from = "2026-01-01";
  one.to = "2026-12-31";
  Team two = Named("two");
  two.to = "2026-12-31";
  for (const Team& team : {one, two, Named("three")}) teams.Take(LineOf(team));
  render::TeamScope scope = Scope();
  scope.as_of_record = 7;
  CHECK(render::Text(teams, scope, {}).str() ==
        "Teams with a staff below 3, or planned for less than 730 days, on 2026-03-01, as of record 7\n"
        "deployment  party  place   category  staff  days  record  short of\n"
        "one         hub    dafang  EDU           2   365      12  staff, days\n"
        "3 teams are there; 2 teams say not how many work there for pay; 1 team says a last day and no first "
        "one.\n"
        "As of example.org/l, 20 records.\n");
  CHECK(WithoutCheckpoint(render::ShortTeamsCsv(teams, scope.as_of, sheets::Cells::kGuarded)) ==
        "deployment,party,project,place,category,staff,from,to,planned_days,few,brief,record\n"
        "one,hub,,dafang,EDU,2,2026-01-01,2026-12-31,365,yes,yes,12\n");
  const std::string none = render::Text(render::ShortTeams(), Scope(), {}).str();
  CHECK_THAT(none, Contains("None.\n0 teams are there.\n"));
}

render::TeamMatrix Matrix(const render::Presences& there) {
  return render::MatrixOf(there, {{"hub", "Hub"}, {"aid", "=Aid"}}).value();
}

TEST_CASE("the matrix counts places, each once, by party and category") {
  const render::TeamMatrix matrix = Matrix({{"aid", "EDU", "a"},
                                            {"hub", "EDU", "a"},
                                            {"hub", "EDU", "b"},
                                            {"hub", "HEA", "b"},
                                            {"zoa", "HEA", "a"},
                                            {"zoa", "HEA", "c"}});
  CHECK(matrix.categories == std::vector<std::string>{"EDU", "HEA"});
  REQUIRE(matrix.rows.size() == 3);
  CHECK(matrix.rows[0].party == "hub");  // as many as zoa, which comes after it
  CHECK(matrix.rows[0].places == std::vector<std::uint64_t>{2, 1});
  CHECK(matrix.rows[0].all == 2);
  CHECK(matrix.rows[1].party == "zoa");
  CHECK(matrix.rows[1].name.empty());
  CHECK(matrix.rows[1].places == std::vector<std::uint64_t>{0, 2});
  CHECK(matrix.rows[2].party == "aid");
  CHECK(matrix.parties == std::vector<std::uint64_t>{2, 2});
  CHECK(matrix.places == std::vector<std::uint64_t>{2, 3});
  CHECK(matrix.all_places == 3);
  CHECK(
      render::Text(matrix, Scope(), {}).str() ==
      "In how many places each party works, on 2026-03-01\n"
      "party     EDU  HEA  all places\n"
      "hub Hub     2    1           2\n"
      "zoa         -    2           2\n"
      "aid =Aid    1    -           1\n"
      "parties     2    2           3\n"
      "places      2    3           3\n"
      "A number is in how many places the party has a deployment in force. A place of several categories is "
      "one place in the last column.\n"
      "As of example.org/l, 20 records.\n");
  CHECK(render::MatrixCsv(matrix, Scope().as_of, sheets::Cells::kGuarded) ==
        "party,party_name,category:EDU,category:HEA,places,ledger,size,root\n"
        "hub,Hub,2,1,2,example.org/l,20,\n"
        "zoa,,0,2,2,example.org/l,20,\n"
        "aid,'=Aid,1,0,1,example.org/l,20,\n");
}

TEST_CASE("a matrix without teams says so") {
  CHECK(render::Text(Matrix({}), Scope(), {}).str() ==
        "In how many places each party works, on 2026-03-01\nNobody is there.\nAs of example.org/l, 20 "
        "records.\n");
  CHECK(render::MatrixCsv(Matrix({}), Scope().as_of, sheets::Cells::kGuarded) ==
        "party,party_name,places,ledger,size,root\n");
}

TEST_CASE("a matrix that is wider than the terminal goes on below, and no line is wider") {
  render::Presences there;
  for (int category = 0; category < 30; ++category)
    there.emplace("a-party-with-a-long-id", "category-" + std::to_string(100 + category), "a");
  for (int place = 0; place < 1'200; ++place)
    there.emplace("hub", "category-100", "place-" + std::to_string(place));
  const render::TeamMatrix matrix = Matrix(there);
  for (const int width : {40, 80, 100, 200}) {
    INFO(width);
    render::Style style;
    style.width = width;
    std::string text = render::Text(matrix, Scope(), style).str();
    text = text.substr(0, text.find("A number is in how many places"));
    std::size_t blocks = 0;
    for (std::size_t at = text.find('\n') + 1, end = 0; at < text.size(); at = end + 1) {
      end = text.find('\n', at);
      const std::string line = text.substr(at, end - at);
      INFO(line);
      CHECK(DisplayWidth(line) <= width);
      if (line.substr(0, 5) == "party") ++blocks;
    }
    CHECK(blocks > (width == 200 ? 1U : 3U));
    // Each category once, and the sums at the end.
    for (int category = 0; category < 30; ++category)
      CHECK(Has(text, "category-" + std::to_string(100 + category)));
    CHECK(Has(text, "1,201"));
  }
}

TEST_CASE(
    "what a narrow terminal would make the same is told apart by its id, and nothing is cut in a pipe") {
  const std::string long_party = "a-party-whose-id-is-far-longer-than-forty-columns-";
  const std::string long_category = "a-category-longer-than-a-title-";
  const render::TeamMatrix matrix = render::MatrixOf({{long_party + "1", long_category + "1", "a"},
                                                      {long_party + "2", long_category + "2", "a"}},
                                                     {{long_party + "1", "One"}, {long_party + "2", "Two"}})
                                        .value();
  render::Style terminal;
  terminal.width = 100;
  const std::string narrow = render::Text(matrix, Scope(), terminal).str();
  for (const char* end : {"1", "2"}) {
    CHECK_THAT(narrow, Contains("\n" + long_party + end + "  "));
    CHECK_THAT(narrow, Contains("  " + long_category + end));
  }
  render::Style pipe;
  pipe.width = render::kEndless;
  const std::string whole = render::Text(matrix, Scope(), pipe).str();
  CHECK_THAT(whole, Contains("\n" + long_party + "1 One  "));
  CHECK_THAT(whole, Contains("  " + long_category + "1  " + long_category + "2  all places\n"));
  CHECK_THAT(whole, !Contains("…"));
}

TEST_CASE("a category may have any id, and the columns of a spreadsheet stay apart") {
  const render::TeamMatrix matrix = Matrix({{"hub", "places", "a"}, {"hub", "party", "b"}});
  CHECK(WithoutCheckpoint(render::MatrixCsv(matrix, {}, sheets::Cells::kGuarded)) ==
        "party,party_name,category:party,category:places,places\n"
        "hub,Hub,1,1,2\n");
  CHECK_THAT(render::Text(matrix, Scope(), {}).str(), Contains("party    party  places  all places\n"));
}

TEST_CASE("a matrix that no spreadsheet takes is refused") {
  render::Presences there;
  for (int i = 0; i < 1'001; ++i) there.emplace("p" + std::to_string(i), "c" + std::to_string(i), "a");
  const Status status = render::MatrixOf(there, {}).status();
  CHECK(status.code() == absl::StatusCode::kResourceExhausted);
  CHECK_THAT(std::string(status.message()), Contains("--place"));
}

}  // namespace
}  // namespace fundtrail::testing
