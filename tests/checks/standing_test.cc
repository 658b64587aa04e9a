// Evaluations, what follows from them, and how many take part: what a client does not believe.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>

#include "tests/checks/untrue.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("standing: what cannot be true is told") {
  v1::StandingAnswer honest;
  honest.set_on("2026-03-01");
  honest.set_register_("project");
  honest.set_id("lunches");
  honest.set_verdict(v1::Evaluate::VERDICT_SUSPEND);
  honest.set_frozen(true);
  honest.add_lines()->set_counts_as(v1::Evaluate::VERDICT_SUSPEND);
  v1::StandingRequest asked;
  asked.set_project("lunches");
  CanBeTrue(honest, asked);
  Untrue("it is of something else than was asked for", honest,
         With(asked, [](auto* r) { r->set_project("roofs"); }));
  Untrue("it is of something else than was asked for", honest,
         With(v1::StandingRequest(), [](auto* r) { r->set_party("lunches"); }));
  Untrue("it is of another day than was asked for", honest, On(asked, "2026-03-02"));
  const std::pair<std::function<void(v1::StandingAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->set_verdict(v1::Evaluate::VERDICT_CONTINUE); },
       "the verdict is not the strictest of those that stand"},
      {[](auto* a) { a->set_frozen(false); }, "what is frozen does not follow from the verdict"},
      {[](auto* a) {
         a->mutable_lines(0)->set_evaluation("e");
         a->mutable_lines(0)->mutable_bar()->set_earned("good");
       },
       "evaluation e is not graded as it says"},
  };
  for (const auto& [change, words] : kLies) Untrue(words, With(honest, change), asked);
}

TEST_CASE("evaluations: what cannot be true is told") {
  v1::EvaluationsAnswer honest;
  for (const char* id : {"a", "b"}) {
    auto* said = honest.add_lines()->mutable_evaluation()->mutable_action()->mutable_evaluate();
    said->set_id(id);
    said->set_group("check");
  }
  const v1::EvaluationsRequest asked;
  CanBeTrue(honest, asked);
  CanBeTrue(honest, With(asked, [](auto* r) { r->set_group("check"); }));
  Untrue("evaluation a was not asked for", honest, With(asked, [](auto* r) { r->set_group("office"); }));
  Untrue("evaluation a was not asked for", honest, With(asked, [](auto* r) { r->set_standing(true); }));
  Untrue("evaluation a is out of order",
         With(honest, [](auto* a) { a->mutable_lines()->SwapElements(0, 1); }), asked);
  Untrue("evaluation b is annulled, and stands",
         With(honest,
              [](auto* a) {
                a->mutable_lines(1)->set_stands(true);
                a->mutable_lines(1)->set_annulled(true);
              }),
         asked);
  const auto capped = With(honest, [](auto* a) {
    auto* line = a->mutable_lines(1);
    line->set_grade("fair");
    line->mutable_bar()->set_earned("good");
    line->mutable_bar()->set_concern("c");
    line->mutable_bar()->set_kind(v1::RaiseConcern::KIND_DIVERSION);
  });
  CanBeTrue(capped, asked);
  Untrue("evaluation b has a grade that is not capped as it says",
         With(capped, [](auto* a) { a->mutable_lines(1)->mutable_bar()->set_earned("fair"); }), asked);
}

TEST_CASE("participation: what cannot be true is told") {
  v1::ParticipationAnswer honest;
  auto* asset = honest.add_assets();
  asset->set_asset("CNY");
  asset->set_brought(30);
  asset->set_sources(2);
  auto* kind = asset->add_kinds();
  kind->set_brought(30);
  kind->set_sources(2);
  kind->set_share(10'000);
  const v1::ParticipationRequest asked;
  CanBeTrue(honest, asked);
  asset->set_pledges(3);
  asset->set_pledges_paid(2);
  asset->set_pledge_median_days(4);
  CanBeTrue(honest, asked);
  honest.set_calls(3);
  honest.set_calls_answered(2);
  honest.set_call_median_days(1);
  CanBeTrue(honest, asked);
  const auto winter = With(asked, [](auto* r) { r->set_fund("winter"); });
  Untrue("it is of another fund, programme or project than was asked for", honest, winter);
  Untrue("in CNY, the pledges are not those of the whole ledger",
         With(honest, [](auto* a) { a->set_fund("winter"); }), winter);
  const std::pair<std::function<void(v1::ParticipationAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_assets(0)->mutable_kinds(0)->set_share(9'999); },
       "in CNY, the shares are not the whole"},
      {[](auto* a) { a->mutable_assets(0)->set_brought(31); },
       "in CNY, the kinds of sources are not all of them"},
      {[](auto* a) { a->mutable_assets(0)->set_lasting(3); }, "in CNY, a part is more than the whole"},
      {[](auto* a) { a->mutable_assets(0)->set_pledges_paid(4); },
       "in CNY, the pledges are not those of the whole ledger"},
      {[](auto* a) { a->mutable_assets(0)->clear_pledge_median_days(); },
       "in CNY, the pledges are not those of the whole ledger"},
      {[](auto* a) { a->set_calls_answered(4); }, "the calls are not those of the whole ledger"},
      {[](auto* a) { a->clear_call_median_days(); }, "the calls are not those of the whole ledger"},
  };
  for (const auto& [change, words] : kLies) Untrue(words, With(honest, change), asked);
}

}  // namespace
}  // namespace fundtrail::testing
