// UNANSWERED against days that are counted by hand: concerns about parties, projects and payments, each raised, received, answered and
// closed at random, with money that goes back and projects that are withdrawn in time, too late, or twice, and what withdrew them annulled.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/support/answers.h"
#include "tests/support/evaluations.h"
#include "tests/support/findings.h"

namespace fundtrail::testing {
namespace {

struct Complaints : Court {
  struct Raised {
    std::uint64_t record = 0;
    int day = 0;
    std::string author, party, project;
    std::uint64_t transfer = 0;  // a record; 0: none
    v1::RaiseConcern::Kind kind = v1::RaiseConcern::KIND_DELAY;
    std::set<std::string> answer;  // who answers for it
    std::optional<int> answered, action, closed;
  };
  struct Moved {
    std::uint64_t record = 0;
    int day = 0;
    std::string from, project;
    std::uint64_t returns = 0;  // 0: it is a payment
    v1::Action action;
  };
  struct Withdrawn {
    std::uint64_t record = 0;
    int day = 0;
    std::string project, evaluation;
    bool annulled = false;
  };
  // Of a concern and a kind: the grade, the last day, the parties, the project, and the payment.
  using Told =
      std::map<std::pair<std::string, v1::Finding::Kind>,
               std::tuple<v1::Finding::Grade, int, std::set<std::string>, std::string, std::uint64_t>>;
  static constexpr int kBase = 20'513;  // 2026-03-01, day 0 of the court

  std::mt19937_64 random;
  int today = 0;
  std::map<std::string, Raised> concerns;
  std::vector<Moved> moved;
  std::vector<Withdrawn> withdrawn;

  explicit Complaints(std::uint64_t seed) : random(seed) {
    for (int i = 0; i < 3; ++i) {
      Need(Do({In("lunches", Pay("donor", "ministry", 1'000)), In("roofs", Pay("donor", "ministry", 1'000)),
               Pay("donor", "ministry", 1'000)}));
    }
    for (int i = 0; i < 8; ++i) PayVillage();
  }

  int Below(int bound) { return static_cast<int>(random() % static_cast<std::uint64_t>(bound)); }
  bool Takes(const v1::Action& action) { return Do({action}).ok(); }

  void PayVillage() {
    const std::string project = std::vector<std::string>{"", "lunches", "roofs"}[random() % 3];
    v1::Action pay = Pay("ministry", "village", 1 + Below(30));
    if (!project.empty()) pay = In(project, pay);
    const std::uint64_t record = size();
    if (Takes(pay)) moved.push_back({record, today, "ministry", project, 0, pay});
  }
  void SendBack() {
    const Moved& of = moved[random() % moved.size()];
    if (of.returns != 0) return;
    v1::Action back = Returning(Pay("village", "ministry", 1), Ref(of.record));
    if (!of.project.empty()) back = In(of.project, back);
    const std::uint64_t record = size(), returned = of.record;
    const std::string project = of.project;
    if (Takes(back)) moved.push_back({record, today, "village", project, returned, back});
  }
  void Raise() {
    const std::string id = "c" + std::to_string(concerns.size());
    Raised one;
    one.author = Below(2) == 0 ? "auditor" : "donor";
    one.kind = std::vector<v1::RaiseConcern::Kind>{v1::RaiseConcern::KIND_DELAY,
                                                   v1::RaiseConcern::KIND_FAKE_RECIPIENT,
                                                   v1::RaiseConcern::KIND_FAKE_NEED}[random() % 3];
    v1::Action concern = Concern(id, one.author, one.kind);
    const int what = Below(4);
    if (what == 0) {
      one.party = Below(2) == 0 ? "village" : "county";
      one.answer = {one.party};
      concern = AboutParty(one.party, concern);
    } else if (what < 3) {
      one.project = what == 1 ? "lunches" : "roofs";
      one.answer = {"county", "charity"};  // owner and implementer
      concern = AboutProject(one.project, concern);
    } else {
      const Moved& of = moved[random() % moved.size()];
      if (of.returns != 0) return;
      one.transfer = of.record;
      one.answer = {"ministry", "village"};
      concern = AboutTransfer(absl::StrCat(of.record, ".1"), concern);
    }
    one.record = size();
    one.day = today;
    if (Takes(concern)) concerns[id] = one;
  }
  void SaySomething() {
    if (concerns.empty()) return;
    auto& [id, one] = *std::next(concerns.begin(), Below(static_cast<int>(concerns.size())));
    if (one.closed.has_value()) return;
    const int what = Below(6);
    if (what == 0) {
      REQUIRE(Takes(Close(id, one.author)));
      one.closed = today;
      return;
    }
    const auto kind = what < 3    ? v1::RespondConcern::KIND_RECEIVED
                      : what == 3 ? v1::RespondConcern::KIND_ANSWER
                      : what == 4 ? v1::RespondConcern::KIND_REJECT
                                  : v1::RespondConcern::KIND_ACTION;
    REQUIRE(Takes(Respond(id, *one.answer.begin(), kind)));
    if (kind != v1::RespondConcern::KIND_RECEIVED && !one.answered.has_value()) one.answered = today;
    if (kind == v1::RespondConcern::KIND_ACTION && !one.action.has_value()) one.action = today;
  }
  void Withdraw() {
    const std::string project = Below(2) == 0 ? "lunches" : "roofs";
    const std::uint64_t record = size();
    const std::string id = "e" + std::to_string(withdrawn.size());
    if (Judge(Evaluation(id, Below(2) == 0 ? "check" : "other", project, v1::Evaluate::VERDICT_WITHDRAW))
            .ok())
      withdrawn.push_back({record, today, project, id});
  }
  void Annul() {
    // The newest that was not annulled yet: so some concerns have none left.
    const auto newest = std::find_if(withdrawn.rbegin(), withdrawn.rend(),
                                     [](const Withdrawn& each) { return !each.annulled; });
    if (newest == withdrawn.rend()) return;
    Withdrawn& one = *newest;
    one.annulled = Below(3) > 0;
    Need(Do({AppealOf(one.evaluation, "county")}));
    Need(Do({DecisionOf(
        one.evaluation, "root",
        one.annulled ? v1::DecideAppeal::DECISION_ANNULLED : v1::DecideAppeal::DECISION_UPHELD)}));
  }
  void Step() {
    today += Below(5);
    OnDay(today);
    const int what = Below(20);
    if (what < 5) return Raise();
    if (what < 12) return SaySomething();
    if (what < 14) return SendBack();
    if (what < 16) return Withdraw();
    if (what < 19) return Annul();
    PayVillage();
  }

  bool IsWithdrawn(const Raised& one, int due, bool annulled) const {
    for (const Withdrawn& each : withdrawn)
      if (each.annulled == annulled && each.project == one.project && each.record > one.record &&
          each.day <= due)
        return true;
    return false;
  }
  bool IsMadeGood(const Raised& one, int due) const {
    for (const Moved& back : moved) {
      if (back.returns == 0 || back.record <= one.record || back.day > due) continue;
      if ((one.transfer != 0 && back.returns == one.transfer) ||
          (!one.party.empty() && back.from == one.party) ||
          (!one.project.empty() && back.project == one.project))
        return true;
    }
    return IsWithdrawn(one, due, false);
  }
  Told Expected(int on) const {
    Told told;
    for (const auto& [id, one] : concerns) {
      const auto add = [&, &name = id, &of = one](v1::Finding::Kind kind, v1::Finding::Grade grade,
                                                  int last) {
        told[{name, kind}] = {grade, last, of.answer, of.project, of.transfer};
      };
      if (!one.answered.has_value() && !one.closed.has_value() && on > one.day + 20)
        add(v1::Finding::KIND_NO_ANSWER,
            on > one.day + 40 ? v1::Finding::GRADE_SERIOUS : v1::Finding::GRADE_LOOK, one.day + 20);
      if (one.kind == v1::RaiseConcern::KIND_DELAY || !one.action.has_value()) continue;
      const int due = *one.action + 60;
      if (on > due && !IsMadeGood(one, due))
        add(v1::Finding::KIND_NO_MONEY_BACK, v1::Finding::GRADE_SERIOUS, due);
    }
    return told;
  }
  Told Found(int on) const {
    const query::View view = Need(query::MakeView(rows()));
    const auto answer = FoundBy(view, v1::FINDING_RULE_UNANSWERED, fundtrail::ToString(Date(kBase + on)));
    Told told;
    for (const v1::Finding& finding : answer.findings()) {
      const Raised& one = concerns.at(finding.item());
      CHECK(finding.first() == fundtrail::ToString(Date(kBase + one.day)));
      CHECK(finding.count() == 1);
      CHECK(finding.amount() == 0);
      REQUIRE(finding.records_size() == 1);
      CHECK(finding.records(0) == one.record);
      CHECK(finding.evidence_size() == (one.transfer == 0 ? 0 : 1));
      told[{finding.item(), finding.kind()}] = {
          finding.grade(), Need(ParseDate(finding.last())).days() - kBase,
          std::set<std::string>(finding.parties().begin(), finding.parties().end()), finding.project(),
          finding.evidence().empty() ? 0 : finding.evidence(0).record()};
    }
    CHECK(static_cast<int>(told.size()) == answer.findings_size());
    return told;
  }
};

TEST_CASE("UNANSWERED finds what nobody answered in time, and fake help after which nothing was made good") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  Complaints made(seed);
  for (int i = 1; i <= 80; ++i) {
    made.Step();
    if (i % 20 == 0) CHECK(made.Found(made.today) == made.Expected(made.today));
  }
  for (const int later : {15, 25, 45, 61, 100}) {
    INFO(later << " days later");
    CHECK(made.Found(made.today + later) == made.Expected(made.today + later));
  }
}

TEST_CASE("the complaints of the model end in each way") {
  std::size_t look = 0, serious = 0, missing = 0, good = 0, undone = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Complaints made(seed);
    for (int i = 0; i < 80; ++i) made.Step();
    for (const auto& [key, told] : made.Expected(made.today))
      if (key.second == v1::Finding::KIND_NO_ANSWER)
        ++(std::get<0>(told) == v1::Finding::GRADE_LOOK ? look : serious);
    // When each has had its 60 days.
    for (const auto& [key, told] : made.Expected(made.today + 61))
      if (key.second == v1::Finding::KIND_NO_MONEY_BACK) ++missing;
    for (const auto& [id, one] : made.concerns)
      if (one.kind != v1::RaiseConcern::KIND_DELAY && one.action.has_value()) {
        const int due = *one.action + 60;
        if (made.IsMadeGood(one, due))
          ++good;
        else if (made.IsWithdrawn(one, due, true))
          ++undone;
      }
  }
  INFO(look << " late, " << serious << " very late, " << missing << " without money back, " << good
            << " good, " << undone << " good until what withdrew it was annulled");
  CHECK(look > 2);
  CHECK(serious > 3);
  CHECK(missing > 2);
  CHECK(good > 3);
  CHECK(undone > 0);
}

TEST_CASE("a project that was withdrawn in time is made good, whatever is said of it later") {
  Court court;
  Need(court.Do({AboutProject("lunches", Concern("c", "auditor", v1::RaiseConcern::KIND_FAKE_RECIPIENT))}));
  Need(court.Do({Respond("c", "county", v1::RespondConcern::KIND_ACTION)}));
  const auto found = [&] {
    const query::View view = Need(query::MakeView(court.rows()));
    return FoundBy(view, v1::FINDING_RULE_UNANSWERED, "2026-06-30").findings_size();
  };
  CHECK(found() == 1);
  court.OnDay(60);
  Need(court.Judge(Evaluation("in-time", "check", "lunches", v1::Evaluate::VERDICT_WITHDRAW)));
  CHECK(found() == 0);
  court.OnDay(61);
  Need(court.Judge(Evaluation("again", "other", "lunches", v1::Evaluate::VERDICT_WITHDRAW)));
  CHECK(found() == 0);
}

TEST_CASE("what was withdrawn is no longer made good once the only evaluation that did is annulled") {
  Court court;
  Need(court.Do({AboutProject("lunches", Concern("c", "auditor", v1::RaiseConcern::KIND_FAKE_RECIPIENT))}));
  Need(court.Do({Respond("c", "county", v1::RespondConcern::KIND_ACTION)}));
  const auto found = [&](std::optional<std::uint64_t> as_of = std::nullopt) {
    const query::View view = Need(query::MakeView(court.rows()));
    v1::FindingsRequest request;
    request.add_rules(v1::FINDING_RULE_UNANSWERED);
    request.set_on("2026-06-30");
    if (as_of.has_value()) request.set_as_of(*as_of);
    return Need(Whole(query::Findings(view, request, {}))).findings_size();
  };
  Need(court.Judge(Evaluation("first", "check", "lunches", v1::Evaluate::VERDICT_WITHDRAW)));
  Need(court.Judge(Evaluation("second", "other", "lunches", v1::Evaluate::VERDICT_WITHDRAW)));
  const auto decide = [&](const std::string& id, v1::DecideAppeal::Decision decision) {
    Need(court.Do({AppealOf(id, "county")}));
    Need(court.Do({DecisionOf(id, "root", decision)}));
    return found();
  };
  CHECK(found() == 0);
  CHECK(decide("first", v1::DecideAppeal::DECISION_ANNULLED) == 0);
  CHECK(decide("second", v1::DecideAppeal::DECISION_UPHELD) == 0);
  const std::uint64_t before = court.size() - 1;
  CHECK(decide("second", v1::DecideAppeal::DECISION_ANNULLED) == 1);
  CHECK(found(before) == 0);
  // It stays annulled. One that is made anew in time counts.
  CHECK(decide("second", v1::DecideAppeal::DECISION_UPHELD) == 1);
  court.OnDay(60);
  Need(court.Judge(Evaluation("third", "check", "lunches", v1::Evaluate::VERDICT_WITHDRAW)));
  CHECK(found() == 0);
}

}  // namespace
}  // namespace fundtrail::testing
