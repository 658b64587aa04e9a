// Payments played once more, by numbers alone: against a ledger in which each unit is a coin, and against proportions that are
// divided by hand. Whatever the method and the order, each unit that is asked about ends once.
#include "ledger/query/replay.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <numeric>
#include <random>
#include <set>

#include "ledger/query/pro_rata.h"

namespace fundtrail::testing {
namespace {

using query::Replay;
using query::ReplayAsked;
using query::ReplayedSums;
using query::ReplayEnd;

Status Always() { return absl::OkStatus(); }

template <typename T>
T Sound(StatusOr<T> value) {
  REQUIRE(value.ok());
  return *std::move(value);
}

// Writes payments down, if the payer holds the money.
struct Written {
  Replay replay;
  std::vector<std::int64_t> held;

  explicit Written(std::uint32_t accounts) : held(accounts) { replay.accounts = accounts; }

  bool Add(std::uint32_t from, std::uint32_t to, std::int64_t amount, std::int32_t day = 0,
           std::vector<std::uint32_t> named = {}, bool mints = false) {
    if (!mints && held[from] < amount) return false;
    query::ReplayedTransfer transfer;
    transfer.from = from;
    transfer.to = to;
    transfer.amount = transfer.to_amount = amount;
    transfer.day = day;
    transfer.month = day / 30;
    transfer.mints = mints;
    transfer.first_named = static_cast<std::uint32_t>(replay.named.size());
    replay.named.insert(replay.named.end(), named.begin(), named.end());
    transfer.named_end = static_cast<std::uint32_t>(replay.named.size());
    replay.transfers.push_back(transfer);
    if (!mints) held[from] -= amount;
    held[to] += amount;
    return true;
  }
};

ReplayAsked Ask(const Replay& replay, const std::vector<std::uint32_t>& receipts) {
  ReplayAsked asked;
  asked.receipts.resize(replay.transfers.size());
  asked.minted.resize(replay.transfers.size());
  for (const std::uint32_t at : receipts) asked.receipts[at] = true;
  return asked;
}

std::vector<std::uint32_t> InLogOrder(const Replay& replay) {
  std::vector<std::uint32_t> order(replay.transfers.size());
  std::iota(order.begin(), order.end(), 0U);
  return order;
}

ReplayedSums Fifo(const Replay& replay, const ReplayAsked& asked, bool forward,
                  std::vector<std::uint32_t> order) {
  const auto draws = Sound(query::DrawFifo(replay, std::move(order), Always));
  return Sound(query::FollowFifo(replay, draws, asked, forward, Always));
}
ReplayedSums Fifo(const Replay& replay, const ReplayAsked& asked, bool forward) {
  return Fifo(replay, asked, forward, InLogOrder(replay));
}
ReplayedSums ProRata(const Replay& replay, const ReplayAsked& asked, bool forward) {
  const auto draws = Sound(query::DrawProRata(replay, Always));
  return Sound(query::FollowProRata(replay, draws, asked, forward, Always));
}

std::int64_t AllEnds(const ReplayedSums& sums) {
  std::int64_t all = 0;
  for (const auto& [key, amount] : sums.ends) all += amount;
  return all;
}
std::int64_t AllAsked(const ReplayedSums& sums) {
  std::int64_t all = 0;
  for (const auto& [account, amount] : sums.asked) all += amount;
  return all;
}

// Account 0 is a SOURCE. Earmarks, returns, payments to oneself, and several payments a day.
Written AnyPayments(std::mt19937_64* random, int tries) {
  Written written(6);
  std::int32_t day = 0;
  for (int i = 0; i < tries; ++i) {
    const auto any = [&](std::uint64_t of) { return static_cast<std::uint32_t>((*random)() % of); };
    if (any(3) == 0) day += static_cast<std::int32_t>(any(12));
    const auto amount = static_cast<std::int64_t>(1 + any(40));
    if (any(4) == 0) {
      written.Add(0, 1 + any(5), amount, day, {}, true);
      continue;
    }
    const std::uint32_t from = 1 + any(5);
    std::vector<std::uint32_t> named;
    if (any(3) == 0)
      for (std::uint32_t at = 0; at < written.replay.transfers.size() && named.size() < 3; ++at)
        if (written.replay.transfers[at].to == from && any(3) == 0) named.push_back(at);
    written.Add(from, any(6), amount, day, named);
  }
  return written;
}

// Each unit of a receipt with whether it is asked about, the lowest first: what the first method says, coin by coin.
std::map<std::uint32_t, std::int64_t> CoinsWhereTheyLie(const Replay& replay, const ReplayAsked& asked,
                                                        const std::vector<std::uint32_t>& order) {
  std::vector<std::deque<bool>> receipts(replay.transfers.size());
  std::vector<std::vector<std::uint32_t>> lines(replay.accounts);
  for (const std::uint32_t at : order) {
    const query::ReplayedTransfer& transfer = replay.transfers[at];
    std::deque<bool> moved;
    const auto take = [&](std::uint32_t receipt) {
      while (!receipts[receipt].empty() && static_cast<std::int64_t>(moved.size()) < transfer.amount) {
        moved.push_back(receipts[receipt].front());
        receipts[receipt].pop_front();
      }
    };
    if (transfer.mints) moved.resize(static_cast<std::size_t>(transfer.amount));
    if (!transfer.mints) {
      for (const std::uint32_t receipt : replay.NamedBy(transfer)) take(receipt);
      for (const std::uint32_t receipt : lines[transfer.from]) take(receipt);
    }
    REQUIRE(static_cast<std::int64_t>(moved.size()) == transfer.amount);
    if (asked.receipts[at]) std::fill(moved.begin(), moved.end(), true);
    receipts[at] = std::move(moved);
    lines[transfer.to].push_back(at);
  }
  std::map<std::uint32_t, std::int64_t> lie;
  for (std::uint32_t account = 0; account < replay.accounts; ++account)
    for (const std::uint32_t receipt : lines[account])
      lie[account] += std::count(receipts[receipt].begin(), receipts[receipt].end(), true);
  return lie;
}

// The second method by hand: units of a part are given one at a time, to whoever is furthest below its proportion.
std::map<std::uint32_t, std::int64_t> Proportions(const Replay& replay, const ReplayAsked& asked) {
  struct Part {
    std::uint32_t account = 0;
    std::int64_t held = 0, marked = 0;
  };
  std::map<std::pair<int, std::uint32_t>, Part> parts;  // (0, account), (1, receipt)
  const auto pay = [](Part* part, std::int64_t amount) {
    if (amount == 0) return std::int64_t{0};
    // To the nearest unit, and a half one up.
    const std::int64_t share = (2 * amount * part->marked + part->held) / (2 * part->held);
    part->held -= amount;
    part->marked -= share;
    return share;
  };
  const std::set<std::uint32_t> named(replay.named.begin(), replay.named.end());
  for (std::uint32_t at = 0; at < replay.transfers.size(); ++at) {
    const query::ReplayedTransfer& transfer = replay.transfers[at];
    std::int64_t due = transfer.mints ? 0 : transfer.amount, moved = 0;
    for (const std::uint32_t receipt : replay.NamedBy(transfer)) {
      Part& part = parts[{1, receipt}];
      const std::int64_t taken = std::min(due, part.held);
      moved += pay(&part, taken);
      due -= taken;
    }
    std::vector<Part*> all;
    std::int64_t held = 0;
    for (auto& [key, part] : parts) {
      if (part.held == 0 || (key.first == 0 ? key.second != transfer.from : part.account != transfer.from))
        continue;
      all.push_back(&part);
      held += part.held;
    }
    std::vector<std::int64_t> given(all.size());
    std::int64_t left = due;
    for (std::size_t i = 0; i < all.size(); ++i) left -= given[i] = due * all[i]->held / held;
    for (; left > 0; --left) {
      std::size_t best = 0;
      const auto missing = [&](std::size_t i) { return due * all[i]->held - given[i] * held; };
      for (std::size_t i = 1; i < all.size(); ++i)
        if (missing(i) > missing(best)) best = i;
      ++given[best];
    }
    for (std::size_t i = 0; i < all.size(); ++i) moved += pay(all[i], given[i]);
    Part& to = named.count(at) > 0 ? parts[{1, at}] : parts[{0, transfer.to}];
    to.account = transfer.to;
    to.held += transfer.to_amount;
    to.marked += asked.receipts[at] ? transfer.to_amount : moved;
  }
  std::map<std::uint32_t, std::int64_t> lie;
  for (const auto& [key, part] : parts) lie[part.account] += part.marked;
  return lie;
}

std::map<std::uint32_t, std::int64_t> Lying(const ReplayedSums& sums, std::uint32_t accounts) {
  std::map<std::uint32_t, std::int64_t> lie;
  for (std::uint32_t account = 0; account < accounts; ++account) {
    const auto found = sums.ends.find({ReplayEnd::kLies, account});
    lie[account] = found == sums.ends.end() ? 0 : found->second;
  }
  return lie;
}

TEST_CASE("both methods lead where coins and proportions lead, and each unit asked about ends once") {
  const std::uint64_t seed = GENERATE(take(60, random(1, 1'000'000)));
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const Written written = AnyPayments(&random, 120);
  const Replay& replay = written.replay;
  std::vector<std::uint32_t> receipts;
  for (std::uint32_t at = 0; at < replay.transfers.size(); ++at)
    if (random() % 5 == 0) receipts.push_back(at);
  const ReplayAsked asked = Ask(replay, receipts);
  std::map<std::uint32_t, std::int64_t> nothing;
  for (std::uint32_t account = 0; account < replay.accounts; ++account) nothing[account] = 0;
  const auto filled = [&](std::map<std::uint32_t, std::int64_t> lie) {
    lie.insert(nothing.begin(), nothing.end());
    return lie;
  };
  CHECK(Lying(Fifo(replay, asked, true), replay.accounts) ==
        filled(CoinsWhereTheyLie(replay, asked, InLogOrder(replay))));
  CHECK(Lying(ProRata(replay, asked, true), replay.accounts) == filled(Proportions(replay, asked)));
  for (const bool forward : {true, false}) {
    for (const ReplayedSums& sums : {Fifo(replay, asked, forward), ProRata(replay, asked, forward)}) {
      CHECK(AllEnds(sums) == AllAsked(sums));
      for (const auto& [key, amount] : sums.ends) CHECK(amount > 0);
      std::int64_t all = 0, due = 0;
      for (const auto& [account, amount] : sums.receipts) all += amount;
      for (const std::uint32_t at : receipts) due += replay.transfers[at].to_amount;
      CHECK(all == due);
    }
  }
  // All that was ever brought in is held somewhere, by either method; and all that is held was brought in.
  std::vector<std::uint32_t> brought;
  std::int64_t in = 0;
  for (std::uint32_t at = 0; at < replay.transfers.size(); ++at)
    if (replay.transfers[at].mints) {
      brought.push_back(at);
      in += replay.transfers[at].amount;
    }
  for (const ReplayedSums& sums :
       {Fifo(replay, Ask(replay, brought), true), ProRata(replay, Ask(replay, brought), true)}) {
    CHECK(AllAsked(sums) == in);
    for (std::uint32_t account = 0; account < replay.accounts; ++account)
      CHECK(Lying(sums, replay.accounts)[account] == written.held[account]);
  }
}

TEST_CASE("an order that is turned round has the same payments, and each can be made in it") {
  const std::uint64_t seed = GENERATE(take(40, random(1, 1'000'000)));
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const Written written = AnyPayments(&random, 150);
  const Replay& replay = written.replay;
  const ReplayAsked asked = Ask(replay, {0});
  for (const auto window :
       {query::ReplayWindow::kDay, query::ReplayWindow::kWeek, query::ReplayWindow::kMonth}) {
    const auto order = Sound(query::TurnedRound(replay, window, Always));
    std::vector<std::int64_t> held(replay.accounts);
    std::set<std::uint32_t> came;
    for (const std::uint32_t at : order) {
      const query::ReplayedTransfer& transfer = replay.transfers[at];
      for (const std::uint32_t receipt : replay.NamedBy(transfer)) REQUIRE(came.count(receipt) == 1);
      if (!transfer.mints) held[transfer.from] -= transfer.amount;
      REQUIRE(held[transfer.from] >= 0);
      held[transfer.to] += transfer.amount;
      REQUIRE(came.insert(at).second);
    }
    REQUIRE(came.size() == replay.transfers.size());
    REQUIRE(held == written.held);
    // Nothing moves out of its run of days.
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::int32_t day = replay.transfers[i].day, other = replay.transfers[order[i]].day;
      if (window == query::ReplayWindow::kDay) REQUIRE(day == other);
      if (window == query::ReplayWindow::kWeek) REQUIRE((day + 3) / 7 == (other + 3) / 7);
      if (window == query::ReplayWindow::kMonth) REQUIRE(day / 30 == other / 30);
    }
    const ReplayedSums turned = Fifo(replay, asked, true, order);
    std::map<std::uint32_t, std::int64_t> coins = CoinsWhereTheyLie(replay, asked, order);
    for (std::uint32_t account = 0; account < replay.accounts; ++account)
      CHECK(Lying(turned, replay.accounts)[account] == coins[account]);
    CHECK(AllEnds(Fifo(replay, asked, false, order)) == replay.transfers[0].amount);
  }
}

// Accounts of the cases below.
constexpr std::uint32_t kDonor = 0, kOther = 1, kHub = 2, kNorth = 3, kSouth = 4;
using Lie = std::map<std::uint32_t, std::int64_t>;

TEST_CASE("in proportion, by hand") {
  SECTION("a third of each payment is the question's, where it is a third of what is held") {
    Written written(5);
    written.Add(kDonor, kHub, 100, 1, {}, true);
    written.Add(kOther, kHub, 200, 1, {}, true);
    written.Add(kHub, kNorth, 150, 2);
    CHECK(Lying(Fifo(written.replay, Ask(written.replay, {0}), true), 5) ==
          Lie{{0, 0}, {1, 0}, {2, 0}, {3, 100}, {4, 0}});
    CHECK(Lying(ProRata(written.replay, Ask(written.replay, {0}), true), 5) ==
          Lie{{0, 0}, {1, 0}, {2, 50}, {3, 50}, {4, 0}});
    // Where North's money came from.
    CHECK(ProRata(written.replay, Ask(written.replay, {2}), false).ends ==
          std::map<std::pair<ReplayEnd, std::uint32_t>, std::int64_t>{{{ReplayEnd::kMinted, kDonor}, 50},
                                                                      {{ReplayEnd::kMinted, kOther}, 100}});
    CHECK(Fifo(written.replay, Ask(written.replay, {2}), false).ends ==
          std::map<std::pair<ReplayEnd, std::uint32_t>, std::int64_t>{{{ReplayEnd::kMinted, kDonor}, 100},
                                                                      {{ReplayEnd::kMinted, kOther}, 50}});
  }
  SECTION("a half unit is the question's") {
    Written written(5);
    written.Add(kDonor, kHub, 1, 1, {}, true);
    written.Add(kOther, kHub, 1, 1, {}, true);
    written.Add(kHub, kNorth, 1, 2);
    CHECK(Lying(ProRata(written.replay, Ask(written.replay, {0}), true), 5)[kNorth] == 1);
    CHECK(Lying(ProRata(written.replay, Ask(written.replay, {1}), true), 5)[kNorth] == 1);
  }
  SECTION("an earmark comes first, and then the rest in proportion") {
    Written written(5);
    written.Add(kDonor, kHub, 60, 1, {}, true);
    written.Add(kOther, kHub, 40, 1, {}, true);
    written.Add(kHub, kNorth, 30, 2);       // 18 of the first, 12 of the second
    written.Add(kHub, kSouth, 30, 3, {1});  // 28 are left of the second, and 2 of the first
    const auto donor = Lying(ProRata(written.replay, Ask(written.replay, {0}), true), 5);
    CHECK(donor.at(kNorth) == 18);
    CHECK(donor.at(kSouth) == 2);
    CHECK(donor.at(kHub) == 40);
  }
  SECTION("of equal remainders the earlier part gives first") {
    Written written(5);
    written.Add(kDonor, kHub, 1, 1, {}, true);
    written.Add(kOther, kHub, 1, 1, {}, true);
    written.Add(kHub, kNorth, 1, 2);
    written.Add(kDonor, kHub, 1, 3, {}, true);
    written.Add(kHub, kSouth, 1, 4, {1});
    // The second receipt is named: it is a part of its own, and the first, which is not, gives the unit to North.
    CHECK(Lying(ProRata(written.replay, Ask(written.replay, {0}), true), 5)[kNorth] == 1);
    CHECK(Lying(ProRata(written.replay, Ask(written.replay, {1}), true), 5)[kSouth] == 1);
  }
}

TEST_CASE("with the payments of a day in the opposite order, first in, first out changes its answer") {
  Written written(5);
  written.Add(kDonor, kHub, 100, 1, {}, true);
  written.Add(kOther, kHub, 100, 1, {}, true);
  written.Add(kHub, kNorth, 100, 8);
  written.Add(kHub, kSouth, 100, 9);
  const ReplayAsked asked = Ask(written.replay, {0});
  const auto turned = [&](query::ReplayWindow window) {
    return Lying(Fifo(written.replay, asked, true, Sound(query::TurnedRound(written.replay, window, Always))),
                 5);
  };
  CHECK(Lying(Fifo(written.replay, asked, true), 5).at(kNorth) == 100);
  CHECK(turned(query::ReplayWindow::kDay).at(kSouth) == 100);   // the gifts of one day change places
  CHECK(turned(query::ReplayWindow::kWeek).at(kNorth) == 100);  // and so do the payments of one week
  // All of a month: the payments wait for the gifts, in their turn.
  CHECK(Sound(query::TurnedRound(written.replay, query::ReplayWindow::kMonth, Always)) ==
        std::vector<std::uint32_t>{1, 3, 0, 2});
}

TEST_CASE("payments that cannot all be turned round are turned round in two halves") {
  // The hub's money goes to North and back before it goes on: the last payment, made first, would leave nothing to send.
  Written written(5);
  written.Add(kDonor, kHub, 10, 1, {}, true);
  written.Add(kHub, kNorth, 10, 2);
  written.Add(kNorth, kHub, 10, 2);
  written.Add(kHub, kSouth, 10, 2);
  CHECK(Sound(query::TurnedRound(written.replay, query::ReplayWindow::kDay, Always)) ==
        std::vector<std::uint32_t>{0, 1, 2, 3});
}

TEST_CASE("an end that is asked for ends the work") {
  Written written(5);
  written.Add(kDonor, kHub, 10, 1, {}, true);
  const auto stop = [] { return absl::CancelledError("gone"); };
  CHECK(absl::IsCancelled(query::TurnedRound(written.replay, query::ReplayWindow::kDay, stop).status()));
  CHECK(absl::IsCancelled(query::DrawFifo(written.replay, {0}, stop).status()));
  CHECK(absl::IsCancelled(query::DrawProRata(written.replay, stop).status()));
}

}  // namespace
}  // namespace fundtrail::testing
