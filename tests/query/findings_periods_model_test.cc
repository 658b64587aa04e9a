// OUT_OF_PERIOD and NOT_ANNOUNCED against loops over all that was recorded: projects whose periods are amended, notices that are amended
// and withdrawn, payments into projects, inside them, from one to another and back. Each expectation is kept with its record. So what is
// asked as of that record later must still be the same.
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

#include "ledger/model/enum_word.h"
#include "tests/support/findings.h"
#include "tests/support/notices.h"

namespace fundtrail::testing {
namespace {

using PaidRef = std::pair<std::uint64_t, std::uint32_t>;
// Of a project, fund and kind of finding: amount, count, first and last value date, the payments, and the owner.
using TimelineKey = std::tuple<std::string, std::string, v1::Finding::Kind>;
struct TimelineSum {
  std::int64_t amount = 0;
  std::uint64_t count = 0;
  std::string first, last;
  std::set<PaidRef> refs;
  bool operator==(const TimelineSum&) const = default;
};
using TimelineFound = std::map<TimelineKey, TimelineSum>;

struct Timeline : Audited {
  struct Paid {
    PaidRef ref;
    v1::Transfer said;
    std::string from_project, to_project;
    int recorded = 0;  // a day
  };
  struct Period {
    std::uint64_t version = 0;
    std::optional<int> from, until;
  };
  struct Told {
    std::uint64_t version = 0;
    int version_day = 0;
    v1::Action said;
    bool withdrawn = false;
  };
  static constexpr int kBase = 20'513;  // 2026-03-01, the first day of the clock

  std::mt19937_64 random;
  int today = 0;  // after the base
  std::map<std::string, Period> periods;
  std::map<std::string, Told> told;
  std::vector<Paid> paid;

  explicit Timeline(std::uint64_t seed) : random(seed) {
    for (int i = 0; i < 4; ++i) Propose("p" + std::to_string(i));
    Do({Pay("donor", "ministry", 500), Pay("donor", "county", 500),
        InTheFund("school", Pay("donor", "ministry", 500))});
    for (int i = 0; i < 4; ++i) Announce();
    Wait(Below(30));
  }
  void Wait(int days) {
    today += days;
    clock.now += days * kOneDay;
  }

  int Below(int bound) { return static_cast<int>(random() % static_cast<std::uint64_t>(bound)); }
  static std::string Day(int day) { return fundtrail::ToString(Date(kBase + day)); }
  std::string AnyProject() { return "p" + std::to_string(Below(4)); }
  std::optional<std::uint64_t> Takes(const v1::Action& action) {
    const std::uint64_t record = ledger->size();
    const bool taken =
        ledger->AppendOne(SignedBytes(Entry("root", record, {action}), {1}), clock.Read()).ok();
    return taken ? std::optional(record) : std::nullopt;
  }

  // A new version where there is one, and its approval.
  void Propose(const std::string& id) {
    Period period;
    if (Below(5) > 0) period.from = Below(120) - 60;
    if (Below(5) > 0) period.until = period.from.value_or(0) + Below(150);
    v1::Action project = InProgramme("relief", Project(id, "ministry"));
    if (period.from.has_value()) project.mutable_propose_project()->set_from(Day(*period.from));
    if (period.until.has_value()) project.mutable_propose_project()->set_until(Day(*period.until));
    const auto before = periods.find(id);
    if (before != periods.end()) project = Amending(project, before->second.version);
    const auto record = Takes(project);
    REQUIRE(record.has_value());
    period.version = *record;
    periods[id] = period;
    Do({Decide(id, period.version, "auditor")});
  }

  void Announce() {
    const bool plan = Below(2) == 0;
    const std::string id = (plan ? "plan" : "result") + std::to_string(Below(6));
    const auto before = told.find(id);
    if (before != told.end() && before->second.withdrawn) return;
    if (before != told.end() && Below(3) == 0) {
      REQUIRE(Takes(End("notice", id, before->second.version)).has_value());
      before->second.withdrawn = true;
      return;
    }
    v1::Action notice =
        Notice(id, "ministry", "cn", plan ? v1::Announce::KIND_PLAN : v1::Announce::KIND_RESULT,
               Day(today + Below(60) - 30));
    notice = ForDays(ForProject(notice, AnyProject()), static_cast<std::uint32_t>(10 + Below(10)));
    const std::string other = AnyProject();
    if (Below(3) == 0 && notice.announce().projects(0) != other) notice = ForProject(notice, other);
    if (before != told.end()) notice = Amending(notice, before->second.version);
    const auto record = Takes(notice);
    REQUIRE(record.has_value());
    told[id] = {*record, today, notice, false};
  }

  void PaySomething() {
    Paid one;
    const std::vector<std::string> payers = {"donor", "donor", "ministry", "county"};
    const std::vector<std::string> payees = {"ministry", "county", "village"};
    const auto amount = static_cast<std::int64_t>(1 + Below(30));
    const std::string payer = payers[random() % payers.size()], payee = payees[random() % payees.size()];
    v1::Action pay;
    const int what = Below(7);
    if (what < 3) {
      one.to_project = AnyProject();
      pay = Into(one.to_project, Pay(payer, payee, amount));
    } else if (what == 3) {
      one.from_project = one.to_project = AnyProject();
      pay = In(one.to_project, Pay(payer, payee, amount));
    } else if (what == 4) {
      one.from_project = AnyProject();
      one.to_project = AnyProject();
      if (one.to_project == one.from_project) return;
      pay = In(one.from_project, Into(one.to_project, Move("ministry", amount)));
    } else if (what == 5) {
      one.from_project = AnyProject();
      pay = In(one.from_project, ToGeneral(Move("ministry", amount)));
    } else {
      pay = Pay(payer, payee, amount);
    }
    if (Below(4) == 0) pay = InTheFund("school", pay);
    Record(OnDay(Day(Below(400) - 150), pay), one);
  }

  // All or part of one that was made. What comes back to a project is no payment into it.
  void SendBack() {
    if (paid.empty()) return;
    const Paid& of = paid[random() % paid.size()];
    Paid one;
    one.from_project = of.to_project;
    one.to_project = of.from_project;
    v1::Action back = Returning(
        Pay(of.said.to(), of.said.from(), 1 + Below(static_cast<int>(of.said.amount()))), Ref(of.ref.first));
    back = InTheFund(of.said.fund(), OnDay(Day(Below(400) - 150), back));
    if (!one.from_project.empty()) back = In(one.from_project, back);
    const bool moved = !one.to_project.empty() && one.to_project != one.from_project;
    if (moved && Below(2) == 0) back = Into(one.to_project, back);
    Record(back, one);
  }

  void Record(const v1::Action& pay, Paid one) {
    const auto record = Takes(pay);
    if (!record.has_value()) return;
    one.ref = {*record, 1};
    one.said = pay.transfer();
    one.recorded = today;
    paid.push_back(one);
  }

  void Step() {
    Wait(Below(4));
    const int what = Below(12);
    if (what == 0) return Propose(AnyProject());
    if (what < 4) return Announce();
    if (what < 6) return SendBack();
    PaySomething();
  }

  static bool GoesBack(const Paid& one) {
    return one.said.kind() == v1::TRANSFER_KIND_RETURN || one.said.kind() == v1::TRANSFER_KIND_REVERSAL;
  }
  static void Count(const Paid& one, TimelineSum* sum) {
    sum->amount += one.said.amount();
    ++sum->count;
    const std::string& day = one.said.value_date();
    if (sum->first.empty() || day < sum->first) sum->first = day;
    if (day > sum->last) sum->last = day;
    sum->refs.insert(one.ref);
  }

  TimelineFound OutOfPeriod(int days) const {
    TimelineFound all;
    for (const Paid& one : paid) {
      if (one.to_project.empty() || GoesBack(one)) continue;
      const Period& period = periods.at(one.to_project);
      const int day = Need(ParseDate(one.said.value_date())).days() - kBase;
      if (period.from.has_value() && day < *period.from - days)
        Count(one, &all[{one.to_project, one.said.fund(), v1::Finding::KIND_BEFORE_PERIOD}]);
      if (period.until.has_value() && day > *period.until + days)
        Count(one, &all[{one.to_project, one.said.fund(), v1::Finding::KIND_AFTER_PERIOD}]);
    }
    return all;
  }

  bool Names(const Told& notice, v1::Announce::Kind kind, const std::string& project) const {
    const auto& projects = notice.said.announce().projects();
    return !notice.withdrawn && notice.said.announce().kind() == kind &&
           std::find(projects.begin(), projects.end(), project) != projects.end();
  }
  TimelineFound NotAnnounced(int on, int days) const {
    TimelineFound all;
    for (const auto& [project, period] : periods) {
      std::optional<int> first;  // the day of the record of the first payment
      std::map<std::string, TimelineSum> put_in;
      for (const Paid& one : paid) {
        if (one.to_project != project || one.from_project == project || GoesBack(one)) continue;
        if (!first.has_value()) first = one.recorded;
        Count(one, &put_in[one.said.fund()]);
      }
      bool planned = false, has_result = false;
      for (const auto& [id, notice] : told) {
        const int from = Need(ParseDate(notice.said.announce().from())).days() - kBase;
        if (Names(notice, v1::Announce::KIND_PLAN, project) && first.has_value() &&
            std::max(from, notice.version_day) + static_cast<int>(notice.said.announce().days()) <= *first)
          planned = true;
        if (Names(notice, v1::Announce::KIND_RESULT, project) && from <= on) has_result = true;
      }
      const bool due = period.until.has_value() && *period.until + days <= on;
      for (const auto& [fund, sum] : put_in) {
        if (!planned) all[{project, fund, v1::Finding::KIND_NO_PLAN_NOTICE}] = sum;
        if (due && !has_result) all[{project, fund, v1::Finding::KIND_NO_RESULT_NOTICE}] = sum;
      }
    }
    return all;
  }

  // What the rule says as of that record.
  TimelineFound Found(v1::FindingRule rule, int on, const std::string& set, std::uint64_t as_of) const {
    v1::FindingsRequest request;
    request.add_rules(rule);
    request.set_on(Day(on));
    request.add_set(set);
    request.set_as_of(as_of);
    const auto answer = Need(Try(request));
    TimelineFound all;
    for (const v1::Finding& finding : answer.findings()) {
      CHECK(finding.grade() == v1::Finding::GRADE_LOOK);
      CHECK(finding.asset() == "CNY");
      CHECK(absl::StrJoin(finding.parties(), " ") == "ministry");  // the owner
      CHECK(finding.evidence_count() == finding.count());
      const TimelineSum sum{finding.amount(), finding.count(), finding.first(), finding.last(),
                            EvidenceOf(finding)};
      CHECK(all.emplace(TimelineKey(finding.project(), finding.fund(), finding.kind()), sum).second);
    }
    return all;
  }
};

// What was expected after a record.
struct TimelineExpected {
  std::uint64_t record = 0;
  int today = 0;
  TimelineFound out, tight, unsaid, later;
};

TEST_CASE(
    "OUT_OF_PERIOD and NOT_ANNOUNCED are what loops over payments and notices count, as of any record") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  Timeline line(seed);
  std::vector<TimelineExpected> expected;
  for (int i = 1; i <= 90; ++i) {
    line.Step();
    if (i % 30 == 0)
      expected.push_back({line.ledger->size() - 1, line.today, line.OutOfPeriod(30), line.OutOfPeriod(0),
                          line.NotAnnounced(line.today, 10), line.NotAnnounced(line.today + 100, 90)});
  }
  for (const TimelineExpected& then : expected) {
    INFO("as of record " << then.record);
    CHECK(line.Found(v1::FINDING_RULE_OUT_OF_PERIOD, then.today, "OUT_OF_PERIOD.days=30", then.record) ==
          then.out);
    CHECK(line.Found(v1::FINDING_RULE_OUT_OF_PERIOD, then.today, "OUT_OF_PERIOD.days=0", then.record) ==
          then.tight);
    CHECK(line.Found(v1::FINDING_RULE_NOT_ANNOUNCED, then.today, "NOT_ANNOUNCED.days=10", then.record) ==
          then.unsaid);
    CHECK(line.Found(v1::FINDING_RULE_NOT_ANNOUNCED, then.today + 100, "NOT_ANNOUNCED.days=90",
                     then.record) == then.later);
  }
}

TEST_CASE("the timelines of the model have something of each kind, and something that is innocent") {
  std::map<v1::Finding::Kind, std::size_t> kinds;
  std::size_t planned = 0, told = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Timeline line(seed);
    for (int i = 0; i < 90; ++i) line.Step();
    const TimelineFound unsaid = line.NotAnnounced(line.today + 300, 10);
    for (const auto& [key, sum] : line.OutOfPeriod(30)) ++kinds[std::get<2>(key)];
    for (const auto& [key, sum] : unsaid) ++kinds[std::get<2>(key)];
    for (const auto& [project, period] : line.periods) {
      const auto has = [&, &id = project](v1::Finding::Kind kind) {
        return std::any_of(unsaid.begin(), unsaid.end(), [&](const auto& one) {
          return std::get<0>(one.first) == id && std::get<2>(one.first) == kind;
        });
      };
      const bool any = std::any_of(line.paid.begin(), line.paid.end(), [&, &id = project](const auto& one) {
        return one.to_project == id && one.from_project != id && !Timeline::GoesBack(one);
      });
      if (!any) continue;
      if (!has(v1::Finding::KIND_NO_PLAN_NOTICE)) ++planned;
      if (!has(v1::Finding::KIND_NO_RESULT_NOTICE)) ++told;
    }
  }
  for (const auto kind : {v1::Finding::KIND_BEFORE_PERIOD, v1::Finding::KIND_AFTER_PERIOD,
                          v1::Finding::KIND_NO_PLAN_NOTICE, v1::Finding::KIND_NO_RESULT_NOTICE}) {
    INFO(model::WordOf(kind));
    CHECK(kinds[kind] > 5);
  }
  CHECK(planned > 0);
  CHECK(told > 5);
}

}  // namespace
}  // namespace fundtrail::testing
