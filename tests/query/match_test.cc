// Match on a real ledger: which needs and which pledges count, which pledge is for which need, and what adds up. The division itself
// has its tests in match_flow_test.cc.
#include "ledger/query/match.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/query/needs.h"
#include "ledger/store/memory.h"
#include "ledger/store/overlay.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using Request = v1::MatchRequest;
using Ids = std::vector<std::string>;

struct For {
  Ids needs, places, categories, target_groups;
};
v1::Action Pledged(const std::string& id, std::int64_t amount, const For& whom = {},
                   const std::string& asset = "CNY") {
  v1::Action action;
  auto* pledge = action.mutable_pledge();
  pledge->set_id(id);
  pledge->set_owner("donor");
  pledge->set_asset(asset);
  pledge->set_amount(amount);
  pledge->mutable_needs()->Add(whom.needs.begin(), whom.needs.end());
  pledge->mutable_places()->Add(whom.places.begin(), whom.places.end());
  pledge->mutable_categories()->Add(whom.categories.begin(), whom.categories.end());
  pledge->mutable_target_groups()->Add(whom.target_groups.begin(), whom.target_groups.end());
  return action;
}
v1::Action Group(const std::string& id, const std::string& parent = "") {
  v1::Action action;
  action.mutable_declare_target_group()->set_id(id);
  action.mutable_declare_target_group()->set_name("Group " + id);
  action.mutable_declare_target_group()->set_parent(parent);
  return action;
}
v1::Action ForGroup(const std::string& group, v1::Action need) {
  need.mutable_declare_need()->set_target_group(group);
  return need;
}
v1::Action Lacking(const std::string& id, std::int64_t amount, const std::string& place = "bj",
                   const std::string& category = "EDU", std::uint32_t severity = 0) {
  v1::Action action = Asking(NeedAt(id, "county", place, category, 10), amount);
  action.mutable_declare_need()->set_severity(severity);
  return action;
}

// cn ─┬─ gz ─┬─ bj      EDU ── MEALS, HEA      poor ── aged
//     │      └─ zy      county declares needs, the auditor in cn verifies them, the donor pledges
//     └─ sc
struct Ground {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Ground() {
    Do({Place("cn"), Place("gz", "cn", 1), Place("sc", "cn", 1), Place("bj", "gz", 2), Place("zy", "gz", 2),
        Category("EDU"), Category("MEALS", "EDU"), Category("HEA"), Group("poor"), Group("aged", "poor"),
        Party("county", "root"), Seated(Party("auditor", "root"), "cn"), Asset("USD")});
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  std::uint64_t Confirmed(const v1::Action& need) {
    const std::uint64_t record = Do({need});
    Do({Verify(need.declare_need().id(), record)});
    return record;
  }
  StatusOr<v1::MatchAnswer> Try(const Request& request) const {
    return query::Match(Need(query::MakeView(ledger->store())), request);
  }
  v1::MatchAnswer Ask(const Request& request) const { return Need(Try(request)); }
};

Request In(const std::string& asset, const std::string& place = "", const std::string& category = "") {
  Request request;
  request.set_asset(asset);
  request.set_place(place);
  request.set_category(category);
  return request;
}

// "n 100 of 300: p 60, extra 40", in the order of the answer.
std::string Text(const v1::MatchAnswer& answer) {
  std::string text;
  for (const v1::MatchNeed& need : answer.needs()) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", need.need(), " ", need.matched(), " of ", need.open());
    const char* between = ": ";
    for (const v1::MatchPart& part : need.parts()) {
      absl::StrAppend(&text, between, part.pledge().empty() ? "extra" : part.pledge(), " ", part.amount());
      between = ", ";
    }
  }
  return text;
}
// "n m by p: 300 - 100".
std::string Sets(const v1::MatchAnswer& answer) {
  std::string text;
  for (const v1::MatchSet& set : answer.sets()) {
    if (!text.empty()) text += "; ";
    for (const std::string& need : set.needs()) text += need + " ";
    text += "by";
    for (const std::string& pledge : set.pledges()) text += " " + (pledge.empty() ? "extra" : pledge);
    absl::StrAppend(&text, ": ", set.open(), " - ", set.pledged());
  }
  return text;
}

TEST_CASE("a pledge is for what it names, and for all below it") {
  struct Row {
    std::string name;
    For whom;
    bool reaches;
  };
  // The need is in bj, of MEALS, for the aged.
  const std::vector<Row> rows = {
      {"for anything", {}, true},
      {"for the need", {{"n"}, {}, {}, {}}, true},
      {"for another need", {{"m"}, {}, {}, {}}, false},
      {"for the place", {{}, {"bj"}, {}, {}}, true},
      {"for a place above", {{}, {"cn"}, {}, {}}, true},
      {"for a place beside", {{}, {"zy"}, {}, {}}, false},
      {"for several places", {{}, {"sc", "gz"}, {}, {}}, true},
      {"for the category", {{}, {}, {"MEALS"}, {}}, true},
      {"for a category above", {{}, {}, {"EDU"}, {}}, true},
      {"for another category", {{}, {}, {"HEA"}, {}}, false},
      {"for the group", {{}, {}, {}, {"aged"}}, true},
      {"for a group above", {{}, {}, {}, {"poor"}}, true},
      {"for all of it", {{"n"}, {"gz"}, {"EDU"}, {"poor"}}, true},
      {"for the need in another place", {{"n"}, {"zy"}, {}, {}}, false},
      {"for the place and another category", {{}, {"bj"}, {"HEA"}, {}}, false},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    Ground ground;
    ground.Confirmed(ForGroup("aged", Lacking("n", 300, "bj", "MEALS")));
    ground.Confirmed(Lacking("m", 50, "sc", "HEA"));
    ground.Do({Pledged("p", 100, row.whom)});
    const auto answer = ground.Ask(In("CNY", "bj"));
    CHECK(Text(answer) == (row.reaches ? "n 100 of 300: p 100" : "n 0 of 300"));
    CHECK(Sets(answer) == (row.reaches ? "n by p: 300 - 100" : "n by: 300 - 0"));
    CHECK(answer.elsewhere() == (row.reaches ? 0 : 1));
    CHECK(answer.elsewhere_left() == (row.reaches ? 0 : 100));
    CHECK(answer.pledges_size() == (row.reaches ? 1 : 0));
  }
  // Who needs help and does not say for whom is not reached by a pledge for a group.
  Ground ground;
  ground.Confirmed(Lacking("n", 300));
  ground.Do({Pledged("p", 100, {{}, {}, {}, {"poor"}})});
  CHECK(Text(ground.Ask(In("CNY"))) == "n 0 of 300");
}

TEST_CASE("needs count that somebody verified, and that lack money in the asset") {
  Ground ground;
  ground.Do({Pledged("p", 1'000)});
  ground.Confirmed(Lacking("open", 300));
  ground.Do({Lacking("nobody-looked", 300)});
  ground.Confirmed(Asking(NeedAt("dollars", "county", "bj", "EDU"), 300, "USD"));
  ground.Confirmed(NeedAt("people-alone", "county", "bj", "EDU"));
  v1::Action over = Lacking("over", 300);
  over.mutable_declare_need()->set_until("2026-02-28");
  ground.Confirmed(over);
  const std::uint64_t ended = ground.Confirmed(Lacking("ended", 300));
  ground.Do({End("need", "ended", ended)});
  ground.Confirmed(Lacking("partly", 300));
  ground.Do({Meeting("partly", Pay("donor", "village", 100, v1::TRANSFER_KIND_DONATION))});
  ground.Confirmed(Lacking("met", 300));
  ground.Do({Meeting("met", Pay("donor", "village", 300, v1::TRANSFER_KIND_DONATION))});
  const auto answer = ground.Ask(In("CNY"));
  CHECK(Text(answer) == "open 300 of 300: p 300; partly 200 of 200: p 200");
  CHECK(answer.not_verified() == 1);
  CHECK(answer.sets_size() == 0);
  CHECK(answer.open() == 500);
  CHECK(answer.pledged() == 1'000);
  CHECK(answer.matched() == 500);
  REQUIRE(answer.needs_size() == 2);
  CHECK(answer.needs(0).place_name() == "Place bj");
  CHECK(answer.needs(0).category_name() == "Category EDU");
  CHECK(answer.needs(0).people() == 10);
  CHECK(answer.decimals() == 2);
  CHECK(answer.on() == "2026-03-01");
  CHECK(answer.as_of().size() == ground.ledger->size());
  CHECK(Text(ground.Ask(In("USD"))) == "dollars 0 of 300");
  // What Needs says is open is what is matched against.
  v1::NeedsRequest needs;
  const auto view = Need(query::MakeView(ground.ledger->store()));
  std::int64_t open = 0;
  const auto all_1 = Need(Whole(query::Needs(view, needs, {})));
  for (const auto& line : all_1.lines())
    if (line.need().asset() == "CNY") open += line.open();
  CHECK(answer.open() == open);
}

TEST_CASE("pledges count that are in force and have something left in the asset") {
  Ground ground;
  ground.Confirmed(Lacking("n", 10'000));
  const auto during = [](v1::Action pledge, const std::string& from, const std::string& until) {
    pledge.mutable_pledge()->set_from(from);
    pledge.mutable_pledge()->set_until(until);
    return pledge;
  };
  v1::Action coats = Pledged("coats", 0, {}, "");
  coats.mutable_pledge()->set_quantity(50);
  coats.mutable_pledge()->set_unit("coats");
  ground.Do({Pledged("dollars", 100, {}, "USD"), coats, during(Pledged("to-come", 100), "2026-03-02", ""),
             during(Pledged("over", 100), "", "2026-02-28"),
             during(Pledged("today", 100), "2026-03-01", "2026-03-01")});
  const std::uint64_t ended = ground.Do({Pledged("ended", 100)});
  ground.Do({End("pledge", "ended", ended)});
  v1::Action freely = Pledged("freely", 50);
  freely.mutable_pledge()->set_accepts_assignment(true);
  const std::uint64_t last = ground.Do({freely});
  const auto answer = ground.Ask(In("CNY"));
  CHECK(Text(answer) == "n 150 of 10000: freely 50, today 100");
  REQUIRE(answer.pledges_size() == 2);
  CHECK(answer.pledges(0).pledge() == "freely");
  CHECK(answer.pledges(0).accepts_assignment());
  CHECK(answer.pledges(0).owner() == "donor");
  CHECK(answer.pledges(0).record() == last);
  CHECK(answer.pledges(1).matched() == 100);
  CHECK_FALSE(answer.pledges(1).accepts_assignment());
  Request tomorrow = In("CNY");
  tomorrow.set_on("2026-03-02");
  CHECK(Text(ground.Ask(tomorrow)) == "n 150 of 10000: freely 50, to-come 100");
  Request before = In("CNY");
  before.set_as_of(last - 1);
  CHECK(Text(ground.Ask(before)) == "n 100 of 10000: today 100");
  CHECK(ground.Ask(before).as_of_record() == last - 1);
}

TEST_CASE("what is assigned or paid of a pledge is not left") {
  Ground ground;
  ground.Confirmed(Lacking("n", 10'000));
  ground.Do({Pledged("p", 100)});
  struct Row {
    std::int64_t assigned, paid;
    std::string says;
  };
  for (const Row& row : {Row{0, 0, "n 100 of 10000: p 100"}, Row{30, 0, "n 70 of 10000: p 70"},
                         Row{30, 20, "n 70 of 10000: p 70"}, Row{0, 45, "n 55 of 10000: p 55"},
                         Row{100, 0, "n 0 of 10000"}, Row{100, 130, "n 0 of 10000"}}) {
    store::Overlay rows(ground.ledger->store());
    v1::SupplyRow sums;
    sums.set_assigned(row.assigned);
    sums.set_paid(row.paid);
    rows.Put(model::keys::SupplySums(model::Supply::kPledge, "p", RecordIndex(ground.ledger->size() - 1)),
             sums.SerializeAsString());
    CHECK(Text(Need(query::Match(Need(query::MakeView(rows)), In("CNY")))) == row.says);
  }
  store::Overlay rows(ground.ledger->store());
  v1::SupplyRow sums;
  sums.set_assigned(-1);
  rows.Put(model::keys::SupplySums(model::Supply::kPledge, "p", RecordIndex(ground.ledger->size() - 1)),
           sums.SerializeAsString());
  CHECK(query::Match(Need(query::MakeView(rows)), In("CNY")).status().code() == absl::StatusCode::kDataLoss);
}

TEST_CASE("the most severe are served first, and narrow pledges are used first") {
  Ground ground;
  ground.Confirmed(Lacking("meals", 100, "bj", "MEALS", 2));
  ground.Confirmed(Lacking("doctor", 100, "bj", "HEA", 5));
  ground.Confirmed(Lacking("roofs", 100, "zy", "EDU", 2));
  ground.Do({Pledged("all", 150), Pledged("schools", 20, {{}, {}, {"EDU"}, {}}),
             Pledged("far", 70, {{}, {"sc"}, {}, {}})});
  const auto answer = ground.Ask(In("CNY"));
  CHECK(Text(answer) ==
        "doctor 100 of 100: all 100; meals 35 of 100: all 15, schools 20; roofs 35 of 100: all 35");
  CHECK(Sets(answer) == "doctor meals roofs by all schools: 300 - 170");
  CHECK(answer.matched() == 170);
  CHECK(answer.elsewhere() == 1);
  CHECK(answer.elsewhere_left() == 70);
  // Needs of one place, or of one category.
  CHECK(Text(ground.Ask(In("CNY", "zy"))) == "roofs 100 of 100: all 100");
  CHECK(Text(ground.Ask(In("CNY", "", "EDU"))) ==
        "meals 85 of 100: all 85; roofs 85 of 100: all 65, schools 20");
}

TEST_CASE("what if so much more were there") {
  Ground ground;
  ground.Confirmed(Lacking("a", 100));
  ground.Confirmed(Lacking("b", 300, "sc", "HEA"));
  Request request = In("CNY");
  request.set_extra(41);
  auto answer = ground.Ask(request);
  CHECK(Text(answer) == "a 10 of 100: extra 10; b 31 of 300: extra 31");
  CHECK(Sets(answer) == "a b by extra: 400 - 41");
  CHECK(answer.pledged() == 41);
  // Each need says of 10 people.
  request.set_method(Request::METHOD_EQUAL);
  answer = ground.Ask(request);
  CHECK(Text(answer) == "a 21 of 100: extra 21; b 20 of 300: extra 20");
  CHECK(answer.per_person());
  CHECK(answer.method() == Request::METHOD_EQUAL);
  // The extra amount is for all needs, so it is used last.
  ground.Do({Pledged("p", 60, {{}, {"bj"}, {}, {}})});
  request.set_extra(1'000);
  CHECK(Text(ground.Ask(request)) == "a 100 of 100: extra 40, p 60; b 300 of 300: extra 300");
}

TEST_CASE("what cannot be matched is told") {
  Ground ground;
  const auto code = [&](const std::function<void(Request*)>& change) {
    Request request = In("CNY");
    change(&request);
    return ground.Try(request).status().code();
  };
  CHECK(code([](Request*) {}) == absl::StatusCode::kOk);
  CHECK(code([](Request* r) { r->set_asset(""); }) == absl::StatusCode::kInvalidArgument);
  CHECK(code([](Request* r) { r->set_asset("EUR"); }) == absl::StatusCode::kNotFound);
  CHECK(code([](Request* r) { r->set_place("nowhere"); }) == absl::StatusCode::kNotFound);
  CHECK(code([](Request* r) { r->set_category("nothing"); }) == absl::StatusCode::kNotFound);
  CHECK(code([](Request* r) { r->set_on("soon"); }) == absl::StatusCode::kInvalidArgument);
  CHECK(code([](Request* r) { r->set_extra(-1); }) == absl::StatusCode::kInvalidArgument);
  CHECK(code([](Request* r) { r->set_method(static_cast<Request::Method>(7)); }) ==
        absl::StatusCode::kInvalidArgument);
  CHECK(code([&](Request* r) { r->set_as_of(ground.ledger->size()); }) == absl::StatusCode::kOutOfRange);
  // Sums of more than 63 bits.
  ground.Confirmed(Lacking("n", 10));
  ground.Do({Pledged("p", 2'000'000'000'000'000'000)});
  CHECK(code([](Request* r) { r->set_extra(8'000'000'000'000'000'000); }) == absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace fundtrail::testing
