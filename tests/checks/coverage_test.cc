// Coverage, the money of a project, and in how many hands it is: what a client does not believe.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>

#include "tests/checks/untrue.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("money of a project: what cannot be true is told") {
  v1::ProjectMoneyRequest asked;
  asked.set_project("lunches");
  const auto answer = [&](const std::function<void(v1::ProjectMoneyAnswer*)>& change) {
    v1::ProjectMoneyAnswer made;
    made.set_on("2026-03-01");
    made.mutable_project()->mutable_action()->mutable_propose_project()->set_id("lunches");
    auto* said = made.mutable_project()->add_attestations();
    said->mutable_action()->mutable_report_progress()->set_project("lunches");
    auto* totals = made.add_totals();
    totals->set_asset("CNY");
    totals->set_minted(10);
    totals->set_unrecorded(10);
    totals->set_held(6);
    totals->set_reached(4);
    auto* holding = made.add_holdings();
    holding->set_held(6);
    holding->mutable_account()->set_asset("CNY");
    holding->mutable_account()->set_project("lunches");
    change(&made);
    return made;
  };
  const auto honest = answer([](v1::ProjectMoneyAnswer*) {});
  CanBeTrue(honest, asked);
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 3));
  Untrue("it is of another day than was asked for", honest, On(asked, "2026-03-02"));
  Untrue("it is of another project than was asked for", honest,
         With(asked, [](auto* r) { r->set_project("coats"); }));
  Untrue("it is of another project than was asked for", honest, v1::ProjectMoneyRequest());
  const std::pair<std::function<void(v1::ProjectMoneyAnswer*)>, const char*> kMoneyLies[] = {
      {[](auto* a) { a->mutable_totals(0)->set_minted(11); }, "what came in is not what lies somewhere"},
      {[](auto* a) { a->mutable_totals(0)->set_unrecorded(11); }, "a part is more than its whole"},
      {[](auto* a) { a->mutable_totals(0)->set_committed_in(11); }, "a part is more than its whole"},
      {[](auto* a) { a->mutable_totals(0)->set_ended(-1); }, "a sum is below zero"},
      {[](auto* a) { *a->add_totals() = a->totals(0); }, "it has the sums of CNY twice"},
      {[](auto* a) { a->mutable_holdings(0)->set_held(5); }, "the accounts do not hold what is held"},
      {[](auto* a) {
         a->mutable_holdings(0)->set_held(7);
         a->set_more_holdings(1);
       },
       "the accounts do not hold what is held"},
      {[](auto* a) { a->mutable_holdings(0)->mutable_account()->set_project(""); },
       "is not an account of the project"},
      {[](auto* a) {
         a->mutable_project()
             ->mutable_attestations(0)
             ->mutable_action()
             ->mutable_report_progress()
             ->set_project("coats");
       },
       "what was said about the project is about something else"},
      {[](auto* a) { a->mutable_verdict()->set_frozen(true); }, "there is a verdict that says nothing"},
      {[](auto* a) { a->mutable_verdict()->set_counts_as(v1::Evaluate::VERDICT_SUSPEND); },
       "what is frozen does not follow from the verdict"},
  };
  for (const auto& [change, words] : kMoneyLies) Untrue(words, answer(change), asked);
  // With a target and what was reported of it.
  const auto reported = [&](const std::function<void(v1::ProjectMoneyAnswer*)>& lie) {
    return answer([&](v1::ProjectMoneyAnswer* a) {
      auto* target = a->mutable_project()->mutable_action()->mutable_propose_project()->add_targets();
      target->set_indicator("pupils");
      target->set_target(400);
      auto* result = a->add_results();
      *result->mutable_target() = *target;
      result->set_reported(120);
      result->set_ratio(3'000);
      result->set_reports(2);
      result->set_newest(5);
      lie(a);
    });
  };
  CanBeTrue(reported([](v1::ProjectMoneyAnswer*) {}), asked);
  const std::pair<std::function<void(v1::ProjectMoneyAnswer*)>, const char*> kResultLies[] = {
      {[](auto* a) { a->clear_results(); }, "it does not have one result for each target of the project"},
      {[](auto* a) { *a->add_results() = a->results(0); }, "it does not have one result for each target"},
      {[](auto* a) { a->mutable_results(0)->mutable_target()->set_target(4); },
       "the result is of another one"},
      {[](auto* a) { a->mutable_results(0)->set_reports(0); }, "there is a number without reports"},
      {[](auto* a) { a->mutable_results(0)->clear_newest(); }, "there is a number without reports"},
      {[](auto* a) { a->mutable_results(0)->set_reported(-1); }, "less than nothing was reported"},
      {[](auto* a) { a->mutable_results(0)->clear_ratio(); },
       "a ratio is there without a target, or is missing"},
      {[](auto* a) { a->mutable_results(0)->set_ratio(3'001); },
       "the ratio is not that of what was reported"},
  };
  for (const auto& [change, words] : kResultLies) Untrue(words, reported(change), asked);
}

TEST_CASE("coverage: what cannot be true is told") {
  const auto coverage = [&](const std::function<void(v1::CoverageAnswer*)>& change) {
    v1::CoverageAnswer made;
    made.set_on("2026-03-01");
    made.set_asset("CNY");
    for (v1::CoverageLine* line : {made.add_lines(), made.mutable_total()}) {
      line->set_state(v1::COVERAGE_STATE_UNDER);
      line->mutable_figures()->set_asked(100);
      line->mutable_figures()->set_placed(40);
      line->mutable_figures()->set_reached(10);
      line->mutable_figures()->set_gap(60);
      line->mutable_figures()->set_ratio(4'000);
    }
    made.set_general(20);
    made.set_brought_in(65);
    made.set_with_sources(5);
    change(&made);
    return made;
  };
  const v1::CoverageRequest asked;
  const auto honest = coverage([](v1::CoverageAnswer*) {});
  CanBeTrue(honest, asked);
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 3));
  Untrue("it is of another day than was asked for", honest, On(asked, "2026-03-02"));
  Untrue("it is of another asset than was asked for", honest,
         With(asked, [](auto* r) { r->set_asset("USD"); }));
  // What stands in no place of today, or is shared, asks and has money, and has no state.
  const auto today = With(asked, [](auto* r) { r->set_places_today(true); });
  for (const auto kind : {v1::CoverageLine::KIND_UNSPECIFIED, v1::CoverageLine::KIND_SHARED}) {
    const auto in_no_cell = [&](v1::CoverageState state) {
      return coverage([&](v1::CoverageAnswer* a) {
        a->mutable_lines(0)->set_kind(kind);
        a->mutable_lines(0)->set_state(state);
      });
    };
    CanBeTrue(in_no_cell(v1::COVERAGE_STATE_UNSPECIFIED), today);
    Untrue("it stands in no cell, and has a state", in_no_cell(v1::COVERAGE_STATE_UNDER), today);
  }
  const auto figures = [](v1::CoverageAnswer* a) { return a->mutable_lines(0)->mutable_figures(); };
  const std::pair<std::function<void(v1::CoverageAnswer*)>, const char*> kCoverageLies[] = {
      {[](auto* a) { a->set_general(21); }, "what lies somewhere is not what was brought in"},
      {[](auto* a) { a->set_unrecorded(66); }, "a part is more than its whole"},
      {[](auto* a) { a->set_elsewhere(-1); }, "a sum is below zero"},
      {[](auto* a) { *a->add_lines() = a->lines(0); }, "the lines do not add up to the total"},
      {[&](auto* a) { figures(a)->set_gap(61); }, "the gap is not what is asked less what is placed"},
      {[&](auto* a) { figures(a)->set_ratio(4'001); }, "the ratio is not that of"},
      {[&](auto* a) { figures(a)->clear_ratio(); },
       "a ratio is there without an amount that is asked, or is missing"},
      {[&](auto* a) { figures(a)->set_reached(41); }, "more is reached or committed than is placed"},
      {[&](auto* a) { figures(a)->set_direct(41); }, "more was paid straight for needs than is placed"},
      {[&](auto* a) { figures(a)->set_direct(11); },
       "more was paid straight for needs than reached recipients"},
      {[&](auto* a) { figures(a)->set_direct(3); }, "the lines do not add up to the total"},
      {[&](auto* a) { figures(a)->set_people_at_least(1); }, "the fewest people are more than the most"},
      {[&](auto* a) { figures(a)->set_severity(6); }, "the severity is not from 1 to 5"},
      {[&](auto* a) { figures(a)->set_promised(-1); }, "a sum is below zero"},
      {[&](auto* a) { figures(a)->set_promised(1); }, "the lines do not add up to the total"},
      {[](auto* a) { a->mutable_lines(0)->set_state(v1::COVERAGE_STATE_COVERED); },
       "the state does not follow from the ratio"},
  };
  for (const auto& [change, words] : kCoverageLies) Untrue(words, coverage(change), asked);
}

TEST_CASE("fragmentation: what cannot be true is told") {
  const auto say = [&](const std::function<void(v1::FragmentationAnswer*)>& change) {
    v1::FragmentationAnswer made;
    made.set_on("2026-03-01");
    made.set_place("dafang");
    made.set_category("EDU");
    made.set_asset("CNY");
    made.set_placed(40);
    for (int kind = v1::FragmentationLine::KIND_POLICIES; kind <= v1::FragmentationLine::KIND_ANNOUNCERS;
         ++kind) {
      auto* line = made.add_lines();
      line->set_kind(static_cast<v1::FragmentationLine::Kind>(kind));
      if (kind == v1::FragmentationLine::KIND_POLICIES) line->set_leads(0);
      line->set_count(2);
      const bool money =
          kind == v1::FragmentationLine::KIND_FUNDS || kind == v1::FragmentationLine::KIND_IMPLEMENTERS;
      line->add_parts()->set_amount(money ? 30 : 0);
      line->add_parts()->set_amount(money ? 10 : 0);
      if (!money) continue;
      line->set_effective(1'600);
      line->set_largest(7'500);
    }
    change(&made);
    return made;
  };
  v1::FragmentationRequest asked;
  asked.set_place("dafang");
  asked.set_category("EDU");
  const auto honest = say([](v1::FragmentationAnswer*) {});
  CanBeTrue(honest, asked);
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 3));
  Untrue("it is of another day than was asked for", honest, On(asked, "2026-03-02"));
  Untrue("it is of another asset than was asked for", honest,
         With(asked, [](auto* r) { r->set_asset("USD"); }));
  Untrue("it is of another place or category than was asked for", honest,
         With(asked, [](auto* r) { r->set_category("HEA"); }));
  const auto funds = [](v1::FragmentationAnswer* a) { return a->mutable_lines(2); };
  const std::pair<std::function<void(v1::FragmentationAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_lines()->RemoveLast(); }, "it does not have one line for each kind"},
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); }, "it does not have one line for each kind"},
      {[](auto* a) { a->set_placed(41); }, "the parts do not have all the money that is placed"},
      {[](auto* a) { a->mutable_lines(4)->mutable_parts(0)->set_amount(31); },
       "the parts have more money than is placed"},
      {[](auto* a) { a->mutable_lines(1)->set_count(3); }, "the parts are not as many as is said"},
      {[&](auto* a) { funds(a)->mutable_parts()->SwapElements(0, 1); }, "the most money does not come first"},
      {[&](auto* a) { funds(a)->set_largest(7'501); }, "the largest share is not that of the first"},
      {[&](auto* a) { funds(a)->set_effective(1'601); }, "the effective number does not follow"},
      {[&](auto* a) { funds(a)->clear_effective(); },
       "there are shares without money, or money without shares"},
      {[](auto* a) { a->mutable_lines(0)->set_leads(9); },
       "policies have no leads, or more than there are policies"},
      {[](auto* a) { a->mutable_lines(1)->set_effective(1'000); }, "there are shares without money"},
      {[](auto* a) { a->mutable_lines(5)->set_more_amount(5); }, "there is money of nobody"},
  };
  for (const auto& [change, words] : kLies) Untrue(words, say(change), asked);
}

}  // namespace
}  // namespace fundtrail::testing
