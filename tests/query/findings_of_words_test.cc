// What an auditor looks for where the record and what somebody said of it differ: payments within one body that no notice says, results
// and notices that payments do not bear out, money of which nobody says where it is, and verdicts that rest on little.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/answers.h"
#include "tests/support/evaluations.h"
#include "tests/support/findings.h"
#include "tests/support/notices.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("SELF_DEALING: a key is granted to the payer and to the payee") {
  Audited audited;
  audited.Do({Authorise(5, "ministry", {v1::PERMISSION_PAY}),
              Authorise(6, "ministry", {v1::PERMISSION_PAY}, true),
              Authorise(6, "charity", {v1::PERMISSION_ACKNOWLEDGE}),
              Authorise(5, "village", {v1::PERMISSION_ACKNOWLEDGE})});
  audited.Do({Pay("donor", "ministry", 100)});
  const auto one = audited.Do({Pay("ministry", "village", 40)});
  const auto two = audited.Do({Pay("ministry", "village", 5)});
  const auto held = audited.Do({Pay("ministry", "charity", 7)});
  audited.Do({Pay("ministry", "county", 3)});  // the grant for all below is to the ministry alone
  CHECK(audited.By(v1::FINDING_RULE_SELF_DEALING, "2026-03-30").empty());  // a notice may still come
  const std::string found = "SELF_DEALING SHARED_KEY SERIOUS 45/0 ministry>village " + At(one) + " " +
                            At(two) + "; SELF_DEALING SHARED_KEY LOOK 7/0 ministry>charity " + At(held);
  CHECK(audited.By(v1::FINDING_RULE_SELF_DEALING, "2026-03-31") == found);
  CHECK(audited.By(v1::FINDING_RULE_SELF_DEALING, "2026-03-30", {"SELF_DEALING.days=29"}) == found);
  audited.Do({Revoke(5, "village")});
  CHECK(audited.By(v1::FINDING_RULE_SELF_DEALING, "2026-03-31") ==
        "SELF_DEALING SHARED_KEY LOOK 7/0 ministry>charity " + At(held));
  // It pays for the one and says nothing for the other; and what was sent back was no payment.
  audited.Do({Authorise(5, "village", {v1::PERMISSION_DECLARE}),
              Returning(Pay("charity", "ministry", 7), Ref(held)),
              Returning(Pay("village", "ministry", 5), Ref(two))});
  CHECK(audited.By(v1::FINDING_RULE_SELF_DEALING, "2026-03-31") ==
        "SELF_DEALING SHARED_KEY LOOK 40/0 ministry>village " + At(one));
}

TEST_CASE("SELF_DEALING: the payee stands above the payer, or below, and no notice says it") {
  struct Case {
    std::string payer, payee;
    std::string notice;  // its first day; empty: none
    v1::Announce::Kind kind;
    bool found;
  };
  const auto kRows = v1::Announce::KIND_RECIPIENTS;
  const std::vector<Case> cases = {
      {"ministry", "hamlet", "", kRows, true},
      {"county", "hamlet", "", kRows, true},
      {"charity", "hamlet", "", kRows, false},
      {"ministry", "village", "", kRows, false},  // only the root stands above both
      {"ministry", "county", "", kRows, false},   // no RECIPIENT
      {"ministry", "hamlet", "2026-03-31", kRows, false},
      {"ministry", "hamlet", "2026-04-01", kRows, true},
      {"ministry", "hamlet", "2026-03-31", v1::Announce::KIND_PLAN, true},
  };
  for (const Case& one : cases) {
    INFO(one.payer << " " << one.payee << " " << one.notice << " " << one.kind);
    Audited audited;
    audited.OpenProject("tents");
    audited.Do({Party("hamlet", "county", v1::ROLE_RECIPIENT), Pay("donor", one.payer, 100)});
    const auto paid = audited.Do({Into("tents", Pay(one.payer, one.payee, 40))});
    if (!one.notice.empty())
      audited.Do({ForProject(Notice("told", "ministry", "cn", one.kind, one.notice), "tents")});
    const std::string found =
        absl::StrCat("SELF_DEALING ONE_BODY LOOK 40/0 ", one.payer, ">", one.payee, " ", At(paid));
    CHECK(audited.By(v1::FINDING_RULE_SELF_DEALING, "2026-05-01") == (one.found ? found : ""));
  }
}

TEST_CASE("RESULT_ODD: nothing was reached for the money, or far more than planned") {
  struct Case {
    std::int64_t reported, paid;
    std::string until, found;
  };
  const std::vector<Case> cases = {
      {0, 50, "", "NOTHING_REACHED LOOK 50/0"},
      {0, 50, "2026-03-01", "NOTHING_REACHED LOOK 50/0"},
      {0, 50, "2026-02-28", "NOTHING_REACHED SERIOUS 50/0"},
      {0, 0, "2026-02-28", ""},
      {1, 50, "2026-02-28", ""},
      {800, 50, "", ""},
      {801, 50, "", "FAR_ABOVE_PLAN LOOK 50/0"},
      {801, 0, "", "FAR_ABOVE_PLAN LOOK 0/0"},
  };
  for (const Case& one : cases) {
    INFO(one.reported << " " << one.paid << " " << one.until);
    Audited audited;
    audited.OpenProject("tents", "", one.until);
    audited.Do({Pay("donor", "ministry", 100)});
    if (one.paid > 0) audited.Do({Into("tents", Pay("ministry", "village", one.paid))});
    CHECK(audited.By(v1::FINDING_RULE_RESULT_ODD).empty());  // nobody reported anything
    audited.Do({Report("tents", "ministry", one.reported)});
    const std::string found = absl::StrCat("RESULT_ODD ", one.found, " ministry ", one.reported, " of 400");
    CHECK(audited.By(v1::FINDING_RULE_RESULT_ODD) == (one.found.empty() ? "" : found));
    CHECK(audited.By(v1::FINDING_RULE_RESULT_ODD, kToday, {"RESULT_ODD.part=20025"}).empty() ==
          (one.reported > 0 || one.paid == 0));
  }
}

v1::Action Totalling(v1::Action notice, std::int64_t total, std::int64_t rows = 0) {
  notice.mutable_announce()->set_asset("CNY");
  notice.mutable_announce()->set_total(total);
  notice.mutable_announce()->set_rows(rows);
  return notice;
}

TEST_CASE("ANNOUNCED_DIFFERS: a notice says other figures than the payments that it is about") {
  struct Case {
    v1::Announce::Kind kind;
    std::string from;
    std::int64_t total, rows;
    std::string found;
  };
  using A = v1::Announce;
  // 60 and 50 came into the project on two days; 45 of them reached the village.
  const std::vector<Case> cases = {
      {A::KIND_ALLOCATION, "2026-02-02", 110, 2, ""},
      {A::KIND_ALLOCATION, "2026-02-01", 60, 1, ""},
      {A::KIND_ALLOCATION, "2026-02-02", 100, 0, "TOTAL_DIFFERS LOOK 10/100"},
      {A::KIND_ALLOCATION, "2026-02-01", 110, 0, "TOTAL_DIFFERS LOOK 50/110"},
      {A::KIND_ALLOCATION, "2026-02-02", 0, 3, "ROWS_DIFFER LOOK 0/0"},
      {A::KIND_RECIPIENTS, "2026-02-03", 45, 1, ""},
      {A::KIND_RESULT, "2026-02-03", 46, 1, "TOTAL_DIFFERS LOOK 1/46"},
      {A::KIND_PLAN, "2026-02-03", 46, 9, ""},
  };
  for (const Case& one : cases) {
    INFO(one.kind << " " << one.from << " " << one.total << " " << one.rows);
    Audited audited;
    audited.OpenProject("tents");
    audited.Do({OnDay("2026-02-01", Into("tents", Pay("donor", "ministry", 60)))});
    audited.Do({OnDay("2026-02-02", Into("tents", Pay("donor", "ministry", 50)))});
    audited.Do(
        {OnDay("2026-02-03", In("tents", Pay("ministry", "village", 45, v1::TRANSFER_KIND_DISBURSEMENT)))});
    audited.Do({Totalling(ForProject(Notice("told", "county", "cn", one.kind, one.from), "tents"), one.total,
                          one.rows)});
    CHECK(audited.By(v1::FINDING_RULE_ANNOUNCED_DIFFERS, "2026-01-31").empty());  // it says nothing yet
    const std::string told = audited.By(v1::FINDING_RULE_ANNOUNCED_DIFFERS);
    if (one.found.empty()) {
      CHECK(told.empty());
    } else {
      CHECK_THAT(told, Contains("ANNOUNCED_DIFFERS " + one.found + " county "));
    }
  }
}

TEST_CASE("ANNOUNCED_DIFFERS: since the notice before it, within a part, and after a correction") {
  Audited audited;
  audited.OpenProject("tents");
  audited.Do({OnDay("2026-02-01", Into("tents", Pay("donor", "ministry", 60)))});
  audited.Do({OnDay("2026-02-02", Into("tents", Pay("donor", "ministry", 50)))});
  const auto tell = [&](const std::string& id, const std::string& from, std::int64_t total) {
    return Totalling(ForProject(Notice(id, "county", "cn", v1::Announce::KIND_ALLOCATION, from), "tents"),
                     total);
  };
  audited.Do({tell("one", "2026-02-01", 60), tell("two", "2026-02-02", 50)});  // of one day each
  CHECK(audited.By(v1::FINDING_RULE_ANNOUNCED_DIFFERS).empty());
  const auto sent = audited.Do({OnDay("2026-02-02", Into("tents", Pay("donor", "ministry", 9)))});
  CHECK_THAT(audited.By(v1::FINDING_RULE_ANNOUNCED_DIFFERS), Contains("TOTAL_DIFFERS LOOK 9/50"));
  CHECK(audited.By(v1::FINDING_RULE_ANNOUNCED_DIFFERS, kToday, {"ANNOUNCED_DIFFERS.part=1800"}).empty());
  v1::Action correction = tell("three", "2026-02-02", 59);
  correction.mutable_announce()->set_kind(v1::Announce::KIND_CORRECTION);
  correction.mutable_announce()->set_corrects("two");
  audited.Do({correction});
  CHECK(audited.By(v1::FINDING_RULE_ANNOUNCED_DIFFERS).empty());
  audited.Do({In("tents", Returning(Pay("ministry", "donor", 9), Ref(sent)))});
  CHECK_THAT(audited.By(v1::FINDING_RULE_ANNOUNCED_DIFFERS), Contains("TOTAL_DIFFERS LOOK 9/59"));
}

TEST_CASE(
    "ANNOUNCED_DIFFERS: a finding lists the first 63 payments and the last, of all or since the notice "
    "before") {
  Audited audited;
  audited.OpenProject("tents");
  std::vector<std::uint64_t> first, second;
  for (int i = 0; i < 70; ++i) {
    first.push_back(audited.Do({OnDay("2026-02-01", Into("tents", Pay("donor", "ministry", 1)))}));
    second.push_back(audited.Do({OnDay("2026-02-02", Into("tents", Pay("donor", "ministry", 2)))}));
  }
  const auto tell = [&](const std::string& id, const std::string& from, std::int64_t total) {
    return Totalling(ForProject(Notice(id, "county", "cn", v1::Announce::KIND_ALLOCATION, from), "tents"),
                     total);
  };
  audited.Do({tell("one", "2026-02-01", 70), tell("two", "2026-02-02", 141), tell("all", "2026-02-03", 209)});
  v1::FindingsRequest request;
  request.add_rules(v1::FINDING_RULE_ANNOUNCED_DIFFERS);
  request.set_on(kToday);
  const auto answer = Need(audited.Try(request));
  REQUIRE(answer.findings_size() == 2);
  for (const v1::Finding& finding : answer.findings()) {
    INFO(finding.item());
    const bool all = finding.item() == "all";
    CHECK(finding.amount() == 1);
    CHECK(finding.count() == (all ? 140 : 70));
    CHECK(finding.evidence_count() == (all ? 140 : 70));
    REQUIRE(finding.evidence_size() == 64);
    CHECK(finding.evidence(0).record() == (all ? first[0] : second[0]));
    CHECK(finding.evidence(62).record() == (all ? first[31] : second[62]));
    CHECK(finding.evidence(63).record() == second[69]);
  }
}

TEST_CASE("UNACCOUNTED: of much that came into a fund nobody says where it is") {
  struct Case {
    std::int64_t passed_on;
    std::string on;
    bool habit;  // somebody acknowledged something
    std::string found;
  };
  const std::vector<Case> cases = {
      {90, "2026-03-01", true, ""},  // a tenth is left, and not more
      {89, "2026-03-01", true, "LOOK 11/100"},
      {50, "2026-03-01", true, "LOOK 50/100"},
      {49, "2026-03-01", true, "SERIOUS 51/100"},
      {49, "2026-03-01", false, "LOOK 51/100"},
      {49, "2026-02-28", true, ""},  // 364 days
  };
  for (const Case& one : cases) {
    INFO(one.passed_on << " " << one.on << " " << one.habit);
    Audited audited;
    const auto came = audited.Do({OnDay("2025-03-01", Pay("donor", "ministry", 100))});
    const auto passed = audited.Do({OnDay("2025-03-02", Pay("ministry", "village", one.passed_on))});
    if (one.habit) audited.Do({Acknowledge(Ref(passed), "village")});
    CHECK(audited.By(v1::FINDING_RULE_UNACCOUNTED, one.on) ==
          (one.found.empty() ? "" : "UNACCOUNTED " + one.found + " root " + At(came)));
    audited.Do({Acknowledge(Ref(came), "ministry")});
    CHECK(audited.By(v1::FINDING_RULE_UNACCOUNTED, one.on).empty());
  }
  // Where nobody stated the role, money only ends; what is acknowledged there has arrived.
  Audited audited;
  audited.Do({Inferred("shop", "root"), OnDay("2025-03-01", Pay("donor", "ministry", 100))});
  const auto ended = audited.Do({OnDay("2025-03-01", Pay("ministry", "shop", 100))});
  CHECK(audited.By(v1::FINDING_RULE_UNACCOUNTED) == "UNACCOUNTED LOOK 100/100 root " + At(ended));
  audited.Do({Returning(Pay("shop", "ministry", 95), Ref(ended)),
              OnDay("2025-03-03", Pay("ministry", "village", 95))});
  CHECK(audited.By(v1::FINDING_RULE_UNACCOUNTED).empty());
  audited.Do({Acknowledge(Ref(ended), "shop")});
  CHECK(audited.By(v1::FINDING_RULE_UNACCOUNTED, kToday, {"UNACCOUNTED.part=0"}).empty());
}

// What the rule says of the court's ledger.
std::string Unsound(const Court& court) {
  v1::FindingsRequest request;
  request.add_rules(v1::FINDING_RULE_UNSOUND_EVALUATION);
  request.set_on("2026-03-01");
  const query::View view = Need(query::MakeView(court.rows()));
  const auto answer = Need(Whole(query::Findings(view, request, {})));
  CHECK(answer.rules_size() == 1);
  std::vector<std::string> told;
  for (const v1::Finding& finding : answer.findings())
    told.push_back(absl::StrCat(finding.item(), " ", Told(finding)));
  return absl::StrJoin(told, "; ");
}
v1::Action ByStep(v1::Evaluate::Step step, v1::Action evaluation) {
  evaluation.mutable_evaluate()->set_step(step);
  return evaluation;
}

TEST_CASE("UNSOUND_EVALUATION: CONTINUE, and nobody went or came from elsewhere") {
  for (const auto step : {v1::Evaluate::STEP_SELF, v1::Evaluate::STEP_DESK, v1::Evaluate::STEP_FIELD,
                          v1::Evaluate::STEP_CROSS, v1::Evaluate::STEP_THIRD_PARTY}) {
    INFO(step);
    Court court;
    Need(court.Do({In("lunches", Pay("donor", "ministry", 70))}));
    Need(court.Judge(ByStep(step, Evaluation("a", "check", "lunches", v1::Evaluate::VERDICT_CONTINUE))));
    const bool stayed = step == v1::Evaluate::STEP_SELF || step == v1::Evaluate::STEP_DESK;
    CHECK(Unsound(court) == (stayed ? "a UNSOUND_EVALUATION NOBODY_WENT LOOK 70/0 check>county" : ""));
    // Another group went there.
    Need(court.Judge(ByStep(v1::Evaluate::STEP_FIELD,
                            Evaluation("b", "other", "lunches", v1::Evaluate::VERDICT_IMPROVE))));
    CHECK(Unsound(court).empty());
  }
  Court court;
  Need(court.Judge(Evaluation("a", "check", "lunches", v1::Evaluate::VERDICT_IMPROVE)));
  CHECK(Unsound(court).empty());
}

TEST_CASE("UNSOUND_EVALUATION: CONTINUE beside what another rule calls serious") {
  Court court;
  Need(court.Do({In("lunches", Pay("donor", "ministry", 70))}));
  const std::uint64_t paid = court.size();
  Need(court.Do({In("lunches", Pay("ministry", "village", 20, v1::TRANSFER_KIND_DISBURSEMENT))}));
  Need(court.Judge(
      ByStep(v1::Evaluate::STEP_FIELD, Evaluation("a", "check", "lunches", v1::Evaluate::VERDICT_CONTINUE))));
  Need(court.Judge(
      ByStep(v1::Evaluate::STEP_FIELD, Evaluation("b", "check", "roofs", v1::Evaluate::VERDICT_CONTINUE))));
  CHECK(Unsound(court).empty());
  Need(court.Do({Acknowledge(Ref(paid), "village", v1::Acknowledge::RESULT_NOT_RECEIVED)}));
  CHECK(Unsound(court) == "a UNSOUND_EVALUATION BESIDE_SERIOUS LOOK 70/0 check>county");
}

TEST_CASE("UNSOUND_EVALUATION: most members of the group were recused") {
  for (const int recused : {2, 3}) {
    INFO(recused);
    Court court;
    std::vector<v1::Action> seats, answers;
    for (int i = 0; i < recused; ++i) {
      const std::string party = absl::StrCat("k", i), seat = absl::StrCat("check-k", i);
      Need(court.Do({Party(party, "county")}));
      seats.push_back(JudgingSeat(seat, "check", party));
    }
    const std::uint64_t seated = court.size();
    Need(court.Do(seats));
    for (int i = 0; i < recused; ++i)
      answers.push_back(JudgingSeatTaken(absl::StrCat("check-k", i), seated, absl::StrCat("k", i)));
    Need(court.Do(answers));
    Need(court.Judge(ByStep(v1::Evaluate::STEP_FIELD,
                            Evaluation("a", "check", "lunches", v1::Evaluate::VERDICT_IMPROVE))));
    CHECK(Unsound(court) ==
          (recused == 3 ? "a UNSOUND_EVALUATION MOST_RECUSED LOOK 0/0 check>county 3 of 5" : ""));
  }
}

}  // namespace
}  // namespace fundtrail::testing
