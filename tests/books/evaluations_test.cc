// What methods, evaluations, appeals and decisions must say, what stands over a subject from then on, and what that stops.
#include "ledger/books/evaluations.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "ledger/books/standing.h"
#include "tests/support/evaluations.h"

namespace fundtrail::testing {
namespace {

constexpr auto kContinue = v1::Evaluate::VERDICT_CONTINUE;
constexpr auto kImprove = v1::Evaluate::VERDICT_IMPROVE;
constexpr auto kSuspend = v1::Evaluate::VERDICT_SUSPEND;
constexpr auto kWithdraw = v1::Evaluate::VERDICT_WITHDRAW;
constexpr auto kProject = v1::Action::kProposeProject;

const std::string kAt = "actions[0].evaluate";

v1::Action With(v1::Action action, const std::function<void(v1::Evaluate*)>& change) {
  change(action.mutable_evaluate());
  return action;
}
v1::Action MethodWith(const std::function<void(v1::SetMethod*)>& change) {
  v1::Action action = Method("m", "county", {{"A", 4'000}, {"B", 6'000}});
  change(action.mutable_set_method());
  return action;
}

// --- what must be said ---------------------------------------------------------------------------------------

TEST_CASE("methods: each refusal, and what is good") {
  const std::string at = "actions[0].set_method";
  const std::vector<std::tuple<const char*, std::string, v1::Action>> cases = {
      {"a method", "OK", MethodWith([](v1::SetMethod*) {})},
      {"weights that are less than the whole", "SPLIT_INVALID at " + at + ".criteria",
       MethodWith([](v1::SetMethod* m) { m->mutable_criteria(0)->set_basis_points(3'999); })},
      {"weights that are more", "SPLIT_INVALID at " + at + ".criteria",
       MethodWith([](v1::SetMethod* m) { m->mutable_criteria(1)->set_basis_points(6'001); })},
      {"a code that is listed twice", "FIELD_INVALID at " + at + ".criteria[1].code",
       MethodWith([](v1::SetMethod* m) { m->mutable_criteria(1)->set_code("A"); })},
      {"a criterion with the sign that stands between parts", "FIELD_INVALID at " + at + ".criteria[1].name",
       MethodWith([](v1::SetMethod* m) { m->mutable_criteria(1)->set_name("a=b"); })},
      {"a grade with that sign", "FIELD_INVALID at " + at + ".grades[0].name",
       MethodWith([](v1::SetMethod* m) { m->mutable_grades(0)->set_name("a=b"); })},
      {"two grades from one total", "FIELD_INVALID at " + at + ".grades[1].from",
       MethodWith([](v1::SetMethod* m) { m->mutable_grades(1)->set_from(80); })},
      {"no grade from 0", "FIELD_INVALID at " + at + ".grades",
       MethodWith([](v1::SetMethod* m) { m->mutable_grades(2)->set_from(1); })},
  };
  for (const auto& [story, verdict, action] : cases) {
    INFO(story);
    Court court;
    CHECK(Verdict(court.Do({action})) == verdict);
  }
}

TEST_CASE("evaluations: each refusal, and what is good") {
  struct Case {
    const char* story;
    std::string verdict;
    v1::Action action;
  };
  const auto good = [](v1::Evaluate::Verdict verdict) {
    return Evaluation("e", "check", "lunches", verdict);
  };
  const Case kCases[] = {
      {"it goes on", "OK", good(kContinue)},
      {"it is improved", "OK", good(kImprove)},
      {"it stops for now", "OK", good(kSuspend)},
      {"it stops for good", "OK", good(kWithdraw)},
      {"a programme", "OK", OfProgramme("schools", good(kSuspend))},
      {"a policy", "OK", OfPolicy("warm", good(kSuspend))},
      {"a party", "OK", OfParty("charity", good(kSuspend))},
      {"an improvement until the day until which it is valid", "OK",
       ValidUntil("2026-03-31", good(kImprove))},
      {"a group that does not judge", "FIELD_INVALID at " + kAt + ".group",
       Evaluation("e", "coop", "lunches", kContinue)},
      {"nothing is judged", "FIELD_INVALID at " + kAt,
       With(good(kContinue), [](auto* e) { e->clear_project(); })},
      {"two are judged", "FIELD_INVALID at " + kAt,
       With(good(kContinue), [](auto* e) { e->set_programme("schools"); })},
      {"a note with the sign between parts", "FIELD_INVALID at " + kAt + ".scores[1].note",
       With(good(kContinue), [](auto* e) { e->mutable_scores(1)->set_note("a=b"); })},
      {"a report that is no hash", "FIELD_INVALID at " + kAt + ".report",
       With(good(kContinue), [](auto* e) { e->set_report("abc"); })},
      {"a report in capitals", "FIELD_INVALID at " + kAt + ".report",
       With(good(kSuspend), [](auto* e) { e->set_report(std::string(64, 'A')); })},
      {"an improvement without its last day", "FIELD_INVALID at " + kAt + ".improve_by",
       With(good(kImprove), [](auto* e) { e->clear_improve_by(); })},
      {"a last day of no improvement", "FIELD_INVALID at " + kAt + ".improve_by",
       With(good(kSuspend), [](auto* e) { e->set_improve_by("2026-03-31"); })},
      {"a sample of more than there were", "FIELD_INVALID at " + kAt + ".sample",
       With(good(kContinue),
            [](auto* e) {
              e->set_sample(5);
              e->set_sample_of(4);
            })},
      {"an improvement that is over before its last day", "PERIOD_INVALID at " + kAt + ".valid_until",
       ValidUntil("2026-03-30", good(kImprove))},
      {"a suspension without a report", "REPORT_MISSING at " + kAt + ".report",
       With(good(kSuspend), [](auto* e) { e->clear_report(); })},
      {"a withdrawal without a report", "REPORT_MISSING at " + kAt + ".report",
       With(good(kWithdraw), [](auto* e) { e->clear_report(); })},
      {"an improvement that is late from the first day on, without a report",
       "REPORT_MISSING at " + kAt + ".report",
       With(good(kImprove), [](auto* e) { e->set_improve_by("2026-02-28"); })},
      {"the same with a report", "OK",
       With(good(kImprove),
            [](auto* e) {
              e->set_improve_by("2026-02-28");
              e->set_report(std::string(64, 'a'));
            })},
      {"an improvement until today", "OK",
       With(good(kImprove), [](auto* e) { e->set_improve_by("2026-03-01"); })},
      {"a criterion without a score", "SCORES_INCOMPLETE at " + kAt + ".scores",
       With(good(kContinue), [](auto* e) { e->mutable_scores()->RemoveLast(); })},
      {"a score for no criterion", "SCORES_INCOMPLETE at " + kAt + ".scores[1].criterion",
       With(good(kContinue), [](auto* e) { e->mutable_scores(1)->set_criterion("C"); })},
      {"a criterion that is scored twice", "SCORES_INCOMPLETE at " + kAt + ".scores[1].criterion",
       With(good(kContinue),
            [](auto* e) {
              e->mutable_scores(1)->set_criterion("A");
              e->mutable_scores(1)->set_score(10);
            })},
      {"it goes on, from the floor", "OK",
       With(good(kContinue), [](auto* e) { e->mutable_scores(1)->set_score(10); })},
      {"it goes on, from below the floor", "VERDICT_UNFOUNDED at " + kAt + ".verdict",
       With(good(kContinue), [](auto* e) { e->mutable_scores(1)->set_score(9); })},
      {"it is improved, from below the floor", "OK",
       With(good(kImprove), [](auto* e) { e->mutable_scores(1)->set_score(9); })},
      {"what it lifts is not there", "REFERENCE_UNKNOWN at " + kAt + ".lifts",
       Evaluation("e", "check", "lunches", kContinue, {"nothing"})},
      {"what it lifts is of another project", "FIELD_INVALID at " + kAt + ".lifts[0]",
       Evaluation("e", "check", "lunches", kContinue, {"of-roofs"})},
  };
  for (const Case& one : kCases) {
    INFO(one.story);
    Court court;
    Need(court.Judge(Evaluation("of-roofs", "check", "roofs", kContinue)));
    const Status status = court.Judge(one.action);
    CHECK(Verdict(status) == one.verdict);
    if (!status.ok()) CHECK_FALSE(model::RefusalOf(status).value_or(v1::Refusal()).sentence().empty());
  }
}

TEST_CASE("the criteria are those of the method's present version") {
  Court court;
  const v1::Action other = Method("points", "county", {{"A", 10'000}});
  // The record that set the method: the last but one of the court.
  Need(court.Do({Amending(other, court.size() - 2)}));
  CHECK(Verdict(court.Judge(Evaluation("e", "check", "lunches", kContinue))) ==
        "SCORES_INCOMPLETE at " + kAt + ".scores[1].criterion");
  CHECK(Verdict(court.Judge(With(Evaluation("e", "check", "lunches", kContinue),
                                 [](auto* e) { e->mutable_scores()->RemoveLast(); }))) == "OK");
}

TEST_CASE("an evaluation is never amended, and does not end") {
  Court court;
  const v1::Action said = Evaluation("e", "check", "lunches", kContinue);
  const std::uint64_t record = court.size();
  Need(court.Judge(said));
  CHECK(Verdict(court.Judge(Amending(said, record))) == "FIELD_FIXED at " + kAt);
  CHECK(Verdict(court.Judge(Amending(Evaluation("e", "check", "lunches", kSuspend), record))) ==
        "FIELD_FIXED at " + kAt + ".verdict");
  CHECK(Verdict(court.Do({End("evaluation", "e", record)})) ==
        "FIELD_INVALID at actions[0].end_item.register");
  CHECK(court.Row(kProject, "lunches") == "e CONTINUE");
}

TEST_CASE("totals are rounded down, and each has a grade") {
  const v1::SetMethod method = Method("m", "county", {{"A", 3'333}, {"B", 6'667}}).set_method();
  v1::Evaluate said = Evaluation("e", "check", "lunches", kContinue).evaluate();
  const auto total = [&](std::uint32_t a, std::uint32_t b) {
    said.mutable_scores(0)->set_score(a);
    said.mutable_scores(1)->set_score(b);
    return books::TotalOf(method, said);
  };
  CHECK(total(100, 100) == 100);
  CHECK(total(0, 0) == 0);
  CHECK(total(100, 99) == 99);  // 99.333
  CHECK(total(99, 100) == 99);  // 99.6667
  CHECK(total(1, 0) == 0);      // 0.3333
  CHECK(total(60, 40) == 46);   // 46.666
  const std::pair<std::uint64_t, const char*> kGrades[] = {{0, "poor"},  {59, "poor"}, {60, "fair"},
                                                           {79, "fair"}, {80, "good"}, {100, "good"}};
  for (const auto& [points, grade] : kGrades) CHECK(books::GradeOf(method, points) == grade);
}

// --- who lifts, who appeals, who decides ---------------------------------------------------------------------

TEST_CASE("a verdict is lifted by the same group, or by one whose place is above") {
  const std::string stands = "VERDICT_STANDS at " + kAt + ".lifts[0]";
  for (const auto& [by, verdict] :
       std::initializer_list<std::pair<std::string, std::string>>{{"office", "OK"},       // the same
                                                                  {"capital", "OK"},      // of a place above
                                                                  {"check", stands},      // of a place below
                                                                  {"beside", stands}}) {  // of the same place
    INFO(by);
    Court court;
    court.AddGroup("beside", "gz");
    Need(court.Judge(Evaluation("first", "office", "lunches", kSuspend)));
    CHECK(Verdict(court.Judge(Evaluation("second", by, "lunches", kContinue, {"first"}))) == verdict);
    CHECK(court.Row(kProject, "lunches") == (verdict == "OK" ? "second CONTINUE" : "first SUSPEND"));
  }
}

TEST_CASE("who answers for what was judged may appeal, and it stands meanwhile") {
  struct Case {
    v1::Action evaluation;
    std::vector<std::string> may;
  };
  const std::string refused = "NOT_RESPONSIBLE at actions[0].appeal.by";
  const v1::Action of_project = Evaluation("e", "check", "lunches", kSuspend);
  const Case kCases[] = {{of_project, {"county", "charity"}},
                         {OfProgramme("schools", of_project), {"county"}},
                         {OfPolicy("warm", of_project), {"county"}},
                         {OfParty("charity", of_project), {"charity"}}};
  for (const Case& one : kCases) {
    Court court;
    Need(court.Judge(one.evaluation));
    const books::Subject subject = books::SubjectOf(one.evaluation.evaluate());
    INFO(subject.Words());
    for (const std::string by : {"county", "charity", "village", "root", "check"}) {
      INFO(by);
      const bool may = std::find(one.may.begin(), one.may.end(), by) != one.may.end();
      CHECK(Verdict(court.Do({AppealOf("e", by)})) == (may ? "OK" : refused));
    }
    CHECK(court.Row(subject.action, subject.id) == "e SUSPEND");
  }
}

TEST_CASE(
    "what names no place is judged by groups at the seat of its owner or above, and by any without a seat") {
  const std::string level = "GROUP_LEVEL at actions[0].evaluate.group";
  v1::Action policy = JudgedPolicy("wide");
  policy.mutable_open_policy()->set_owner("nation");
  policy.mutable_open_policy()->clear_places();
  const auto verdict = [&](const v1::Action& evaluation) {
    Court court;
    Need(court.Do({Seated(Party("nation", "root"), "cn"), Programme("relief", "nation"),
                   Project("anywhere", "nation"), Where(Project("here", "nation"), {{"town", 0}}, {}), policy,
                   Programme("own", "county"), Project("any", "county")}));
    return Verdict(court.Judge(evaluation));
  };
  for (const auto& [group, wide] : std::initializer_list<std::pair<std::string, std::string>>{
           {"check", level}, {"office", level}, {"capital", "OK"}}) {
    INFO(group);
    CHECK(verdict(OfProgramme("relief", Evaluation("e", group, "", kSuspend))) == wide);
    CHECK(verdict(Evaluation("e", group, "anywhere", kSuspend)) == wide);
    CHECK(verdict(OfPolicy("wide", Evaluation("e", group, "", kSuspend))) == wide);
    CHECK(verdict(Evaluation("e", group, "here", kSuspend)) == "OK");
    CHECK(verdict(OfProgramme("own", Evaluation("e", group, "", kSuspend))) == "OK");
    CHECK(verdict(Evaluation("e", group, "any", kSuspend)) == "OK");
  }
}

TEST_CASE("a group of a place above decides about appeals, or the root quorum does") {
  const std::string level = "GROUP_LEVEL at actions[0].decide_appeal.by";
  for (const auto& [by, verdict] : std::initializer_list<std::pair<std::string, std::string>>{
           {"capital", "OK"}, {"office", level}, {"check", level}, {"side", level}}) {
    INFO(by);
    Court court;
    Need(court.Judge(Evaluation("e", "office", "lunches", kSuspend)));
    Need(court.Do({AppealOf("e", "county")}));
    CHECK(Verdict(court.Judge(DecisionOf("e", by))) == verdict);
    CHECK(court.Row(kProject, "lunches") == (verdict == "OK" ? "" : "e SUSPEND"));
  }
  Court court;
  Need(court.Judge(Evaluation("e", "capital", "lunches", kSuspend)));
  // A party that is no group, and a key that may evaluate for the root party, and is not one of its keys.
  CHECK(Verdict(court.Do({DecisionOf("e", "county")})) == level);
  Need(court.Do({Authorise(30, "root", {v1::PERMISSION_EVALUATE})}));
  CHECK(Verdict(court.Do({DecisionOf("e", "root")}, {30})) ==
        "QUORUM_MISSING at actions[0].decide_appeal.by");
  // Nobody appealed; one decision answers all appeals; and each later decision needs another one.
  const std::string missing = "APPEAL_MISSING at actions[0].decide_appeal.evaluation";
  CHECK(Verdict(court.Do({DecisionOf("e", "root")})) == missing);
  Need(court.Do({AppealOf("e", "county"), AppealOf("e", "charity")}));
  CHECK(Verdict(court.Do({DecisionOf("e", "root", v1::DecideAppeal::DECISION_UPHELD)})) == "OK");
  CHECK(Verdict(court.Do({DecisionOf("e", "root")})) == missing);
  CHECK(court.Row(kProject, "lunches") == "e SUSPEND");
  // An appeal may stand in the entry of its decision.
  CHECK(Verdict(court.Do({AppealOf("e", "charity"), DecisionOf("e", "root")})) == "OK");
  CHECK(Verdict(court.Do({DecisionOf("e", "root")})) == missing);
  CHECK(court.Row(kProject, "lunches").empty());
  // What is annulled stays so.
  Need(court.Do({AppealOf("e", "county")}));
  CHECK(Verdict(court.Do({DecisionOf("e", "root", v1::DecideAppeal::DECISION_UPHELD)})) == "OK");
  CHECK(court.Row(kProject, "lunches").empty());
}

TEST_CASE("a member of the body of the group that judged does not decide about the appeal") {
  Court court;
  // It stands below m1, which has a seat in the group that decides too.
  Need(court.Do({Party("below", "m1"), Authorise(kSpeaker, "below", {v1::PERMISSION_EVALUATE}),
                 JudgingGroup("below", "df", v1::FormGroup::KIND_ASSESSMENT)}));
  const std::uint64_t seated = court.size();
  Need(court.Do({JudgingSeat("below-1", "below", "m1"), JudgingSeat("below-2", "below", "m2")}));
  Need(court.Do({JudgingSeatTaken("below-1", seated, "m1"), JudgingSeatTaken("below-2", seated, "m2")}));
  Need(court.Judge(Evaluation("e", "below", "lunches", kSuspend)));
  Need(court.Do({AppealOf("e", "county")}));
  CHECK(Verdict(court.Judge(DecisionOf("e", "office"))) == "MEMBER_RECUSED at actions[0].decide_appeal.by");
  // About what another group judged it does.
  Need(court.Judge(Evaluation("f", "other", "lunches", kSuspend)));
  Need(court.Do({AppealOf("f", "county")}));
  CHECK(Verdict(court.Judge(DecisionOf("f", "office"))) == "OK");
}

// --- what stands ---------------------------------------------------------------------------------------------

TEST_CASE("what a newer evaluation replaces, what stays, and what does not come back") {
  Court court;
  const auto row = [&] { return court.Row(kProject, "lunches"); };
  Need(court.Judge(Evaluation("a", "check", "lunches", kContinue)));
  Need(court.Judge(Evaluation("b", "office", "lunches", kImprove)));
  CHECK(row() == "a CONTINUE, b IMPROVE");
  Need(court.Judge(Evaluation("c", "check", "lunches", kSuspend)));
  CHECK(row() == "b IMPROVE, c SUSPEND");
  // It does not lift what stops.
  Need(court.Judge(Evaluation("d", "check", "lunches", kContinue)));
  CHECK(row() == "b IMPROVE, c SUSPEND, d CONTINUE");
  Need(court.Judge(Evaluation("e", "check", "lunches", kContinue, {"c"})));
  CHECK(row() == "b IMPROVE, e CONTINUE");
  Need(court.Do({AppealOf("e", "county")}));
  Need(court.Do({DecisionOf("e", "root")}));
  CHECK(row() == "b IMPROVE");
  CHECK(Need(books::GetStanding(court.rows(), kProject, "lunches")).withdrawn() == 0);
  const std::uint64_t record = court.size();
  Need(court.Judge(Evaluation("f", "office", "lunches", kWithdraw)));
  Need(court.Judge(Evaluation("g", "office", "lunches", kContinue, {"f"})));
  CHECK(row() == "g CONTINUE");
  CHECK(Need(books::GetStanding(court.rows(), kProject, "lunches")).withdrawn() == record + 1);
}

TEST_CASE("so many verdicts stand over one subject, and no more") {
  Court court;
  for (int i = 0; i < books::kMaxVerdicts; ++i)
    Need(court.Judge(Evaluation("e" + std::to_string(i), "check", "lunches", kSuspend)));
  CHECK(Verdict(court.Judge(Evaluation("more", "check", "lunches", kSuspend))) == "FIELD_INVALID at " + kAt);
  CHECK(Verdict(court.Judge(Evaluation("more", "check", "lunches", kSuspend, {"e7"}))) == "OK");
}

TEST_CASE("what a verdict says on each day") {
  const auto on = [](const char* day) { return Need(ParseDate(day)); };
  v1::StandingVerdict improve;
  improve.set_verdict(kImprove);
  improve.set_improve_by("2026-03-31");
  CHECK(books::VerdictOn(improve, on("2026-03-31")) == kImprove);
  CHECK(books::VerdictOn(improve, on("2026-04-01")) == kSuspend);
  improve.set_valid_until("2026-04-30");
  CHECK(books::VerdictOn(improve, on("2026-05-01")) == kSuspend);  // it does not lapse
  v1::StandingVerdict goes;
  goes.set_verdict(kContinue);
  CHECK(books::VerdictOn(goes, on("2199-01-01")) == kContinue);
  goes.set_valid_until("2026-03-31");
  CHECK(books::VerdictOn(goes, on("2026-03-31")) == kContinue);
  CHECK(books::VerdictOn(goes, on("2026-04-01")) == v1::Evaluate::VERDICT_UNSPECIFIED);
  for (const auto stops : {kSuspend, kWithdraw}) {
    v1::StandingVerdict verdict;
    verdict.set_verdict(stops);
    verdict.set_valid_until("2026-03-31");
    CHECK(books::VerdictOn(verdict, on("2026-04-01")) == stops);
  }
  v1::StandingRow row;
  CHECK(Need(books::StandingOn(row, on("2026-03-01"))).verdict == v1::Evaluate::VERDICT_UNSPECIFIED);
  *row.add_verdicts() = goes;
  *row.add_verdicts() = improve;
  CHECK(Need(books::StandingOn(row, on("2026-03-31"))).verdict == kImprove);
  CHECK(Need(books::StandingOn(row, on("2026-04-01"))).verdict == kSuspend);
  for (int i = 0; i < books::kMaxVerdicts; ++i) *row.add_verdicts() = goes;
  CHECK(books::StandingOn(row, on("2026-03-01")).status().code() == absl::StatusCode::kDataLoss);
}

// --- what is stopped -----------------------------------------------------------------------------------------

TEST_CASE("money of a suspended project stays, can only be sent back, and is free again once it is lifted") {
  struct Case {
    const char* story;
    v1::Action stops, frees;
  };
  const v1::Action suspend = Evaluation("s", "check", "roofs", kSuspend);
  const v1::Action lift = Evaluation("l", "check", "roofs", kContinue, {"s"});
  const Case kCases[] = {
      {"the project is suspended", suspend, lift},
      {"it is withdrawn", Evaluation("s", "check", "roofs", kWithdraw), lift},
      {"its programme is suspended", OfProgramme("schools", suspend), OfProgramme("schools", lift)},
  };
  for (const Case& one : kCases) {
    INFO(one.story);
    Court court;
    const std::uint64_t paid = court.size();
    Need(court.Do({In("roofs", Pay("donor", "ministry", 100)), Pay("donor", "ministry", 50),
                   In("lunches", Pay("donor", "ministry", 50))}));
    Need(court.Do({In("roofs", Pay("ministry", "county", 40))}));
    Need(court.Judge(one.stops));
    const std::string out = "FUNDS_FROZEN at actions[0].transfer.project";
    const std::string in = "FUNDS_FROZEN at actions[0].transfer.to_project";
    const std::vector<std::pair<std::string, v1::Action>> frozen = {
        {out, In("roofs", Pay("ministry", "county", 5))},
        {out, In("roofs", Pay("county", "village", 5, v1::TRANSFER_KIND_DISBURSEMENT))},
        {out, In("roofs", Pay("donor", "ministry", 5))},
        {out, In("roofs", Into("lunches", Move("ministry", 5)))},
        {out, In("roofs", ToGeneral(Move("ministry", 5)))},
        {in, Into("roofs", Pay("ministry", "county", 5))},
        {in, In("lunches", Into("roofs", Move("ministry", 5)))}};
    for (const auto& [verdict, pay] : frozen) CHECK(Verdict(court.Do({pay})) == verdict);
    const auto refusal = model::RefusalOf(court.Do({frozen[0].second})).value_or(v1::Refusal());
    CHECK(refusal.sentence().find("evaluation s by group check") != std::string::npos);
    CHECK(refusal.sentence().find("--lifts") != std::string::npos);
    CHECK(refusal.has_record());
    // What is elsewhere moves, and so does what goes back.
    CHECK(Verdict(court.Do({Pay("ministry", "county", 5)})) == "OK");
    CHECK(Verdict(court.Do({In("lunches", Pay("ministry", "county", 5))})) == "OK");
    CHECK(Verdict(court.Do({In("roofs", Returning(Pay("county", "ministry", 10), Ref(paid + 1)))})) == "OK");
    CHECK(Verdict(court.Do({In("roofs", Returning(Pay("ministry", "donor", 20), Ref(paid),
                                                  v1::TRANSFER_KIND_REVERSAL))})) == "OK");
    const auto totals = Need(books::GetProjectTotals(court.rows(), "roofs", "CNY"));
    CHECK(totals.held == Amount(80));
    // What came back is not paid once more as the return of a return.
    for (const auto kind : {v1::TRANSFER_KIND_RETURN, v1::TRANSFER_KIND_REVERSAL}) {
      const v1::Action again =
          In("roofs", Returning(Pay("ministry", "county", 10), Ref(court.size() - 2), kind));
      CHECK(Verdict(court.Do({again})) == out);
    }
    Need(court.Judge(one.frees));
    CHECK(Verdict(court.Do({In("roofs", Pay("county", "village", 30, v1::TRANSFER_KIND_DISBURSEMENT))})) ==
          "OK");
    CHECK(Verdict(court.Do({In("roofs", Pay("ministry", "village", 50, v1::TRANSFER_KIND_DISBURSEMENT))})) ==
          "OK");
  }
}

TEST_CASE("a verdict over a policy or a party stops no money") {
  Court court;
  Need(court.Do({In("lunches", Pay("donor", "ministry", 100))}));
  Need(court.Judge(OfPolicy("warm", Evaluation("p", "check", "", kWithdraw))));
  Need(court.Judge(OfParty("county", Evaluation("c", "check", "", kWithdraw))));
  CHECK(Verdict(court.Do({In("lunches", Pay("ministry", "county", 5))})) == "OK");
}

TEST_CASE("an improvement that is late freezes the project from the day after its last") {
  Court court;
  Need(court.Do({In("lunches", Pay("donor", "ministry", 100))}));
  Need(court.Judge(Evaluation("i", "check", "lunches", kImprove)));  // by 2026-03-31
  court.OnDay(30);
  CHECK(Verdict(court.Do({In("lunches", Pay("ministry", "county", 5))})) == "OK");
  court.OnDay(31);
  const Status late = court.Do({In("lunches", Pay("ministry", "county", 5))});
  CHECK(Verdict(late) == "FUNDS_FROZEN at actions[0].transfer.project");
  CHECK(std::string(late.message()).find("IMPROVE by 2026-03-31, which counts as SUSPEND now") !=
        std::string::npos);
  Need(court.Judge(Evaluation("k", "check", "lunches", kContinue)));
  CHECK(Verdict(court.Do({In("lunches", Pay("ministry", "county", 5))})) == "OK");
}

TEST_CASE("a programme or policy that is stopped takes nothing new") {
  for (const auto verdict : {kSuspend, kWithdraw}) {
    Court court;
    const std::uint64_t proposed = court.size();
    Need(court.Do(
        {Project("plan", "county", "charity"), JudgedPolicy("narrow", "warm"), Programme("more", "county")}));
    Need(court.Judge(OfProgramme("schools", Evaluation("s", "check", "", verdict))));
    Need(court.Judge(OfPolicy("warm", Evaluation("p", "check", "", verdict))));
    const auto in = [](const char* id) { return InProgramme("schools", Project(id, "county", "charity")); };
    CHECK(Verdict(court.Do({in("new")})) == "NOT_IN_FORCE at actions[0].propose_project.programme");
    CHECK(Verdict(court.Do({Amending(in("plan"), proposed)})) ==
          "NOT_IN_FORCE at actions[0].propose_project.programme");
    CHECK(Verdict(court.Do({InProgramme("more", Project("new", "county", "charity"))})) == "OK");
    // What names it already goes on naming it.
    const auto roofs = Need(books::GetItem(court.rows(), kProject, "roofs"));
    CHECK(Verdict(court.Do({Amending(in("roofs"), roofs->record())})) == "OK");
    CHECK(Verdict(court.Do({JudgedPolicy("next", "warm")})) ==
          "NOT_IN_FORCE at actions[0].open_policy.implements");
    v1::Action linked = JudgedPolicy("warm");
    linked.mutable_open_policy()->add_programmes("more");
    const auto warm = Need(books::GetItem(court.rows(), v1::Action::kOpenPolicy, "warm"));
    CHECK(Verdict(court.Do({Amending(linked, warm->record())})) ==
          "NOT_IN_FORCE at actions[0].open_policy.programmes");
    CHECK(Verdict(court.Do({Amending(JudgedPolicy("warm"), warm->record())})) == "OK");
    CHECK(Verdict(court.Do({Amending(JudgedPolicy("narrow", "warm"), proposed)})) == "OK");
  }
}

TEST_CASE("a project does not leave a programme that is stopped, and its money stays frozen") {
  Court court;
  Need(court.Do({Programme("more", "county"), In("roofs", Pay("donor", "ministry", 100))}));
  Need(court.Judge(OfProgramme("schools", Evaluation("s", "check", "", kSuspend))));
  const auto roofs = Need(books::GetItem(court.rows(), kProject, "roofs"));
  const v1::Action out = Amending(Project("roofs", "county", "charity"), roofs->record());
  const v1::Action other =
      Amending(InProgramme("more", Project("roofs", "county", "charity")), roofs->record());
  const v1::Action free = In("roofs", ToGeneral(Move("ministry", 5)));
  const std::string refused = "NOT_IN_FORCE at actions[0].propose_project.programme";
  CHECK(Verdict(court.Do({out})) == refused);
  CHECK(Verdict(court.Do({other})) == refused);
  CHECK(Verdict(court.Do({out, free})) == refused);
  CHECK(Verdict(court.Do({free})) == "FUNDS_FROZEN at actions[0].transfer.project");
  Need(court.Judge(OfProgramme("schools", Evaluation("l", "check", "", kContinue, {"s"}))));
  CHECK(Verdict(court.Do({out, free})) == "OK");
}

TEST_CASE("what was committed in a project is void once it is withdrawn, and not where its programme is") {
  for (const bool by_programme : {false, true}) {
    INFO(by_programme);
    const auto over = [&](v1::Action evaluation) {
      return by_programme ? OfProgramme("schools", std::move(evaluation)) : evaluation;
    };
    Court court;
    v1::Action keep;
    keep.mutable_commit()->set_id("c");
    keep.mutable_commit()->set_owner("ministry");
    keep.mutable_commit()->set_fund("flood");
    keep.mutable_commit()->set_project("roofs");
    keep.mutable_commit()->set_asset("CNY");
    keep.mutable_commit()->set_amount(60);
    Need(court.Do({In("roofs", Pay("donor", "ministry", 100)), keep}));
    const v1::Action free = In("roofs", Pay("ministry", "county", 41));
    v1::Action used = In("roofs", Pay("ministry", "county", 1));
    used.mutable_transfer()->set_commitment("c");
    const std::string kept = "INSUFFICIENT_FUNDS at actions[0].transfer.amount";
    CHECK(Verdict(court.Do({free})) == kept);
    Need(court.Judge(over(Evaluation("s", "check", "roofs", kWithdraw))));
    CHECK(Verdict(court.Do({used})) == "FUNDS_FROZEN at actions[0].transfer.project");
    Need(court.Judge(over(Evaluation("l", "check", "roofs", kContinue, {"s"}))));
    CHECK(Verdict(court.Do({used})) ==
          (by_programme ? "OK" : "COMMITMENT_SHORT at actions[0].transfer.commitment"));
    CHECK(Verdict(court.Do({free})) == (by_programme ? kept : "OK"));
  }
}

// --- against a naive model -----------------------------------------------------------------------------------

// One evaluation of lunches as the naive model knows it.
struct Said {
  std::string id, group;
  v1::Evaluate::Verdict verdict = kContinue;
  int improve_by = 0, valid_until = -1;  // days; -1: open
  std::vector<std::string> lifts;
  bool annulled = false;
};

// What stands, looked up anew in all that was ever said.
v1::Evaluate::Verdict Naive(const std::vector<Said>& all, int day) {
  v1::Evaluate::Verdict strictest = v1::Evaluate::VERDICT_UNSPECIFIED;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Said& one = all[i];
    const bool stops = one.verdict == kSuspend || one.verdict == kWithdraw;
    bool gone = one.annulled;
    for (std::size_t later = i + 1; later < all.size(); ++later) {
      gone = gone || (!stops && all[later].group == one.group);
      gone = gone || std::count(all[later].lifts.begin(), all[later].lifts.end(), one.id) > 0;
    }
    if (gone) continue;
    v1::Evaluate::Verdict says = one.verdict;
    if (says == kImprove && day > one.improve_by) {
      says = kSuspend;
    } else if (!stops && one.valid_until >= 0 && day > one.valid_until) {
      continue;
    }
    strictest = std::max(strictest, says);
  }
  return strictest;
}

std::string DayText(int day) { return fundtrail::ToString(Date(Need(ParseDate("2026-03-01")).days() + day)); }

TEST_CASE(
    "over random evaluations, lifts and appeals the standing is what a naive model says, and money obeys") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&](int bound) { return static_cast<int>(random() % static_cast<unsigned>(bound)); };
  const std::map<std::string, std::string> places = {
      {"check", "df"}, {"other", "df"}, {"office", "gz"}, {"capital", "cn"}};
  const std::map<std::string, int> depth = {{"cn", 0}, {"gz", 1}, {"df", 2}};  // each in the one before
  std::vector<std::string> groups;
  for (const auto& [group, place] : places) groups.push_back(group);
  Court court;
  Need(court.Do({In("lunches", Pay("donor", "ministry", 1'000'000))}));
  std::vector<Said> all;
  int day = 0, frozen = 0, free = 0;
  for (int round = 0; round < 120; ++round) {
    day += below(4);
    court.OnDay(day);
    if (!all.empty() && below(6) == 0) {
      Said& one = all[random() % all.size()];
      Need(court.Do({AppealOf(one.id, "county"), DecisionOf(one.id, "root")}));
      one.annulled = true;
    } else {
      Said one;
      one.id = "e" + std::to_string(round);
      one.group = groups[random() % groups.size()];
      one.verdict = static_cast<v1::Evaluate::Verdict>(1 + (below(3) == 0 ? below(4) : below(2)));
      one.improve_by = day + below(15);
      if (below(2) == 0) one.valid_until = one.improve_by + below(10);
      bool may = true;
      for (const Said& earlier : all) {
        if (earlier.annulled || below(3) > 0 || one.lifts.size() == 8) continue;
        one.lifts.push_back(earlier.id);
        may = may && (earlier.group == one.group ||
                      depth.at(places.at(one.group)) < depth.at(places.at(earlier.group)));
      }
      v1::Action action = Evaluation(one.id, one.group, "lunches", one.verdict);
      auto* said = action.mutable_evaluate();
      if (one.verdict == kImprove) said->set_improve_by(DayText(one.improve_by));
      if (one.valid_until >= 0) said->set_valid_until(DayText(one.valid_until));
      for (const std::string& each : one.lifts) said->add_lifts(each);
      const std::string verdict = Verdict(court.Judge(action));
      CHECK(verdict.substr(0, verdict.find(' ')) == (may ? "OK" : "VERDICT_STANDS"));
      if (may) all.push_back(one);
    }
    const auto row = Need(books::GetStanding(court.rows(), kProject, "lunches"));
    for (const int on : {0, day, day + 1, day + 5, day + 30}) {
      INFO("round " << round << ", day " << on);
      const auto standing = Need(books::StandingOn(row, Date(Need(ParseDate("2026-03-01")).days() + on)));
      REQUIRE(standing.verdict == Naive(all, on));
    }
    const bool stops = Naive(all, day) >= kSuspend;
    ++(stops ? frozen : free);
    REQUIRE(Verdict(court.Do({In("lunches", Pay("ministry", "county", 1))})) ==
            (stops ? "FUNDS_FROZEN at actions[0].transfer.project" : "OK"));
  }
  CHECK(frozen + free == 120);
  CHECK(Need(books::GetProjectTotals(court.rows(), "lunches", "CNY")).held == Amount(1'000'000));
}

}  // namespace
}  // namespace fundtrail::testing
