// Two periods side by side, and money by programme and by kind of body: each adds up, and is what the question says of each period.
#include "ledger/query/compare.h"

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "ledger/query/flows_by.h"
#include "ledger/query/money_table.h"
#include "ledger/query/payment_years.h"
#include "ledger/query/series.h"
#include "ledger/query/top.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"
#include "tests/support/random_ledger.h"

namespace fundtrail::testing {
namespace {

using Line = v1::CompareLine;

void CheckTotals(const v1::CompareAnswer& answer) {
  std::map<std::string, std::int64_t> difference, is_new, gone, changed;
  for (const Line& line : answer.lines()) {
    CHECK(line.amount() - line.against() == line.difference());
    difference[line.asset()] += line.difference();
    if (line.state() == Line::STATE_NEW) is_new[line.asset()] += line.amount();
    if (line.state() == Line::STATE_GONE) gone[line.asset()] += line.against();
    if (line.state() == Line::STATE_BOTH) changed[line.asset()] += line.difference();
  }
  for (const v1::CompareTotal& total : answer.totals()) {
    CHECK(total.amount() - total.against() == total.difference());
    CHECK(total.difference() == difference[total.asset()]);
    CHECK(total.new_amount() == is_new[total.asset()]);
    CHECK(total.gone_amount() == gone[total.asset()]);
    CHECK(total.changed() == changed[total.asset()]);
    CHECK(total.difference() == total.new_amount() - total.gone_amount() + total.changed());
  }
}

TEST_CASE("two periods of bodies, of flows and of months are what each period says by itself") {
  const std::uint64_t seed = GENERATE(take(12, random(1, 1'000'000)));
  INFO("seed " << seed);
  const RandomLedger game(seed, true);
  const query::View view = game.view();
  const std::string since = "2025-01-01", until = "2025-06-30", before = "2024-06-01",
                    before_until = "2024-12-31";
  v1::CompareRequest request;
  request.set_against_since(before);
  request.set_against_until(before_until);

  auto* flows = request.mutable_flows();
  flows->set_since(since);
  flows->set_until(until);
  const auto of_flows = Need(query::Compare(view, request));
  CheckTotals(of_flows);
  const auto paid = [&](const std::string& from, const std::string& to) {
    v1::FlowsByRequest alone;
    alone.set_since(from);
    alone.set_until(to);
    std::map<std::string, std::int64_t> sums;
    const auto answer = Need(query::FlowsBy(view, alone));
    for (const auto& total : answer.totals()) sums[total.money().asset()] = total.money().paid().amount();
    return sums;
  };
  for (const auto& total : of_flows.totals()) {
    CHECK(total.amount() == paid(since, until)[total.asset()]);
    CHECK(total.against() == paid(before, before_until)[total.asset()]);
  }

  auto* top = request.mutable_top();
  top->set_since(since);
  top->set_until(until);
  top->set_by(v1::TopRequest::BY_PAID);
  const auto of_bodies = Need(query::Compare(view, request));
  CheckTotals(of_bodies);
  for (const Line& line : of_bodies.lines()) {
    for (const bool first : {true, false}) {
      v1::TopRequest alone;
      alone.set_since(first ? since : before);
      alone.set_until(first ? until : before_until);
      std::int64_t found = 0;
      const auto ranked = Need(Whole(query::Top(view, alone, {})));
      for (const auto& body : ranked.lines())
        if (body.party() == line.from() && body.asset() == line.asset()) found = body.sums().paid();
      CHECK(found == (first ? line.amount() : line.against()));
    }
  }

  auto* series = request.mutable_series();
  series->set_since(since);
  series->set_until(until);
  const auto of_months = Need(query::Compare(view, request));
  CheckTotals(of_months);
  for (const Line& line : of_months.lines()) {
    CHECK((line.state() == Line::STATE_GONE) == line.from().empty());
    CHECK((line.state() == Line::STATE_NEW) == line.to().empty());
    // January against June, and so on.
    if (line.state() == Line::STATE_BOTH)
      CHECK(std::stoi(line.from().substr(5)) + 5 == std::stoi(line.to().substr(5)));
  }
}

// What Compare says, worked out anew from the question of each period by itself.
using ComparedModel = std::map<std::string, std::pair<std::int64_t, std::int64_t>>;

template <typename Ask>
ComparedModel ModelOf(const Ask& ask) {
  ComparedModel both;
  for (const auto& [key, amount] : ask("2025-01-01", "2025-06-30")) both[key].first += amount;
  for (const auto& [key, amount] : ask("2024-06-01", "2024-12-31")) both[key].second += amount;
  std::erase_if(both,
                [](const auto& line) { return line.second == std::pair<std::int64_t, std::int64_t>(); });
  return both;
}

TEST_CASE("one walk over both periods answers what two questions do, now and as of a record") {
  const std::uint64_t seed = GENERATE(take(6, random(1, 1'000'000)));
  INFO("seed " << seed);
  const RandomLedger game(seed, true);
  query::MoneyTables tables;
  query::View view = game.view();
  const bool kept = GENERATE(false, true), then = GENERATE(false, true), joined = GENERATE(false, true);
  if (kept) view.money = &tables;
  const auto ask_then = [&](auto* question) {
    if (then) question->set_as_of(view.checkpoint.size() / 2);
  };
  using Amounts = std::map<std::string, std::int64_t>;
  const auto bodies = [&](const std::string& since, const std::string& until) {
    v1::TopRequest alone;
    alone.set_since(since);
    alone.set_until(until);
    alone.set_joined(joined);
    ask_then(&alone);
    Amounts amounts;
    const auto answer = Need(Whole(query::Top(view, alone, {})));
    for (const auto& body : answer.lines())
      amounts[body.asset() + "/" + body.party()] += body.sums().received();
    return amounts;
  };
  const auto flows = [&](const std::string& since, const std::string& until) {
    v1::FlowsByRequest alone;
    alone.set_since(since);
    alone.set_until(until);
    alone.set_joined(joined);
    ask_then(&alone);
    Amounts amounts;
    const auto answer = Need(query::FlowsBy(view, alone));
    for (const auto& group : answer.lines())
      amounts[group.money().asset() + "/" + group.from() + "/" + group.to()] += group.money().paid().amount();
    return amounts;
  };
  v1::CompareRequest request;
  request.set_against_since("2024-06-01");
  request.set_against_until("2024-12-31");
  const auto compared = [&](auto* question) {
    question->set_since("2025-01-01");
    question->set_until("2025-06-30");
    question->set_joined(joined);
    ask_then(question);
    ComparedModel lines;
    const auto answer = Need(query::Compare(view, request));
    for (const Line& line : answer.lines()) {
      const std::string to = line.to().empty() ? "" : "/" + line.to();
      lines[line.asset() + "/" + line.from() + to] = {line.amount(), line.against()};
    }
    CHECK(lines.size() == static_cast<std::size_t>(answer.lines_size()));
    return lines;
  };
  CHECK(compared(request.mutable_top()) == ModelOf(bodies));
  CHECK(compared(request.mutable_flows()) == ModelOf(flows));
}

TEST_CASE("the years with a payment are those of the series by year") {
  const std::uint64_t seed = GENERATE(take(6, random(1, 1'000'000)));
  INFO("seed " << seed);
  const RandomLedger game(seed, true);
  query::MoneyTables tables;
  query::View plain = game.view(), kept = game.view();
  kept.money = &tables;
  for (const std::optional<std::uint64_t> as_of :
       {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(plain.checkpoint.size() / 2)}) {
    v1::SeriesRequest by_year;
    by_year.set_by(v1::SeriesRequest::BY_YEAR);
    if (as_of.has_value()) by_year.set_as_of(*as_of);
    std::set<std::string> years;
    const auto answer = Need(query::Series(plain, by_year));
    for (const auto& line : answer.lines()) years.insert(line.period());
    CHECK(Need(query::PaymentYears(plain, as_of)) == years);
    CHECK(Need(query::PaymentYears(kept, as_of)) == years);
  }
  CHECK(absl::IsOutOfRange(query::PaymentYears(plain, plain.checkpoint.size()).status()));
}

// However many periods a question has, it walks over the accounts and the transfers once.
TEST_CASE("a comparison looks at the transfers as often as the question of one period") {
  const RandomLedger game(5, false);
  query::View view = game.view();
  std::uint64_t looks = 0;
  view.go_on = [&looks] {
    ++looks;
    return absl::OkStatus();
  };
  v1::FlowsByRequest alone;
  const auto looked = [&](const std::string& month) {
    alone.set_since(month + "-01");
    alone.set_until(month + "-28");
    looks = 0;
    Need(query::FlowsBy(view, alone));
    return looks;
  };
  const std::uint64_t walk = looked("1900-01");  // without a group
  const std::uint64_t groups = looked("2024-09") - walk + looked("2025-03") - walk;
  REQUIRE(groups < walk);
  v1::CompareRequest request;
  *request.mutable_flows() = alone;
  request.set_against_since("2024-09-01");
  request.set_against_until("2024-09-28");
  looks = 0;
  Need(query::Compare(view, request));
  CHECK(looks <= walk + 2 * groups);  // once for each group of a period, and once more for its line
}

TEST_CASE("what is left out of a comparison is in its total; what cannot be asked is refused") {
  const RandomLedger game(11, false);
  const query::View view = game.view();
  v1::CompareRequest request;
  CHECK(absl::IsInvalidArgument(query::Compare(view, request).status()));
  request.mutable_flows()->set_since("2025-01-01");
  request.mutable_flows()->set_until("2025-12-31");
  CHECK(absl::IsInvalidArgument(query::Compare(view, request).status()));  // against what?
  request.set_against_since("2024-01-01");
  request.set_against_until("soon");
  CHECK(absl::IsInvalidArgument(query::Compare(view, request).status()));
  request.set_against_until("2024-12-31");
  const auto whole = Need(query::Compare(view, request));
  request.mutable_flows()->set_top(1);
  const auto cut = Need(query::Compare(view, request));
  REQUIRE(cut.totals_size() == whole.totals_size());
  CHECK(cut.lines_size() == 1);
  CHECK(cut.totals(0).left_out() + 1 == whole.totals(0).lines());
  CHECK(cut.totals(0).difference() == whole.totals(0).difference());
  request.mutable_top()->set_since("2025-01-01");
  request.mutable_top()->set_until("2025-12-31");
  // Of bodies that are not shown no line is made: the answer hears of none.
  const auto grown = [&request, &view] {
    std::size_t bytes = 0;
    query::View told = view;
    told.grow = [&bytes](std::size_t more) {
      bytes += more;
      return absl::OkStatus();
    };
    const auto answer = Need(query::Compare(told, request));
    std::size_t lines = 0;
    for (const Line& line : answer.lines()) lines += line.ByteSizeLong();
    CHECK(bytes == lines);
    return bytes;
  };
  const std::size_t all = grown();
  request.mutable_top()->set_top(1);
  CHECK(grown() < all);
  request.mutable_top()->set_limit(3);
  CHECK(absl::IsInvalidArgument(query::Compare(view, request).status()));
}

// Money by programme, by kind of body, and by payer, payee and project.
TEST_CASE("money is added up by programme and by kind of body, and told by project") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  std::uint64_t id = 100;
  const auto append = [&](const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", ++id, actions), {1}), clock.Read()).status());
  };
  v1::Action state = Party("state", "root", v1::ROLE_SOURCE);
  state.mutable_register_party()->set_kind(v1::RegisterParty::KIND_GOVERNMENT);
  v1::Action giver = Party("giver", "root", v1::ROLE_SOURCE);
  giver.mutable_register_party()->set_kind(v1::RegisterParty::KIND_NGO);
  append({state, giver});
  append({Pay("state", "ministry", 700), Pay("giver", "ministry", 200), Pay("donor", "ministry", 100)});
  append({Pay("ministry", "village", 400, v1::TRANSFER_KIND_DISBURSEMENT)});
  const query::View view = Need(query::MakeView(ledger->store()));
  v1::TopRequest request;
  request.set_of(v1::TopRequest::OF_KINDS);
  request.set_by(v1::TopRequest::BY_BROUGHT_IN);
  request.set_role(v1::ROLE_SOURCE);
  const auto kinds = Need(Whole(query::Top(view, request, {})));
  CHECK(kinds.of() == v1::TopRequest::OF_KINDS);
  REQUIRE(kinds.lines_size() == 3);
  CHECK(kinds.lines(0).party() == "GOVERNMENT");
  CHECK(kinds.lines(0).sums().brought_in() == 700);
  CHECK(kinds.lines(1).party() == "NGO");
  CHECK(kinds.lines(2).party().empty());  // of the donor nobody said a kind
  CHECK(kinds.totals(0).all().sums().brought_in() == 1000);
  request.set_of(v1::TopRequest::OF_PROGRAMMES);
  request.clear_role();
  const auto programmes = Need(Whole(query::Top(view, request, {})));
  REQUIRE(programmes.lines_size() == 1);
  CHECK(programmes.lines(0).sums().moved() ==
        1400);  // all of it is general money: among accounts of one line
  request.set_of(static_cast<v1::TopRequest::Of>(9));
  CHECK(absl::IsInvalidArgument(query::Top(view, request, {}).status()));
  v1::FlowsByRequest flows;
  flows.set_by(v1::FlowsByRequest::BY_PARTY_KIND);
  const auto of_kinds = Need(query::FlowsBy(view, flows));
  CHECK(of_kinds.lines(0).from() == "GOVERNMENT");
  CHECK(of_kinds.lines(0).to().empty());
  flows.set_by(v1::FlowsByRequest::BY_PARTY_PROJECT);
  const auto of_projects = Need(query::FlowsBy(view, flows));
  REQUIRE(of_projects.lines_size() == 4);
  CHECK(of_projects.lines(0).project().empty());
  v1::SeriesRequest series;
  series.set_programme("none");
  CHECK(absl::IsNotFound(query::Series(view, series).status()));
}

}  // namespace
}  // namespace fundtrail::testing
