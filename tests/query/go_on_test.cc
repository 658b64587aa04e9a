// Whoever goes away is noticed soon: every question asks again and again whether to go on, between few looks at the rows.
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <string>

#include "ledger/query/acknowledgements.h"
#include "ledger/query/balance.h"
#include "ledger/query/committed.h"
#include "ledger/query/compare.h"
#include "ledger/query/concerns.h"
#include "ledger/query/coverage.h"
#include "ledger/query/findings/findings.h"
#include "ledger/query/flows_by.h"
#include "ledger/query/fragmentation.h"
#include "ledger/query/groups.h"
#include "ledger/query/idle.h"
#include "ledger/query/idle_teams.h"
#include "ledger/query/key_grants.h"
#include "ledger/query/list.h"
#include "ledger/query/log.h"
#include "ledger/query/match.h"
#include "ledger/query/missing_groups.h"
#include "ledger/query/needs.h"
#include "ledger/query/open.h"
#include "ledger/query/participation.h"
#include "ledger/query/pledges.h"
#include "ledger/query/policies.h"
#include "ledger/query/policy_gaps.h"
#include "ledger/query/policy_pairs.h"
#include "ledger/query/project_money.h"
#include "ledger/query/proofs.h"
#include "ledger/query/publicity.h"
#include "ledger/query/registers.h"
#include "ledger/query/sample.h"
#include "ledger/query/search.h"
#include "ledger/query/series.h"
#include "ledger/query/statement.h"
#include "ledger/query/summary.h"
#include "ledger/query/top.h"
#include "ledger/query/trace.h"
#include "ledger/query/who_answers.h"
#include "ledger/store/memory.h"
#include "tests/support/answers.h"
#include "tests/support/counting_reader.h"
#include "tests/support/groups.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/policies.h"
#include "tests/support/projects.h"
#include "tests/support/questions.h"
#include "tests/support/supply.h"

namespace fundtrail::testing {
namespace {

// One department with many accounts, of many funds, and much that went through each.
std::unique_ptr<log::Ledger> Large() {
  Need(crypto::Init());
  TestClock clock;
  auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  std::uint64_t id = 1;
  const auto append = [&](const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", id++, actions), {1}), clock.Read()).status());
  };
  for (int f = 0; f < 150; ++f) {
    const std::string fund = "f" + std::to_string(f);
    std::vector<v1::Action> actions{Fund(fund, "root"), Party("p" + std::to_string(f), "root")};
    for (const auto& [from, to] : {std::pair("donor", "ministry"), std::pair("ministry", "village")}) {
      for (int i = 0; i < 4; ++i) {
        actions.push_back(Pay(from, to, 100 + i));
        actions.back().mutable_transfer()->set_fund(fund);
      }
    }
    if (f > 0) actions.push_back(Amending(Fund("f0", "root"), id - 1));
    append(actions);
  }
  // A project whose money many hold, and many needs and teams.
  append({Place("cn"), Category("NUT"), Party("auditor", "root"), Project("lunches", "ministry")});
  append({Decide("lunches", ledger->size() - 1), Into("lunches", Pay("donor", "ministry", 100'000))});
  for (int part = 0; part < 2; ++part) {
    std::vector<v1::Action> actions;
    for (int n = 75 * part; n < 75 * part + 75; ++n) {
      const std::string number = std::to_string(n);
      actions.push_back(NeedAt("n" + number, "ministry", "cn"));
      actions.push_back(Deployment("d" + number, "ministry", "p" + number, "cn"));
      actions.push_back(In("lunches", Pay("ministry", "p" + number, 100)));
      actions.push_back(PledgeOf("g" + number, "ministry", 100));
      actions.push_back(DutyAt("u" + number, "root", "p" + number, "cn", ""));
      if (n % 5 == 0) actions.push_back(For(Policy("y" + number, "p" + number), {"cn"}));
    }
    append(actions);
  }
  // A group with many seats, and many groups.
  std::vector<v1::Action> seats{Party("coop", "root"), Group("coop", "cn", v1::FormGroup::KIND_COOPERATIVE)};
  for (int n = 0; n < 150; ++n) {
    seats.push_back(Seat("s" + std::to_string(n), "coop", "p" + std::to_string(n)));
    seats.push_back(Group("p" + std::to_string(n), "cn", v1::FormGroup::KIND_COOPERATIVE));
  }
  append(seats);
  // Needs of money that are verified, and pledges for them.
  std::vector<v1::Action> lacking, verified, pledges;
  for (int n = 0; n < 100; ++n) {
    const std::string number = std::to_string(n);
    lacking.push_back(Asking(NeedAt("m" + number, "ministry", "cn"), 100 + n));
    verified.push_back(Verify("m" + number, ledger->size()));
    auto* pledge = pledges.emplace_back().mutable_pledge();
    pledge->set_id("h" + number);
    pledge->set_owner("donor");
    pledge->set_asset("CNY");
    pledge->set_amount(90);
    pledge->add_needs("m" + number);
  }
  append({Seated(Party("inspector", "root"), "cn")});
  for (v1::Action& action : verified) {
    action.mutable_verify_need()->set_by("inspector");
    action.mutable_verify_need()->set_version(ledger->size());
  }
  append(lacking);
  append(verified);
  append(pledges);
  append({Sample("asked", "inspector")});
  append({Party("late", "root")});
  return ledger;
}

TEST_CASE("every question asks again and again whether to go on") {
  const auto ledger = Large();
  const CountingReader rows(ledger->store());
  std::size_t last = 0, longest = 0;
  query::View view = Need(query::MakeView(rows));
  const auto looked = [&] { return rows.looks + rows.steps; };
  const auto look = [&] {
    longest = std::max(longest, looked() - last);
    last = looked();
  };
  query::TraceQuestion trace;
  trace.party = "donor";
  trace.want_tree = trace.want_paths = true;
  trace.hops = query::kMaxHops;
  query::TraceQuestion back = trace;
  back.direction = v1::DIRECTION_TO;
  back.party = "village";
  v1::TraceRequest by_two_methods;
  by_two_methods.set_direction(v1::DIRECTION_FROM);
  by_two_methods.set_party("donor");
  by_two_methods.set_pro_rata(true);
  v1::CompareRequest two_years;
  two_years.mutable_flows()->set_since("2026-01-01");
  two_years.mutable_flows()->set_until("2026-12-31");
  two_years.set_against_since("2025-01-01");
  two_years.set_against_until("2025-12-31");
  v1::ListRequest of_party, of_none;
  of_party.set_party("ministry");
  of_none.set_project("none");
  v1::StatementRequest statement;
  statement.set_party("ministry");
  v1::KeysRequest keys, keys_then;
  keys.set_party("village");
  keys_then.set_as_of(2);
  v1::RegistersRequest versions = One("fund", "f0"), some = AllOf("party");
  versions.set_versions(true);
  for (int i = 0; i < 100; ++i) some.add_ids("p" + std::to_string(i));
  v1::ProjectMoneyRequest lunches;
  lunches.set_project("lunches");
  v1::CoverageRequest coverage, cell_by_cell, by_fund, at_seats;
  coverage.set_unverified(true);
  cell_by_cell.set_by(v1::CoverageRequest::BY_CELL);
  by_fund.set_by(v1::CoverageRequest::BY_FUND);
  at_seats.set_by_recipient(true);
  at_seats.set_places_today(true);
  v1::FragmentationRequest hands;
  hands.set_place("cn");
  hands.set_unverified(true);
  v1::NeedsRequest open, there, single;
  open.set_unverified(true);
  there = open;
  there.set_place("cn");
  for (int i = 0; i < 100; ++i) single.add_ids("n" + std::to_string(i));
  v1::MatchRequest match;
  match.set_asset("CNY");
  match.set_extra(1'000);
  v1::PolicyGapsRequest gaps;
  gaps.set_unverified(true);
  v1::WhoAnswersRequest who;
  who.set_place("cn");
  who.set_category("NUT");
  v1::PublicityRequest publicity;
  publicity.set_place("cn");
  v1::OpenRequest open_to_all;
  v1::GroupRequest coop;
  coop.set_group("coop");
  v1::SampleRequest sample;
  sample.set_id("asked");
  v1::SearchRequest anything;
  anything.set_text("p");
  v1::KeysRequest all_keys;
  all_keys.set_all(true);
  v1::IdleRequest held_then;
  held_then.set_as_of(ledger->size() / 2);
  const auto ask_of = [&view](const v1::RegistersRequest& request) {
    return [&view, request] { return Whole(query::Registers(view, request, {})).status(); };
  };
  const std::map<std::string, std::function<Status()>> questions = {
      {"balance", [&] { return query::Balance(view, BalanceOf("ministry")).status(); }},
      {"balance of a fund", [&] { return query::Balance(view, BalanceOf("ministry", "f149")).status(); }},
      {"trace from", [&] { return query::Trace(view, trace).status(); }},
      {"trace to", [&] { return query::Trace(view, back).status(); }},
      {"list", [&] { return Whole(query::List(view, of_none, {})).status(); }},
      {"list of a party", [&] { return Whole(query::List(view, of_party, {})).status(); }},
      {"statement", [&] { return Whole(query::Statement(view, statement, {})).status(); }},
      {"keys", [&] { return Whole(query::Keys(view, keys, {})).status(); }},
      {"keys as of a record", [&] { return Whole(query::Keys(view, keys_then, {})).status(); }},
      {"parties", ask_of(AllOf("party"))},
      {"party tree", ask_of(TreeOf("party"))},
      {"funds", ask_of(AllOf("fund"))},
      {"some parties", ask_of(some)},
      {"versions of a fund", ask_of(versions)},
      {"needs", ask_of(AllOf("need"))},
      {"money of a project", [&] { return query::ProjectMoney(view, lunches).status(); }},
      {"coverage", [&] { return query::Coverage(view, coverage).status(); }},
      {"coverage, cell by cell", [&] { return query::Coverage(view, cell_by_cell).status(); }},
      {"coverage by fund", [&] { return query::Coverage(view, by_fund).status(); }},
      {"coverage by recipient", [&] { return query::Coverage(view, at_seats).status(); }},
      {"fragmentation", [&] { return query::Fragmentation(view, hands).status(); }},
      {"open needs", [&] { return Whole(query::Needs(view, open, {})).status(); }},
      {"open needs of a place", [&] { return Whole(query::Needs(view, there, {})).status(); }},
      {"single needs", [&] { return Whole(query::Needs(view, single, {})).status(); }},
      {"match", [&] { return query::Match(view, match).status(); }},
      {"pledges", [&] { return Whole(query::Pledges(view, {}, {})).status(); }},
      {"policies", [&] { return Whole(query::Policies(view, {}, {})).status(); }},
      {"pairs of policies", [&] { return Whole(query::PolicyPairs(view, {}, {})).status(); }},
      {"needs without a policy", [&] { return Whole(query::PolicyGaps(view, gaps, {})).status(); }},
      {"idle teams", [&] { return query::IdleTeams(view, {}).status(); }},
      {"publicity", [&] { return query::Publicity(view, publicity).status(); }},
      {"open", [&] { return query::Open(view, open_to_all).status(); }},
      {"members of a group", [&] { return query::Group(view, coop).status(); }},
      {"places without a group", [&] { return Whole(query::MissingGroups(view, {}, {})).status(); }},
      {"participation", [&] { return query::Participation(view, {}).status(); }},
      {"arrivals", [&] { return Whole(query::Acknowledgements(view, {}, {})).status(); }},
      {"members of a sample", [&] { return query::Sample(view, sample).status(); }},
      {"concerns", [&] { return Whole(query::Concerns(view, {}, {})).status(); }},
      {"a ledger at a glance", [&] { return query::Summary(view, {}).status(); }},
      {"who got what", [&] { return Whole(query::Top(view, {}, {})).status(); }},
      {"the log", [&] { return Whole(query::Log(view, {}, {})).status(); }},
      {"all keys", [&] { return Whole(query::Keys(view, all_keys, {})).status(); }},
      {"search", [&] { return Whole(query::Search(view, anything, {})).status(); }},
      {"who pays whom", [&] { return query::FlowsBy(view, {}).status(); }},
      {"what is committed", [&] { return query::Committed(view, {}).status(); }},
      {"two periods", [&] { return query::Compare(view, two_years).status(); }},
      {"a trace by two methods", [&] { return query::Trace(view, by_two_methods).status(); }},
      {"series", [&] { return query::Series(view, {}).status(); }},
      {"findings", [&] { return Whole(query::Findings(view, {}, {})).status(); }},
      {"what is held", [&] { return Whole(query::Idle(view, {}, {})).status(); }},
      {"what was held", [&] { return Whole(query::Idle(view, held_then, {})).status(); }},
      {"who answers", [&] { return query::WhoAnswers(view, who).status(); }}};
  for (const auto& [name, ask] : questions) {
    INFO(name);
    longest = 0;
    last = looked();
    std::size_t asked = 0;
    view.go_on = [&] {
      look();
      ++asked;
      return absl::OkStatus();
    };
    REQUIRE(ask().ok());
    look();
    CHECK(asked > 0);
    CHECK(longest <
          500);  // a transfer takes a few: its row, its record, the names in it; an end of a trace more
    // And where it may not go on any more, there it ends.
    for (const std::size_t at : {std::size_t{1}, 1 + asked / 2, asked}) {
      std::size_t calls = 0;
      view.go_on = [&]() -> Status {
        last = looked();
        return ++calls >= at ? absl::CancelledError("nobody waits") : absl::OkStatus();
      };
      CHECK(ask().code() == absl::StatusCode::kCancelled);
      CHECK(calls == at);
      CHECK(looked() - last < 5);
    }
  }
  // Proofs take a look a level, and need not ask.
  last = looked();
  CHECK(query::Prove(view, ProveOf(7)).ok());
  CHECK(query::Consistency(view, ConsistencyOf(7, 140)).ok());
  CHECK(looked() - last < 100);
}

}  // namespace
}  // namespace fundtrail::testing
