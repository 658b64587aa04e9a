// Which teams are idle: since when they are there, and when somebody last reported on their project.
#include "ledger/query/idle_teams.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "ledger/store/memory.h"
#include "tests/support/counting_reader.h"
#include "tests/support/ledgers.h"
#include "tests/support/projects.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;

// cn ── gz; EDU, HEA; the projects p and q of county. All that is recorded first is of 2026-03-01.
struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Ground() {
    Do({Place("cn"), Place("gz", "cn", 1), Category("EDU"), Category("HEA"), Party("county", "root"),
        Party("charity", "root"), Project("p", "county"), Project("q", "county")});
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  void DaysGo(int days) { clock.now += days * kDay; }
  // "d since 2026-03-01, reported 2026-03-11: 190; e ...".
  std::string Ask(const v1::IdleTeamsRequest& request) const {
    const auto answer = Need(query::IdleTeams(Need(query::MakeView(ledger->store())), request));
    std::string text;
    for (const v1::IdleTeam& team : answer.teams()) {
      CHECK(team.party_name() == "Party charity");
      absl::StrAppend(&text, text.empty() ? "" : "; ", team.deployment().action().deploy().id(), " since ",
                      team.since());
      if (!team.reported().empty()) absl::StrAppend(&text, ", reported ", team.reported());
      absl::StrAppend(&text, ": ", team.quiet_days());
    }
    return text;
  }
};

v1::Action Team(const std::string& id, const std::string& project, const std::string& from = "",
                const std::string& place = "gz") {
  v1::Action action = Deployment(id, "county", "charity", place, "EDU");
  action.mutable_deploy()->set_project(project);
  action.mutable_deploy()->set_from(from);
  return action;
}

v1::IdleTeamsRequest On(const std::string& day, std::uint32_t days = 0, const std::string& place = "",
                        const std::string& category = "") {
  v1::IdleTeamsRequest request;
  request.set_on(day);
  request.set_days(days);
  request.set_place(place);
  request.set_category(category);
  return request;
}

TEST_CASE("a team is idle when more than 180 days went without a report on its project") {
  Ground ground;
  ground.Do({Team("d", "p"), Team("e", "p", "2026-01-01")});
  CHECK(ground.Ask(On("2026-03-01")).empty());
  CHECK(ground.Ask(On("2026-06-30")).empty());  // 180 days of e
  CHECK(ground.Ask(On("2026-07-01")) == "e since 2026-01-01: 181");
  CHECK(ground.Ask(On("2026-08-28")) == "e since 2026-01-01: 239");  // 180 days of d
  CHECK(ground.Ask(On("2026-08-29")) == "d since 2026-03-01: 181; e since 2026-01-01: 240");
  CHECK(ground.Ask(On("2026-03-03", 1)) == "d since 2026-03-01: 2; e since 2026-01-01: 61");
}

TEST_CASE("a report on the project ends it, and a report on another one does not") {
  Ground ground;
  ground.Do({Team("d", "p")});
  ground.DaysGo(10);
  ground.Do({Report("q", "county")});
  CHECK(ground.Ask(On("2026-03-20", 5)) == "d since 2026-03-01: 19");
  const std::uint64_t reported = ground.Do({Report("p", "county")});
  CHECK(ground.Ask(On("2026-03-16", 5)).empty());
  CHECK(ground.Ask(On("2026-03-17", 5)) == "d since 2026-03-01, reported 2026-03-11: 6");
  ground.DaysGo(10);
  ground.Do({Report("p", "county")});
  CHECK(ground.Ask(On("2026-03-27", 5)) == "d since 2026-03-01, reported 2026-03-21: 6");
  // What was reported after the day is not known on it, and what was recorded after the record not as of it.
  CHECK(ground.Ask(On("2026-03-17", 5)) == "d since 2026-03-01, reported 2026-03-11: 6");
  CHECK(ground.Ask(On("2026-03-10", 5)) == "d since 2026-03-01: 9");
  v1::IdleTeamsRequest then = On("2026-03-27", 5);
  then.set_as_of(reported);
  CHECK(ground.Ask(then) == "d since 2026-03-01, reported 2026-03-11: 16");
  then.set_as_of(reported - 1);
  CHECK(ground.Ask(then) == "d since 2026-03-01: 26");
}

TEST_CASE("a team is quiet since it came where the newest report is older") {
  Ground ground;
  ground.Do({Report("p", "county")});
  ground.Do({Team("d", "p", "2026-03-05")});
  CHECK(ground.Ask(On("2026-03-15", 5)) == "d since 2026-03-05, reported 2026-03-01: 10");
}

TEST_CASE("teams that are not in force, elsewhere, or on no project are not idle") {
  Ground ground;
  v1::Action planned = Team("planned", "p"), over = Team("over", "p", "2026-01-01"),
             later = Team("later", "p", "2027-01-01");
  planned.mutable_deploy()->set_status(v1::Deploy::STATUS_PLANNED);
  over.mutable_deploy()->set_to("2026-03-02");
  const std::uint64_t record = ground.Do({planned, over, later, Team("ended", "p"), Team("alone", ""),
                                          Team("d", "p"), Team("wide", "p", "", "cn")});
  ground.Do({End("deployment", "ended", record)});
  CHECK(ground.Ask(On("2026-12-01")) == "d since 2026-03-01: 275; wide since 2026-03-01: 275");
  CHECK(ground.Ask(On("2026-12-01", 0, "gz")) == "d since 2026-03-01: 275");
  CHECK(ground.Ask(On("2026-12-01", 0, "cn", "EDU")) ==
        "d since 2026-03-01: 275; wide since 2026-03-01: 275");
  CHECK(ground.Ask(On("2026-12-01", 0, "", "HEA")).empty());
  const auto answer = Need(query::IdleTeams(Need(query::MakeView(ground.ledger->store())), On("2026-12-01")));
  CHECK(answer.days() == 180);
  CHECK(answer.in_force() == 3);
  CHECK(answer.without_project() == 1);
}

TEST_CASE("idle teams of a place are found without a look at those elsewhere") {
  Ground ground;
  ground.Do({Place("sc", "cn", 1), Team("d", "p")});
  const auto looks = [&](const std::string& place) {
    const CountingReader rows(ground.ledger->store());
    const auto answer = Need(query::IdleTeams(Need(query::MakeView(rows)), On("2026-12-01", 0, place)));
    CHECK(answer.teams_size() == (place.empty() ? static_cast<int>(answer.in_force()) : 1));
    return rows.looks + rows.steps;
  };
  const std::size_t there = looks("gz"), all = looks("");
  for (int n = 0; n < 40; ++n) {
    const std::string number = std::to_string(n);
    ground.Do({Place("t" + number, "sc", 2), Team("e" + number, "p", "", "t" + number)});
  }
  CHECK(looks("gz") <= there + 4);
  CHECK(looks("") > all + 40);
  // A deployment that moved is where it stands now, and as of then where it stood.
  const std::uint64_t moved = ground.Do({Amending(Team("d", "p", "", "sc"), 2)});
  CHECK(ground.Ask(On("2026-12-01", 0, "gz")).empty());
  v1::IdleTeamsRequest then = On("2026-12-01", 0, "gz");
  then.set_as_of(moved - 1);
  CHECK(ground.Ask(then) == "d since 2026-03-01: 275");
}

TEST_CASE("what cannot be asked of idle teams is told") {
  Ground ground;
  const auto told = [&](const v1::IdleTeamsRequest& request) {
    return query::IdleTeams(Need(query::MakeView(ground.ledger->store())), request).status().code();
  };
  CHECK(told(On("", 0, "nowhere")) == absl::StatusCode::kNotFound);
  CHECK(told(On("", 0, "gz", "song")) == absl::StatusCode::kNotFound);
  CHECK(told(On("soon")) == absl::StatusCode::kInvalidArgument);
  v1::IdleTeamsRequest to_come;
  to_come.set_as_of(ground.ledger->size());
  CHECK(told(to_come) == absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace fundtrail::testing
