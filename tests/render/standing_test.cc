// Evaluations, how many take part, and concerns, as they are printed.
#include "cli/render/standing.h"

#include <catch2/catch.hpp>

#include "cli/render/concerns.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("an evaluation says which concern keeps its grade low") {
  v1::EvaluationsAnswer answer;
  auto* line = answer.add_lines();
  line->mutable_evaluation()->mutable_action()->mutable_evaluate()->set_id("b");
  line->set_grade("fair");
  line->mutable_bar()->set_earned("good");
  line->mutable_bar()->set_concern("c");
  line->mutable_bar()->set_kind(v1::RaiseConcern::KIND_DIVERSION);
  CHECK_THAT(
      render::Text(answer, {}).str(),
      Contains(
          "b would have the grade good. Concern c (diversion) was not answered in time, so it is at most "
          "fair.\n"));
}

TEST_CASE("participation says how many pledges and calls had an answer, and how soon") {
  v1::ParticipationAnswer answer;
  auto* asset = answer.add_assets();
  asset->set_asset("CNY");
  asset->set_pledges(3);
  asset->set_pledges_paid(2);
  asset->set_pledge_median_days(4);
  answer.set_calls(3);
  answer.set_calls_answered(2);
  answer.set_call_median_days(1);
  const std::string text = render::Text(answer, {}).str();
  CHECK_THAT(text, Contains("2 of 3 pledges were paid something under; half of them in 4 days or less.\n"));
  CHECK_THAT(
      text,
      Contains("2 of 3 calls were answered by a pledge that names it; half of them in 1 day or less.\n"));
}

TEST_CASE("concerns say how much money they are about, and of how many there is none") {
  v1::ConcernsAnswer answer;
  v1::ConcernLine* line = answer.add_lines();
  line->mutable_concern()->set_id("a");
  line->mutable_concern()->set_kind(v1::RaiseConcern::KIND_DELAY);
  line->set_state(v1::ConcernLine::STATE_OPEN);
  answer.set_without_money(1);
  v1::ConcernMoney* money = answer.add_money();
  money->set_asset("CNY");
  money->set_decimals(2);
  money->set_in_projects(100);
  CHECK_THAT(render::Text(answer, {}).str(),
             Contains("Money under concern: 1.00 CNY in projects, 0.00 CNY paid straight for needs\n"
                      "No money is counted of 1 party, policy, evaluation or notice\n"));
}

}  // namespace
}  // namespace fundtrail::testing
