// What pages show of a fund and of a party at a glance, against the questions that read every transfer.
#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "ledger/query/account_totals.h"
#include "ledger/query/fund_totals.h"
#include "ledger/query/participation.h"
#include "ledger/query/party_periods.h"
#include "ledger/query/series.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/money_game.h"
#include "tests/support/projects.h"
#include "tests/support/questions.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("the totals of a fund are those of who takes part in it, now and as of a record") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game game(seed, true, true);
  const query::View view = game.view();
  for (const std::string fund : {"flood", "school"}) {
    for (const bool now : {true, false}) {
      query::AsOfRecord as_of;
      v1::ParticipationRequest request;
      request.set_fund(fund);
      if (!now) {
        as_of = view.checkpoint.size() / 2;
        request.set_as_of(*as_of);
      }
      INFO(fund << (now ? ", now" : ", then"));
      const auto answer = Need(query::Participation(view, request));
      const auto totals = Need(query::FundTotals(view, fund, as_of));
      REQUIRE(totals.size() == static_cast<std::size_t>(answer.assets_size()));
      for (int i = 0; i < answer.assets_size(); ++i) {
        const v1::AssetParticipation& want = answer.assets(i);
        const query::FundTotal& got = totals[static_cast<std::size_t>(i)];
        CHECK(got.asset == want.asset());
        CHECK(got.decimals == want.decimals());
        CHECK(got.brought == want.brought());
        CHECK(got.unrecorded == want.unrecorded());
        CHECK(got.reached == want.reached());
        CHECK(got.ended == want.ended());
        CHECK(got.held == want.held());
        CHECK(got.with_sources == want.with_sources());
        CHECK(got.sources == want.sources());
      }
    }
  }
  CHECK(query::FundTotals(view, "none", std::nullopt).status().code() == absl::StatusCode::kNotFound);
  CHECK(query::FundTotals(view, "flood", 1'000'000).status().code() == absl::StatusCode::kOutOfRange);
}

TEST_CASE("the periods of a party add up to its totals, and hold what a series says") {
  const std::uint64_t seed = GENERATE(take(15, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game game(seed, true, true);
  const query::View view = game.view();
  for (const std::string& party : kPlayers) {
    for (const bool now : {true, false}) {
      query::AsOfRecord as_of;
      v1::SeriesRequest request;
      request.set_party(party);
      if (!now) {
        as_of = view.checkpoint.size() / 2;
        request.set_as_of(*as_of);
      }
      INFO(party << (now ? ", now" : ", then"));
      std::map<std::string, query::PartyPeriod> sums;  // by asset: of all its periods
      for (const query::AccountTotal& of : Need(query::AccountTotals(view, party, as_of))) {
        query::PartyPeriod& sum = sums[of.account.asset()];
        sum.brought_in += of.minted;
        sum.received += of.received - of.minted;
        sum.passed_on += of.drawn;
        sum.held += of.held;
      }
      std::map<std::pair<std::string, std::string>, std::int64_t> held;  // by asset and month
      const auto series = Need(query::Series(view, request));
      for (const v1::SeriesLine& line : series.lines()) {
        const v1::MoneySums& of = line.sums().sums();
        held[{line.sums().asset(), line.period()}] =
            of.held() + of.reached() + of.ends_here() + of.returned();
      }
      const auto assets = Need(query::PartyPeriods(view, party, "", as_of));
      CHECK(assets.size() == sums.size());
      for (const query::PartyAsset& of : assets) {
        INFO(of.asset);
        CHECK_FALSE(of.by_year);
        query::PartyPeriod sum;
        for (const query::PartyPeriod& period : of.periods) {
          sum.brought_in += period.brought_in;
          sum.received += period.received;
          sum.passed_on += period.passed_on;
          sum.held = period.held;
          if (const auto said = held.find({of.asset, period.name}); said != held.end())
            CHECK(period.held == said->second);
          held.erase({of.asset, period.name});
        }
        const query::PartyPeriod& want = sums[of.asset];
        CHECK(sum.brought_in == want.brought_in);
        CHECK(sum.received == want.received);
        CHECK(sum.passed_on == want.passed_on);
        CHECK(sum.held == want.held);
        CHECK(Need(query::PartyPeriods(view, party, of.asset, as_of)).size() == 1);
      }
      CHECK(held.empty());
    }
  }
}

TEST_CASE("months without a movement are there, and of many months years are shown") {
  World world;
  const auto view = [&world] {
    query::View now;
    now.rows = &world.state();
    now.checkpoint.set_size(world.next());
    return now;
  };
  const auto pay = [&](const std::string& from, const std::string& to, std::int64_t amount,
                       const std::string& day) {
    v1::Action action = Pay(from, to, amount);
    action.mutable_transfer()->set_value_date(day);
    Need(world.Do({action}).status());
  };
  const auto periods = [&](const std::string& party) {
    std::string text;
    const query::View now = view();
    const auto assets = Need(query::PartyPeriods(now, party, "", std::nullopt));
    for (const query::PartyAsset& of : assets)
      for (const query::PartyPeriod& period : of.periods)
        text += period.name + " " + std::to_string(period.brought_in) + " " +
                std::to_string(period.received) + " " + std::to_string(period.passed_on) + " " +
                std::to_string(period.held) + "\n";
    return text;
  };
  CHECK(periods("ministry").empty());
  pay("donor", "ministry", 100, "2024-11-30");
  pay("ministry", "village", 30, "2025-02-01");
  // Value dates are in no order: this was passed on before it came.
  pay("ministry", "village", 60, "2024-10-01");
  CHECK(periods("ministry") ==
        "2024-10 0 0 60 -60\n2024-11 0 100 0 40\n2024-12 0 0 0 40\n2025-01 0 0 0 40\n2025-02 0 0 30 10\n");
  CHECK(periods("donor") == "2024-11 100 0 100 0\n");
  CHECK(periods("village") ==
        "2024-10 0 60 0 60\n2024-11 0 0 0 60\n2024-12 0 0 0 60\n2025-01 0 0 0 60\n2025-02 0 30 0 90\n");
  pay("donor", "village", 5, "2034-11-30");  // the 121st month of the donor
  CHECK(periods("donor") ==
        "2024 100 0 100 0\n2025 0 0 0 0\n2026 0 0 0 0\n2027 0 0 0 0\n2028 0 0 0 0\n2029 0 0 0 0\n"
        "2030 0 0 0 0\n2031 0 0 0 0\n2032 0 0 0 0\n2033 0 0 0 0\n2034 5 0 5 0\n");
  CHECK(query::PartyPeriods(view(), "nobody", "", std::nullopt).status().code() ==
        absl::StatusCode::kNotFound);
  CHECK(Need(query::PartyPeriods(view(), "donor", "USD", std::nullopt)).empty());
}

}  // namespace
}  // namespace fundtrail::testing
