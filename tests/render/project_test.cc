// The money and the results of a project as they are printed: word for word, since people will quote them.
#include "cli/render/project.h"

#include <catch2/catch.hpp>
#include <limits>

#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

v1::ProjectMoneyAnswer Answer() {
  v1::ProjectMoneyAnswer answer;
  answer.mutable_as_of()->set_ledger("example.org/l");
  answer.mutable_as_of()->set_size(20);
  answer.set_on("2026-03-01");
  answer.set_state(v1::PROJECT_STATE_RUNNING);
  auto* line = answer.mutable_project();
  line->set_record(9);
  line->set_opened(9);
  line->set_decimals(2);
  auto* project = line->mutable_action()->mutable_propose_project();
  project->set_id("lunches");
  project->set_name("Warm lunches");
  project->set_owner("hub");
  project->set_asset("CNY");
  project->set_budget(12'500'00);
  project->set_participation("Parents cook on Fridays");
  auto* share = project->add_needs();
  share->set_need("n1");
  share->set_basis_points(4'000);
  auto* target = project->add_targets();
  target->set_indicator("pupils");
  target->set_target(400);
  target->set_unit("persons");
  target->set_baseline(12);
  target->set_across_places(v1::Target::RULE_MAX);
  target->set_across_periods(v1::Target::RULE_SUM);
  project->add_targets()->set_indicator("kitchens");
  auto* report = line->add_attestations();
  report->set_record(14);
  report->set_author("hub");
  auto* said = report->mutable_action()->mutable_report_progress();
  said->set_project("lunches");
  said->set_by("hub");
  said->set_indicator("pupils");
  said->set_actual(120);
  auto* approval = line->add_attestations();
  approval->set_record(10);
  approval->set_author("county");
  approval->mutable_action()->mutable_approve_project()->set_project("lunches");
  approval->mutable_action()->mutable_approve_project()->set_version(9);
  approval->mutable_action()->mutable_approve_project()->set_by("county");
  approval->mutable_action()->mutable_approve_project()->set_decision(v1::ApproveProject::DECISION_APPROVED);
  line->set_more_attestations(3);
  auto* totals = answer.add_totals();
  totals->set_asset("CNY");
  totals->set_decimals(2);
  totals->set_minted(1'000'00);
  totals->set_moved_in(200'00);
  totals->set_held(700'00);
  totals->set_reached(450'00);
  totals->set_taken_out(50'00);
  totals->set_committed_in(100'00);
  auto* holding = answer.add_holdings();
  holding->set_held(700'00);
  holding->set_since("2026-02-01");
  holding->mutable_account()->set_party("hub");
  holding->mutable_account()->set_party_name("Hub");
  holding->mutable_account()->set_fund("winter");
  holding->mutable_account()->set_asset("CNY");
  holding->mutable_account()->set_decimals(2);
  holding->mutable_account()->set_project("lunches");
  auto* result = answer.add_results();
  *result->mutable_target() = *target;
  result->set_reported(1'120);
  result->set_ratio(28'000);
  result->set_reports(3);
  result->set_newest(14);
  *answer.add_results()->mutable_target() = project->targets(1);
  return answer;
}

const char kMoney[] =
    "\n"
    "asset  brought in  moved in    held  ends here  reached  at sources  sent back  taken out\n"
    "CNY      1,000.00    200.00  700.00       0.00   450.00        0.00       0.00      50.00\n"
    "1,000.00 CNY brought in by sources + 200.00 moved in = 700.00 held + 0.00 ends here + 450.00 reached "
    "recipients + 0.00 back at sources + 0.00 sent back + 50.00 taken out\n"
    "Of what came in, 0.00 is of unrecorded origin, and 100.00 is committed and not paid.\n"
    "Of the budget of 12,500.00 CNY, 1,150.00 lies with holders and recipients: 9.20%.\n"
    "\n"
    "  held  asset  since       by\n"
    "700.00  CNY    2026-02-01  Hub (hub), fund winter\n"
    "Held: not passed on, as far as this ledger has heard.\n"
    "\n"
    "before  target  reported  of target  reports  newest  places  periods  indicator\n"
    "    12     400     1,120    280.00%        3      14  max     sum      pupils, persons\n"
    "     0       0                             0          sum     latest   kitchens\n"
    "Reported: what the party says. The ledger did not count it. Newest: the record of the newest report.\n"
    "As of example.org/l, 20 records.\n";

TEST_CASE("a project: the item, what was said, its state, the sums, who holds it, targets beside results") {
  CHECK(
      render::Text(Answer(), {}).str() ==
      "project lunches\n"
      "  name             Warm lunches\n"
      "  owner            hub\n"
      "  asset            CNY\n"
      "  budget           12,500.00\n"
      "  targets          pupils=400=persons=12=max=sum; kitchens=0\n"
      "  needs            n1=4000\n"
      "  participation    Parents cook on Fridays\n"
      "  record           9\n"
      "  said about it    record 14, signed by hub: report project lunches: indicator pupils; actual 120; by "
      "hub\n"
      "  said about it    record 10, signed by county: approve project lunches: decision approved; by "
      "county; of "
      "the version of record 9\n"
      "                   and 3 more\n"
      "  state            running: approved, and money was put in (on 2026-03-01)\n" +
          std::string(kMoney));
}

TEST_CASE("the money of a project leaves out the item and what was said about it") {
  CHECK(render::MoneyText(Answer(), {}).str() ==
        "project lunches: Warm lunches\n"
        "  state            running: approved, and money was put in (on 2026-03-01)\n" +
            std::string(kMoney));
}

TEST_CASE("a project that was judged says by what it stands, and what follows for its money") {
  v1::ProjectMoneyAnswer answer = Answer();
  v1::ProjectVerdict* verdict = answer.mutable_verdict();
  verdict->set_counts_as(v1::Evaluate::VERDICT_CONTINUE);
  verdict->set_evaluation("q1");
  verdict->set_group("check");
  verdict->set_group_name("County check");
  verdict->set_record(17);
  const std::string state = "  state            running: approved, and money was put in (on 2026-03-01)\n";
  for (const auto& text : {render::Text(answer, {}).str(), render::MoneyText(answer, {}).str()})
    CHECK_THAT(text,
               Contains(state +
                        "  verdict          continue: evaluation q1 by County check (check), record 17\n\n"));
  verdict->set_counts_as(v1::Evaluate::VERDICT_SUSPEND);
  verdict->set_frozen(true);
  verdict->set_programme("schools");
  CHECK_THAT(
      render::Text(answer, {}).str(),
      Contains(state + "  verdict          suspend, over programme schools: evaluation q1 by County check "
                       "(check), record 17; its money is frozen, and can only be sent back\n\n"));
}

TEST_CASE("a budget is measured in its own asset, and no larger part than can be said is said") {
  v1::ProjectMoneyAnswer answer = Answer();
  auto* project = answer.mutable_project()->mutable_action()->mutable_propose_project();
  project->set_asset("USD");
  CHECK_THAT(render::Text(answer, {}).str(), !Contains("Of the budget"));
  project->set_asset("CNY");
  answer.mutable_totals(0)->set_beyond(true);
  CHECK_THAT(render::Text(answer, {}).str(), !Contains("Of the budget"));
  answer.mutable_totals(0)->set_beyond(false);
  project->set_budget(1);
  answer.mutable_totals(0)->set_held(std::numeric_limits<std::int64_t>::max());
  CHECK_THAT(
      render::Text(answer, {}).str(),
      Contains("Of the budget of 0.01 CNY, 92,233,720,368,547,758.07 lies with holders and recipients: "
               "92,233,720,368,547,758.07%.\n"));
}

TEST_CASE("a number that is capped is told") {
  v1::ProjectMoneyAnswer answer = Answer();
  const char capped[] =
      "No number above 9,223,372,036,854,775,807 is said: there the reports come to at least so many.\n";
  CHECK_THAT(render::Text(answer, {}).str(), !Contains("No number above"));
  answer.mutable_results(0)->set_reported(std::numeric_limits<std::int64_t>::max());
  CHECK_THAT(render::Text(answer, {}).str(), Contains(capped));
}

TEST_CASE("more accounts than are shown are counted") {
  v1::ProjectMoneyAnswer answer = Answer();
  answer.set_more_holdings(1);
  CHECK_THAT(render::MoneyText(answer, {}).str(), Contains("and 1 account more\n"));
  answer.set_more_holdings(1'200);
  CHECK_THAT(render::MoneyText(answer, {}).str(), Contains("and 1,200 accounts more\n"));
}

TEST_CASE("general money has no state, and a project without money says so") {
  v1::ProjectMoneyAnswer answer;
  for (const std::string& text : {render::Text(answer, {}).str(), render::MoneyText(answer, {}).str()}) {
    CHECK_THAT(text, Contains("general money, which is in no project\n"));
    CHECK_THAT(text, Contains("No money was ever in it.\n"));
  }
  answer.set_as_of_record(3);
  CHECK_THAT(render::Text(answer, {}).str(), Contains("As of record 3:\n"));
}

}  // namespace
}  // namespace fundtrail::testing
