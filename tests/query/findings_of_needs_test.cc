// What an auditor looks for where money meets needs: who gets twice, who gets nothing, who gets too much beside that, and what goes to
// others than those that it is for. Each rule on small ledgers, and the amount or the day on which what it finds changes.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/findings.h"
#include "tests/support/groups.h"
#include "tests/support/policies.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

v1::Action OfSeverity(std::uint32_t severity, v1::Action need) {
  need.mutable_declare_need()->set_severity(severity);
  return need;
}
v1::Action TargetGroup(const std::string& id, const std::string& parent = "") {
  v1::Action action;
  action.mutable_declare_target_group()->set_id(id);
  action.mutable_declare_target_group()->set_name("Group " + id);
  action.mutable_declare_target_group()->set_parent(parent);
  return action;
}
v1::Action ForGroup(const std::string& group, v1::Action project) {
  project.mutable_propose_project()->set_target_group(group);
  return project;
}

// With categories EDU and NUT, and money of the ministry in the funds flood and school.
struct Helped : Audited {
  Helped() {
    Do({Category("EDU"), Category("NUT"), Party("hamlet", "root", v1::ROLE_RECIPIENT),
        Programme("other", "ministry")});
    Do({Pay("donor", "ministry", 1'000), InTheFund("school", Pay("donor", "ministry", 1'000))});
  }
  // In one category, with a period.
  void OpenFor(const std::string& id, const std::string& category, const std::string& from = "",
               const std::string& until = "") {
    v1::Action project = Where(InProgramme("relief", Project(id, "ministry")), {}, {{category, 0}});
    project.mutable_propose_project()->set_from(from);
    project.mutable_propose_project()->set_until(until);
    OpenProject(project);
  }
  // From the ministry, out of general money of the fund into the project.
  std::uint64_t PayIn(const std::string& fund, const std::string& project, std::int64_t amount,
                      const std::string& to = "village") {
    return Do({InTheFund(fund, Into(project, Pay("ministry", to, amount, v1::TRANSFER_KIND_DISBURSEMENT)))});
  }
  // Verified by the auditor.
  void AddNeed(const v1::Action& need) {
    const std::uint64_t record = Do({need});
    Do({Verify(need.declare_need().id(), record)});
  }
  std::uint64_t PayFor(const std::string& need, std::int64_t amount, const std::string& fund = "flood") {
    return Do(
        {InTheFund(fund, Meeting(need, Pay("ministry", "village", amount, v1::TRANSFER_KIND_DISBURSEMENT)))});
  }
};

TEST_CASE("PAID_TWICE: two funds pay one recipient in projects of one category whose periods meet") {
  struct Case {
    std::string fund, category, from, until, to;
    bool found;
  };
  const std::vector<Case> cases = {
      {"school", "EDU", "2026-01-31", "", "village", true},   // they share one day
      {"school", "EDU", "2026-02-01", "", "village", false},  // and none
      {"school", "EDU", "", "", "village", true},
      {"flood", "EDU", "2026-01-31", "", "village", false},
      {"school", "NUT", "2026-01-31", "", "village", false},
      {"school", "EDU", "2026-01-31", "", "hamlet", false},
  };
  for (const Case& one : cases) {
    INFO(one.fund << " " << one.category << " " << one.from << " " << one.to);
    Helped helped;
    helped.OpenFor("a", "EDU", "2026-01-01", "2026-01-31");
    helped.OpenFor("b", one.category, one.from, one.until);
    const auto first = helped.PayIn("flood", "a", 60);
    const auto second = helped.PayIn(one.fund, "b", 40, one.to);
    CHECK(helped.By(v1::FINDING_RULE_PAID_TWICE) ==
          (one.found ? "PAID_TWICE SAME_CATEGORY LOOK 40/100 village>ministry " + At(first) + " " + At(second)
                     : ""));
    // A holder is none that the money reaches.
    helped.PayIn("school", "a", 5, "county");
    CHECK(helped.By(v1::FINDING_RULE_PAID_TWICE).empty() != one.found);
    helped.Do({InTheFund(one.fund, In("b", Returning(Pay(one.to, "ministry", 40), Ref(second))))});
    CHECK(helped.By(v1::FINDING_RULE_PAID_TWICE).empty());
  }
}

TEST_CASE("PAID_TWICE: two projects in places that are apart are no help twice") {
  struct Case {
    std::vector<std::string> one, other;
    bool found;
  };
  const std::vector<Case> cases = {
      {{"gz"}, {"gz"}, true},
      {{"gz"}, {"sc"}, false},
      {{"gz"}, {"bijie"}, true},  // which is below it
      {{"bijie"}, {"cn"}, true},
      {{"sc"}, {"bijie"}, false},
      {{"sc", "gz"}, {"bijie"}, true},
      {{"sc"}, {}, true},  // nobody said where
      {{}, {}, true},
  };
  const auto at = [](const std::vector<std::string>& places, const std::string& id) {
    v1::Action project = Where(InProgramme("relief", Project(id, "ministry")), {}, {{"EDU", 0}});
    for (const std::string& place : places) {
      auto* share = project.mutable_propose_project()->add_places();
      share->set_place(place);
      share->set_basis_points(places.size() == 1 ? 0 : 5'000);
    }
    return project;
  };
  for (const Case& one : cases) {
    INFO(absl::StrJoin(one.one, " ") << ", " << absl::StrJoin(one.other, " "));
    Helped helped;
    helped.Do({Place("gz", "cn", 1), Place("sc", "cn", 1)});
    helped.Do({Place("bijie", "gz", 2)});
    helped.OpenProject(at(one.one, "a"));
    helped.OpenProject(at(one.other, "b"));
    helped.PayIn("flood", "a", 60);
    helped.PayIn("school", "b", 40);
    CHECK(helped.By(v1::FINDING_RULE_PAID_TWICE).empty() != one.found);
  }
}

TEST_CASE("PAID_TWICE: for one need, above what it asked for, out of two funds") {
  struct Case {
    std::int64_t second;
    std::string fund;
    bool found;
  };
  const std::vector<Case> cases = {{40, "school", false}, {41, "school", true}, {41, "flood", false}};
  for (const Case& one : cases) {
    INFO(one.second << " " << one.fund);
    Helped helped;
    helped.AddNeed(Asking(NeedAt("n", "county", "cn", "EDU"), 100));
    const auto first = helped.PayFor("n", 60);
    const auto second = helped.PayFor("n", one.second, one.fund);
    CHECK(helped.By(v1::FINDING_RULE_PAID_TWICE) ==
          (one.found ? "PAID_TWICE ABOVE_NEED SERIOUS 1/101 village>ministry " + At(first) + " " +
                           At(second) + " at cn EDU"
                     : ""));
    // On an earlier day nothing was paid yet; and what was sent back is taken off.
    CHECK(helped.By(v1::FINDING_RULE_PAID_TWICE, "2000-01-01").empty());
    helped.Do({Returning(Pay("village", "ministry", 1), Ref(first))});
    CHECK(helped.By(v1::FINDING_RULE_PAID_TWICE).empty());
  }
}

TEST_CASE("LEFT_OUT: a need, and no money, no project and no team") {
  for (const std::uint32_t severity : {0U, 2U, 3U}) {
    INFO(severity);
    Helped helped;
    helped.AddNeed(OfSeverity(severity, Asking(NeedAt("n", "county", "cn", "EDU"), 100)));
    const std::string found =
        absl::StrCat("LEFT_OUT ", severity == 0 ? "LOOK" : "SERIOUS", " 100/0 county at cn EDU");
    CHECK(helped.By(v1::FINDING_RULE_LEFT_OUT) == (severity == 2 ? "" : found));
    CHECK(helped.By(v1::FINDING_RULE_LEFT_OUT, kToday, {"LEFT_OUT.severity=2"}) == found);
    helped.PayFor("n", 1);
    CHECK(helped.By(v1::FINDING_RULE_LEFT_OUT, kToday, {"LEFT_OUT.severity=1"}).empty());
  }
  Helped helped;
  helped.Do({OfSeverity(5, Asking(NeedAt("n", "county", "cn", "EDU"), 100))});
  CHECK(helped.By(v1::FINDING_RULE_LEFT_OUT).empty());  // nobody verified it
  // One that asks for no money is found without an amount, once for all assets.
  helped.Do({Asset("USD"), Asset("rice")});
  helped.AddNeed(OfSeverity(4, NeedAt("m", "county", "cn", "NUT")));
  helped.AddNeed(OfSeverity(4, Asking(NeedAt("u", "county", "cn", "EDU"), 7, "USD")));
  CHECK(helped.By(v1::FINDING_RULE_LEFT_OUT) ==
        "LEFT_OUT SERIOUS 0/0 county at cn NUT; LEFT_OUT SERIOUS 7/0 county at cn EDU");
  helped.Do({Deployment("d", "ministry", "charity", "cn", "NUT")});
  CHECK(helped.By(v1::FINDING_RULE_LEFT_OUT) == "LEFT_OUT SERIOUS 7/0 county at cn EDU");
  helped.OpenProject(Where(InProgramme("relief", Project("p", "ministry")), {{"cn", 0}}, {{"EDU", 0}}));
  CHECK(helped.By(v1::FINDING_RULE_LEFT_OUT).empty());
}

TEST_CASE("LEFT_OUT: looks at one asset after the other, and stops at 64") {
  for (const int assets : {20, 63, 64}) {  // beside CNY, in which money is placed
    INFO(assets);
    Helped helped;
    std::vector<v1::Action> names;
    for (int i = 0; i < assets; ++i) names.push_back(Asset(absl::StrCat("goods", 100 + i)));
    helped.Do(names);
    for (int i = 0; i < assets; ++i)
      helped.AddNeed(OfSeverity(
          4, Asking(NeedAt(absl::StrCat("n", i), "county", "cn", "EDU"), 5, absl::StrCat("goods", 100 + i))));
    v1::FindingsRequest request;
    request.add_rules(v1::FINDING_RULE_LEFT_OUT);
    request.set_on(kToday);
    const auto answer = Need(helped.Try(request));
    CHECK(answer.findings_size() == (assets > 63 ? 0 : assets));
    CHECK(answer.rules(0).incomplete() == (assets > 63));
    // A team serves them all: nothing is to be looked for in the other assets.
    helped.Do({Deployment("d", "ministry", "charity", "cn", "EDU")});
    const auto served = Need(helped.Try(request));
    CHECK(served.findings_size() == 0);
    CHECK_FALSE(served.rules(0).incomplete());
  }
}

TEST_CASE("OVERFUNDED: one category has more than it asked for, and another there less than half") {
  struct Case {
    std::int64_t over, under;
    std::uint32_t severity;  // of the other
    bool found;
  };
  const std::vector<Case> cases = {{111, 49, 3, true},  {110, 49, 3, false}, {111, 50, 3, false},
                                   {111, 49, 2, false}, {111, 49, 4, true},  {111, 49, 0, false}};
  for (const Case& one : cases) {
    INFO(one.over << " " << one.under << " " << one.severity);
    Helped helped;
    helped.AddNeed(OfSeverity(3, Asking(NeedAt("n", "county", "cn", "EDU"), 100)));
    helped.AddNeed(OfSeverity(one.severity, Asking(NeedAt("m", "charity", "cn", "NUT"), 100)));
    helped.PayFor("n", one.over);
    helped.PayFor("m", one.under);
    CHECK(helped.By(v1::FINDING_RULE_OVERFUNDED) ==
          (one.found ? "OVERFUNDED LOOK 11/100 charity>county at cn EDU beside NUT" : ""));
    CHECK(helped.By(v1::FINDING_RULE_OVERFUNDED, kToday, {"OVERFUNDED.part=11100"}).empty());
  }
  // In another place it is beside nothing.
  Helped helped;
  helped.Do({Place("gz", "cn", 1)});
  helped.AddNeed(OfSeverity(3, Asking(NeedAt("n", "county", "cn", "EDU"), 100)));
  helped.AddNeed(OfSeverity(3, Asking(NeedAt("m", "charity", "gz", "NUT"), 100)));
  helped.PayFor("n", 200);
  CHECK(helped.By(v1::FINDING_RULE_OVERFUNDED).empty());
}

TEST_CASE("OFF_TARGET: money of a policy for some groups goes to others") {
  for (const std::string group : {"", "poor", "children", "rich"}) {
    INFO(group);
    Helped helped;
    helped.Do({TargetGroup("poor"), TargetGroup("children", "poor"), TargetGroup("rich")});
    helped.Do({For(With("relief", Policy("warm", "ministry")), {"cn"}, {}, {"poor"})});
    helped.OpenProject(ForGroup("poor", InProgramme("relief", Project("a", "ministry"))));
    helped.OpenProject(ForGroup(group, InProgramme("relief", Project("b", "ministry"))));
    helped.OpenProject(ForGroup("rich", InProgramme("other", Project("c", "ministry"))));
    helped.PayIn("flood", "a", 60);
    const auto off = helped.PayIn("flood", "b", 40);
    helped.PayIn("flood", "c", 30);           // of no policy
    helped.PayIn("flood", "b", 7, "county");  // not there yet
    const std::string found = "OFF_TARGET OTHER_GROUPS LOOK 40/100 root " + At(off);
    CHECK(helped.By(v1::FINDING_RULE_OFF_TARGET) == (group == "rich" ? found : ""));
    CHECK(helped.By(v1::FINDING_RULE_OFF_TARGET, kToday, {"OFF_TARGET.part=3999"}) ==
          (group == "rich" ? found : ""));
    CHECK(helped.By(v1::FINDING_RULE_OFF_TARGET, kToday, {"OFF_TARGET.part=4000"}).empty());
  }
}

TEST_CASE("OFF_TARGET: money moves to a project of another policy, and no group approved that") {
  struct Case {
    std::string programme;  // of the project that it moves to
    bool group;             // that approved it
    bool found;
  };
  const std::vector<Case> cases = {{"other", false, true},
                                   {"relief", false, false},
                                   {"other", true, false},
                                   {"third", false, false}};  // of no policy
  for (const Case& one : cases) {
    INFO(one.programme << " " << one.group);
    Helped helped;
    helped.Do({Programme("third", "ministry"), With("relief", Policy("warm", "ministry")),
               With("other", Policy("dry", "ministry"))});
    helped.OpenProject(InProgramme("relief", Project("a", "ministry")));
    const v1::Action to = InProgramme(one.programme, Project("b", "ministry"));
    if (one.group) {
      helped.Do(
          FormedGroup(Group("board", "cn", v1::FormGroup::KIND_COORDINATION), 2, 30, helped.ledger->size()));
      const std::uint64_t record = helped.Do({to});
      const auto entry = Entry("root", helped.ledger->size(), {Decide("b", record, "board")});
      Need(helped.ledger->AppendOne(SignedBytes(entry, {1, 30, 31}), helped.clock.Read()).status());
    } else {
      helped.OpenProject(to);
    }
    helped.PayIn("flood", "a", 60, "county");
    const auto moved = helped.Do({In("a", Into("b", Move("county", 25)))});
    CHECK(helped.By(v1::FINDING_RULE_OFF_TARGET) ==
          (one.found ? "OFF_TARGET OTHER_POLICY SERIOUS 25/0 county " + At(moved) + " beside b" : ""));
    helped.Do({In("b", Returning(Pay("county", "county", 25), Ref(moved)))});
    CHECK(helped.By(v1::FINDING_RULE_OFF_TARGET).empty());
  }
}

TEST_CASE("OFF_TARGET: moves between the same projects are told apart by the fund that they come to") {
  const bool newest = GENERATE(false, true);  // the one that is found
  Helped helped;
  v1::Action dry = Policy("dry", "ministry");
  dry.mutable_open_policy()->add_funds("school");
  helped.Do({Programme("third", "ministry"), With("relief", Policy("warm", "ministry")), dry});
  helped.OpenProject(InProgramme("relief", Project("a", "ministry")));
  helped.OpenProject(InProgramme("third", Project("b", "ministry")));
  helped.PayIn("flood", "a", 60, "county");
  std::uint64_t moved = 0;
  for (const bool found : {!newest, newest}) {
    v1::Action move = In("a", Into("b", Move("county", found ? 25 : 10)));
    if (found) move.mutable_transfer()->set_to_fund("school");
    const std::uint64_t record = helped.Do({move});
    if (found) moved = record;
  }
  CHECK(helped.By(v1::FINDING_RULE_OFF_TARGET) ==
        "OFF_TARGET OTHER_POLICY SERIOUS 25/0 county " + At(moved) + " beside b");
}

}  // namespace
}  // namespace fundtrail::testing
