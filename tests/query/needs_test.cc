// Needs of a real ledger: each state, what came straight and through projects, what others found, needs that recur, the order, and
// pages. Then random ledgers against a model that knows no rows.
#include "ledger/query/needs.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "ledger/model/enum_word.h"
#include "ledger/query/need_money.h"
#include "ledger/query/needs_in_force.h"
#include "ledger/store/memory.h"
#include "tests/support/counting_reader.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using Request = v1::NeedsRequest;

constexpr std::int64_t kDay = 86'400'000'000;
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// The payment meets that need.
v1::Action Naming(const std::string& need, v1::Action pay) {
  pay.mutable_transfer()->set_need(need);
  return pay;
}
v1::Action InAsset(const std::string& asset, v1::Action action) {
  action.mutable_transfer()->set_asset(asset);
  return action;
}
v1::Action OutOfFund(const std::string& fund, v1::Action pay) {
  pay.mutable_transfer()->set_fund(fund);
  return pay;
}
// Needs, each with its basis points.
v1::Action ForNeeds(v1::Action project, Parts needs) {
  for (const auto& [need, basis_points] : needs) {
    auto* share = project.mutable_propose_project()->add_needs();
    share->set_need(need);
    share->set_basis_points(basis_points);
  }
  return project;
}
v1::Action During(v1::Action need, const std::string& from, const std::string& until = "") {
  need.mutable_declare_need()->set_from(from);
  need.mutable_declare_need()->set_until(until);
  return need;
}
v1::Action EveryYear(v1::Action need) {
  need.mutable_declare_need()->set_recurring(true);
  return need;
}
v1::Action Graded(v1::Action need, std::uint32_t severity, std::uint32_t priority = 0) {
  need.mutable_declare_need()->set_severity(severity);
  need.mutable_declare_need()->set_priority(priority);
  return need;
}

// cn ─┬─ gz ─┬─ bj      EDU, HEA    county declares and owns, the auditor in cn verifies and decides; donor gives to ministry,
//     │      └─ zy                  and straight to village
//     └─ sc
struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Ground() {
    Do({Place("cn"), Place("gz", "cn", 1), Place("sc", "cn", 1), Place("bj", "gz", 2), Place("zy", "gz", 2),
        Category("EDU"), Category("HEA"), Party("county", "root"), Seated(Party("auditor", "root"), "cn"),
        Asset("USD"), Fund("school", "root")});
  }
  // The record.
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  void DaysGo(int days) { clock.now += days * kDay; }
  // One that somebody else confirmed; the record that declared it.
  std::uint64_t Confirmed(const v1::Action& need) {
    const std::uint64_t record = Do({need});
    Do({Verify(need.declare_need().id(), record)});
    return record;
  }
  // A project at bj that is approved.
  void Runs(const std::string& id, Parts needs) {
    const std::uint64_t record =
        Do({ForNeeds(Where(Project(id, "county"), {{"bj", 0}}, {{"EDU", 0}}), needs)});
    Do({Decide(id, record)});
  }
  query::View View() const { return Need(query::MakeView(ledger->store())); }
  StatusOr<v1::NeedsAnswer> Try(const Request& request, query::Paging paging = {}) const {
    const query::View view = View();
    paging.limit = request.limit();
    paging.after = request.after();
    return Whole(query::Needs(view, request, paging));
  }
  v1::NeedsAnswer Ask(const Request& request) const { return Need(Try(request)); }
};

v1::Action Money(const std::string& id, std::int64_t amount, const std::string& place = "bj",
                 const std::string& category = "EDU") {
  return Asking(NeedAt(id, "county", place, category, 0), amount);
}

Request Within(const std::string& place, const std::string& category = "") {
  Request request;
  request.set_place(place);
  request.set_category(category);
  return request;
}
Request On(const std::string& day) {
  Request request;
  request.set_on(day);
  return request;
}
Request Single(std::initializer_list<std::string> ids) {
  Request request;
  for (const std::string& id : ids) request.add_ids(id);
  return request;
}
Request AsOf(std::uint64_t record) {
  Request request;
  request.set_as_of(record);
  return request;
}

// "n PARTLY 100: 30 + 20, 50 open".
std::string Text(const v1::NeedsAnswer& answer) {
  std::string text;
  for (const v1::NeedLine& line : answer.lines()) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", line.need().id(), " ", model::WordOf(line.state()), " ",
                    line.asked(), ": ", line.direct(), " + ", line.by_projects(), ", ", line.open(), " open");
  }
  return text;
}
std::string Ids(const v1::NeedsAnswer& answer) {
  std::string text;
  for (const v1::NeedLine& line : answer.lines())
    absl::StrAppend(&text, text.empty() ? "" : " ", line.need().id());
  return text;
}

TEST_CASE("the state of a need says how far it is met") {
  struct Row {
    std::string name;
    std::int64_t amount, people, direct, put_in;
    std::uint32_t basis_points;
    std::string says;
  };
  const std::vector<Row> rows = {
      {"nothing came", 100, 0, 0, 0, 0, "n OPEN 100: 0 + 0, 100 open"},
      {"a project without money", 100, 0, 0, 0, 10'000, "n OPEN 100: 0 + 0, 100 open"},
      {"something straight", 100, 0, 30, 0, 0, "n PARTLY 100: 30 + 0, 70 open"},
      {"half of a project", 100, 0, 0, 60, 5'000, "n PARTLY 100: 0 + 30, 70 open"},
      {"both", 100, 0, 30, 60, 5'000, "n PARTLY 100: 30 + 30, 40 open"},
      {"all but one", 100, 0, 99, 0, 0, "n PARTLY 100: 99 + 0, 1 open"},
      {"all", 100, 0, 40, 60, 10'000, "n MET 100: 40 + 60, 0 open"},
      {"more", 100, 0, 150, 60, 10'000, "n MET 100: 150 + 60, 0 open"},
      {"people alone", 0, 40, 0, 60, 10'000, "n WITHOUT_AMOUNT 0: 0 + 0, 0 open"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    Ground ground;
    v1::Action need = NeedAt("n", "county", "bj", "EDU", row.people);
    if (row.amount > 0) need = Asking(need, row.amount);
    const std::uint64_t record = ground.Confirmed(need);
    if (row.basis_points > 0) ground.Runs("p", {{"n", row.basis_points}});
    if (row.put_in > 0) ground.Do({Into("p", Pay("donor", "ministry", row.put_in))});
    if (row.direct > 0)
      ground.Do({Naming("n", Pay("donor", "village", row.direct, v1::TRANSFER_KIND_DONATION))});
    const auto answer = ground.Ask({});
    CHECK(Text(answer) == row.says);
    REQUIRE(answer.lines_size() == 1);
    const v1::NeedLine& line = answer.lines(0);
    CHECK(line.need().owner() == "county");
    CHECK(line.record() == record);
    CHECK(line.opened() == record);
    CHECK(line.found() == v1::VerifyNeed::RESULT_CONFIRMED);
    CHECK(line.place_name() == "Place bj");
    CHECK(line.category_name() == "Category EDU");
    CHECK(line.people() == row.people);
    CHECK(line.years() == 1);
    CHECK(line.decimals() == (row.amount > 0 ? 2 : 0));
    CHECK(answer.on() == "2026-03-01");
    CHECK(answer.as_of().size() == ground.ledger->size());
    // The state that it has, and no other, brings it.
    for (const auto state : {v1::NEED_STATE_OPEN, v1::NEED_STATE_PARTLY, v1::NEED_STATE_MET,
                             v1::NEED_STATE_EXPIRED, v1::NEED_STATE_WITHOUT_AMOUNT}) {
      Request request;
      request.add_states(state);
      CHECK(ground.Ask(request).lines_size() == (state == line.state() ? 1 : 0));
    }
  }
}

TEST_CASE("a need that is over is shown when it is asked for, and one that ended by its id alone") {
  Ground ground;
  ground.Confirmed(During(Money("over", 100), "2026-01-01", "2026-02-28"));
  ground.Confirmed(During(Money("last", 100), "2026-01-01", "2026-03-01"));
  ground.Confirmed(During(Money("to-come", 100), "2026-03-02"));
  const std::uint64_t record = ground.Confirmed(Money("ended", 100));
  ground.Do({Naming("ended", Pay("donor", "village", 10, v1::TRANSFER_KIND_DONATION))});
  ground.Do({End("need", "ended", record)});
  CHECK(Text(ground.Ask({})) == "last OPEN 100: 0 + 0, 100 open");
  Request expired;
  expired.add_states(v1::NEED_STATE_EXPIRED);
  CHECK(Text(ground.Ask(expired)) == "over EXPIRED 100: 0 + 0, 100 open");
  expired.add_states(v1::NEED_STATE_OPEN);
  CHECK(Ids(ground.Ask(expired)) == "over last");
  CHECK(Ids(ground.Ask(On("2026-02-28"))) == "over last");
  CHECK(Ids(ground.Ask(On("2026-03-02"))) == "to-come");
  // What has not begun asks for nothing, and neither has a state.
  CHECK(Text(ground.Ask(Single({"to-come", "ended", "over"}))) ==
        "over EXPIRED 100: 0 + 0, 100 open; ended NEED_STATE_UNSPECIFIED 100: 10 + 0, 90 open; "
        "to-come NEED_STATE_UNSPECIFIED 0: 0 + 0, 0 open");
  // As of a record before it ended, it goes on.
  CHECK(Text(ground.Ask(AsOf(ground.ledger->size() - 2))) ==
        "last OPEN 100: 0 + 0, 100 open; ended PARTLY 100: 10 + 0, 90 open");
  CHECK(ground.Ask(AsOf(ground.ledger->size() - 2)).as_of_record() == ground.ledger->size() - 2);
}

TEST_CASE("years begin with each anniversary of the first day, and that of a 29 February is the 28th") {
  const auto years = [](const std::string& first, const std::string& day) {
    return YearsBegun(Need(ParseDate(first)), Need(ParseDate(day)));
  };
  CHECK(years("2026-03-01", "2026-02-28") == 0);
  CHECK(years("2026-03-01", "2026-03-01") == 1);
  CHECK(years("2026-03-01", "2027-02-28") == 1);
  CHECK(years("2026-03-01", "2027-03-01") == 2);
  CHECK(years("2026-12-31", "2027-01-01") == 1);
  CHECK(years("2024-02-29", "2025-02-27") == 1);
  CHECK(years("2024-02-29", "2025-02-28") == 2);
  CHECK(years("2024-02-29", "2028-02-28") == 4);
  CHECK(years("2024-02-29", "2028-02-29") == 5);
  CHECK(years("1900-01-01", "2200-12-31") == 301);
}

TEST_CASE("a need that recurs asks for its amount anew every year, until its last day") {
  Ground ground;
  ground.Confirmed(EveryYear(During(Money("leap", 100), "2024-02-29")));
  ground.Confirmed(EveryYear(Money("opened", 10)));  // since the day of its record
  ground.Confirmed(EveryYear(During(Money("ends", 7), "2026-01-01", "2027-06-30")));
  ground.Confirmed(EveryYear(During(Money("most", kMost / 2), "2024-01-01")));
  ground.Do({Naming("leap", Pay("donor", "village", 250, v1::TRANSFER_KIND_DONATION))});
  const auto asked = [&](const std::string& id, const std::string& day) {
    Request request = Single({id});
    request.set_on(day);
    const auto answer = ground.Ask(request);
    REQUIRE(answer.lines_size() == 1);
    return absl::StrCat(answer.lines(0).years(), ": ", answer.lines(0).asked(), ", ", answer.lines(0).open(),
                        " open");
  };
  CHECK(asked("leap", "2026-02-27") == "2: 200, 0 open");
  CHECK(asked("leap", "2026-02-28") == "3: 300, 50 open");
  CHECK(asked("leap", "2028-02-28") == "4: 400, 150 open");
  CHECK(asked("leap", "2028-02-29") == "5: 500, 250 open");
  CHECK(asked("opened", "2026-02-01") == "1: 10, 10 open");  // nobody said that it begins later
  CHECK(asked("opened", "2027-02-28") == "1: 10, 10 open");
  CHECK(asked("opened", "2027-03-01") == "2: 20, 20 open");
  CHECK(asked("ends", "2026-12-31") == "1: 7, 7 open");
  CHECK(asked("ends", "2027-06-30") == "2: 14, 14 open");
  CHECK(asked("ends", "2030-01-01") == "2: 14, 14 open");
  CHECK(asked("most", "2024-12-31") == absl::StrCat("1: ", kMost / 2, ", ", kMost / 2, " open"));
  CHECK(asked("most", "2030-01-01") == absl::StrCat("7: ", kMost, ", ", kMost, " open"));
  // One that ended asks for no year that begins later.
  const std::uint64_t record = ground.Confirmed(EveryYear(During(Money("given-up", 5), "2025-06-01")));
  ground.Do({End("need", "given-up", record)});
  CHECK(asked("given-up", "2030-01-01") == "1: 5, 5 open");
}

TEST_CASE("what others found of a need counts, of its present version alone") {
  Ground ground;
  const v1::Action need = Graded(Asking(NeedAt("n", "county", "bj", "EDU", 400), 100), 2, 1);
  std::uint64_t record = ground.Do({need});
  const auto says = [&](const Request& request) {
    const auto answer = ground.Ask(request);
    std::string text;
    for (const v1::NeedLine& line : answer.lines())
      absl::StrAppend(&text, model::WordOf(line.found()), " ", line.people(), " ", line.severity(), " ",
                      line.asked(), " ");
    return absl::StrCat(text, answer.not_verified());
  };
  Request any;
  any.set_unverified(true);
  CHECK(says({}) == "1");
  CHECK(says(any) == "RESULT_UNSPECIFIED 400 2 100 0");
  CHECK(says(Single({"n"})) == "RESULT_UNSPECIFIED 400 2 100 0");
  v1::Action corrected = Verify("n", record, "auditor", v1::VerifyNeed::RESULT_CORRECTED);
  corrected.mutable_verify_need()->set_people(300);
  corrected.mutable_verify_need()->set_severity(4);
  corrected.mutable_verify_need()->set_amount(60);
  ground.Do({corrected});
  CHECK(says({}) == "CORRECTED 300 4 60 0");
  // What its owner says stands beside it.
  CHECK(ground.Ask({}).lines(0).need().people() == 400);
  ground.Do({Verify("n", record, "auditor", v1::VerifyNeed::RESULT_REFUSED)});
  CHECK(says({}) == "1");
  CHECK(says(any) == "REFUSED 400 2 100 0");
  corrected.mutable_verify_need()->set_people(0);
  corrected.mutable_verify_need()->set_amount(0);
  ground.Do({corrected});
  CHECK(says({}) == "1");
  CHECK(says(any) == "CORRECTED 0 4 0 0");
  ground.Do({Verify("n", record)});
  CHECK(says({}) == "CONFIRMED 400 2 100 0");
  record = ground.Do({Amending(need, record)});
  CHECK(says({}) == "1");
  CHECK(says(AsOf(record - 1)) == "CONFIRMED 400 2 100 0");
  ground.Do({Verify("n", record)});
  CHECK(says({}) == "CONFIRMED 400 2 100 0");
  CHECK(ground.Ask({}).lines(0).record() == record);
  CHECK(ground.Ask({}).lines(0).opened() < record);
}

TEST_CASE("money of a project is for its needs by their parts, which add up with the rest") {
  Ground ground;
  ground.Confirmed(Money("a", 1'000));
  ground.Confirmed(Money("b", 1'000));
  ground.Confirmed(Asking(NeedAt("c", "county", "sc", "HEA", 0), 1'000, "USD"));
  ground.Runs("p", {{"b", 3'333}, {"a", 3'333}, {"c", 1'000}});
  const std::uint64_t before = ground.Do({Into("p", Pay("donor", "ministry", 10))});
  // 3.333 each, 1 for another asset, 2.334 for none: what is left goes to the largest remainder, which is the rest's.
  CHECK(Text(ground.Ask({})) ==
        "a PARTLY 1000: 0 + 3, 997 open; b PARTLY 1000: 0 + 3, 997 open; c OPEN 1000: 0 + 0, 1000 open");
  // 3.6663, 3.6663, 1.1, 2.5674: two are left, and of equal remainders the lower id is served first.
  ground.Do({Into("p", Pay("donor", "ministry", 1))});
  CHECK(Text(ground.Ask(Within("gz"))) == "a PARTLY 1000: 0 + 4, 996 open; b PARTLY 1000: 0 + 4, 996 open");
  ground.Do({InAsset("USD", Into("p", Pay("donor", "ministry", 50)))});
  CHECK(Text(ground.Ask(Within("sc"))) == "c PARTLY 1000: 0 + 5, 995 open");
  // Money that reached people is for the need as money that lies with holders is.
  ground.Do({In("p", Pay("ministry", "village", 6, v1::TRANSFER_KIND_DISBURSEMENT))});
  CHECK(Text(ground.Ask(Within("gz"))) == "a PARTLY 1000: 0 + 4, 996 open; b PARTLY 1000: 0 + 4, 996 open");
  // A second project adds to it, and a part is committed.
  ground.Runs("q", {{"a", 10'000}});
  ground.Do({Committed(Into("q", Pay("donor", "ministry", 20))), Into("q", Pay("donor", "ministry", 5))});
  CHECK(Text(ground.Ask(Single({"a"}))) == "a PARTLY 1000: 0 + 29, 971 open");
  CHECK(ground.Ask(Single({"a"})).lines(0).committed() == 20);
  CHECK(Text(ground.Ask(AsOf(before))) ==
        "a PARTLY 1000: 0 + 3, 997 open; b PARTLY 1000: 0 + 3, 997 open; c OPEN 1000: 0 + 0, 1000 open");
}

TEST_CASE("a project is for its needs while its present version is approved, and after it ended") {
  Ground ground;
  ground.Confirmed(Money("n", 100));
  const v1::Action project =
      ForNeeds(Where(Project("p", "county"), {{"bj", 0}}, {{"EDU", 0}}), {{"n", 10'000}});
  const std::string open = "n OPEN 100: 0 + 0, 100 open", partly = "n PARTLY 100: 0 + 40, 60 open";
  std::uint64_t record = ground.Do({project});
  CHECK(Text(ground.Ask({})) == open);
  ground.Do({Decide("p", record)});
  const std::uint64_t before = ground.Do({Into("p", Pay("donor", "ministry", 40))});
  CHECK(Text(ground.Ask({})) == partly);
  // Whoever owns it may say anything in a new version.
  record = ground.Do({Amending(project, record)});
  CHECK(Text(ground.Ask({})) == open);
  CHECK(Text(ground.Ask(AsOf(before))) == partly);
  ground.Do({Decide("p", record, "auditor", v1::ApproveProject::DECISION_REJECTED)});
  CHECK(Text(ground.Ask({})) == open);
  ground.Do({Decide("p", record)});
  CHECK(Text(ground.Ask({})) == partly);
  ground.Do({End("project", "p", record)});
  CHECK(Text(ground.Ask({})) == partly);
}

TEST_CASE(
    "where more came than 63 bits can count nobody knows how far a need is met, and others are answered") {
  Ground ground;
  ground.Confirmed(Money("a", 100));
  ground.Confirmed(Asking(NeedAt("b", "county", "bj", "EDU", 0), 100, "USD"));
  ground.Confirmed(Money("c", 100));
  ground.Runs("p", {{"b", 5'000}, {"c", 1'000}});
  const auto into = [](const std::string& fund, std::int64_t amount) {
    return OutOfFund(fund, InAsset("USD", Into("p", Pay("donor", "ministry", amount))));
  };
  ground.Do({Naming("a", Pay("donor", "village", kMost, v1::TRANSFER_KIND_DONATION)), into("flood", kMost)});
  const std::string c = "; c OPEN 100: 0 + 0, 100 open";
  CHECK(Text(ground.Ask({})) ==
        absl::StrCat("a MET 100: ", kMost, " + 0, 0 open; b MET 100: 0 + ", kMost / 2, ", 0 open", c));
  const std::uint64_t known = ground.ledger->size() - 1;
  // A unit more, out of another fund.
  ground.Do({Naming("a", OutOfFund("school", Pay("donor", "village", 1, v1::TRANSFER_KIND_DONATION)))});
  ground.Do({into("school", 1)});
  const auto answer = ground.Ask({});
  CHECK(Text(answer) ==
        "a NEED_STATE_UNSPECIFIED 100: 0 + 0, 0 open; b NEED_STATE_UNSPECIFIED 100: 0 + 0, 0 open" + c);
  REQUIRE(answer.lines_size() == 3);
  CHECK(answer.lines(0).beyond());
  CHECK(answer.lines(1).beyond());
  CHECK_FALSE(answer.lines(2).beyond());
  CHECK(answer.lines(0).committed() == 0);
  std::string counts;
  for (const v1::NeedCount& count : answer.counts())
    absl::StrAppend(&counts, count.asset(), " ", static_cast<int>(count.state()), " ", count.needs(), ": ",
                    count.asked(), " ", count.met(), " ", count.open(), "; ");
  CHECK(counts == "CNY 0 1: 100 0 0; CNY 1 1: 100 0 100; USD 0 1: 100 0 0; ");
  CHECK(Ids(ground.Ask(Single({"a"}))) == "a");
  CHECK_FALSE(ground.Ask(AsOf(known)).lines(0).beyond());
  // Whoever asks for states asks for what is known.
  Request some;
  for (const auto state : {v1::NEED_STATE_OPEN, v1::NEED_STATE_PARTLY, v1::NEED_STATE_MET,
                           v1::NEED_STATE_EXPIRED, v1::NEED_STATE_WITHOUT_AMOUNT})
    some.add_states(state);
  CHECK(Ids(ground.Ask(some)) == "c");
}

TEST_CASE(
    "what was paid straight counts in the asset of the need, out of all funds, less what was sent back") {
  Ground ground;
  const std::uint64_t record = ground.Confirmed(Money("n", 1'000));
  const std::uint64_t first =
      ground.Do({Naming("n", Pay("donor", "village", 100, v1::TRANSFER_KIND_DONATION))});
  ground.Do({Naming("n", OutOfFund("school", Pay("donor", "village", 30, v1::TRANSFER_KIND_DONATION))),
             Committed(Naming("n", Pay("donor", "village", 7, v1::TRANSFER_KIND_DONATION)))});
  CHECK(Text(ground.Ask({})) == "n PARTLY 1000: 137 + 0, 863 open");
  CHECK(ground.Ask({}).lines(0).committed() == 7);
  const std::uint64_t back = ground.Do({Returning(Pay("village", "donor", 60), Ref(first))});
  CHECK(Text(ground.Ask({})) == "n PARTLY 1000: 77 + 0, 923 open");
  CHECK(Text(ground.Ask(AsOf(back - 1))) == "n PARTLY 1000: 137 + 0, 863 open");
  CHECK(Text(ground.Ask(AsOf(first))) == "n PARTLY 1000: 100 + 0, 900 open");
  CHECK(Text(ground.Ask(AsOf(first - 1))) == "n OPEN 1000: 0 + 0, 1000 open");

  const query::View view = ground.View();
  CHECK(Need(query::PaidFor(view, "n", "CNY", {})) == query::DirectMoney{77, 7, false});
  CHECK(Need(query::PaidFor(view, "n", "CNY", first)) == query::DirectMoney{100, 0, false});
  CHECK(Need(query::PaidFor(view, "n", "USD", {})) == query::DirectMoney{});
  CHECK(Need(query::PaidFor(view, "none", "CNY", {})) == query::DirectMoney{});
  std::vector<query::NeedPaid> by_fund;  // by id, and none that has nothing
  Need(query::EachPaidFor(view, "n", {}, [&](const query::NeedPaid& paid) {
    if (paid.asset == "CNY" && paid.money.paid > 0) by_fund.push_back(paid);
    return absl::OkStatus();
  }));
  REQUIRE(by_fund.size() == 2);
  CHECK(by_fund[0].fund == "flood");
  CHECK(by_fund[0].money == query::DirectMoney{47, 7, false});
  CHECK(by_fund[1].fund == "school");
  CHECK(by_fund[1].money == query::DirectMoney{30, 0, false});

  // In another asset it asks anew, and what came in the old one is not of it.
  ground.Do({Amending(Asking(NeedAt("n", "county", "bj", "EDU", 0), 500, "USD"), record)});
  ground.Do({Verify("n", ground.ledger->size() - 1)});
  CHECK(Text(ground.Ask({})) == "n OPEN 500: 0 + 0, 500 open");
  ground.Do({Naming("n", InAsset("USD", Pay("donor", "village", 9, v1::TRANSFER_KIND_DONATION)))});
  CHECK(Text(ground.Ask({})) == "n PARTLY 500: 9 + 0, 491 open");
}

TEST_CASE("the most severe stand first, then the most urgent, the last day, the most people, and the id") {
  Ground ground;
  const auto need = [](const std::string& id, std::uint32_t severity, std::uint32_t priority,
                       const std::string& until, std::int64_t people) {
    return During(Graded(NeedAt(id, "county", "bj", "EDU", people), severity, priority), "", until);
  };
  // In an order that is none.
  for (const v1::Action& action :
       {need("h", 0, 1, "2026-04-01", 900), need("g", 3, 0, "", 5), need("c", 5, 2, "2026-12-31", 10),
        need("a", 5, 2, "", 10), need("d", 5, 2, "2026-12-31", 10), need("b", 5, 2, "2026-12-31", 20),
        need("f", 3, 3, "", 5), need("e", 5, 0, "2026-04-01", 10), need("i", 5, 1, "", 1)})
    ground.Confirmed(action);
  CHECK(Ids(ground.Ask({})) == "i b c d a e f g h");
  CHECK(Ids(ground.Ask(Single({"h", "a", "i"}))) == "i a h");
  // The severity and the people that count are those that were found.
  v1::Action corrected = Verify("h", ground.ledger->size(), "auditor", v1::VerifyNeed::RESULT_CORRECTED);
  const auto row = ground.Ask(Single({"h"}));
  corrected.mutable_verify_need()->set_version(row.lines(0).record());
  corrected.mutable_verify_need()->set_severity(4);
  corrected.mutable_verify_need()->set_people(1);
  ground.Do({corrected});
  CHECK(Ids(ground.Ask({})) == "i b c d a e h f g");
}

TEST_CASE("needs of a place and a category, with all below, and how many are in each state") {
  Ground ground;
  ground.Confirmed(Money("a", 100, "bj", "EDU"));
  ground.Confirmed(Money("b", 200, "zy", "HEA"));
  ground.Confirmed(Money("c", 300, "gz", "EDU"));
  ground.Confirmed(Asking(NeedAt("d", "county", "sc", "EDU", 5), 400, "USD"));
  ground.Confirmed(NeedAt("e", "county", "sc", "HEA", 7));
  ground.Do({Money("f", 1, "bj", "EDU")});
  ground.Do({Naming("b", Pay("donor", "village", 250, v1::TRANSFER_KIND_DONATION)),
             Naming("c", Pay("donor", "village", 10, v1::TRANSFER_KIND_DONATION))});
  CHECK(Ids(ground.Ask({})) == "e d a b c");
  CHECK(Ids(ground.Ask(Within("gz"))) == "a b c");
  CHECK(Ids(ground.Ask(Within("bj"))) == "a");
  CHECK(Ids(ground.Ask(Within("", "EDU"))) == "d a c");
  CHECK(Ids(ground.Ask(Within("gz", "EDU"))) == "a c");
  CHECK(Ids(ground.Ask(Within("sc", "HEA"))) == "e");
  CHECK(ground.Ask({}).not_verified() == 1);
  CHECK(ground.Ask(Within("zy")).not_verified() == 0);
  CHECK(ground.Ask(Within("bj")).not_verified() == 1);
  const auto counts = [&](const Request& request) {
    std::string text;
    const auto answer = ground.Ask(request);
    for (const v1::NeedCount& count : answer.counts())
      absl::StrAppend(&text, text.empty() ? "" : "; ", count.asset(), "/", count.decimals(), " ",
                      model::WordOf(count.state()), " ", count.needs(), ": ", count.asked(), " ", count.met(),
                      " ", count.open());
    return text;
  };
  CHECK(counts({}) ==
        "/0 WITHOUT_AMOUNT 1: 0 0 0; CNY/2 OPEN 1: 100 0 100; CNY/2 PARTLY 1: 300 10 290; "
        "CNY/2 MET 1: 200 250 0; USD/2 OPEN 1: 400 0 400");
  CHECK(counts(Within("sc")) == "/0 WITHOUT_AMOUNT 1: 0 0 0; USD/2 OPEN 1: 400 0 400");
  Request met;
  met.add_states(v1::NEED_STATE_MET);
  CHECK(counts(met) == "CNY/2 MET 1: 200 250 0");
  // They are of all that fit, whatever the page.
  Request two;
  two.set_limit(2);
  CHECK(Ids(ground.Ask(two)) == "e d");
  CHECK(counts(two) == counts({}));
}

TEST_CASE("needs look at no places and categories but those that are asked for or shown") {
  Ground ground;
  ground.Confirmed(Money("n", 100));
  const auto looks = [&](const Request& request) {
    const CountingReader rows(ground.ledger->store());
    const query::View view = Need(query::MakeView(rows));
    CHECK(Ids(Need(Whole(query::Needs(view, request, {})))) == "n");
    return rows.looks + rows.steps;
  };
  const std::vector<Request> questions = {Request(), Single({"n"}), Within("gz"), Within("", "EDU"),
                                          Within("gz", "EDU")};
  std::vector<std::size_t> before;
  for (const Request& request : questions) before.push_back(looks(request));
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i);
    ground.Do({Place("t" + number, "sc", 2), Category("C" + number)});
  }
  for (std::size_t i = 0; i < questions.size(); ++i) {
    INFO(questions[i].ShortDebugString());
    CHECK(looks(questions[i]) <= before[i] + 4);
  }
}

TEST_CASE("each need that is kept is told, and where there is no memory for it the question ends") {
  Ground ground;
  std::vector<v1::Action> actions;
  for (int i = 0; i < 40; ++i) actions.push_back(Money(absl::StrCat("n", i), 100));
  ground.Do(actions);
  Request any;
  any.set_unverified(true);
  query::View view = ground.View();
  std::size_t kept = 0;
  view.grow = [&](std::size_t bytes) {
    kept += bytes;
    return absl::OkStatus();
  };
  Need(query::Needs(view, any, {}).status());
  CHECK(kept >= std::size_t{40 * 64});
  CHECK(kept <= std::size_t{40 * 200});
  view.grow = [&](std::size_t bytes) {
    kept -= std::min(kept, bytes);
    return kept > 0 ? absl::OkStatus() : absl::ResourceExhaustedError("enough");
  };
  CHECK(query::Needs(view, any, {}).status().code() == absl::StatusCode::kResourceExhausted);
}

TEST_CASE("what cannot be asked of needs is told") {
  Ground ground;
  ground.Confirmed(Money("n", 100));
  const auto told = [&](const Request& request, absl::StatusCode code, const std::string& words) {
    const Status status = ground.Try(request).status();
    INFO(status.ToString());
    CHECK(status.code() == code);
    CHECK_THAT(std::string(status.message()), Contains(words));
  };
  using Code = absl::StatusCode;
  told(Within("nowhere"), Code::kNotFound, "no place \"nowhere\"");
  told(Within("", "song"), Code::kNotFound, "no category \"song\"");
  told(Single({"n", "none"}), Code::kNotFound, "no need \"none\"");
  told(Single({"a", "n"}), Code::kNotFound, "no need \"a\"");
  told(Single({"n", "n"}), Code::kInvalidArgument, "ids: one is listed twice");
  Request then = Single({"n"});
  then.set_as_of(0);
  told(then, Code::kNotFound, "no need \"n\" at that record");
  told(On("soon"), Code::kInvalidArgument, "on");
  told(AsOf(ground.ledger->size()), Code::kOutOfRange, "there is no record");
  Request both = Single({"n"});
  both.set_place("gz");
  told(both, Code::kInvalidArgument, "ids: single needs");
  Request state;
  state.add_states(v1::NEED_STATE_UNSPECIFIED);
  told(state, Code::kInvalidArgument, "states: 0 is not known");
  Request unknown;
  unknown.add_states(static_cast<v1::NeedState>(77));
  told(unknown, Code::kInvalidArgument, "states: 77 is not known");
  Request many;
  for (int i = 0; i < 257; ++i) many.add_ids(absl::StrCat("n", i));
  told(many, Code::kInvalidArgument, "ids: at most 256");
}

TEST_CASE("pages of needs, cut in every way, are the whole, and a token goes on where its need stood") {
  Ground ground;
  std::vector<v1::Action> actions;
  for (int i = 0; i < 40; ++i) {
    v1::Action need = Graded(NeedAt(absl::StrCat("n:", i), "county", i % 3 == 0 ? "bj" : "sc", "EDU", i % 5),
                             static_cast<std::uint32_t>(i % 4), static_cast<std::uint32_t>(i % 3));
    need.mutable_declare_need()->set_quantity(1);
    need.mutable_declare_need()->set_unit("tents");
    if (i % 2 == 0) need = During(need, "", absl::StrCat("2026-05-", 10 + i / 2));
    actions.push_back(need);
  }
  ground.Do(actions);
  Request all;
  all.set_unverified(true);
  const std::string whole = Ids(ground.Ask(all));
  CHECK(std::count(whole.begin(), whole.end(), ' ') == 39);
  for (const std::size_t parts :
       {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{39}, std::size_t{40}, std::size_t{500}}) {
    query::Paging paging;
    paging.page_parts = parts;
    INFO("pages of " << parts);
    CHECK(Ids(Need(ground.Try(all, paging))) == whole);
    const query::View view = ground.View();
    const auto pages = Need(EachPage(query::Needs(view, all, paging)));
    CHECK(pages.size() == (40 + parts - 1) / parts);
    for (std::size_t i = 0; i < pages.size(); ++i) {
      CHECK(pages[i].counts_size() == (i == 0 ? 1 : 0));
      CHECK(pages[i].on() == "2026-03-01");
      CHECK(pages[i].next().empty());
    }
  }
  query::Paging small;
  small.page_bytes = 1;
  CHECK(Ids(Need(ground.Try(all, small))) == whole);
  // Part by part.
  for (const std::uint64_t limit : {std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{40}}) {
    Request part = all;
    part.set_limit(limit);
    std::string text;
    for (int times = 0;; ++times) {
      REQUIRE(times <= 40);
      const auto answer = ground.Ask(part);
      CHECK(static_cast<std::uint64_t>(answer.lines_size()) <= limit);
      absl::StrAppend(&text, text.empty() ? "" : " ", Ids(answer));
      if (answer.next().empty()) break;
      part.set_after(answer.next());
    }
    CHECK(text == whole);
  }
  // The need of the token has changed since: what follows is what followed it then.
  Request part = all;
  part.set_limit(10);
  const auto first = ground.Ask(part);
  const v1::NeedLine& last = first.lines(9);
  v1::Action changed;
  *changed.mutable_declare_need() = last.need();
  changed.mutable_declare_need()->set_severity(5);
  ground.Do({Amending(changed, last.record())});
  part.set_limit(0);
  part.set_after(first.next());
  CHECK(Ids(first) + " " + Ids(ground.Ask(part)) == whole);
  // A token is of one question, and is believed nothing.
  const std::string mark = first.next().substr(0, first.next().find('.') + 1);
  for (const std::string& token :
       {std::string("x"), first.next() + "x", mark, mark + "1:1:1:1", mark + "9:1:1:1:n:1",
        mark + "1:9:1:1:n:1", mark + "1:1:1:-1:n:1", mark + "1:1:1:1:none", mark + "01:1:1:1:n:1",
        mark + "1:1:1:99999999999999999999:n:1"}) {
    INFO(token);
    part.set_after(token);
    CHECK(ground.Try(part).status().code() == absl::StatusCode::kInvalidArgument);
  }
  Request other = Within("sc");
  other.set_unverified(true);
  other.set_after(first.next());
  CHECK(ground.Try(other).status().code() == absl::StatusCode::kInvalidArgument);
}

// --- random ledgers ---------------------------------------------------------------------------------------

struct ModelNeed {
  std::string place, category, asset, from, until, opened;
  std::int64_t amount = 0, people = 0;
  std::uint32_t severity = 0, priority = 0;
  bool recurring = false, ended = false;
  std::uint64_t record = 0;
  v1::VerifyNeed verified;                                // of the present version
  std::map<std::string, std::int64_t> direct, committed;  // by asset
};
struct ModelProject {
  std::uint64_t record = 0;
  bool approved = false, ended = false;                   // the present version
  std::map<std::string, std::int64_t> needs;              // basis points
  std::map<std::string, std::int64_t> placed, committed;  // by asset
};
struct Model {
  std::map<std::string, ModelNeed> needs;
  std::map<std::string, ModelProject> projects;
  std::string day;  // of its last record
};

const std::map<std::string, std::string> kAbove = {
    {"cn", ""}, {"gz", "cn"}, {"sc", "cn"}, {"bj", "gz"}, {"zy", "gz"}};

bool IsAt(std::string place, const std::string& top) {
  if (top.empty()) return true;
  for (; !place.empty(); place = kAbove.at(place))
    if (place == top) return true;
  return false;
}

// Year by year.
std::uint32_t CountYears(const std::string& first, const std::string& last) {
  std::uint32_t years = 0;
  for (int year = std::stoi(first.substr(0, 4));; ++year) {
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    std::string day = first.substr(4);
    if (day == "-02-29" && !leap) day = "-02-28";
    if (std::to_string(year) + day > last) return years;
    ++years;
  }
}

// The part of `amount` that one has: rounded down, and then one unit after another to the largest remainder, the first of equal
// ones. What is for no need stands last.
std::int64_t PartOf(const ModelProject& project, const std::string& need, std::int64_t amount,
                    const std::map<std::string, std::int64_t>* most) {
  std::map<std::string, std::int64_t> points = project.needs;
  std::int64_t sum = 0;
  for (const auto& [id, of] : points) sum += of;
  if (sum < 10'000) points["~"] = 10'000 - sum;
  std::vector<std::pair<std::int64_t, std::string>> order;
  std::map<std::string, std::int64_t> parts;
  std::int64_t left = amount;
  for (const auto& [id, of] : points) {
    parts[id] = amount * of / 10'000;
    left -= parts[id];
    order.emplace_back(-(amount * of % 10'000), id);
  }
  std::sort(order.begin(), order.end());
  while (left > 0) {
    for (const auto& [remainder, id] : order) {
      if (left == 0) break;
      if (most != nullptr && parts[id] == most->at(id)) continue;
      ++parts[id];
      --left;
    }
  }
  return parts[need];
}
std::map<std::string, std::int64_t> PartsOf(const ModelProject& project, std::int64_t amount) {
  std::map<std::string, std::int64_t> parts;
  for (const auto& [id, of] : project.needs) parts[id] = PartOf(project, id, amount, nullptr);
  parts["~"] = PartOf(project, "~", amount, nullptr);
  return parts;
}

// What the question says, as text: each need, then how many are not verified, then the sums.
std::string Expected(const Model& model, const Request& request) {
  const std::string day = request.on().empty() ? model.day : request.on();
  using Rank = std::tuple<std::int64_t, std::uint32_t, std::string, std::int64_t, std::string>;
  std::map<Rank, std::string> lines;
  std::map<std::pair<std::string, int>, std::vector<std::int64_t>> counts;
  std::uint64_t not_verified = 0;
  for (const auto& each : model.needs) {
    const auto& id = each.first;
    const auto& need = each.second;
    if (!IsAt(need.place, request.place())) continue;
    if (!request.category().empty() && need.category != request.category()) continue;
    const bool expired = !need.until.empty() && need.until < day;
    if (need.ended || need.from > day) continue;
    const bool corrected = need.verified.result() == v1::VerifyNeed::RESULT_CORRECTED;
    const std::int64_t people = corrected ? need.verified.people() : need.people;
    const std::int64_t amount = corrected ? need.verified.amount() : need.amount;
    const std::uint32_t severity = corrected ? need.verified.severity() : need.severity;
    const bool verified = need.verified.result() == v1::VerifyNeed::RESULT_CONFIRMED ||
                          (corrected && (people > 0 || amount > 0));
    if (!verified && !request.unverified()) {
      if (!expired) ++not_verified;
      continue;
    }
    std::uint32_t years = 1;
    if (need.recurring) {
      const std::string last = expired ? need.until : day;
      years = std::max(1U, CountYears(need.from.empty() ? need.opened : need.from, last));
    }
    const std::int64_t asked = amount * years;
    std::int64_t direct = 0, by_projects = 0, committed = 0;
    if (!need.asset.empty()) {
      const auto of = [&](const std::map<std::string, std::int64_t>& sums) {
        const auto found = sums.find(need.asset);
        return found == sums.end() ? std::int64_t{0} : found->second;
      };
      direct = of(need.direct);
      committed = of(need.committed);
      for (const auto& [name, project] : model.projects) {
        if (!project.approved || project.needs.count(id) == 0) continue;
        const std::int64_t placed = of(project.placed);
        const auto parts = PartsOf(project, placed);
        by_projects += parts.at(id);
        committed += PartOf(project, id, std::min(of(project.committed), placed), &parts);
      }
    }
    const std::int64_t met = direct + by_projects, open = std::max<std::int64_t>(0, asked - met);
    const v1::NeedState state = expired       ? v1::NEED_STATE_EXPIRED
                                : asked == 0  ? v1::NEED_STATE_WITHOUT_AMOUNT
                                : met == 0    ? v1::NEED_STATE_OPEN
                                : met < asked ? v1::NEED_STATE_PARTLY
                                              : v1::NEED_STATE_MET;
    const auto& states = request.states();
    if (states.empty() ? state == v1::NEED_STATE_EXPIRED
                       : std::find(states.begin(), states.end(), state) == states.end())
      continue;
    const Rank rank{-std::int64_t{severity}, need.priority == 0 ? 4U : need.priority,
                    need.until.empty() ? "~" : need.until, -people, id};
    lines[rank] = absl::StrCat(id, " ", model::WordOf(state), " people ", people, " severity ", severity,
                               " years ", years, " asked ", asked, " direct ", direct, " by projects ",
                               by_projects, " committed ", committed, " open ", open, "\n");
    auto& count = counts[{need.asset, state}];
    count.resize(4);
    const std::int64_t more[] = {1, asked, met, open};
    for (std::size_t i = 0; i < 4; ++i) count[i] += more[i];
  }
  std::string text;
  for (const auto& [rank, line] : lines) text += line;
  absl::StrAppend(&text, not_verified, " not verified\n");
  for (const auto& [of, count] : counts)
    absl::StrAppend(&text, of.first, " ", of.second, ": ", count[0], " ", count[1], " ", count[2], " ",
                    count[3], "\n");
  return text;
}

std::string Said(const v1::NeedsAnswer& answer) {
  std::string text;
  for (const v1::NeedLine& line : answer.lines())
    absl::StrAppend(&text, line.need().id(), " ", model::WordOf(line.state()), " people ", line.people(),
                    " severity ", line.severity(), " years ", line.years(), " asked ", line.asked(),
                    " direct ", line.direct(), " by projects ", line.by_projects(), " committed ",
                    line.committed(), " open ", line.open(), "\n");
  absl::StrAppend(&text, answer.not_verified(), " not verified\n");
  for (const v1::NeedCount& count : answer.counts())
    absl::StrAppend(&text, count.asset(), " ", static_cast<int>(count.state()), ": ", count.needs(), " ",
                    count.asked(), " ", count.met(), " ", count.open(), "\n");
  return text;
}

class Story {
 public:
  explicit Story(std::uint64_t seed) : random_(seed) {
    Remember();
    while (models_.size() < ground.ledger->size()) models_.push_back(model_);
  }

  void Step() {
    ground.DaysGo(static_cast<int>(Below(40)));
    switch (Below(10)) {
      case 0:
      case 1:
        return Declare();
      case 2:
        return Judge();
      case 3:
        return Amend();
      case 4:
        return Below(4) == 0 ? EndOne() : Judge();
      case 5:
        return Propose();
      case 6:
        return PutIn();
      case 7:
        return PayStraight();
      case 8:
        return Reconsider();
      default:
        return SendBack();
    }
  }

  void Compare() {
    Request request;
    request.set_place(Any({"", "", "cn", "gz", "bj", "sc"}));
    request.set_category(Any({"", "", "EDU", "HEA"}));
    request.set_unverified(Below(2) == 0);
    for (const auto state : {v1::NEED_STATE_OPEN, v1::NEED_STATE_PARTLY, v1::NEED_STATE_MET,
                             v1::NEED_STATE_EXPIRED, v1::NEED_STATE_WITHOUT_AMOUNT})
      if (Below(4) == 0) request.add_states(state);
    if (Below(2) == 0) request.set_on(AnyDay());
    if (Below(2) == 0) request.set_as_of(kFirst + Below(models_.size() - kFirst));
    const Model& model = request.has_as_of() ? models_[request.as_of()] : models_.back();
    INFO(request.ShortDebugString());
    query::Paging paging;
    paging.page_parts = 1 + Below(8);
    CHECK(Said(Need(ground.Try(request, paging))) == Expected(model, request));
  }

  Ground ground;

 private:
  static constexpr std::size_t kFirst = 1;  // the record that the world has its places with

  std::uint64_t Below(std::uint64_t bound) { return random_() % bound; }
  std::string Any(const std::vector<std::string>& of) { return of[Below(of.size())]; }
  std::string AnyDay() {
    return fundtrail::ToString(Date(20'400 + static_cast<std::int32_t>(Below(2'000))));  // 2025-11-08 on
  }
  // After each record.
  void Remember() {
    model_.day = fundtrail::ToString(DateOf(Timestamp(ground.clock.now)));
    models_.push_back(model_);
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ground.Do(actions);
    return record;
  }
  // One that goes on; empty: none does.
  std::string AnyNeed(bool with_asset = false) {
    std::vector<std::string> ids;
    for (const auto& [id, need] : model_.needs)
      if (!need.ended && (!with_asset || !need.asset.empty())) ids.push_back(id);
    return ids.empty() ? "" : Any(ids);
  }
  v1::Action ActionOf(const std::string& id, const ModelNeed& need) {
    v1::Action action =
        Graded(NeedAt(id, "county", need.place, need.category, need.people), need.severity, need.priority);
    if (!need.asset.empty()) action = Asking(action, need.amount, need.asset);
    action = During(action, need.from, need.until);
    return need.recurring ? EveryYear(action) : action;
  }
  void Figures(ModelNeed* need) {
    need->people = static_cast<std::int64_t>(1 + Below(500));
    need->asset = Any({"CNY", "CNY", "USD", ""});
    need->amount = need->asset.empty() ? 0 : static_cast<std::int64_t>(1 + Below(900));
    need->severity = static_cast<std::uint32_t>(Below(6));
    need->priority = static_cast<std::uint32_t>(Below(4));
  }

  void Declare() {
    ModelNeed need;
    need.place = Any({"cn", "gz", "sc", "bj", "zy"});
    need.category = Any({"EDU", "HEA"});
    if (Below(2) == 0) need.from = Below(4) == 0 ? std::string("2024-02-29") : AnyDay();
    if (Below(3) == 0) need.until = std::max(AnyDay(), need.from);
    need.recurring = Below(3) == 0;
    Figures(&need);
    const std::string id = absl::StrCat("n", model_.needs.size());
    need.opened = fundtrail::ToString(DateOf(Timestamp(ground.clock.now)));
    need.record = Do({ActionOf(id, need)});
    model_.needs[id] = need;
    Remember();
  }
  void Judge() {
    const std::string id = AnyNeed();
    if (id.empty()) return;
    ModelNeed& need = model_.needs[id];
    const auto result = Below(3) == 0   ? v1::VerifyNeed::RESULT_CORRECTED
                        : Below(4) == 0 ? v1::VerifyNeed::RESULT_REFUSED
                                        : v1::VerifyNeed::RESULT_CONFIRMED;
    v1::Action said = Verify(id, need.record, "auditor", result);
    if (result == v1::VerifyNeed::RESULT_CORRECTED) {
      said.mutable_verify_need()->set_people(static_cast<std::int64_t>(Below(3) * 40));
      said.mutable_verify_need()->set_severity(static_cast<std::uint32_t>(Below(6)));
      if (!need.asset.empty())
        said.mutable_verify_need()->set_amount(static_cast<std::int64_t>(Below(3) * 300));
    }
    Do({said});
    need.verified = said.verify_need();
    Remember();
  }
  void Amend() {
    const std::string id = AnyNeed();
    if (id.empty()) return;
    ModelNeed& need = model_.needs[id];
    Figures(&need);
    need.record = Do({Amending(ActionOf(id, need), need.record)});
    need.verified.Clear();
    Remember();
  }
  void EndOne() {
    const std::string id = AnyNeed();
    if (id.empty()) return;
    Do({End("need", id, model_.needs[id].record)});
    model_.needs[id].ended = true;
    Remember();
  }
  // Each with its part.
  std::map<std::string, std::int64_t> AnyNeeds() {
    std::map<std::string, std::int64_t> needs;
    std::int64_t left = 10'000;
    for (std::uint64_t i = Below(4); i > 0 && left > 1; --i) {
      const std::string id = AnyNeed();
      if (id.empty() || needs.count(id) > 0) continue;
      const std::int64_t part =
          Below(3) == 0 ? left : static_cast<std::int64_t>(1 + Below(static_cast<std::uint64_t>(left)));
      needs[id] = part;
      left -= part;
    }
    return needs;
  }
  static v1::Action ActionOf(const std::string& id, const ModelProject& project) {
    v1::Action action = Where(Project(id, "county"), {{"bj", 0}}, {{"EDU", 0}});
    for (const auto& [need, part] : project.needs)
      action = ForNeeds(action, {{need, static_cast<std::uint32_t>(part)}});
    return action;
  }
  void Propose() {
    ModelProject project;
    project.needs = AnyNeeds();
    const std::string id = absl::StrCat("p", model_.projects.size());
    project.record = Do({ActionOf(id, project)});
    model_.projects[id] = project;
    Remember();
    Do({Decide(id, project.record)});
    model_.projects[id].approved = true;
    Remember();
  }
  // A new version, a decision on the present one, or the end.
  void Reconsider() {
    if (model_.projects.empty()) return;
    const std::string id = absl::StrCat("p", Below(model_.projects.size()));
    ModelProject& project = model_.projects[id];
    if (project.ended) return;
    if (Below(8) == 0) {
      Do({End("project", id, project.record)});
      project.ended = true;
    } else if (Below(2) == 0) {
      project.needs = AnyNeeds();
      project.record = Do({Amending(ActionOf(id, project), project.record)});
      project.approved = false;
    } else {
      project.approved = Below(3) > 0;
      Do({Decide(
          id, project.record, "auditor",
          project.approved ? v1::ApproveProject::DECISION_APPROVED : v1::ApproveProject::DECISION_REJECTED)});
    }
    Remember();
  }
  void PutIn() {
    if (model_.projects.empty()) return;
    const std::string id = absl::StrCat("p", Below(model_.projects.size()));
    if (!model_.projects[id].approved || model_.projects[id].ended) return;
    const std::string asset = Any({"CNY", "USD"});
    const auto amount = static_cast<std::int64_t>(1 + Below(700));
    const bool committed = Below(4) == 0;
    v1::Action pay = InAsset(asset, Into(id, Pay("donor", "ministry", amount)));
    Do({committed ? Committed(pay) : pay});
    model_.projects[id].placed[asset] += amount;
    if (committed) model_.projects[id].committed[asset] += amount;
    Remember();
  }
  void PayStraight() {
    const std::string id = AnyNeed(true);
    if (id.empty()) return;
    ModelNeed& need = model_.needs[id];
    const auto amount = static_cast<std::int64_t>(1 + Below(700));
    const bool committed = Below(4) == 0;
    const std::string fund = Any({"flood", "school"});
    v1::Action pay = Naming(
        id,
        InAsset(need.asset, OutOfFund(fund, Pay("donor", "village", amount, v1::TRANSFER_KIND_DONATION))));
    const std::uint64_t record = Do({committed ? Committed(pay) : pay});
    need.direct[need.asset] += amount;
    if (committed) need.committed[need.asset] += amount;
    if (!committed) paid_.push_back({id, need.asset, fund, amount, record});
    Remember();
  }
  void SendBack() {
    if (paid_.empty()) return;
    Paid& paid = paid_[Below(paid_.size())];
    if (paid.left == 0) return;
    const auto amount = static_cast<std::int64_t>(1 + Below(static_cast<std::uint64_t>(paid.left)));
    Do({Returning(InAsset(paid.asset, OutOfFund(paid.fund, Pay("village", "donor", amount))),
                  Ref(paid.record))});
    paid.left -= amount;
    model_.needs[paid.need].direct[paid.asset] -= amount;
    Remember();
  }

  struct Paid {
    std::string need, asset, fund;
    std::int64_t left;
    std::uint64_t record;
  };
  std::mt19937_64 random_;
  Model model_;
  std::vector<Model> models_;  // after each record
  std::vector<Paid> paid_;
};

TEST_CASE("needs of random ledgers are what a model says that looks at all facts again, at every record") {
  const std::uint64_t seed = std::random_device{}();
  for (std::uint64_t n = 0; n < 12; ++n) {
    INFO("seed " << seed << " + " << n);
    Story story(seed + n);
    for (int step = 0; step < 60; ++step) {
      story.Step();
      if (step % 3 == 0) story.Compare();
    }
    for (int times = 0; times < 20; ++times) story.Compare();
  }
}

}  // namespace
}  // namespace fundtrail::testing
