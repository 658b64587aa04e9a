// Who answers for a place and a category: which duties hold it, in which order, what was accepted, and what follows.
#include "ledger/query/who_answers.h"

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/model/enum_word.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/projects.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// cn ─┬─ gz ─┬─ bj      EDU, PRO ── CPN    county proposes projects; the auditor decides
//     │      └─ zy
//     └─ sc
struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Ground() {
    Do({Place("cn"), Place("gz", "cn", 1), Place("sc", "cn", 1), Place("bj", "gz", 2), Place("zy", "gz", 2),
        Category("EDU"), Category("PRO"), Category("CPN", "PRO"), Party("county", "root"),
        Party("charity", "root"), Party("team", "charity"), Party("relief", "root"),
        Seated(Party("auditor", "root"), "cn"), Programme("prog", "county"), Programme("other", "county")});
  }
  // The record.
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  // A duty that its party accepts, or whatever it replies; the record that assigned it.
  std::uint64_t Assign(const v1::Action& duty, v1::AcceptDuty::Reply reply = v1::AcceptDuty::REPLY_ACCEPTED) {
    const std::uint64_t record = Do({duty});
    if (reply != v1::AcceptDuty::REPLY_UNSPECIFIED)
      Do({Accept(duty.assign_duty().id(), record, duty.assign_duty().party(), reply)});
    return record;
  }
  // A project that is approved; the record that proposed it.
  std::uint64_t Runs(const std::string& id, Parts places, Parts categories,
                     const std::string& programme = "") {
    v1::Action project = Where(Project(id, "county"), places, categories);
    project.mutable_propose_project()->set_programme(programme);
    const std::uint64_t record = Do({project});
    Do({Decide(id, record)});
    return record;
  }
  StatusOr<v1::WhoAnswersAnswer> Try(const v1::WhoAnswersRequest& request) const {
    return query::WhoAnswers(Need(query::MakeView(ledger->store())), request);
  }
  // "ONE: bj county ACCEPTED, gz/EDU charity NAMED": a role that is no LEAD stands behind; then how many are narrower.
  std::string Ask(const v1::WhoAnswersRequest& request) const {
    const auto answer = Need(Try(request));
    std::string text = model::WordOf(answer.verdict());
    for (int i = 0; i < answer.lines_size(); ++i) {
      const v1::DutyLine& line = answer.lines(i);
      const v1::AssignDuty& duty = line.duty().action().assign_duty();
      CHECK(line.party_name() == "Party " + duty.party());
      absl::StrAppend(&text, i == 0 ? ": " : ", ", line.place(), line.category().empty() ? "" : "/",
                      line.category(), " ", duty.party(), " ", model::WordOf(line.acceptance()));
      if (duty.role() != v1::AssignDuty::ROLE_LEAD) absl::StrAppend(&text, " ", model::WordOf(duty.role()));
    }
    if (answer.narrower() > 0) absl::StrAppend(&text, "; ", answer.narrower(), " narrower");
    return text;
  }
};

v1::WhoAnswersRequest For(const std::string& place, const std::string& category = "",
                          const std::string& on = "") {
  v1::WhoAnswersRequest request;
  request.set_place(place);
  request.set_category(category);
  request.set_on(on);
  return request;
}

constexpr auto kNamed = v1::AcceptDuty::REPLY_UNSPECIFIED;
constexpr auto kDeclined = v1::AcceptDuty::REPLY_DECLINED;

TEST_CASE("who answers for a place and a category") {
  struct Row {
    std::string story;
    std::function<void(Ground&)> before;
    v1::WhoAnswersRequest request;
    std::string answer;
  };
  const std::vector<Row> rows = {
      {"no duty at all", [](Ground&) {}, For("bj", "EDU"), "NOBODY"},
      {"the very place and category", [](Ground& g) { g.Assign(DutyAt("d", "root", "county", "bj", "EDU")); },
       For("bj", "EDU"), "ONE: bj/EDU county ACCEPTED"},
      {"a lead that did not accept",
       [](Ground& g) { g.Assign(DutyAt("d", "root", "county", "bj", "EDU"), kNamed); }, For("bj", "EDU"),
       "NOBODY: bj/EDU county NAMED"},
      {"a lead that declined",
       [](Ground& g) { g.Assign(DutyAt("d", "root", "county", "bj", "EDU"), kDeclined); }, For("bj", "EDU"),
       "NOBODY: bj/EDU county DECLINED"},
      {"another role is no lead",
       [](Ground& g) {
         g.Assign(DutyAt("d", "root", "county", "bj", "EDU", v1::AssignDuty::ROLE_IMPLEMENT));
       },
       For("bj", "EDU"), "NOBODY: bj/EDU county ACCEPTED IMPLEMENT"},
      {"a wider place", [](Ground& g) { g.Assign(DutyAt("d", "root", "county", "cn", "EDU")); },
       For("bj", "EDU"), "ONE: cn/EDU county ACCEPTED"},
      {"a wider category", [](Ground& g) { g.Assign(DutyAt("d", "root", "county", "bj", "PRO")); },
       For("bj", "CPN"), "ONE: bj/PRO county ACCEPTED"},
      {"all help in a place", [](Ground& g) { g.Assign(DutyAt("d", "root", "county", "gz", "")); },
       For("bj", "CPN"), "ONE: gz county ACCEPTED"},
      {"one category everywhere", [](Ground& g) { g.Assign(DutyAt("d", "root", "county", "", "PRO")); },
       For("bj", "CPN"), "ONE: /PRO county ACCEPTED"},
      {"a place beside it", [](Ground& g) { g.Assign(DutyAt("d", "root", "county", "zy", "EDU")); },
       For("bj", "EDU"), "NOBODY"},
      {"another category", [](Ground& g) { g.Assign(DutyAt("d", "root", "county", "bj", "PRO")); },
       For("bj", "EDU"), "NOBODY"},
      {"a place below is a part", [](Ground& g) { g.Assign(DutyAt("d", "root", "county", "bj", "EDU")); },
       For("gz", "EDU"), "NOBODY; 1 narrower"},
      {"a category below is a part", [](Ground& g) { g.Assign(DutyAt("d", "root", "county", "gz", "CPN")); },
       For("bj", "PRO"), "NOBODY; 1 narrower"},
      {"all help is more than one category",
       [](Ground& g) { g.Assign(DutyAt("d", "root", "county", "bj", "EDU")); }, For("bj"),
       "NOBODY; 1 narrower"},
      {"all help, and a duty for all of it",
       [](Ground& g) { g.Assign(DutyAt("d", "root", "county", "gz", "")); }, For("bj"),
       "ONE: gz county ACCEPTED"},
      {"two that may each point to the other",
       [](Ground& g) {
         g.Assign(DutyAt("a", "root", "county", "gz", "EDU"));
         g.Assign(DutyAt("b", "root", "charity", "bj", ""));
       },
       For("bj", "EDU"), "SEVERAL: bj charity ACCEPTED, gz/EDU county ACCEPTED"},
      {"one party with two duties is one body",
       [](Ground& g) {
         g.Assign(DutyAt("a", "root", "county", "gz", "EDU"));
         g.Assign(DutyAt("b", "root", "county", "bj", "EDU"));
       },
       For("bj", "EDU"), "ONE: bj/EDU county ACCEPTED, gz/EDU county ACCEPTED"},
      {"what was accepted, then the narrowest place, the narrowest category, the role, and the id",
       [](Ground& g) {
         g.Assign(DutyAt("a", "root", "relief", "", "CPN"));
         g.Assign(DutyAt("b", "root", "relief", "gz", ""), kNamed);
         g.Assign(DutyAt("c", "root", "county", "bj", "PRO", v1::AssignDuty::ROLE_FUND), kNamed);
         g.Assign(DutyAt("e", "root", "charity", "bj", "PRO"), kNamed);
         g.Assign(DutyAt("d", "root", "county", "bj", "PRO"), kDeclined);
         g.Assign(DutyAt("f", "root", "team", "bj", "CPN"), kNamed);
       },
       For("bj", "CPN"),
       "ONE: /CPN relief ACCEPTED, bj/CPN team NAMED, bj/PRO county DECLINED, bj/PRO charity NAMED, bj/PRO "
       "county NAMED FUND, gz relief NAMED"},
      {"an open project that is there",
       [](Ground& g) {
         g.Runs("p", {{"bj", 0}, {"sc", 0}}, {{"EDU", 0}, {"PRO", 0}});
         g.Assign(DutyFor("d", "root", "county", "p"));
       },
       For("bj", "CPN"), "ONE: bj/PRO county ACCEPTED"},
      {"an open project elsewhere",
       [](Ground& g) {
         g.Runs("p", {{"sc", 0}}, {{"EDU", 0}});
         g.Assign(DutyFor("d", "root", "county", "p"));
       },
       For("bj", "EDU"), "NOBODY"},
      {"a project that names no category",
       [](Ground& g) {
         g.Runs("p", {{"bj", 0}}, {});
         g.Assign(DutyFor("d", "root", "county", "p"));
       },
       For("bj", "EDU"), "NOBODY; 1 narrower"},
      {"a project that names no category, elsewhere",
       [](Ground& g) {
         g.Runs("p", {{"sc", 0}}, {});
         g.Assign(DutyFor("d", "root", "county", "p"));
       },
       For("bj", "EDU"), "NOBODY"},
      {"a project that names no place",
       [](Ground& g) {
         g.Runs("p", {}, {{"PRO", 0}});
         g.Assign(DutyFor("d", "root", "county", "p"));
       },
       For("bj", "CPN"), "NOBODY; 1 narrower"},
      {"a project that names no place, on something else",
       [](Ground& g) {
         g.Runs("p", {}, {{"PRO", 0}});
         g.Assign(DutyFor("d", "root", "county", "p"));
       },
       For("bj", "EDU"), "NOBODY"},
      {"a project that names neither",
       [](Ground& g) {
         g.Runs("p", {}, {});
         g.Assign(DutyFor("d", "root", "county", "p"));
       },
       For("bj", "EDU"), "NOBODY"},
      {"a programme whose project names no category",
       [](Ground& g) {
         g.Runs("p", {{"bj", 0}}, {}, "prog");
         g.Assign(DutyFor("d", "root", "county", "", "prog"));
       },
       For("bj", "EDU"), "NOBODY; 1 narrower"},
      {"a project that nobody approved",
       [](Ground& g) {
         g.Do({Where(Project("p", "county"), {{"bj", 0}}, {{"EDU", 0}})});
         g.Assign(DutyFor("d", "root", "county", "p"));
       },
       For("bj", "EDU"), "NOBODY"},
      {"a project that has ended",
       [](Ground& g) {
         const auto record = g.Runs("p", {{"bj", 0}}, {{"EDU", 0}});
         g.Assign(DutyFor("d", "root", "county", "p"));
         g.Do({End("project", "p", record)});
       },
       For("bj", "EDU"), "NOBODY"},
      {"a project on a part",
       [](Ground& g) {
         g.Runs("p", {{"bj", 0}}, {{"EDU", 0}});
         g.Assign(DutyFor("d", "root", "county", "p"));
       },
       For("gz", "EDU"), "NOBODY; 1 narrower"},
      {"a programme, by its narrowest project",
       [](Ground& g) {
         g.Runs("p", {{"cn", 0}}, {{"EDU", 0}}, "prog");
         g.Runs("q", {{"gz", 0}}, {{"EDU", 0}}, "prog");
         g.Runs("r", {{"zy", 0}}, {{"EDU", 0}}, "prog");
         g.Runs("s", {{"bj", 0}}, {{"EDU", 0}}, "other");
         g.Assign(DutyFor("d", "root", "county", "", "prog"));
       },
       For("bj", "EDU"), "ONE: gz/EDU county ACCEPTED"},
      {"a programme without a project there",
       [](Ground& g) {
         g.Runs("p", {{"zy", 0}}, {{"EDU", 0}}, "prog");
         g.Assign(DutyFor("d", "root", "county", "", "prog"));
       },
       For("bj", "EDU"), "NOBODY"},
      {"a programme that has ended",
       [](Ground& g) {
         g.Runs("p", {{"bj", 0}}, {{"EDU", 0}}, "prog");
         g.Assign(DutyFor("d", "root", "county", "", "prog"));
         g.Do({End("programme", "prog", 1)});
       },
       For("bj", "EDU"), "NOBODY"},
      {"a duty that has ended",
       [](Ground& g) {
         const auto record = g.Assign(DutyAt("d", "root", "county", "bj", "EDU"));
         g.Do({End("duty", "d", record)});
       },
       For("bj", "EDU"), "NOBODY"},
      {"a party that has ended",
       [](Ground& g) {
         g.Assign(DutyAt("d", "root", "relief", "bj", "EDU"));
         g.Do({End("party", "relief", 1)});
       },
       For("bj", "EDU"), "NOBODY"},
      {"an amendment must be accepted anew",
       [](Ground& g) {
         const auto record = g.Assign(DutyAt("d", "root", "county", "bj", "EDU"));
         g.Do({Amending(DutyAt("d", "root", "county", "gz", "EDU"), record)});
       },
       For("bj", "EDU"), "NOBODY: gz/EDU county NAMED"},
      {"the newest reply counts",
       [](Ground& g) {
         const auto record = g.Assign(DutyAt("d", "root", "county", "bj", "EDU"));
         g.Do({Accept("d", record, "county", kDeclined)});
       },
       For("bj", "EDU"), "NOBODY: bj/EDU county DECLINED"},
  };
  for (const Row& row : rows) {
    INFO(row.story);
    Ground ground;
    row.before(ground);
    CHECK(ground.Ask(row.request) == row.answer);
  }
}

TEST_CASE("a duty is in force from its first day to its last") {
  Ground ground;
  v1::Action duty = DutyAt("d", "root", "county", "bj", "EDU");
  duty.mutable_assign_duty()->set_from("2026-03-02");
  duty.mutable_assign_duty()->set_until("2026-03-04");
  ground.Assign(duty);
  for (const auto& [day, verdict] : {std::pair("2026-03-01", "NOBODY"), std::pair("2026-03-02", "ONE"),
                                     std::pair("2026-03-04", "ONE"), std::pair("2026-03-05", "NOBODY")}) {
    INFO(day);
    CHECK_THAT(ground.Ask(For("bj", "EDU", day)), Catch::StartsWith(verdict));
  }
  CHECK(Need(ground.Try(For("bj", "EDU"))).on() == "2026-03-01");  // of the last record
}

TEST_CASE("who answered then: as of each record") {
  Ground ground;
  const std::uint64_t assigned = ground.Do({DutyAt("d", "root", "county", "bj", "EDU")});
  const std::uint64_t accepted = ground.Do({Accept("d", assigned, "county")});
  const std::uint64_t second = ground.Assign(DutyAt("e", "root", "charity", "gz", ""));
  const std::uint64_t amended = ground.Do({Amending(DutyAt("d", "root", "relief", "bj", "EDU"), assigned)});
  const std::uint64_t ended = ground.Do({End("duty", "e", second)});
  const auto then = [&](std::uint64_t record) {
    v1::WhoAnswersRequest request = For("bj", "EDU");
    request.set_as_of(record);
    CHECK(Need(ground.Try(request)).as_of_record() == record);
    return ground.Ask(request);
  };
  CHECK(then(assigned - 1) == "NOBODY");
  CHECK(then(assigned) == "NOBODY: bj/EDU county NAMED");
  CHECK(then(accepted) == "ONE: bj/EDU county ACCEPTED");
  CHECK(then(second) == "ONE: bj/EDU county ACCEPTED, gz charity NAMED");
  CHECK(then(second + 1) == "SEVERAL: bj/EDU county ACCEPTED, gz charity ACCEPTED");
  CHECK(then(amended) == "ONE: gz charity ACCEPTED, bj/EDU relief NAMED");
  CHECK(then(ended) == "NOBODY: bj/EDU relief NAMED");
  CHECK(ground.Ask(For("bj", "EDU")) == then(ended));
}

TEST_CASE("each line has its evidence: the duty's record, and that of the reply") {
  Ground ground;
  const std::uint64_t assigned = ground.Assign(DutyAt("d", "root", "county", "bj", "EDU"));
  ground.Assign(DutyAt("e", "root", "charity", "gz", "EDU"), kNamed);
  const auto answer = Need(ground.Try(For("bj", "EDU")));
  CHECK(answer.place_name() == "Place bj");
  CHECK(answer.category_name() == "Category EDU");
  REQUIRE(answer.lines_size() == 2);
  CHECK(answer.lines(0).duty().record() == assigned);
  CHECK(answer.lines(0).accepted_in() == assigned + 1);
  CHECK(answer.lines(0).duty().attestations().empty());
  CHECK(answer.lines(0).duty().action().assign_duty().owner() == "root");
  CHECK_FALSE(answer.lines(1).has_accepted_in());
}

TEST_CASE("no note stands in a line: anybody may write one about anybody") {
  Ground ground;
  v1::Action duty = DutyAt("d", "root", "county", "bj", "EDU");
  duty.mutable_assign_duty()->set_note("long words");
  ground.Assign(duty);
  const auto answer = Need(ground.Try(For("bj", "EDU")));
  REQUIRE(answer.lines_size() == 1);
  CHECK(answer.lines(0).duty().action().assign_duty().note().empty());
}

TEST_CASE("a thousand duties are shown, those that were accepted first, and the rest is counted") {
  Ground ground;
  const auto flood = [&](int from, int until, const char* place) {
    std::vector<v1::Action> duties;
    for (int i = from; i < until; ++i)
      duties.push_back(DutyAt("n" + std::to_string(10'000 + i), "root", "charity", place, "EDU"));
    ground.Do(duties);
  };
  for (int i = 0; i < 1'000; i += 200) flood(i, i + 200, "gz");
  CHECK(Need(ground.Try(For("bj", "EDU"))).lines_size() == 1'000);
  CHECK(Need(ground.Try(For("bj", "EDU"))).more() == 0);
  ground.Assign(DutyAt("z", "root", "relief", "cn", "", v1::AssignDuty::ROLE_FUND));
  ground.Assign(DutyAt("zz", "root", "county", "", "EDU"));
  flood(1'000, 1'010, "bj");
  const auto answer = Need(ground.Try(For("bj", "EDU")));
  REQUIRE(answer.lines_size() == 1'000);
  CHECK(answer.more() == 12);
  CHECK(answer.verdict() == v1::WhoAnswersAnswer::VERDICT_ONE);
  const auto id = [&](int line) { return answer.lines(line).duty().action().assign_duty().id(); };
  CHECK(id(0) == "z");
  CHECK(id(1) == "zz");
  CHECK(id(2) == "n11000");  // the narrower place
  CHECK(id(11) == "n11009");
  CHECK(id(12) == "n10000");
  CHECK(id(999) == "n10987");
  // The verdict is of all duties, shown or not: these come before that of the county.
  std::vector<v1::Action> accepted;
  const std::uint64_t version = ground.ledger->size() - 1;
  for (int i = 0; i < 10; ++i)
    accepted.push_back(Accept("n" + std::to_string(11'000 + i), version, "charity"));
  ground.Do(accepted);
  CHECK(Need(ground.Try(For("bj", "EDU"))).verdict() == v1::WhoAnswersAnswer::VERDICT_SEVERAL);
}

TEST_CASE("what cannot be asked is told") {
  Ground ground;
  const auto told = [&](const v1::WhoAnswersRequest& request) { return ground.Try(request).status(); };
  CHECK(told(For("nowhere", "EDU")) == absl::NotFoundError("this ledger has no place \"nowhere\""));
  CHECK(told(For("bj", "song")) == absl::NotFoundError("this ledger has no category \"song\""));
  CHECK(told(For("bj", "EDU", "soon")).code() == absl::StatusCode::kInvalidArgument);
  v1::WhoAnswersRequest to_come = For("bj", "EDU"), before = For("bj", "EDU");
  to_come.set_as_of(ground.ledger->size());
  CHECK(told(to_come).code() == absl::StatusCode::kOutOfRange);
  before.set_as_of(0);
  CHECK(told(before) == absl::NotFoundError("this ledger has no place \"bj\""));
}

}  // namespace
}  // namespace fundtrail::testing
