// UNSOUND_EVALUATION against lists kept by hand: who judged what and when, by which step, which of it was replaced or annulled, who of each
// group was recused, and what lies in each project. What is serious of a project or a party is read off the answers of the other rules.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/model/enum_word.h"
#include "tests/support/answers.h"
#include "tests/support/evaluations.h"
#include "tests/support/findings.h"

namespace fundtrail::testing {
namespace {

struct Verdicts : Court {
  struct Judged {
    std::string id, group, subject;  // "project lunches"
    std::uint64_t record = 0;
    int day = 0;
    v1::Evaluate::Verdict verdict = v1::Evaluate::VERDICT_CONTINUE;
    v1::Evaluate::Step step = v1::Evaluate::STEP_DESK;
    bool annulled = false;
  };
  // By evaluation, kind and asset: amount, parties, day, record, recused and members.
  using Told =
      std::map<std::tuple<std::string, v1::Finding::Kind, std::string>,
               std::tuple<std::int64_t, std::string, std::string, std::uint64_t, std::int64_t, std::int64_t>>;
  static constexpr int kBase = 20'513;  // 2026-03-01, day 0 of the court

  std::mt19937_64 random;
  int today = 0;
  std::map<std::string, int> recused;  // of each group, those that stand below county
  std::vector<Judged> judged;
  std::map<std::pair<std::string, std::string>, std::int64_t> placed;  // by project and asset

  explicit Verdicts(std::uint64_t seed) : random(seed) {
    Need(Do({Asset("USD"), Party("k0", "county"), Party("k1", "county"), Party("k2", "county")}));
    for (const std::string group : {"check", "other", "office", "capital"}) {
      recused[group] = Below(4);
      for (int i = 0; i < recused[group]; ++i) {
        const std::string party = absl::StrCat("k", i), seat = absl::StrCat(group, "-", party);
        const std::uint64_t seated = size();
        Need(Do({JudgingSeat(seat, group, party)}));
        Need(Do({JudgingSeatTaken(seat, seated, party)}));
      }
    }
  }

  int Below(int bound) { return static_cast<int>(random() % static_cast<std::uint64_t>(bound)); }
  static std::string Day(int day) { return fundtrail::ToString(Date(kBase + day)); }

  static v1::Action Of(const std::string& subject, const v1::Action& evaluation) {
    if (subject == "programme schools") return OfProgramme("schools", evaluation);
    if (subject == "policy warm") return OfPolicy("warm", evaluation);
    if (subject == "party charity") return OfParty("charity", evaluation);
    return evaluation;
  }
  static std::string ProjectOf(const std::string& subject) {
    return subject.starts_with("project ") ? subject.substr(8) : "";
  }

  void JudgeSomething() {
    const std::vector<std::string> subjects = {"project lunches", "project roofs", "programme schools",
                                               "policy warm", "party charity"};
    const std::vector<std::string> groups = {"check", "other", "office", "capital"};
    Judged one;
    one.id = absl::StrCat("e", judged.size());
    one.group = groups[random() % groups.size()];
    one.subject = subjects[random() % subjects.size()];
    one.verdict = Below(12) == 0  ? v1::Evaluate::VERDICT_SUSPEND
                  : Below(3) == 0 ? v1::Evaluate::VERDICT_IMPROVE
                                  : v1::Evaluate::VERDICT_CONTINUE;
    one.step = static_cast<v1::Evaluate::Step>(Below(8) == 0 ? 3 + Below(3) : Below(3));
    one.record = size();
    one.day = today;
    v1::Action said = Of(one.subject, Evaluation(one.id, one.group, ProjectOf(one.subject), one.verdict));
    said.mutable_evaluate()->set_step(one.step);
    if (Judge(said).ok()) judged.push_back(one);
  }
  void Annul() {
    if (judged.empty()) return;
    Judged& one = judged[random() % judged.size()];
    const std::string by = one.subject == "party charity" ? "charity" : "county";
    if (one.annulled || !Do({AppealOf(one.id, by)}).ok()) return;
    if (Do({DecisionOf(one.id, "root")}).ok()) one.annulled = true;
  }
  void MoveMoney() {
    const std::string project = Below(2) == 0 ? "lunches" : "roofs";
    const std::string asset = Below(4) == 0 ? "USD" : "CNY";
    const int amount = 1 + Below(50);
    v1::Action pay = In(project, Pay("donor", "ministry", amount));
    pay.mutable_transfer()->set_asset(asset);
    const std::uint64_t paid = size();
    if (!Do({pay}).ok()) return;
    placed[{project, asset}] += amount;
    v1::Action on =
        In(project, Pay("ministry", "village", 1 + Below(amount), v1::TRANSFER_KIND_DISBURSEMENT));
    on.mutable_transfer()->set_asset(asset);
    const std::uint64_t given = size();
    if (Do({on}).ok() && Below(4) == 0)
      Need(Do({Acknowledge(Ref(given), "village", v1::Acknowledge::RESULT_NOT_RECEIVED)}));
    v1::Action back = In(project, Returning(Pay("ministry", "donor", 1), Ref(paid)));
    back.mutable_transfer()->set_asset(asset);
    if (Below(3) == 0 && Do({back}).ok()) placed[{project, asset}] -= 1;
  }
  void Step() {
    today += Below(3);
    OnDay(today);
    const int what = Below(10);
    if (what < 6) return JudgeSomething();
    if (what == 6) return Annul();
    if (what == 7 && Below(4) == 0) {
      v1::Action old = Pay("donor", "charity", 5);
      old.mutable_transfer()->set_value_date("2023-01-01");
      return Need(Do({old}));
    }
    MoveMoney();
  }

  // A newer one of the same group about the same took its place, but for what stops.
  bool Stands(const Judged& one) const {
    if (one.annulled) return false;
    if (one.verdict == v1::Evaluate::VERDICT_SUSPEND) return true;
    return std::none_of(judged.begin(), judged.end(), [&](const Judged& other) {
      return other.record > one.record && other.group == one.group && other.subject == one.subject;
    });
  }
  // Whether another rule finds something serious about it.
  bool IsSerious(const v1::FindingsAnswer& others, const std::string& subject) const {
    const std::string project = ProjectOf(subject);
    return std::any_of(others.findings().begin(), others.findings().end(), [&](const v1::Finding& finding) {
      if (finding.grade() != v1::Finding::GRADE_SERIOUS) return false;
      if (!project.empty()) return finding.project() == project;
      const auto& parties = finding.parties();
      return subject == "party charity" && finding.project().empty() &&
             finding.rule() != v1::FINDING_RULE_LEFT_OUT &&
             std::find(parties.begin(), parties.end(), "charity") != parties.end();
    });
  }
  v1::FindingsAnswer Others(const query::View& view, int on) const {
    v1::FindingsRequest request;
    for (int rule = v1::FINDING_RULE_IDLE; rule <= v1::FINDING_RULE_OFF_TARGET; ++rule)
      if (rule != v1::FINDING_RULE_UNSOUND_EVALUATION) request.add_rules(static_cast<v1::FindingRule>(rule));
    request.set_on(Day(on));
    return Need(Whole(query::Findings(view, request, {})));
  }

  void AddExpected(const Judged& one, v1::Finding::Kind kind, Told* told) const {
    const bool counts = kind == v1::Finding::KIND_MOST_RECUSED;
    const std::int64_t out = counts ? recused.at(one.group) : 0;
    const std::int64_t members = counts ? recused.at(one.group) + 2 : 0;
    const std::string parties =
        absl::StrCat(one.group, one.subject == "party charity" ? ">charity" : ">county");
    bool any = false;
    for (const auto& [of, amount] : placed) {
      if (of.first != ProjectOf(one.subject) || amount == 0) continue;
      any = true;
      (*told)[{one.id, kind, of.second}] = {amount, parties, Day(one.day), one.record, out, members};
    }
    if (!any) (*told)[{one.id, kind, ""}] = {0, parties, Day(one.day), one.record, out, members};
  }
  Told Expected(const v1::FindingsAnswer& others) const {
    Told told;
    for (const Judged& one : judged) {
      if (!Stands(one)) continue;
      const int out = one.subject == "party charity" ? 0 : recused.at(one.group);
      if (2 * out > out + 2) AddExpected(one, v1::Finding::KIND_MOST_RECUSED, &told);
      if (one.verdict != v1::Evaluate::VERDICT_CONTINUE) continue;
      const bool visited = std::any_of(judged.begin(), judged.end(), [&](const Judged& other) {
        return other.subject == one.subject && !other.annulled && other.step >= v1::Evaluate::STEP_FIELD;
      });
      if (!visited) AddExpected(one, v1::Finding::KIND_NOBODY_WENT, &told);
      if (IsSerious(others, one.subject)) AddExpected(one, v1::Finding::KIND_BESIDE_SERIOUS, &told);
    }
    return told;
  }
  Told Found(const query::View& view, int on) const {
    const auto answer = FoundBy(view, v1::FINDING_RULE_UNSOUND_EVALUATION, Day(on));
    Told told;
    for (const v1::Finding& finding : answer.findings()) {
      CHECK(finding.grade() == v1::Finding::GRADE_LOOK);
      CHECK(finding.count() == 1);
      CHECK(finding.first() == finding.last());
      REQUIRE(finding.records_size() == 1);
      told[{finding.item(), finding.kind(), finding.asset()}] = {
          finding.amount(), absl::StrJoin(finding.parties(), ">"),
          finding.first(),  finding.records(0),
          finding.number(), finding.expected()};
    }
    CHECK(static_cast<int>(told.size()) == answer.findings_size());
    return told;
  }
};

TEST_CASE("UNSOUND_EVALUATION finds each verdict that stands on little, or beside what others call serious") {
  const std::uint64_t seed = GENERATE(take(12, random(1, 1'000'000)));
  INFO("seed " << seed);
  Verdicts made(seed);
  for (int i = 1; i <= 60; ++i) {
    made.Step();
    if (i % 20 != 0) continue;
    INFO("after step " << i);
    const query::View view = Need(query::MakeView(made.rows()));
    CHECK(made.Found(view, made.today) == made.Expected(made.Others(view, made.today)));
  }
}

TEST_CASE("the verdicts of the model are unsound in each way, and sound too") {
  std::map<v1::Finding::Kind, std::size_t> kinds;
  std::size_t sound = 0, annulled = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Verdicts made(seed);
    for (int i = 0; i < 60; ++i) made.Step();
    const query::View view = Need(query::MakeView(made.rows()));
    std::set<std::string> unsound;
    for (const auto& [key, told] : made.Expected(made.Others(view, made.today))) {
      ++kinds[std::get<1>(key)];
      unsound.insert(std::get<0>(key));
    }
    for (const auto& one : made.judged) {
      if (one.annulled) ++annulled;
      if (made.Stands(one) && !unsound.contains(one.id)) ++sound;
    }
  }
  for (const auto kind :
       {v1::Finding::KIND_MOST_RECUSED, v1::Finding::KIND_NOBODY_WENT, v1::Finding::KIND_BESIDE_SERIOUS}) {
    INFO(model::WordOf(kind));
    CHECK(kinds[kind] > 3);
  }
  CHECK(sound > 3);
  CHECK(annulled > 0);
}

}  // namespace
}  // namespace fundtrail::testing
