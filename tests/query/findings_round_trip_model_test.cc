// ROUND_TRIP against coins: each coin of a random ledger has its own way, and whether it comes home is read off that way. Nothing here
// knows pieces, accounts' numbers or circles.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/support/findings.h"
#include "tests/support/money_game.h"

namespace fundtrail::testing {
namespace {

// What a finding says, beside its grade: amount, count, first and last day, the payments, and how many payments it says there are.
using TripTold =
    std::tuple<std::int64_t, std::uint64_t, std::string, std::string, std::set<RefKey>, std::uint64_t>;
// The parties of the way, the fund and the asset of the first payment.
using TripKey = std::tuple<std::vector<std::string>, std::string, std::string>;

struct TripsCounted {
  std::int64_t amount = 0;
  std::set<std::pair<RefKey, RefKey>> pairs;
  std::set<std::string> days;

  TripTold Told() const {
    std::set<RefKey> refs;
    for (const auto& [first, last] : pairs) refs.insert({first, last});
    return {amount, pairs.size(), *days.begin(), *days.rbegin(), refs, refs.size()};
  }
};

bool GoesFromHandToHand(const v1::Transfer& pay) {
  return pay.kind() != v1::TRANSFER_KIND_RETURN && pay.kind() != v1::TRANSFER_KIND_REVERSAL &&
         pay.kind() != v1::TRANSFER_KIND_RECLASSIFICATION && pay.kind() != v1::TRANSFER_KIND_EXCHANGE &&
         pay.from() != "unrecorded";
}

// The transfers that moved each coin, in the order of the log.
std::map<std::uint64_t, std::vector<RefKey>> WaysOfCoins(const CoinLedger& coins) {
  std::map<std::uint64_t, std::vector<RefKey>> ways;
  for (const auto& [ref, transfer] : coins.transfers)
    for (const std::size_t position : transfer.drawn)
      ways[coins.lines.at(transfer.from)[position].id].push_back(ref);
  return ways;
}

int DaysBetween(const v1::Transfer& one, const v1::Transfer& other) {
  return Need(ParseDate(other.value_date())).days() - Need(ParseDate(one.value_date())).days();
}

std::map<TripKey, TripTold> TripsOf(const Game& game, std::size_t hops, int days) {
  std::map<TripKey, TripsCounted> trips;
  for (const auto& [coin, way] : WaysOfCoins(game.coins)) {
    for (std::size_t first = 0; first < way.size(); ++first) {
      const v1::Transfer& begin = game.made.at(way[first]);
      if (!GoesFromHandToHand(begin) || begin.from() == begin.to()) continue;
      std::vector<std::string> parties = {begin.from(), begin.to()};
      for (std::size_t at = first + 1; at < way.size() && at - first < hops; ++at) {
        const v1::Transfer& pay = game.made.at(way[at]);
        if (pay.kind() == v1::TRANSFER_KIND_RETURN || pay.kind() == v1::TRANSFER_KIND_REVERSAL ||
            DaysBetween(begin, pay) > days)
          break;
        if (pay.to() == begin.from()) {
          parties.push_back(pay.to());
          TripsCounted& of = trips[{parties, begin.fund(), begin.asset()}];
          ++of.amount;
          of.pairs.insert({way[first], way[at]});
          of.days.insert({begin.value_date(), pay.value_date()});
          break;
        }
        if (pay.to() == parties.back()) continue;
        if (std::find(parties.begin(), parties.end(), pay.to()) != parties.end()) break;
        parties.push_back(pay.to());
      }
    }
  }
  std::map<TripKey, TripTold> told;
  for (const auto& [key, of] : trips) told.emplace(key, of.Told());
  return told;
}

// Of a party, fund and asset.
std::map<TripKey, TripTold> PaidThemselves(const Game& game) {
  struct Sum {
    std::int64_t amount = 0;
    std::set<std::string> days;
    std::set<RefKey> refs;
  };
  std::map<TripKey, Sum> sums;
  for (const auto& [ref, pay] : game.made) {
    if (!GoesFromHandToHand(pay) || pay.from() != pay.to()) continue;
    Sum& of = sums[{{pay.from()}, pay.fund(), pay.asset()}];
    of.amount += pay.amount();
    of.days.insert(pay.value_date());
    of.refs.insert(ref);
  }
  std::map<TripKey, TripTold> told;
  for (const auto& [key, of] : sums)
    told.emplace(key, TripTold{of.amount, of.refs.size(), *of.days.begin(), *of.days.rbegin(), of.refs,
                               of.refs.size()});
  return told;
}

TEST_CASE("ROUND_TRIP finds each way on which a coin comes home, and all payments of a party to itself") {
  const std::uint64_t seed = GENERATE(take(20, random(1, 1'000'000)));
  INFO("seed " << seed);
  const Game game(seed, false, true, 110);
  struct Limits {
    std::size_t hops;
    int days;
  };
  const std::vector<Limits> limits = {{6, 365}, {2, 36'600}, {3, 200}, {12, 36'600}, {12, 0}};
  for (const Limits& one : limits) {
    INFO("hops " << one.hops << ", days " << one.days);
    std::map<TripKey, TripTold> found, found_itself;
    const query::View view = game.view();
    const auto answer =
        FoundBy(view, v1::FINDING_RULE_ROUND_TRIP, "2026-03-01",
                {absl::StrCat("ROUND_TRIP.hops=", one.hops), absl::StrCat("ROUND_TRIP.days=", one.days)});
    CHECK_FALSE(answer.rules(0).incomplete());
    for (const v1::Finding& finding : answer.findings()) {
      const bool itself = finding.kind() == v1::Finding::KIND_PAYS_ITSELF;
      CHECK(finding.grade() == (itself ? v1::Finding::GRADE_LOOK : v1::Finding::GRADE_SERIOUS));
      const TripKey key{
          {finding.parties().begin(), finding.parties().end()}, finding.fund(), finding.asset()};
      const TripTold told{finding.amount(), finding.count(),     finding.first(),
                          finding.last(),   EvidenceOf(finding), finding.evidence_count()};
      CHECK((itself ? found_itself : found).emplace(key, told).second);
    }
    CHECK(found == TripsOf(game, one.hops, one.days));
    CHECK(found_itself == PaidThemselves(game));
  }
}

TEST_CASE("the coins of ROUND_TRIP's model do come home") {
  std::size_t trips = 0, long_ones = 0, itself = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Game game(seed, false, true, 110);
    for (const auto& [key, told] : TripsOf(game, 12, 36'600)) {
      ++trips;
      if (std::get<0>(key).size() > 3) ++long_ones;
    }
    itself += PaidThemselves(game).size();
  }
  INFO(trips << " ways, " << long_ones << " through several parties, " << itself << " payments to itself");
  CHECK(trips > 20);
  CHECK(long_ones > 3);
  CHECK(itself > 5);
}

}  // namespace
}  // namespace fundtrail::testing
