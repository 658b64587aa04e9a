// The grades of evaluations beside concerns about what was judged: what caps them, why, and that they stay as they were given.
#include "ledger/query/grades.h"

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "ledger/model/enum_word.h"
#include "ledger/query/evaluations.h"
#include "ledger/query/standing.h"
#include "tests/support/answers.h"
#include "tests/support/evaluations.h"
#include "tests/support/pages.h"

namespace fundtrail::testing {
namespace {

constexpr auto kDiversion = v1::RaiseConcern::KIND_DIVERSION;
constexpr auto kContinue = v1::Evaluate::VERDICT_CONTINUE;

// Where a concern of the kind DIVERSION leaves no better grade than fair.
class BarredCourt : public Court {
 public:
  BarredCourt() {
    const auto method = Need(books::GetItem(rows(), v1::Action::kSetMethod, "points"));
    const v1::Action points = Method("points", "county", {{"A", 5'000}, {"B", 5'000}});
    Need(Do({Amending(WithBar(points, kDiversion, "fair"), method->record())}));
  }
  void Say(const v1::Action& action) { Need(Do({action})); }
  // About lunches, raised by village.
  void Raise(v1::RaiseConcern::Kind kind = kDiversion) {
    Say(AboutProject("lunches", Concern("c", "village", kind)));
  }
  void Answer(v1::RespondConcern::Kind kind) { Say(Respond("c", "county", kind)); }
};

// "fair", or "fair of good: DIVERSION c overdue".
template <typename Line>
std::string GradeOf(const Line& line) {
  if (!line.has_bar()) return line.grade();
  return absl::StrCat(line.grade(), " of ", line.bar().earned(), ": ", model::WordOf(line.bar().kind()), " ",
                      line.bar().concern(), line.bar().found_right() ? " found right" : " overdue");
}
// Of all evaluations, by id; and those that stand have the same in the answer on the standing.
std::string Grades(const Court& court, const v1::EvaluationsRequest& request = {}) {
  const query::View view = Need(query::MakeView(court.rows()));
  const auto answer = Need(Whole(query::Evaluations(view, request, query::PagingOf(request))));
  std::string text;
  for (const v1::EvaluationLine& line : answer.lines()) {
    const v1::Evaluate& said = line.evaluation().action().evaluate();
    absl::StrAppend(&text, text.empty() ? "" : ", ", said.id(), " ", GradeOf(line));
    v1::StandingRequest of;
    of.set_project(said.project());
    of.set_programme(said.programme());
    of.set_policy(said.policy());
    of.set_party(said.party());
    if (request.has_as_of()) of.set_as_of(request.as_of());
    const auto standing = Need(query::Standing(view, of));
    for (const v1::StandingLine& each : standing.lines()) {
      if (each.evaluation() != said.id()) continue;
      CHECK(GradeOf(each) == GradeOf(line));
      CHECK(each.total() == line.total());
    }
  }
  return text;
}

TEST_CASE("a concern about the project caps the grade while it is overdue, or found right and not closed") {
  struct Case {
    const char* story;
    std::function<void(BarredCourt&)> before;
    int day;  // of the evaluation
    std::string grade;
  };
  const std::string overdue = "fair of good: DIVERSION c overdue",
                    right = "fair of good: DIVERSION c found right";
  const Case kCases[] = {
      {"nobody raised one", [](BarredCourt&) {}, 30, "good"},
      {"it is new", [](BarredCourt& c) { c.Raise(); }, 0, "good"},
      {"its last day", [](BarredCourt& c) { c.Raise(); }, 20, "good"},
      {"the day after", [](BarredCourt& c) { c.Raise(); }, 21, overdue},
      {"one of another kind", [](BarredCourt& c) { c.Raise(v1::RaiseConcern::KIND_DELAY); }, 30, "good"},
      {"one about another project",
       [](BarredCourt& c) { c.Say(AboutProject("roofs", Concern("c", "village", kDiversion))); }, 30, "good"},
      {"one about its owner",
       [](BarredCourt& c) { c.Say(AboutParty("county", Concern("c", "village", kDiversion))); }, 30, "good"},
      {"it was received",
       [](BarredCourt& c) {
         c.Raise();
         c.Answer(v1::RespondConcern::KIND_RECEIVED);
       },
       30, overdue},
      {"it was answered",
       [](BarredCourt& c) {
         c.Raise();
         c.Answer(v1::RespondConcern::KIND_ANSWER);
       },
       30, "good"},
      {"it was rejected",
       [](BarredCourt& c) {
         c.Raise();
         c.Answer(v1::RespondConcern::KIND_REJECT);
       },
       30, "good"},
      {"it was answered late, and before the group judged",
       [](BarredCourt& c) {
         c.Raise();
         c.OnDay(25);
         c.Answer(v1::RespondConcern::KIND_ANSWER);
       },
       30, "good"},
      {"it was found right",
       [](BarredCourt& c) {
         c.Raise();
         c.Answer(v1::RespondConcern::KIND_ACTION);
       },
       1, right},
      {"it was answered, and found right after that",
       [](BarredCourt& c) {
         c.Raise();
         c.Answer(v1::RespondConcern::KIND_ANSWER);
         c.Answer(v1::RespondConcern::KIND_ACTION);
       },
       1, right},
      {"it was found right, and closed",
       [](BarredCourt& c) {
         c.Raise();
         c.Answer(v1::RespondConcern::KIND_ACTION);
         c.Say(Close("c", "village"));
       },
       30, "good"},
      {"it was closed without an answer",
       [](BarredCourt& c) {
         c.Raise();
         c.Say(Close("c", "village"));
       },
       30, "good"},
  };
  for (const Case& one : kCases) {
    INFO(one.story);
    BarredCourt court;
    one.before(court);
    court.OnDay(one.day);
    Need(court.Judge(Evaluation("e", "check", "lunches", kContinue)));
    CHECK(Grades(court) == "e " + one.grade);
  }
}

TEST_CASE("a grade stays as it was given, whatever becomes of the concern and of the method") {
  BarredCourt court;
  court.Raise();
  Need(court.Judge(Evaluation("a", "check", "lunches", kContinue)));
  court.OnDay(21);
  Need(court.Judge(Evaluation("b", "office", "lunches", kContinue)));
  const std::uint64_t then = court.size() - 1;
  court.Answer(v1::RespondConcern::KIND_ANSWER);
  court.Say(Close("c", "village"));
  Need(court.Judge(Evaluation("c", "check", "lunches", kContinue)));
  const std::string before = "a good, b fair of good: DIVERSION c overdue";
  CHECK(Grades(court) == before + ", c good");
  v1::EvaluationsRequest past;
  past.set_as_of(then);
  CHECK(Grades(court, past) == before);
  // A method without bars caps nothing from then on.
  const auto method = Need(books::GetItem(court.rows(), v1::Action::kSetMethod, "points"));
  court.Say(Amending(Method("points", "county", {{"A", 5'000}, {"B", 5'000}}), method->record()));
  CHECK(Grades(court) == before + ", c good");
}

TEST_CASE("policies and parties are capped by concerns about them, and not by those that they raised") {
  BarredCourt court;
  v1::Action about_policy = Concern("of-warm", "village", kDiversion);
  about_policy.mutable_raise_concern()->set_policy("warm");
  court.Say(about_policy);
  court.Say(AboutParty("charity", Concern("of-charity", "village", kDiversion)));
  court.Say(AboutProject("lunches", Concern("by-auditor", "auditor", kDiversion)));
  court.OnDay(21);
  Need(court.Judge(OfPolicy("warm", Evaluation("a", "check", "", kContinue))));
  Need(court.Judge(OfParty("charity", Evaluation("b", "check", "", kContinue))));
  Need(court.Judge(OfParty("auditor", Evaluation("c", "capital", "", kContinue))));
  Need(court.Judge(OfProgramme("schools", Evaluation("d", "check", "", kContinue))));
  CHECK(Grades(court) ==
        "a fair of good: DIVERSION of-warm overdue, b fair of good: DIVERSION of-charity overdue, c good, d "
        "good");
}

}  // namespace
}  // namespace fundtrail::testing
