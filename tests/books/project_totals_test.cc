// The sums of projects: after each kind of transfer, when a party's role changes, as of every record. Also on random
// transfers against somebody who adds up all of them anew.
#include "ledger/books/money/project_totals.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <tuple>
#include <vector>

#include "ledger/model/enum_word.h"
#include "tests/books/project_world.h"

namespace fundtrail::testing {
namespace {

namespace keys = model::keys;

Rows SumRows(const store::Reader& state) {
  const Bytes all = keys::AllOf(keys::kProjectSumsTag);
  return AllRows(state, all, store::PrefixEnd(all));
}

// --- each kind of transfer -----------------------------------------------------------------------------------

// Each action is an entry of its own: the first is record 4.
struct Story {
  const char* story;
  std::vector<v1::Action> actions;
  std::string sums;
};

void CheckStories(const std::vector<Story>& stories) {
  for (const Story& one : stories) {
    INFO(one.story);
    ProjectWorld w;
    for (const v1::Action& action : one.actions) REQUIRE(w.Verdict(action) == "OK");
    CHECK(w.Sums() == one.sums);
    // What changes no sum, such as a new name, leaves them.
    const Rows before = SumRows(w.state());
    Need(w.Do({Party("new", "county")}).status());
    CHECK(SumRows(w.state()) == before);
  }
}

TEST_CASE("the sums after money comes in and is paid on") {
  const v1::Action general = Pay("donor", "ministry", 100);
  const v1::Action straight = In("lunches", Pay("donor", "ministry", 100));
  const v1::Action put_in = Into("lunches", Pay("ministry", "county", 60));
  CheckStories({
      {"a source brings in general money", {general}, "general CNY: minted 100, held 100"},
      {"a source brings money straight into a project", {straight}, "lunches CNY: minted 100, held 100"},
      {"a source brings money into a project by way of general money",
       {Into("lunches", general)},
       "general CNY: minted 100, taken out 100; lunches CNY: moved in 100, held 100"},
      {"several sources bring money in",
       {general, Pay("donor2", "ministry", 5), In("lunches", Pay("donor2", "county", 7))},
       "general CNY: minted 105, held 105; lunches CNY: minted 7, held 7"},
      {"money of an unrecorded source",
       {Pay("unrecorded", "ministry", 30), general},
       "general CNY: minted 130, unrecorded 30, held 130"},
      {"money of an unrecorded source, straight in a project",
       {In("lunches", Pay("unrecorded", "ministry", 30))},
       "lunches CNY: minted 30, unrecorded 30, held 30"},
      {"money of an unrecorded source, put in a project",
       {Into("lunches", Pay("unrecorded", "ministry", 30))},
       "general CNY: minted 30, unrecorded 30, taken out 30; lunches CNY: moved in 30, held 30"},
      {"a source brings money to a recipient",
       {Pay("donor", "village", 5)},
       "general CNY: minted 5, reached 5"},
      {"a source brings money to another source",
       {Pay("donor", "donor2", 5)},
       "general CNY: minted 5, with sources 5"},
      {"a source brings money to itself, in a project",
       {Into("lunches", Move("donor", 5))},
       "general CNY: minted 5, taken out 5; lunches CNY: moved in 5, with sources 5"},
      {"general money is put in a project",
       {general, put_in},
       "general CNY: minted 100, held 40, taken out 60; lunches CNY: moved in 60, held 60"},
      {"general money is put in a project for a recipient",
       {general, Into("lunches", Pay("ministry", "village", 60))},
       "general CNY: minted 100, held 40, taken out 60; lunches CNY: moved in 60, reached 60"},
      {"money is paid from holder to holder",
       {straight, In("lunches", Pay("ministry", "county", 40))},
       "lunches CNY: minted 100, held 100"},
      {"money reaches a recipient",
       {straight, In("lunches", Pay("ministry", "village", 40))},
       "lunches CNY: minted 100, held 60, reached 40"},
      {"money ends at a recipient that nobody stated",
       {straight, In("lunches", Pay("ministry", "hamlet", 40))},
       "lunches CNY: minted 100, held 60, ended 40"},
      {"general money reaches, and ends",
       {general, Pay("ministry", "village", 40), Pay("ministry", "hamlet", 5)},
       "general CNY: minted 100, held 55, ended 5, reached 40"},
      {"a holder pays a source",
       {straight, In("lunches", Pay("ministry", "donor2", 40))},
       "lunches CNY: minted 100, held 60, with sources 40"},
      {"another fund has no sums of its own",
       {straight, In("lunches", Reclassify("ministry", "school", 40))},
       "lunches CNY: minted 100, held 100"},
  });
}

TEST_CASE("the sums after money leaves a project, or changes its asset") {
  const v1::Action general = Pay("donor", "ministry", 100);
  const v1::Action straight = In("lunches", Pay("donor", "ministry", 100));
  CheckStories({
      {"to another project",
       {straight, In("lunches", Into("roofs", Move("ministry", 40)))},
       "lunches CNY: minted 100, held 60, taken out 40; roofs CNY: moved in 40, held 40"},
      {"to general money",
       {straight, In("lunches", ToGeneral(Move("ministry", 40)))},
       "general CNY: moved in 40, held 40; lunches CNY: minted 100, held 60, taken out 40"},
      {"to general money of another fund",
       {straight, In("lunches", ToGeneral(Reclassify("ministry", "school", 40)))},
       "general CNY: moved in 40, held 40; lunches CNY: minted 100, held 60, taken out 40"},
      {"and back again",
       {straight, In("lunches", ToGeneral(Move("ministry", 40))), Into("lunches", Move("ministry", 30))},
       "general CNY: moved in 40, held 10, taken out 30; "
       "lunches CNY: minted 100, moved in 30, held 90, taken out 40"},
      {"general money of a party becomes a project's",
       {general, Into("lunches", Move("ministry", 40))},
       "general CNY: minted 100, held 60, taken out 40; lunches CNY: moved in 40, held 40"},
      {"an exchange of general money",
       {general, Exchange("ministry", "county", 70, "USD", 10)},
       "general CNY: minted 100, held 30, taken out 70; general USD: moved in 10, held 10"},
      {"an exchange in a project",
       {straight, In("lunches", Exchange("ministry", "village", 70, "USD", 10))},
       "lunches CNY: minted 100, held 30, taken out 70; lunches USD: moved in 10, reached 10"},
      {"an exchange that puts money in",
       {general, Into("lunches", Exchange("ministry", "county", 70, "USD", 10))},
       "general CNY: minted 100, held 30, taken out 70; lunches USD: moved in 10, held 10"},
      {"an exchange by a source",
       {Exchange("donor", "county", 70, "USD", 10)},
       "general CNY: minted 70, taken out 70; general USD: moved in 10, held 10"},
      {"an exchange by a source in a project",
       {In("lunches", Exchange("donor", "county", 70, "USD", 10))},
       "lunches CNY: minted 70, taken out 70; lunches USD: moved in 10, held 10"},
  });
}

TEST_CASE("the sums after money is sent back") {
  const v1::Action general = Pay("donor", "ministry", 100);
  const v1::Action straight = In("lunches", Pay("donor", "ministry", 100));
  const v1::Action put_in = Into("lunches", Pay("ministry", "county", 60));
  CheckStories({
      {"within a project",
       {straight, In("lunches", Pay("ministry", "village", 40)),
        In("lunches", Returning(Pay("village", "ministry", 15), Ref(5)))},
       "lunches CNY: minted 100, held 75, reached 25"},
      {"to general money that was put in",
       {general, put_in, In("lunches", Returning(Pay("county", "ministry", 10), Ref(5)))},
       "general CNY: minted 100, moved in 10, held 50, taken out 60; "
       "lunches CNY: moved in 60, held 50, sent back 10"},
      {"to general money, and undone",
       {general, put_in, In("lunches", Returning(Pay("county", "ministry", 10), Ref(5))),
        Returning(Pay("ministry", "county", 10), Ref(6), v1::TRANSFER_KIND_REVERSAL)},
       "general CNY: minted 100, moved in 10, held 40, sent back 10, taken out 60; "
       "lunches CNY: moved in 70, held 60, sent back 10"},
      {"to a source, of general money",
       {general, Returning(Pay("ministry", "donor", 30), Ref(4))},
       "general CNY: minted 100, held 70, with sources 30"},
      {"to a source, of a project",
       {straight, In("lunches", Returning(Pay("ministry", "donor", 30), Ref(4), v1::TRANSFER_KIND_REVERSAL))},
       "lunches CNY: minted 100, held 70, with sources 30"},
      {"to a source, and undone",
       {straight, In("lunches", Returning(Pay("ministry", "donor", 30), Ref(4))),
        In("lunches", Returning(Pay("donor", "ministry", 30), Ref(5), v1::TRANSFER_KIND_REVERSAL))},
       "lunches CNY: minted 100, held 100"},
      {"to a source, of what it put in by way of general money",
       {Into("lunches", general), In("lunches", Returning(Pay("ministry", "donor", 30), Ref(4)))},
       "general CNY: minted 100, moved in 30, with sources 30, taken out 100; "
       "lunches CNY: moved in 100, held 70, sent back 30"},
      {"to a source, of unrecorded money: what it brought in stays said",
       {Pay("unrecorded", "ministry", 30), Returning(Pay("ministry", "unrecorded", 30), Ref(4))},
       "general CNY: minted 30, unrecorded 30, with sources 30"},
      {"a change of projects",
       {straight, In("lunches", Into("roofs", Move("ministry", 40))),
        In("roofs", Returning(Pay("ministry", "ministry", 40), Ref(5), v1::TRANSFER_KIND_REVERSAL))},
       "lunches CNY: minted 100, moved in 40, held 100, taken out 40; roofs CNY: moved in 40, sent back 40"},
      {"a change of funds within a project",
       {straight, In("lunches", Reclassify("ministry", "school", 40)),
        [] {
          v1::Action back = In("lunches", Returning(Pay("ministry", "ministry", 40), Ref(5)));
          back.mutable_transfer()->set_fund("school");
          back.mutable_transfer()->set_to_fund("flood");
          return back;
        }()},
       "lunches CNY: minted 100, held 100"},
  });
}

TEST_CASE("what is committed and not paid counts once, where it came in, until it is sent back") {
  const v1::Action general = Pay("donor", "ministry", 100);
  const v1::Action straight = In("lunches", Pay("donor", "ministry", 100));
  const v1::Action put_in = Into("lunches", Pay("ministry", "county", 60));
  CheckStories({
      {"general money", {Committed(general)}, "general CNY: minted 100, committed in 100, held 100"},
      {"straight in a project", {Committed(straight)}, "lunches CNY: minted 100, committed in 100, held 100"},
      {"by way of general money: in the project alone",
       {Committed(Into("lunches", general))},
       "general CNY: minted 100, taken out 100; lunches CNY: moved in 100, committed in 100, held 100"},
      {"put in, of money that was paid",
       {general, Committed(put_in)},
       "general CNY: minted 100, held 40, taken out 60; lunches CNY: moved in 60, committed in 60, held 60"},
      {"a committed payment within general money is no more that comes in",
       {general, Committed(Pay("ministry", "village", 40))},
       "general CNY: minted 100, held 60, reached 40"},
      {"a committed payment within a project is no more that comes in",
       {straight, Committed(In("lunches", Pay("ministry", "village", 40)))},
       "lunches CNY: minted 100, held 60, reached 40"},
      {"a committed exchange counts in what is received",
       {general, Committed(Exchange("ministry", "county", 70, "USD", 10))},
       "general CNY: minted 100, held 30, taken out 70; general USD: moved in 10, committed in 10, held 10"},
      {"committed money that is paid on stays committed",
       {Committed(general), Pay("ministry", "village", 40)},
       "general CNY: minted 100, committed in 100, held 60, reached 40"},
      {"sent back to the source, with the same stage",
       {Committed(general), Committed(Returning(Pay("ministry", "donor", 30), Ref(4)))},
       "general CNY: minted 100, committed in 70, held 70, with sources 30"},
      {"sent back to the source, with another stage",
       {Committed(general), Returning(Pay("ministry", "donor", 30), Ref(4))},
       "general CNY: minted 100, committed in 70, held 70, with sources 30"},
      {"a payment that is sent back as if it were committed takes nothing off",
       {general, Committed(Returning(Pay("ministry", "donor", 30), Ref(4)))},
       "general CNY: minted 100, held 70, with sources 30"},
      {"sent back to general money",
       {general, Committed(put_in),
        Committed(In("lunches", Returning(Pay("county", "ministry", 10), Ref(5))))},
       "general CNY: minted 100, moved in 10, held 50, taken out 60; "
       "lunches CNY: moved in 60, committed in 50, held 50, sent back 10"},
      {"what a source put in by way of general money, sent back",
       {Committed(Into("lunches", general)), In("lunches", Returning(Pay("ministry", "donor", 30), Ref(4)))},
       "general CNY: minted 100, moved in 30, with sources 30, taken out 100; "
       "lunches CNY: moved in 100, committed in 70, held 70, sent back 30"},
      {"a committed payment between two holders, sent back",
       {Committed(general), Committed(Pay("ministry", "county", 40)),
        Committed(Returning(Pay("county", "ministry", 40), Ref(5)))},
       "general CNY: minted 100, committed in 100, held 100"},
      {"sent back to the source, and undone: it is promised again, whatever the stage",
       {Committed(general), Committed(Returning(Pay("ministry", "donor", 30), Ref(4))),
        Returning(Pay("donor", "ministry", 30), Ref(5), v1::TRANSFER_KIND_REVERSAL)},
       "general CNY: minted 100, committed in 100, held 100"},
      {"sent back to the source, undone, and sent back again",
       {Committed(general), Committed(Returning(Pay("ministry", "donor", 100), Ref(4))),
        Committed(Returning(Pay("donor", "ministry", 100), Ref(5), v1::TRANSFER_KIND_REVERSAL)),
        Committed(Returning(Pay("ministry", "donor", 100), Ref(6), v1::TRANSFER_KIND_REVERSAL))},
       "general CNY: minted 100, with sources 100"},
      {"sent back to general money, and undone",
       {general, Committed(put_in),
        Committed(In("lunches", Returning(Pay("county", "ministry", 60), Ref(5)))),
        Committed(Returning(Pay("ministry", "county", 60), Ref(6), v1::TRANSFER_KIND_REVERSAL))},
       "general CNY: minted 100, moved in 60, held 40, sent back 60, taken out 60; "
       "lunches CNY: moved in 120, committed in 60, held 60, sent back 60"},
  });
}

// --- roles, records, bounds ----------------------------------------------------------------------------------

TEST_CASE("when a role turns out to be another, what the party holds counts elsewhere, from that record on") {
  const std::vector<v1::Action> paid = {Pay("donor", "hamlet", 10), In("lunches", Pay("donor", "hamlet", 20)),
                                        Exchange("donor", "hamlet", 30, "USD", 3),
                                        In("lunches", Pay("donor", "village", 5))};
  const std::string before =
      "general CNY: minted 40, ended 10, taken out 30; general USD: moved in 3, ended 3; "
      "lunches CNY: minted 25, ended 20, reached 5";
  const struct {
    v1::Role role;
    std::string after;
  } kCases[] = {
      {v1::ROLE_HOLDER,
       "general CNY: minted 40, held 10, taken out 30; general USD: moved in 3, held 3; "
       "lunches CNY: minted 25, held 20, reached 5"},
      {v1::ROLE_RECIPIENT,
       "general CNY: minted 40, reached 10, taken out 30; general USD: moved in 3, reached 3; "
       "lunches CNY: minted 25, reached 25"},
  };
  for (const auto& one : kCases) {
    INFO(model::WordOf(one.role));
    ProjectWorld w;
    for (const auto& action : paid) REQUIRE(w.Verdict(action) == "OK");
    // An amendment that leaves the role changes no sum.
    const std::uint64_t renamed = w.next();
    const Rows rows = SumRows(w.state());
    Need(w.Do({Amending(Inferred("hamlet", "county"), kProposed)}).status());
    CHECK(SumRows(w.state()) == rows);
    CHECK(w.Sums() == before);
    const std::uint64_t amended = w.next();
    Need(w.Do({Amending(Party("hamlet", "county", one.role), renamed)}).status());
    CHECK(w.Sums() == one.after);
    CHECK(w.Sums(renamed) == before);
    CHECK(w.Sums(amended) == one.after);
    CHECK(SumRows(w.state()).size() == rows.size() + 4);  // lunches, all projects, general money twice
  }
}

TEST_CASE(
    "a party that holds nothing any more, or pays and turns out a holder in one entry, moves what it holds") {
  ProjectWorld w;
  Need(w.Do({Pay("donor", "hamlet", 10)}).status());
  Need(w.Do({Returning(Pay("hamlet", "donor", 10), Ref(4))}).status());
  const Rows rows = SumRows(w.state());
  Need(w.Do({Amending(Party("hamlet", "county"), kProposed)}).status());
  CHECK(SumRows(w.state()) == rows);
  CHECK(w.Sums() == "general CNY: minted 10, with sources 10");

  ProjectWorld other;
  Need(other
           .Do({In("lunches", Pay("donor", "hamlet", 10)), Amending(Party("hamlet", "county"), kProposed),
                In("lunches", Pay("hamlet", "village", 4))})
           .status());
  CHECK(other.Sums() == "lunches CNY: minted 10, held 6, reached 4");
  CHECK(SumRows(other.state()).size() == 2);  // of lunches, and of all projects
}

TEST_CASE("the sums as of every record") {
  ProjectWorld w;
  Need(w.Do({Pay("donor", "ministry", 100)}).status());       // 4
  Need(w.Do({Pay("ministry", "county", 10)}).status());       // 5
  Need(w.Do({Into("lunches", Pay("ministry", "county", 60)),  // 6
             In("lunches", Pay("county", "village", 20)), In("lunches", Pay("county", "village", 5))})
           .status());
  Need(w.Do({In("lunches", Returning(Pay("village", "county", 5), Ref(6, 3)))}).status());  // 7
  const std::vector<std::string> sums = {
      "",
      "general CNY: minted 100, held 100",
      "general CNY: minted 100, held 100",
      "general CNY: minted 100, held 40, taken out 60; lunches CNY: moved in 60, held 35, reached 25",
      "general CNY: minted 100, held 40, taken out 60; lunches CNY: moved in 60, held 40, reached 20",
  };
  for (std::size_t i = 0; i < sums.size(); ++i) {
    INFO("record " << kFirst - 1 + i);
    CHECK(w.Sums(kFirst - 1 + i) == sums[i]);
  }
  CHECK(w.Sums() == sums.back());
  // One row for each record that changed a sum, and none for one that did not.
  std::vector<std::string> rows;
  for (const auto& [key, value] : SumRows(w.state())) {
    const auto of = Need(keys::ReadProjectSums(key));
    rows.push_back(absl::StrCat(std::string(of.project), " ", std::string(of.asset), " ", of.record.value()));
  }
  CHECK(rows ==
        std::vector<std::string>{" CNY 4", " CNY 6", "* CNY 6", "* CNY 7", "lunches CNY 6", "lunches CNY 7"});
}

TEST_CASE("the sums of all projects together move with each of them, and have no general money") {
  ProjectWorld w;
  const auto together = [&](const char* asset = "CNY") {
    return Text(Need(books::GetProjectTotals(w.state(), keys::kAllProjects, asset)));
  };
  const auto take = [&](const v1::Action& action) { CHECK(w.Verdict(action) == "OK"); };
  take(Pay("donor", "ministry", 7));
  CHECK(together().empty());
  take(In("lunches", Pay("donor", "ministry", 100)));
  take(In("roofs", Pay("donor", "ministry", 50)));
  CHECK(together() == "minted 150, held 150");
  // From one to another of them it neither comes in nor goes out, also when it is sent back: no row is written.
  const std::uint64_t moved = w.next();
  take(Committed(In("lunches", Into("roofs", Move("ministry", 30)))));
  CHECK(together() == "minted 150, held 150");
  take(In("roofs", Returning(Pay("ministry", "ministry", 10), Ref(moved), v1::TRANSFER_KIND_REVERSAL)));
  CHECK(together() == "minted 150, held 150");
  for (const std::uint64_t record : {moved, moved + 1}) {
    const Bytes key = keys::ProjectSums(keys::kAllProjects, "CNY", RecordIndex(record));
    CHECK_FALSE(Need(w.state().Get(key)).has_value());
  }
  take(In("lunches", ToGeneral(Move("ministry", 20))));
  CHECK(together() == "minted 150, held 130, taken out 20");
  take(In("roofs", Pay("ministry", "hamlet", 10)));
  take(In("roofs", Pay("ministry", "village", 5)));
  CHECK(together() == "minted 150, held 115, ended 10, reached 5, taken out 20");
  // The hamlet turns out to be a holder.
  take(Amending(Party("hamlet", "county"), kProposed));
  CHECK(together() == "minted 150, held 125, reached 5, taken out 20");
  // An exchange is out of one asset and into another.
  v1::Action exchange = In("roofs", Pay("ministry", "county", 25, v1::TRANSFER_KIND_EXCHANGE));
  exchange.mutable_transfer()->set_to_asset("USD");
  exchange.mutable_transfer()->set_to_amount(4);
  take(exchange);
  CHECK(together() == "minted 150, held 100, reached 5, taken out 45");
  CHECK(together("USD") == "moved in 4, held 4");
  // What is put in comes in, and goes out when it is sent back.
  const std::uint64_t put_in = w.next();
  take(Committed(Into("roofs", Pay("ministry", "county", 6))));
  CHECK(together() == "minted 150, moved in 6, committed in 6, held 106, reached 5, taken out 45");
  take(In("roofs", Returning(Pay("county", "ministry", 2), Ref(put_in))));
  CHECK(together() ==
        "minted 150, moved in 6, committed in 4, held 104, reached 5, sent back 2, taken out 45");
}

TEST_CASE("a source that moves its money from one project to another brought it in") {
  ProjectWorld w;
  const auto together = [&] {
    return Text(Need(books::GetProjectTotals(w.state(), keys::kAllProjects, "CNY")));
  };
  const std::uint64_t moved = w.next();
  CHECK(w.Verdict(Committed(In("lunches", Into("roofs", Move("donor", 30))))) == "OK");
  CHECK(w.Sums() ==
        "lunches CNY: minted 30, taken out 30; roofs CNY: moved in 30, committed in 30, with sources 30");
  CHECK(together() == "minted 30, committed in 30, with sources 30");
  const std::uint64_t back = w.next();
  CHECK(w.Verdict(In("roofs", Returning(Pay("donor", "donor", 10), Ref(moved)))) == "OK");
  CHECK(together() == "minted 30, committed in 20, with sources 30");
  CHECK(w.Verdict(In("lunches",
                     Returning(Pay("donor", "donor", 4), Ref(back), v1::TRANSFER_KIND_REVERSAL))) == "OK");
  CHECK(together() == "minted 30, committed in 24, with sources 30");
}

TEST_CASE("where money goes round between projects until one has too much, all together still add up") {
  constexpr std::int64_t kHalf = std::numeric_limits<std::int64_t>::max() / 2;
  ProjectWorld w;
  const auto take = [&](const v1::Action& action) { CHECK(w.Verdict(action) == "OK"); };
  take(In("lunches", Pay("donor", "ministry", kHalf)));
  take(In("lunches", Into("roofs", Move("ministry", kHalf))));
  take(In("roofs", Into("lunches", Move("ministry", kHalf))));
  take(In("lunches", Pay("ministry", "county", kHalf)));
  take(In("lunches", Into("roofs", Move("county", kHalf))));
  CHECK_FALSE(Need(books::GetProjectTotals(w.state(), "lunches", "CNY")).beyond);
  take(In("roofs", Into("lunches", Move("county", kHalf))));
  CHECK(Need(books::GetProjectTotals(w.state(), "lunches", "CNY")).beyond);
  CHECK(Text(Need(books::GetProjectTotals(w.state(), keys::kAllProjects, "CNY"))) ==
        absl::StrCat("minted ", kHalf, ", held ", kHalf));
}

TEST_CASE("where more than 2^63 - 1 units come in, the sums are given up and payments go on") {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  // In another fund, so that no account has too much.
  const auto in_school = [](v1::Action action) {
    action.mutable_transfer()->set_fund("school");
    return action;
  };
  ProjectWorld w;
  const auto beyond = [&](const char* project) {
    const auto row = Need(books::GetProjectTotals(w.state(), project, "CNY"));
    model::ProjectTotals given_up;
    given_up.beyond = true;
    CHECK((!row.beyond || row == given_up));
    return row.beyond;
  };
  Need(w.Do({Pay("donor", "ministry", kMost), In("lunches", Pay("donor", "ministry", kMost - 1))}).status());
  CHECK_FALSE(beyond(""));
  CHECK(w.Verdict(in_school(In("lunches", Pay("donor2", "county", 1)))) == "OK");
  CHECK_FALSE(beyond("lunches"));
  CHECK_FALSE(beyond("*"));
  CHECK(w.Verdict(in_school(Pay("donor2", "county", 1))) == "OK");
  CHECK(beyond(""));
  // What comes from what is beyond is known where it goes.
  CHECK(w.Verdict(Into("roofs", Pay("ministry", "county", 7))) == "OK");
  CHECK_FALSE(beyond("roofs"));
  // All projects together may have too much while none of them has.
  CHECK(beyond("*"));
  CHECK(Need(books::GetProjectTotals(w.state(), "roofs", "CNY")).held == Amount(7));
  CHECK(w.Verdict(In("roofs", ToGeneral(Move("county", 1)))) == "OK");
  CHECK(w.Verdict(in_school(Into("lunches", Pay("county", "ministry", 1)))) == "OK");
  CHECK(beyond("lunches"));
  // It stays so, whatever leaves again.
  CHECK(w.Verdict(In("lunches", Pay("ministry", "village", kMost - 1))) == "OK");
  CHECK(beyond("lunches"));
}

// --- random transfers ----------------------------------------------------------------------------------------

using Of = std::pair<std::string, std::string>;  // a project and an asset
using Account =
    std::tuple<std::string, std::string, std::string, std::string>;  // party, fund, project, asset

const std::vector<std::string> kSources = {"donor", "donor2", "unrecorded"};
const std::vector<std::string> kInferred = {"hamlet", "farm", "yard", "mill"};
const std::vector<std::string> kParties = {"donor",   "donor2", "unrecorded", "ministry", "county", "charity",
                                           "village", "hamlet", "farm",       "yard",     "mill"};
const std::vector<std::string> kFunds = {"flood", "school"};
const std::vector<std::string> kAssets = {"CNY", "USD"};
const std::vector<std::string> kProjects = {"lunches", "roofs", "plan"};

// A transfer that was taken, in full: nothing is left to what stands elsewhere.
struct Done {
  std::uint64_t record = 0;
  std::uint32_t line = 0;
  v1::Transfer transfer;
  Account from, to;
  std::int64_t to_amount = 0;
  bool mints = false;
  bool back = false;
  // 1 where it brought in what is committed and not paid; -1 where that was sent back; 1 again where this was undone.
  int promises = 0;

  Of paid() const { return {std::get<2>(from), std::get<3>(from)}; }
  Of received() const { return {std::get<2>(to), std::get<3>(to)}; }
  bool across() const { return paid() != received(); }
  // From one project to another, in one asset.
  bool inner() const {
    return across() && !paid().first.empty() && !received().first.empty() &&
           paid().second == received().second;
  }
};

// The sums as signed numbers, by name.
struct Naive {
  std::int64_t minted = 0, moved_in = 0, unrecorded = 0, committed_in = 0, held = 0, ended = 0, reached = 0,
               with_sources = 0, sent_back = 0, taken_out = 0, committed_minted = 0;

  model::ProjectTotals Totals() const {
    model::ProjectTotals totals;
    totals.minted = Amount(minted);
    totals.moved_in = Amount(moved_in);
    totals.unrecorded = Amount(unrecorded);
    totals.committed_in = Amount(committed_in);
    totals.held = Amount(held);
    totals.ended = Amount(ended);
    totals.reached = Amount(reached);
    totals.with_sources = Amount(with_sources);
    totals.sent_back = Amount(sent_back);
    totals.taken_out = Amount(taken_out);
    totals.committed_minted = Amount(committed_minted);
    return totals;
  }
  void Add(const Naive& more) {
    minted += more.minted;
    moved_in += more.moved_in;
    unrecorded += more.unrecorded;
    committed_in += more.committed_in;
    held += more.held;
    ended += more.ended;
    reached += more.reached;
    with_sources += more.with_sources;
    sent_back += more.sent_back;
    taken_out += more.taken_out;
    committed_minted += more.committed_minted;
  }
  friend bool operator==(const Naive&, const Naive&) = default;
};

// What a reader knows who wrote down every transfer and every role, and adds up all of it whenever asked.
struct Notes {
  std::map<std::string, v1::Role> roles;
  std::set<std::string> inferred;
  std::vector<Done> done;
  std::map<std::string, std::uint64_t> version;  // of a project
  std::set<std::string> open;

  std::int64_t& ClassOf(Naive* sums, const std::string& party) const {
    if (roles.at(party) == v1::ROLE_SOURCE) return sums->with_sources;
    if (roles.at(party) == v1::ROLE_HOLDER) return sums->held;
    return inferred.count(party) > 0 ? sums->ended : sums->reached;
  }
  std::map<Of, Naive> Sums() const {
    std::map<Of, Naive> all, inner;
    for (const Done& each : done) {
      const std::int64_t amount = each.transfer.amount();
      Naive& payer = all[each.paid()];
      Naive& payee = all[each.received()];
      if (each.mints) {
        payer.minted += amount;
        if (each.transfer.from() == "unrecorded") payer.unrecorded += amount;
      } else {
        ClassOf(&payer, each.transfer.from()) -= amount;
      }
      ClassOf(&payee, each.transfer.to()) += each.to_amount;
      if (each.across()) {
        (each.back ? payer.sent_back : payer.taken_out) += amount;
        payee.moved_in += each.to_amount;
      }
      if (each.promises > 0) payee.committed_in += each.to_amount;
      if (each.promises < 0) payer.committed_in -= amount;
      const bool from_source = roles.at(each.transfer.from()) == v1::ROLE_SOURCE;
      const bool to_source = roles.at(each.transfer.to()) == v1::ROLE_SOURCE;
      if (each.promises > 0 && from_source) payer.committed_minted += amount;
      if (each.promises < 0 && to_source) payee.committed_minted -= each.to_amount;
      if (each.inner()) {
        Naive& less = inner[{"*", each.paid().second}];
        (each.back ? less.sent_back : less.taken_out) -= amount;
        less.moved_in -= amount;
        if (!from_source) less.committed_in -= each.promises * amount;
      }
    }
    // All projects together: what each has, without what moves from one to another. It came into one of them before.
    std::map<Of, Naive> together;
    for (const auto& [of, sums] : all)
      if (!of.first.empty()) together[{"*", of.second}].Add(sums);
    for (const auto& [of, less] : inner) together[of].Add(less);
    all.merge(together);
    return all;
  }
  std::map<Account, std::int64_t> Held() const {
    std::map<Account, std::int64_t> held;
    for (const Done& each : done) {
      if (!each.mints) held[each.from] -= each.transfer.amount();
      held[each.to] += each.to_amount;
    }
    return held;
  }
};

class Game {
 public:
  explicit Game(std::uint64_t seed) : random_(seed) {
    std::vector<v1::Action> more;
    for (const std::string& id : kInferred)
      if (id != "hamlet") more.push_back(Inferred(id, "county"));
    inferred_in_ = w_.next();
    Need(w_.Do(more).status());
    for (const std::string& party : kParties) notes_.roles[party] = v1::ROLE_HOLDER;
    for (const std::string& party : kSources) notes_.roles[party] = v1::ROLE_SOURCE;
    for (const std::string& party : kInferred) notes_.roles[party] = v1::ROLE_RECIPIENT;
    notes_.roles["village"] = v1::ROLE_RECIPIENT;
    notes_.inferred = std::set<std::string>(kInferred.begin(), kInferred.end());
    for (const std::string& project : kProjects) notes_.version[project] = kProposed;
    notes_.open = {"lunches", "roofs"};
  }

  void Play(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      const std::uint64_t kind = Below(20);
      if (kind == 0) {
        ChangeRole();
      } else if (kind == 1) {
        ChangeProject();
      } else {
        Transfers();
      }
      CheckNow();
    }
    CheckHistory();
  }

  std::map<v1::TransferKind, int> taken;
  std::map<std::string, int> refused;
  int amended = 0;

 private:
  std::uint64_t Below(std::uint64_t bound) { return random_() % bound; }
  bool Chance(std::uint64_t percent) { return Below(100) < percent; }
  const std::string& AnyOf(const std::vector<std::string>& some) { return some[Below(some.size())]; }
  std::int64_t UpTo(std::int64_t most) {
    return 1 + static_cast<std::int64_t>(Below(static_cast<std::uint64_t>(most)));
  }

  // The notes become what they are after one more of the record's actions.
  void Write(std::uint64_t record, Notes* notes, const std::function<void(Notes*)>& change) {
    const auto before = notes->Sums();
    change(notes);
    for (const auto& [of, sums] : notes->Sums()) {
      const auto was = before.find(of);
      if (was == before.end() || !(was->second == sums)) pending_.insert({of, record});
    }
  }
  // The record was taken, and the notes are these now.
  void Taken(std::uint64_t record, const Notes& notes) {
    notes_ = notes;
    after_[record] = notes_.Sums();
    changed_.insert(pending_.begin(), pending_.end());
    pending_.clear();
  }

  void ChangeRole() {
    std::vector<std::string> left(notes_.inferred.begin(), notes_.inferred.end());
    if (left.empty()) return;
    const std::string party = AnyOf(left);
    const v1::Role role = Chance(50) ? v1::ROLE_HOLDER : v1::ROLE_RECIPIENT;
    const std::uint64_t record = w_.next();
    const std::uint64_t version = party == "hamlet" ? kProposed : inferred_in_;
    REQUIRE(w_.Verdict(Amending(Party(party, "county", role), version)) == "OK");
    Notes next = notes_;
    Write(record, &next, [&](Notes* notes) {
      notes->roles[party] = role;
      notes->inferred.erase(party);
    });
    Taken(record, next);
    ++amended;
  }

  void ChangeProject() {
    const std::string project = AnyOf(kProjects);
    const std::uint64_t record = w_.next();
    Notes next = notes_;
    if (Chance(30)) {
      REQUIRE(w_.Verdict(Amending(Project(project, "county", "charity"), next.version[project])) == "OK");
      next.version[project] = record;
      next.open.erase(project);
    } else {
      const bool approved = Chance(75);
      REQUIRE(w_.Verdict(Decide(project, next.version[project], "auditor",
                                approved ? v1::ApproveProject::DECISION_APPROVED
                                         : v1::ApproveProject::DECISION_REJECTED)) == "OK");
      if (approved) next.open.insert(project);
      if (!approved) next.open.erase(project);
    }
    Taken(record, next);
  }

  // A transfer that can be paid for; whether its project is open, and what is sent back is still there, is left to chance.
  std::optional<Done> Any(const Notes& notes, std::uint64_t record, std::uint32_t line) {
    Done made;
    made.record = record;
    made.line = line;
    v1::Transfer& t = made.transfer;
    if (Chance(25)) t.set_stage(v1::STAGE_COMMITTED);
    const auto name = [&] {
      t.set_from(std::get<0>(made.from));
      t.set_to(std::get<0>(made.to));
      t.set_fund(std::get<1>(made.from));
      t.set_project(std::get<2>(made.from));
      t.set_asset(std::get<3>(made.from));
      if (made.to_amount == 0) made.to_amount = t.amount();
      if (!made.back && t.stage() == v1::STAGE_COMMITTED && (made.mints || made.across())) made.promises = 1;
      return made;
    };
    // The accounts of holders, and all, that have something.
    std::vector<Account> can_pay;
    const auto held = notes.Held();
    for (const auto& [account, amount] : held)
      if (amount > 0 && notes.roles.at(std::get<0>(account)) == v1::ROLE_HOLDER) can_pay.push_back(account);

    if (!notes.done.empty() && Chance(20)) {
      const Done& returned = notes.done[Below(notes.done.size())];
      const std::int64_t there = held.at(returned.to);
      if (returned.transfer.kind() == v1::TRANSFER_KIND_EXCHANGE || there == 0) return std::nullopt;
      made.from = returned.to;
      made.to = returned.from;
      made.back = true;
      made.promises = -returned.promises;
      t.set_amount(std::min(there, Chance(50) ? returned.to_amount : UpTo(returned.to_amount)));
      t.set_kind(Chance(50) ? v1::TRANSFER_KIND_RETURN : v1::TRANSFER_KIND_REVERSAL);
      *t.mutable_returns() =
          returned.record == record ? ThisEntry(returned.line) : Ref(returned.record, returned.line);
      if (std::get<1>(made.from) != std::get<1>(made.to)) t.set_to_fund(std::get<1>(made.to));
      return name();
    }
    made.mints = can_pay.empty() || Chance(35);
    if (made.mints) {
      made.from = {AnyOf(kSources), AnyOf(kFunds), Chance(50) ? "" : AnyOf(kProjects), AnyOf(kAssets)};
      t.set_amount(UpTo(60));
    } else {
      made.from = can_pay[Below(can_pay.size())];
      t.set_amount(UpTo(held.at(made.from)));
    }
    made.to = made.from;
    t.set_kind(v1::TRANSFER_KIND_ALLOCATION);
    auto& [to_party, to_fund, to_project, to_asset] = made.to;
    const bool general = to_project.empty();
    if (!made.mints && Chance(20)) {
      t.set_kind(v1::TRANSFER_KIND_RECLASSIFICATION);
      const bool other_fund = Chance(40);
      if (other_fund) to_fund = to_fund == "flood" ? "school" : "flood";
      if (!general && Chance(40)) {
        to_project = "";
        t.set_to_general(true);
      } else if (!other_fund || Chance(50)) {
        const std::string other = AnyOf(kProjects);
        if (other == to_project && !other_fund) return std::nullopt;
        if (other != to_project) t.set_to_project(other);
        to_project = other;
      }
      if (other_fund) t.set_to_fund(to_fund);
      return name();
    }
    to_party = AnyOf(kParties);
    if (Chance(10)) {
      t.set_kind(v1::TRANSFER_KIND_EXCHANGE);
      to_asset = to_asset == "CNY" ? "USD" : "CNY";
      made.to_amount = UpTo(60);
      t.set_to_asset(to_asset);
      t.set_to_amount(made.to_amount);
    }
    if (general && Chance(40)) {
      to_project = AnyOf(kProjects);
      t.set_to_project(to_project);
    }
    return name();
  }

  void Transfers() {
    const std::uint64_t record = w_.next();
    Notes next = notes_;
    std::vector<v1::Action> actions;
    std::vector<v1::TransferKind> kinds;
    bool closed = false, back = false;
    for (std::uint64_t n = 1 + Below(3); n > 0 && !closed; --n) {
      const auto made = Any(next, record, static_cast<std::uint32_t>(actions.size() + 1));
      if (!made.has_value()) continue;
      const std::string& to_project = std::get<2>(made->to);
      closed = !made->back && !to_project.empty() && next.open.count(to_project) == 0;
      back = back || made->back;
      *actions.emplace_back().mutable_transfer() = made->transfer;
      kinds.push_back(made->transfer.kind());
      Write(record, &next, [&](Notes* notes) { notes->done.push_back(*made); });
    }
    if (actions.empty()) return;
    const Status status = w_.Do(actions).status();
    INFO("record " << record << ": " << Entry("root", record, actions).ShortDebugString());
    const std::string verdict = Verdict(status);
    INFO(verdict << ": " << status.message());
    if (status.ok()) {
      REQUIRE_FALSE(closed);
      Taken(record, next);
      for (const auto kind : kinds) ++taken[kind];
      return;
    }
    // Of what is sent back some may be spent already.
    const std::string code = verdict.substr(0, verdict.find(' '));
    REQUIRE(((closed && code == "PROJECT_NOT_OPEN") || (back && code == "RETURN_SHORT")));
    ++refused[code];
    pending_.clear();
  }

  // The rows are what adding up gives, and what the accounts hold.
  void CheckNow() const {
    const store::Reader& state = w_.state();
    const auto sums = notes_.Sums();
    std::map<std::string, std::int64_t> placed, brought;  // by asset
    for (const auto& [of, naive] : sums) {
      INFO("project \"" << of.first << "\", " << of.second);
      const auto row = Need(books::GetProjectTotals(state, of.first, of.second));
      REQUIRE(Text(row) == Text(naive.Totals()));
      REQUIRE(row == naive.Totals());
      REQUIRE(row.placed() == row.held + row.ended + row.reached);
      if (of.first == "*") continue;
      placed[of.second] += row.placed().value();
      brought[of.second] += row.minted.value() - row.with_sources.value() + row.moved_in.value() -
                            row.sent_back.value() - row.taken_out.value();
    }
    // All that was brought in, less what came back, and what came from other assets, lies somewhere.
    REQUIRE(placed == brought);
    for (const auto& [key, value] : SumRows(state)) {
      const auto of = Need(keys::ReadProjectSums(key));
      REQUIRE(sums.count({std::string(of.project), std::string(of.asset)}) == 1);
      Need(model::DecodeProjectTotals(key, value).status());
    }

    std::map<Of, Naive> lies;
    std::size_t of_projects = 0;
    const Bytes accounts = keys::AllOf(keys::kAccountTag);
    for (const auto& [key, value] : AllRows(state, accounts, store::PrefixEnd(accounts))) {
      const auto name = Need(keys::ReadAccountByName(key));
      const model::AccountNumber number(Need(model::DecodeNumber(key, value)));
      const std::string project(name.project);
      Naive& there = lies[{project, std::string(name.asset)}];
      notes_.ClassOf(&there, std::string(name.party)) +=
          Need(books::GetAccountState(state, number)).held.value();
      if (project.empty()) continue;
      ++of_projects;
      REQUIRE(Need(state.Get(keys::ProjectAccount(project, number))).has_value());
    }
    const Bytes all = keys::AllOf(keys::kProjectAccountTag);
    REQUIRE(AllRows(state, all, store::PrefixEnd(all)).size() == of_projects);
    for (const auto& [of, there] : lies) {
      INFO("project \"" << of.first << "\", " << of.second);
      const auto row = Need(books::GetProjectTotals(state, of.first, of.second));
      REQUIRE(row.held == Amount(there.held));
      REQUIRE(row.ended == Amount(there.ended));
      REQUIRE(row.reached == Amount(there.reached));
      REQUIRE(row.with_sources == Amount(there.with_sources));
    }
  }

  // As of every record the rows are what the notes were then; and none is there of a record that changed nothing.
  void CheckHistory() const {
    const store::Reader& state = w_.state();
    std::map<Of, Naive> then;
    for (std::uint64_t record = 0; record < w_.next(); ++record) {
      const auto written = after_.find(record);
      if (written != after_.end()) then = written->second;
      for (const std::string& asset : kAssets) {
        for (const std::string& project :
             {std::string(), std::string("*"), kProjects[0], kProjects[1], kProjects[2]}) {
          INFO("as of record " << record << ", project \"" << project << "\", " << asset);
          const auto last = Need(state.Last(keys::ProjectSumsOf(project, asset),
                                            keys::ProjectSums(project, asset, RecordIndex(record + 1))));
          const auto expected = then.find({project, asset});
          const model::ProjectTotals totals =
              expected == then.end() ? model::ProjectTotals() : expected->second.Totals();
          const model::ProjectTotals row = last.has_value()
                                               ? Need(model::DecodeProjectTotals(last->first, last->second))
                                               : model::ProjectTotals();
          REQUIRE(Text(row) == Text(totals));
          REQUIRE(row == totals);
        }
      }
    }
    for (const auto& [key, value] : SumRows(state)) {
      const auto of = Need(keys::ReadProjectSums(key));
      INFO(keys::Describe(key));
      REQUIRE(changed_.count({{std::string(of.project), std::string(of.asset)}, of.record.value()}) == 1);
    }
  }

  std::mt19937_64 random_;
  ProjectWorld w_;
  Notes notes_;
  std::uint64_t inferred_in_ = 0;
  std::map<std::uint64_t, std::map<Of, Naive>> after_;  // the sums after a record that was taken
  std::set<std::pair<Of, std::uint64_t>> changed_;      // which sums a record changed
  std::set<std::pair<Of, std::uint64_t>> pending_;      // the same of the record that is made
};

TEST_CASE("after random transfers the sums of projects are those of all transfers, as of every record") {
  const std::uint64_t first = std::random_device{}();
  std::map<v1::TransferKind, int> taken;
  std::map<std::string, int> refused;
  int amended = 0;
  for (std::uint64_t seed = first; seed < first + 12; ++seed) {
    INFO("seed " << seed);
    Game game(seed);
    game.Play(60);
    for (const auto& [kind, count] : game.taken) taken[kind] += count;
    for (const auto& [code, count] : game.refused) refused[code] += count;
    amended += game.amended;
  }
  INFO("first seed " << first);
  // The play is of use only if it meets every kind, and both sides of every rule.
  for (const auto kind : {v1::TRANSFER_KIND_ALLOCATION, v1::TRANSFER_KIND_RETURN, v1::TRANSFER_KIND_REVERSAL,
                          v1::TRANSFER_KIND_RECLASSIFICATION, v1::TRANSFER_KIND_EXCHANGE}) {
    INFO(model::WordOf(kind));
    CHECK(taken[kind] > 0);
  }
  CHECK(refused["PROJECT_NOT_OPEN"] > 0);
  CHECK(refused["RETURN_SHORT"] > 0);
  CHECK(amended > 0);
}

}  // namespace
}  // namespace fundtrail::testing
