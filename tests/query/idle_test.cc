// Who holds money and for how long: against coins of which each has the transfer that brought it, on random ledgers. It adds
// up to what balances and a trace call held. Also pages, and every refusal.
#include "ledger/query/idle.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <memory>
#include <tuple>

#include "ledger/query/balance.h"
#include "ledger/query/trace.h"
#include "tests/support/money_game.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"
#include "tests/support/questions.h"
#include "tests/support/supply.h"
#include "tests/support/text.h"
#include "tests/support/viewed_ledger.h"

namespace fundtrail::testing {
namespace {

constexpr char kOn[] = "2026-03-01";

v1::IdleRequest OnThatDay() {
  v1::IdleRequest request;
  request.set_on(kOn);
  return request;
}

// What an account holds, by hand.
struct CoinAges {
  std::int64_t under_90_days = 0, under_1_year = 0, under_2_years = 0, over_2_years = 0, committed = 0;
  std::string oldest = "9", newest;
  bool operator==(const CoinAges&) const = default;
};
std::ostream& operator<<(std::ostream& out, const CoinAges& ages) {
  return out << ages.under_90_days << " " << ages.under_1_year << " " << ages.under_2_years << " "
             << ages.over_2_years << ", committed " << ages.committed << ", " << ages.oldest << " to "
             << ages.newest;
}
CoinAges AgesIn(const v1::IdleLine& line) {
  return {line.ages().under_90_days(),
          line.ages().under_1_year(),
          line.ages().under_2_years(),
          line.ages().over_2_years(),
          line.committed(),
          line.oldest(),
          line.newest()};
}

std::map<AccountKey, CoinAges> AgesOfCoins(const Game& game) {
  const Date on = Need(ParseDate(kOn));
  const Ways ways(game.coins);
  std::map<AccountKey, CoinAges> ages;
  for (const auto& [account, line] : game.coins.lines) {
    if (game.coins.roles.at(std::get<0>(account)) != v1::ROLE_HOLDER) continue;
    for (std::size_t at = 0; at < line.size(); ++at) {
      if (line[at].drawn) continue;
      const v1::Transfer& brought = game.made.at(ways.arrived.at({account, at}));
      CoinAges& of = ages[account];
      const int days = on.days() - Need(ParseDate(brought.value_date())).days();
      ++(days < 90    ? of.under_90_days
         : days < 365 ? of.under_1_year
         : days < 730 ? of.under_2_years
                      : of.over_2_years);
      if (brought.stage() == v1::STAGE_COMMITTED) ++of.committed;
      of.oldest = std::min(of.oldest, brought.value_date());
      of.newest = std::max(of.newest, brought.value_date());
    }
  }
  return ages;
}

TEST_CASE("of each account, what is held is as old as its coins") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game game(seed, false, true);
  auto expected = AgesOfCoins(game);
  const auto answer = Need(Whole(query::Idle(game.view(), OnThatDay(), {})));
  for (const v1::IdleLine& line : answer.lines()) {
    const AccountKey account(line.account().party(), line.account().fund(), line.account().asset());
    INFO(std::get<0>(account) << " " << std::get<1>(account));
    REQUIRE(expected.count(account) == 1);
    CHECK(AgesIn(line) == expected[account]);
    CHECK(line.accounts() == 1);
    expected.erase(account);
  }
  CHECK(expected.empty());
}

TEST_CASE(
    "what is held adds up to the balances of holders, of accounts, of parties and of assets, now and then") {
  const std::uint64_t seed = GENERATE(take(12, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game game(seed, true, true);
  const query::View view = game.view();
  for (const bool now : {true, false}) {
    const std::uint64_t record = now ? view.checkpoint.size() - 1 : view.checkpoint.size() / 2;
    v1::IdleRequest request = OnThatDay(), by_party = OnThatDay();
    if (!now) request.set_as_of(record);
    if (!now) by_party.set_as_of(record);
    by_party.set_of(v1::IdleRequest::OF_PARTY);
    std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> balances, accounts;
    std::map<std::pair<std::string, std::string>, std::int64_t> of_parties, parties;
    std::map<std::string, std::int64_t> of_assets, assets;
    for (const std::string party : {"root", "ministry", "county", "charity"}) {
      const auto balance = Need(query::Balance(view, AsOfRecord(BalanceOf(party), record)));
      for (const v1::BalanceLine& line : balance.lines()) {
        if (line.held() == 0) continue;
        balances[{party, line.account().fund(), line.account().asset()}] += line.held();
        of_parties[{party, line.account().asset()}] += line.held();
        of_assets[line.account().asset()] += line.held();
      }
    }
    const auto answer = Need(Whole(query::Idle(view, request, {})));
    for (const v1::IdleLine& line : answer.lines()) {
      const v1::HeldAges& ages = line.ages();
      REQUIRE(line.held() ==
              ages.under_90_days() + ages.under_1_year() + ages.under_2_years() + ages.over_2_years());
      accounts[{line.account().party(), line.account().fund(), line.account().asset()}] += line.held();
    }
    const auto of_each = Need(Whole(query::Idle(view, by_party, {})));
    for (const v1::IdleLine& line : of_each.lines()) {
      CHECK(line.account().fund().empty());
      parties[{line.account().party(), line.account().asset()}] += line.held();
    }
    for (const v1::IdleTotal& total : answer.totals()) assets[total.asset()] = total.held();
    CHECK(accounts == balances);
    CHECK(parties == of_parties);
    CHECK(assets == of_assets);
    CHECK(of_each.totals_size() == answer.totals_size());
    for (int i = 0; i < answer.totals_size(); ++i)
      CHECK(of_each.totals(i).ages().ShortDebugString() == answer.totals(i).ages().ShortDebugString());
  }
}

TEST_CASE("as of a record, ages are those of the ledger that ended there") {
  const std::uint64_t seed = GENERATE(take(10, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game longer(seed, true, true, 80), shorter(seed, true, true, 40);
  v1::IdleRequest then = OnThatDay();
  then.set_as_of(shorter.view().checkpoint.size() - 1);
  const query::View long_view = longer.view(), short_view = shorter.view();
  const auto asked = Need(Whole(query::Idle(long_view, then, {}))),
             ended = Need(Whole(query::Idle(short_view, OnThatDay(), {})));
  REQUIRE(asked.lines_size() == ended.lines_size());
  for (int i = 0; i < asked.lines_size(); ++i)
    CHECK(asked.lines(i).ShortDebugString() == ended.lines(i).ShortDebugString());
}

TEST_CASE("a trace of one gift says the same of what is held, and since when") {
  World world;
  Need(world.Do({OnDay("2024-01-10", Pay("donor", "ministry", 100))}).status());
  Need(world.Do({OnDay("2025-06-01", Pay("ministry", "county", 70))}).status());
  query::View view;
  view.rows = &world.state();
  view.checkpoint.set_size(world.next());
  query::TraceQuestion question;
  question.ref = TransferRef{RecordIndex(2), 1};
  const auto trace = Need(query::Trace(view, question)).assets(0);
  const auto answer = Need(Whole(query::Idle(view, OnThatDay(), {})));
  REQUIRE(answer.lines_size() == trace.ends_size());
  for (int i = 0; i < answer.lines_size(); ++i) {  // both have the largest first
    CHECK(trace.ends(i).kind() == v1::END_KIND_HELD);
    CHECK(answer.lines(i).account().party() == trace.ends(i).account().party());
    CHECK(answer.lines(i).held() == trace.ends(i).amount());
    CHECK(answer.lines(i).oldest() == trace.ends(i).first_date());
  }
}

// A ledger that keeps records: the ministry has three receipts of different ages, in two funds; some of it is kept.
struct Store : ViewedLedger {
  Store() {
    Do({Fund("school", "root"), Party("county", "ministry")});  // 1
    Do({OnDay("2024-02-29", Pay("donor", "ministry", 100)), OnDay("2025-06-01", Pay("donor", "ministry", 50)),
        OnDay("2026-04-01", Pay("donor", "ministry", 30)), Pay("donor", "village", 9)});                // 2
    Do({OnDay("2025-12-02", Pay("ministry", "county", 40))});                                           // 3
    Do({OnDay("2025-12-01", Reclassify("ministry", "school", 20)), CommitOf("kept", "ministry", 15)});  // 4
  }
  std::string Ask(const v1::IdleRequest& request) const {
    const query::View now = view();
    std::string text;
    const auto asked = Need(Whole(query::Idle(now, request, {})));
    for (const v1::IdleLine& line : asked.lines()) {
      const v1::HeldAges& ages = line.ages();
      absl::StrAppend(&text, line.account().party(), " ", line.account().fund(), ": ", line.held(), " = ",
                      ages.under_90_days(), "+", ages.under_1_year(), "+", ages.under_2_years(), "+",
                      ages.over_2_years(), ", ", line.oldest(), " to ", line.newest(), ", kept ", line.kept(),
                      "\n");
    }
    return text;
  }
};

TEST_CASE("ages on a ledger that can be reckoned by hand") {
  const Store store;
  v1::IdleRequest request;
  // The day is that of the last record, 2026-03-01. The 40 left of the first gift are older than 730 days, and
  // what came a day less than 90 days ago is young.
  CHECK(store.Ask(request) ==
        "ministry flood: 120 = 30+50+0+40, 2024-02-29 to 2026-04-01, kept 15\n"
        "county flood: 40 = 40+0+0+0, 2025-12-02 to 2025-12-02, kept 0\n"
        "ministry school: 20 = 0+20+0+0, 2025-12-01 to 2025-12-01, kept 0\n");
  request.set_by(v1::IdleRequest::BY_OLDEST);
  CHECK(store.Ask(request) ==
        "ministry flood: 120 = 30+50+0+40, 2024-02-29 to 2026-04-01, kept 15\n"
        "ministry school: 20 = 0+20+0+0, 2025-12-01 to 2025-12-01, kept 0\n"
        "county flood: 40 = 40+0+0+0, 2025-12-02 to 2025-12-02, kept 0\n");
  request.set_of(v1::IdleRequest::OF_PARTY);
  CHECK(store.Ask(request) ==
        "ministry : 140 = 30+70+0+40, 2024-02-29 to 2026-04-01, kept 15\n"
        "county : 40 = 40+0+0+0, 2025-12-02 to 2025-12-02, kept 0\n");
  request.set_top(1);
  CHECK(store.Ask(request) == "ministry : 140 = 30+70+0+40, 2024-02-29 to 2026-04-01, kept 15\n");
  request.Clear();
  request.set_party("county");
  request.set_on("2026-12-02");
  CHECK(store.Ask(request) == "county flood: 40 = 0+0+40+0, 2025-12-02 to 2025-12-02, kept 0\n");
  request.set_on("2026-12-01");
  CHECK(store.Ask(request) == "county flood: 40 = 0+40+0+0, 2025-12-02 to 2025-12-02, kept 0\n");
  request.Clear();
  request.set_fund("school");
  CHECK(store.Ask(request) == "ministry school: 20 = 0+20+0+0, 2025-12-01 to 2025-12-01, kept 0\n");
  // What a source or a recipient has is not held.
  request.Clear();
  request.set_party("village");
  CHECK(store.Ask(request).empty());
  request.Clear();
  request.set_as_of(2);
  CHECK(store.Ask(request) == "ministry flood: 180 = 30+50+0+100, 2024-02-29 to 2026-04-01, kept 0\n");
}

TEST_CASE(
    "lines in pages of any size are the same, and the first of each asset are shown beside all totals") {
  const Game game(11, true, true, 200);
  const query::View view = game.view();
  for (const auto of : {v1::IdleRequest::OF_ACCOUNT, v1::IdleRequest::OF_PARTY}) {
    for (const auto by : {v1::IdleRequest::BY_AMOUNT, v1::IdleRequest::BY_OLDEST}) {
      v1::IdleRequest request = OnThatDay();
      request.set_of(of);
      request.set_by(by);
      const auto whole = Need(Whole(query::Idle(view, request, {})));
      REQUIRE(whole.lines_size() > 2);
      query::Paging paging;
      paging.page_parts = 2;
      CHECK(Need(Whole(query::Idle(view, request, paging))).ShortDebugString() == whole.ShortDebugString());
      query::Paging one;
      one.limit = 1;
      for (int i = 0; i < whole.lines_size(); ++i) {
        const auto part = Need(Whole(query::Idle(view, request, one)));
        REQUIRE(part.lines_size() == 1);
        CHECK(part.lines(0).ShortDebugString() == whole.lines(i).ShortDebugString());
        one.after = part.next();
        CHECK(one.after.empty() == (i + 1 == whole.lines_size()));
      }
      request.set_top(1);
      const auto top = Need(Whole(query::Idle(view, request, {})));
      REQUIRE(top.totals_size() == whole.totals_size());
      CHECK(top.lines_size() == top.totals_size());
      for (int i = 0; i < top.totals_size(); ++i) {
        CHECK(top.totals(i).held() == whole.totals(i).held());
        CHECK(top.totals(i).lines() == whole.totals(i).lines());
        CHECK(top.totals(i).left_out() == whole.totals(i).lines() - 1);
      }
    }
  }
}

TEST_CASE("what cannot be asked of what is held is refused with its reason") {
  const Store store;
  const query::View view = store.view();
  using Code = absl::StatusCode;
  struct Case {
    std::function<void(v1::IdleRequest*)> change;
    Code code;
    std::string says;
  };
  const std::vector<Case> cases = {
      {[](auto* r) { r->set_party("nobody"); }, Code::kNotFound, "no party \"nobody\""},
      {[](auto* r) { r->set_fund("none"); }, Code::kNotFound, "no fund \"none\""},
      {[](auto* r) { r->set_asset("ZZZ"); }, Code::kNotFound, "no asset \"ZZZ\""},
      {[](auto* r) { r->set_on("soon"); }, Code::kInvalidArgument, "on"},
      {[](auto* r) { r->set_as_of(5); }, Code::kOutOfRange, "no record 5"},
      {[](auto* r) { r->set_of(static_cast<v1::IdleRequest::Of>(9)); }, Code::kInvalidArgument, "of: 9"},
      {[](auto* r) { r->set_by(static_cast<v1::IdleRequest::By>(9)); }, Code::kInvalidArgument, "by: 9"},
  };
  for (const Case& one : cases) {
    v1::IdleRequest request;
    one.change(&request);
    const Status status = query::Idle(view, request, {}).status();
    INFO(status.ToString());
    CHECK(status.code() == one.code);
    CHECK_THAT(std::string(status.message()), Contains(one.says));
  }
  query::Paging paging;
  paging.limit = 1;
  v1::IdleRequest request;
  paging.after = Need(Whole(query::Idle(view, request, paging))).next();
  REQUIRE_FALSE(paging.after.empty());
  CHECK(query::Idle(view, request, paging).ok());
  request.set_by(v1::IdleRequest::BY_OLDEST);
  CHECK(query::Idle(view, request, paging).status().code() == Code::kInvalidArgument);
}

}  // namespace
}  // namespace fundtrail::testing
