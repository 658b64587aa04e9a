// A ledger on which payments of all kinds were tried at random, with a coin for each unit when there are no exchanges. The
// questions about sums are compared with it. Parties are declared recipients, inferred ones, sources, and the one of unrecorded
// origin.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "ledger/base/date.h"
#include "ledger/query/view.h"
#include "tests/books/coins.h"
#include "tests/support/world.h"

namespace fundtrail::testing {

inline const std::vector<std::string> kPayers = {"donor", "unrecorded", "ministry", "county", "charity"};
inline const std::vector<std::string> kPlayers = {"donor",   "unrecorded", "ministry", "county",
                                                  "charity", "village",    "hamlet"};

// The first value date of a game with dates, of about 1,000 days: 2023-06-01.
inline constexpr Date kFirstDay{19'509};

// A ledger on which anything was tried, and what was taken, also with coins when there are no exchanges.
struct Game {
  World world;
  CoinLedger coins;
  std::map<RefKey, v1::Transfer> made;
  std::mt19937_64 random;
  bool exchanges = false;
  bool dated = false;  // each transfer has a value date of its own, in no order

  Game(std::uint64_t seed, bool with_exchanges, bool with_dates = false, int tries = 80)
      : random(seed), exchanges(with_exchanges), dated(with_dates) {
    Need(world
             .Do({Party("unrecorded", "root", v1::ROLE_SOURCE), Inferred("hamlet", "county"),
                  Party("other", "root", v1::ROLE_SOURCE)})
             .status());
    for (const auto& party : kPlayers) coins.roles[party] = v1::ROLE_HOLDER;
    coins.roles["donor"] = coins.roles["unrecorded"] = v1::ROLE_SOURCE;
    coins.roles["village"] = coins.roles["hamlet"] = v1::ROLE_RECIPIENT;
    for (int i = 0; i < tries; ++i) Try();
  }

  const std::string& Any(const std::vector<std::string>& of) { return of[random() % of.size()]; }

  v1::Action Invent() {
    const auto amount = static_cast<std::int64_t>(1 + random() % 30);
    if (!made.empty() && random() % 6 == 0) {
      auto at = made.begin();
      std::advance(at, static_cast<std::ptrdiff_t>(random() % made.size()));
      v1::Action back =
          Returning(Pay(at->second.to(), at->second.from(), amount), Ref(at->first.first, at->first.second));
      back.mutable_transfer()->set_fund(at->second.fund());
      return back;
    }
    if (random() % 8 == 0) return Reclassify(Any(kPayers), "school", amount);
    if (exchanges && random() % 8 == 0)
      return Exchange(Any(kPayers), Any(kPlayers), amount, "USD", 1 + amount / 2);
    v1::Action pay = Pay(Any(kPayers), Any(kPlayers), amount);
    if (random() % 4 == 0) pay.mutable_transfer()->set_fund("school");
    return pay;
  }

  void Try() {
    const std::uint64_t record = world.next();
    v1::Action action = Invent();
    if (random() % 3 == 0) action = Committed(action);
    if (dated)
      action.mutable_transfer()->set_value_date(
          fundtrail::ToString(Date(kFirstDay.days() + static_cast<std::int32_t>(random() % 1'000))));
    if (!world.Do({action}).ok()) return;
    made[{record, 1}] = action.transfer();
    if (!exchanges) REQUIRE(!coins.Apply({record, 1}, action.transfer()).has_value());
  }

  query::View view() const {
    query::View view;
    view.rows = &world.state();
    view.checkpoint.set_size(world.next());
    return view;
  }
};

// Which transfer brought the coin to each position, and which minted each coin.
struct Ways {
  std::map<std::pair<AccountKey, std::size_t>, RefKey> arrived;
  std::map<std::uint64_t, RefKey> minted;

  explicit Ways(const CoinLedger& coins) {
    for (const auto& [ref, transfer] : coins.transfers) {  // in the order of the log
      for (const std::size_t position : transfer.arrived) arrived[{transfer.to, position}] = ref;
      for (const std::size_t position : transfer.drawn)
        minted.emplace(coins.lines.at(transfer.from)[position].id, ref);
    }
  }
};

}  // namespace fundtrail::testing
