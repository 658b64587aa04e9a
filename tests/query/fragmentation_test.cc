// In how many hands help lies, of a real ledger: bodies, funds, projects, implementers, teams and authors. Also that the money of
// funds and of implementers is what Coverage says is placed, on random ledgers.
#include "ledger/query/fragmentation.h"

#include <catch2/catch.hpp>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ledger/base/concentration.h"
#include "ledger/model/enum_word.h"
#include "ledger/query/coverage.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/projects.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using Line = v1::FragmentationLine;

// cn ─┬─ gz ─┬─ bj      EDU, PRO ── CPN    county owns; the auditor in cn verifies and decides; charity and relief work
//     │      └─ zy                         funds flood and school, in CNY
//     └─ sc
struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Ground() {
    Do({Place("cn"), Place("gz", "cn", 1), Place("sc", "cn", 1), Place("bj", "gz", 2), Place("zy", "gz", 2),
        Category("EDU"), Category("PRO"), Category("CPN", "PRO"), Party("county", "root"),
        Party("charity", "root"), Party("relief", "root"), Inferred("hamlet", "root"),
        Seated(Party("auditor", "root"), "cn"), Fund("school", "root"), Asset("USD")});
  }
  // The record.
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  std::uint64_t Runs(const std::string& id, Parts places, Parts categories,
                     const std::string& implementer = "") {
    const std::uint64_t record = Do({Where(Project(id, "county", implementer), places, categories)});
    Do({Decide(id, record)});
    return record;
  }
  static v1::Action Of(const std::string& fund, v1::Action pay) {
    pay.mutable_transfer()->set_fund(fund);
    return pay;
  }
  void Gives(const std::string& project, std::int64_t amount, const std::string& fund = "flood") {
    Do({Of(fund, Into(project, Pay("donor", "ministry", amount)))});
  }
  StatusOr<v1::FragmentationAnswer> Try(const v1::FragmentationRequest& request) const {
    return query::Fragmentation(Need(query::MakeView(ledger->store())), request);
  }
  // What it answers adds up, and is what Coverage says.
  v1::FragmentationAnswer Ask(const v1::FragmentationRequest& request) const {
    v1::FragmentationAnswer answer = Need(Try(request));
    v1::CoverageRequest same;
    same.set_place(request.place());
    same.set_category(request.category());
    same.set_asset(request.asset());
    same.set_unverified(request.unverified());
    same.set_on(request.on());
    if (request.has_as_of()) same.set_as_of(request.as_of());
    const auto coverage = Need(query::Coverage(Need(query::MakeView(ledger->store())), same));
    CHECK(answer.placed() == coverage.total().figures().placed());
    REQUIRE(answer.lines_size() == 8);
    for (const Line& line : answer.lines()) {
      INFO(model::WordOf(line.kind()));
      CHECK(line.count() == line.more() + static_cast<std::uint64_t>(line.parts_size()));
      std::int64_t sum = line.more_amount();
      std::vector<std::int64_t> amounts;
      for (const auto& part : line.parts()) {
        sum += part.amount();
        amounts.push_back(part.amount());
      }
      const bool of_money = line.kind() == Line::KIND_FUNDS || line.kind() == Line::KIND_IMPLEMENTERS;
      // What was paid straight for needs is of funds, and of no implementer.
      const std::int64_t direct =
          line.kind() == Line::KIND_IMPLEMENTERS ? coverage.total().figures().direct() : 0;
      if (of_money) CHECK(sum == answer.placed() - direct);
      CHECK(line.has_effective() == (of_money && sum > 0));
      if (line.has_effective() && line.more() == 0)
        CHECK(ConcentrationOf(amounts) == Concentration{line.effective(), line.largest()});
    }
    CHECK(answer.lines(3).count() == coverage.total().figures().projects());
    CHECK(answer.lines(5).count() == coverage.total().figures().teams());
    return answer;
  }
};

v1::FragmentationRequest For(const std::string& place, const std::string& category = "",
                             const std::string& asset = "CNY") {
  v1::FragmentationRequest request;
  request.set_place(place);
  request.set_category(category);
  request.set_asset(asset);
  return request;
}

// "flood 60, school 40": without amounts that are 0.
std::string PartsOf(const v1::FragmentationAnswer& answer, Line::Kind kind) {
  std::string text;
  for (const Line& line : answer.lines()) {
    if (line.kind() != kind) continue;
    for (const auto& part : line.parts()) {
      absl::StrAppend(&text, text.empty() ? "" : ", ", part.id());
      if (part.amount() != 0) absl::StrAppend(&text, " ", part.amount());
    }
  }
  return text;
}
const Line& LineOf(const v1::FragmentationAnswer& answer, Line::Kind kind) {
  for (const Line& line : answer.lines())
    if (line.kind() == kind) return line;
  throw std::runtime_error("no such line");
}

TEST_CASE("each line counts what is at the place and below it, for the category and below it") {
  Ground ground;
  ground.Runs("p", {{"bj", 6'000}, {"sc", 4'000}}, {{"EDU", 0}}, "charity");
  ground.Runs("q", {{"zy", 0}}, {{"EDU", 0}}, "relief");
  ground.Runs("r", {{"bj", 0}}, {{"CPN", 0}});
  ground.Gives("p", 100);
  ground.Gives("p", 50, "school");
  ground.Gives("q", 30, "school");
  ground.Gives("r", 7);
  const std::uint64_t need = ground.Do({NeedAt("n", "county", "bj", "EDU")});
  ground.Do({Verify("n", need), NeedAt("unseen", "charity", "bj", "EDU"),
             NeedAt("far", "relief", "sc", "EDU"), Deployment("d", "county", "charity", "bj", "EDU"),
             Deployment("e", "county", "charity", "zy", "EDU"),
             Deployment("f", "county", "relief", "sc", "EDU"), DutyAt("a", "root", "county", "cn", ""),
             DutyAt("b", "root", "charity", "bj", "EDU"), DutyAt("c", "root", "relief", "zy", "EDU"),
             DutyAt("x", "root", "auditor", "sc", "EDU")});
  ground.Do(
      {Accept("a", need + 1, "county"), Accept("c", need + 1, "relief", v1::AcceptDuty::REPLY_DECLINED)});

  const auto answer = ground.Ask(For("gz", "EDU"));
  CHECK(answer.placed() == 120);
  CHECK(answer.place_name() == "Place gz");
  CHECK(PartsOf(answer, Line::KIND_DUTIES) == "charity, county");
  CHECK(PartsOf(answer, Line::KIND_FUNDS) == "flood 60, school 60");
  CHECK(PartsOf(answer, Line::KIND_PROJECTS) == "p 90, q 30");
  CHECK(PartsOf(answer, Line::KIND_IMPLEMENTERS) == "charity 90, relief 30");
  CHECK(PartsOf(answer, Line::KIND_TEAMS) == "charity");
  CHECK(PartsOf(answer, Line::KIND_AUTHORS) == "county");
  CHECK(LineOf(answer, Line::KIND_FUNDS).effective() == 2'000);
  CHECK(LineOf(answer, Line::KIND_FUNDS).largest() == 5'000);
  CHECK(LineOf(answer, Line::KIND_IMPLEMENTERS).effective() == 1'600);
  CHECK(LineOf(answer, Line::KIND_IMPLEMENTERS).largest() == 7'500);
  CHECK(LineOf(answer, Line::KIND_FUNDS).parts(0).name() == "Fund flood");

  // Of a project without an implementer it is the owner.
  CHECK(PartsOf(ground.Ask(For("gz", "PRO")), Line::KIND_IMPLEMENTERS) == "county 7");
  CHECK(PartsOf(ground.Ask(For("", "")), Line::KIND_FUNDS) == "flood 107, school 80");
  v1::FragmentationRequest unverified = For("gz", "EDU");
  unverified.set_unverified(true);
  CHECK(PartsOf(ground.Ask(unverified), Line::KIND_AUTHORS) == "charity, county");
  // Nothing in another asset; what is not of money stays.
  const auto dollars = ground.Ask(For("gz", "EDU", "USD"));
  CHECK(dollars.placed() == 0);
  CHECK(PartsOf(dollars, Line::KIND_FUNDS).empty());
  CHECK(PartsOf(dollars, Line::KIND_PROJECTS) == "p, q");
}

TEST_CASE(
    "where a project has several funds, its money there is divided as its funds are, to the last unit") {
  Ground ground;
  ground.Runs("p", {{"bj", 3'333}, {"zy", 6'667}}, {{"EDU", 0}});
  ground.Gives("p", 1);
  ground.Gives("p", 9, "school");
  // 10 by 3,333 is 3; 9 of 10 parts of 3 are 2.7, and 1 of 10 is 0.3.
  CHECK(PartsOf(ground.Ask(For("bj")), Line::KIND_FUNDS) == "school 3");
  CHECK(PartsOf(ground.Ask(For("zy")), Line::KIND_FUNDS) == "school 6, flood 1");
  CHECK(PartsOf(ground.Ask(For("gz")), Line::KIND_FUNDS) == "school 9, flood 1");
}

TEST_CASE("what was paid straight for a need is of its fund, and of no implementer") {
  Ground ground;
  ground.Runs("p", {{"bj", 0}}, {{"EDU", 0}}, "charity");
  ground.Gives("p", 100);
  const std::uint64_t need = ground.Do({NeedAt("n", "county", "bj", "EDU")});
  v1::Action asks = NeedAt("m", "county", "zy", "EDU");
  asks.mutable_declare_need()->set_asset("CNY");
  asks.mutable_declare_need()->set_amount(50);
  ground.Do({Verify("n", need), asks, Ground::Of("school", Pay("donor", "ministry", 30))});
  v1::Action pay = Ground::Of("school", Pay("ministry", "village", 25));
  pay.mutable_transfer()->set_need("m");
  ground.Do({pay});
  const auto answer = ground.Ask(For("gz", "EDU"));
  CHECK(answer.placed() == 125);
  CHECK(PartsOf(answer, Line::KIND_FUNDS) == "flood 100, school 25");
  CHECK(PartsOf(answer, Line::KIND_IMPLEMENTERS) == "charity 100");
  const auto alone = ground.Ask(For("zy"));
  CHECK(PartsOf(alone, Line::KIND_FUNDS) == "school 25");
  CHECK(PartsOf(alone, Line::KIND_IMPLEMENTERS).empty());
  CHECK_FALSE(LineOf(alone, Line::KIND_IMPLEMENTERS).has_effective());
}

TEST_CASE("money counts where it lies with holders and recipients, and not what came back") {
  Ground ground;
  ground.Runs("p", {{"bj", 0}}, {{"EDU", 0}});
  ground.Gives("p", 100);
  ground.Gives("p", 10, "school");
  const std::uint64_t before = ground.ledger->size() - 1;
  ground.Do({In("p", Pay("ministry", "village", 30)), In("p", Pay("ministry", "hamlet", 20)),
             Ground::Of("school", In("p", Pay("ministry", "village", 10)))});
  CHECK(PartsOf(ground.Ask(For("bj")), Line::KIND_FUNDS) == "flood 100, school 10");
  ground.Do({In("p", Returning(Pay("ministry", "donor", 50), Ref(before - 1)))});
  CHECK(PartsOf(ground.Ask(For("bj")), Line::KIND_FUNDS) == "flood 50, school 10");
  v1::FragmentationRequest then = For("bj");
  then.set_as_of(before);
  CHECK(PartsOf(ground.Ask(then), Line::KIND_FUNDS) == "flood 100, school 10");
  then.set_as_of(before - 1);
  CHECK(PartsOf(ground.Ask(then), Line::KIND_FUNDS) == "flood 100");
}

TEST_CASE("what was paid straight for a need is of the fund that it was paid from, and of no project") {
  Ground ground;
  ground.Runs("p", {{"bj", 0}}, {{"EDU", 0}}, "charity");
  ground.Gives("p", 30);
  const std::uint64_t need = ground.Do({Asking(NeedAt("n", "county", "bj", "EDU", 10), 500)});
  ground.Do(
      {Verify("n", need), Pay("donor", "ministry", 100), Ground::Of("school", Pay("donor", "ministry", 50))});
  const auto meeting = [](v1::Action pay) {
    pay.mutable_transfer()->set_need("n");
    return pay;
  };
  ground.Do({meeting(Pay("ministry", "village", 20)),
             Ground::Of("school", meeting(Pay("ministry", "village", 40)))});
  const std::uint64_t before = ground.ledger->size() - 1;
  const auto shown = [&](const v1::FragmentationRequest& request) {
    const auto answer = Need(ground.Try(request));
    return absl::StrCat("funds ", PartsOf(answer, Line::KIND_FUNDS), "; implementers ",
                        PartsOf(answer, Line::KIND_IMPLEMENTERS), "; placed ", answer.placed());
  };
  CHECK(shown(For("bj")) == "funds flood 50, school 40; implementers charity 30; placed 90");
  CHECK(shown(For("zy")) == "funds ; implementers ; placed 0");
  // It stays there when the need is over, which has no author then.
  ground.Do({End("need", "n", need)});
  CHECK(shown(For("gz", "EDU")) == "funds flood 50, school 40; implementers charity 30; placed 90");
  CHECK(PartsOf(Need(ground.Try(For("bj"))), Line::KIND_AUTHORS).empty());
  v1::FragmentationRequest then = For("bj");
  then.set_as_of(before);
  CHECK(PartsOf(Need(ground.Try(then)), Line::KIND_AUTHORS) == "county");
}

TEST_CASE("what is counted, as of then: names and versions too") {
  Ground ground;
  const std::uint64_t opened = ground.Runs("p", {{"bj", 0}}, {{"EDU", 0}}, "charity");
  ground.Gives("p", 100);
  const std::uint64_t before = ground.ledger->size() - 1;
  v1::Action moved = Where(Project("p", "county", "relief"), {{"sc", 0}}, {{"EDU", 0}});
  ground.Do({Amending(moved, opened)});
  CHECK(ground.Ask(For("bj")).placed() == 0);
  CHECK(PartsOf(ground.Ask(For("sc")), Line::KIND_IMPLEMENTERS) == "relief 100");
  CHECK(PartsOf(ground.Ask(For("sc")), Line::KIND_PROJECTS).empty());  // its new version is not approved
  v1::FragmentationRequest then = For("bj");
  then.set_as_of(before);
  CHECK(PartsOf(ground.Ask(then), Line::KIND_IMPLEMENTERS) == "charity 100");
  CHECK(PartsOf(ground.Ask(then), Line::KIND_PROJECTS) == "p 100");
}

TEST_CASE("a line shows the hundred with the most money, and counts the rest") {
  Ground ground;
  ground.Runs("p", {{"bj", 0}}, {{"EDU", 0}});
  for (int n = 100; n < 205; ++n) {
    const std::string fund = "f" + std::to_string(n);
    ground.Do({Fund(fund, "root")});
    ground.Gives("p", n, fund);
  }
  const auto answer = ground.Ask(For("bj"));
  const Line& funds = LineOf(answer, Line::KIND_FUNDS);
  CHECK(funds.count() == 105);
  CHECK(funds.parts_size() == 100);
  CHECK(funds.parts(0).id() == "f204");
  CHECK(funds.more() == 5);
  CHECK(funds.more_amount() == 100 + 101 + 102 + 103 + 104);
}

TEST_CASE("random ledgers: the money of funds and of implementers is what is placed, at every place") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&](int bound) { return static_cast<int>(random() % static_cast<unsigned>(bound)); };
  for (int round = 0; round < 3; ++round) {
    Ground ground;
    const std::vector<std::string> places = {"cn", "gz", "sc", "bj", "zy"},
                                   categories = {"EDU", "PRO", "CPN"};
    const std::vector<std::string> workers = {"", "charity", "relief"}, funds = {"flood", "school"};
    for (int n = 0; n < 6; ++n) {
      const std::string id = "p" + std::to_string(n);
      const auto share = static_cast<std::uint32_t>(1 + below(9'999));
      const std::string category = categories[below(3)];
      switch (below(3)) {
        case 0:
          ground.Runs(id, {{"bj", share}, {"sc", 10'000 - share}}, {{category, 0}}, workers[below(3)]);
          break;
        case 1:
          ground.Runs(id, {{"bj", 0}, {"zy", 0}}, {{"EDU", 0}, {"CPN", 0}}, workers[below(3)]);
          break;
        default:
          ground.Runs(id, {{places[below(5)], 0}}, {}, workers[below(3)]);
      }
      for (int times = below(4); times > 0; --times) ground.Gives(id, 1 + below(1'000), funds[below(2)]);
    }
    const std::uint64_t size = ground.ledger->size();
    for (const std::string& place : {std::string(), places[0], places[1], places[2], places[3], places[4]}) {
      for (const std::string& category : {std::string(), categories[0], categories[1], categories[2]}) {
        INFO(place << "/" << category);
        ground.Ask(For(place, category));
        v1::FragmentationRequest then = For(place, category);
        then.set_as_of(2 + static_cast<std::uint64_t>(below(static_cast<int>(size) - 2)));
        ground.Ask(then);
      }
    }
  }
}

TEST_CASE("what cannot be asked of fragmentation is told") {
  Ground ground;
  const auto told = [&](const v1::FragmentationRequest& request) {
    return ground.Try(request).status().code();
  };
  CHECK(told(For("nowhere")) == absl::StatusCode::kNotFound);
  CHECK(told(For("bj", "song")) == absl::StatusCode::kNotFound);
  CHECK(told(For("bj", "EDU", "XYZ")) == absl::StatusCode::kNotFound);
  v1::FragmentationRequest day = For("bj"), to_come = For("bj");
  day.set_on("soon");
  CHECK(told(day) == absl::StatusCode::kInvalidArgument);
  to_come.set_as_of(ground.ledger->size());
  CHECK(told(to_come) == absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace fundtrail::testing
