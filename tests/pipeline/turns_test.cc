// Turns: what of many addresses is served when, against the rule counted by hand and against what must hold of any such
// rule. The loads are made up by a seed that a failure prints.
#include "ledger/pipeline/turns.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "ledger/base/share.h"

namespace fundtrail::testing {
namespace {

using pipeline::Turns;

const auto kAny = [](const std::string&, const auto&) { return true; };

std::string Served(Turns<char>* turns) {
  std::string order;
  while (const auto next = turns->Next(kAny)) order += *next;
  return order;
}

TEST_CASE("addresses take turns, and in each turn get as much by cost") {
  SECTION("things that cost a turn each go one by one") {
    Turns<char> turns(10);
    for (int i = 0; i < 4; ++i) turns.Push("a", 10, 'a');
    for (int i = 0; i < 2; ++i) turns.Push("b", 10, 'b');
    turns.Push("c", 10, 'c');
    CHECK(turns.size() == 7);
    CHECK(Served(&turns) == "abcabaa");
    CHECK(turns.empty());
  }
  SECTION("small ones go several in a turn; for a large one turns are saved up") {
    Turns<char> turns(10);
    for (int i = 0; i < 6; ++i) turns.Push("a", 3, 'a');
    for (int i = 0; i < 2; ++i) turns.Push("b", 25, 'b');
    CHECK(Served(&turns) == "aaaaaabb");
    for (int i = 0; i < 18; ++i) turns.Push("a", 3, 'a');
    for (int i = 0; i < 2; ++i) turns.Push("b", 25, 'b');
    CHECK(Served(&turns) == "aaaaaaaaaabaaaaaabaa");  // a: three a turn, and four with what was left
  }
  SECTION("who comes while another is served waits for the rest of that turn alone") {
    Turns<char> turns(10);
    for (int i = 0; i < 100; ++i) turns.Push("a", 5, 'a');
    CHECK(turns.Next(kAny) == 'a');
    turns.Push("b", 5, 'b');
    CHECK(turns.Next(kAny) == 'a');
    CHECK(turns.Next(kAny) == 'b');
  }
  SECTION("nobody saves while away") {
    Turns<char> turns(10);
    turns.Push("a", 1, 'a');
    CHECK(Served(&turns) == "a");  // 9 were left
    turns.Push("a", 15, 'a');
    turns.Push("b", 10, 'b');
    CHECK(Served(&turns) == "ba");
  }
}

TEST_CASE("who may not be served is passed over and keeps its place") {
  Turns<char> turns(10);
  for (const char* address : {"a", "b", "c"})
    for (int i = 0; i < 2; ++i) turns.Push(address, 10, address[0]);
  const auto but = [](const std::string& without) {
    return [=](const std::string& address, char) { return address != without; };
  };
  CHECK(turns.Next(but("a")) == 'b');
  CHECK(turns.Next(kAny) == 'a');
  CHECK(turns.Next([](const std::string&, char) { return false; }) == std::nullopt);
  CHECK(turns.size() == 4);
  CHECK(*turns.Front("c") == 'c');
  CHECK(turns.Front("nobody") == nullptr);
  CHECK(turns.Any([](char one) { return one == 'c'; }));
  CHECK_FALSE(turns.Any([](char one) { return one == 'x'; }));
  CHECK(Served(&turns).size() == 4);
}

// One that was pushed.
struct Thing {
  int address = 0;
  std::uint64_t cost = 0, number = 0;  // of its address
};

// The rule as one would do it by hand, for a load that is all there at the beginning. Round after round, each who has
// anything left gets `quantum` more to spend.
std::vector<Thing> ByHand(std::map<int, std::vector<Thing>> load, const std::vector<int>& came,
                          std::uint64_t quantum) {
  std::vector<Thing> served;
  std::map<int, std::uint64_t> purse;
  std::map<int, std::size_t> at;
  for (bool any = true; any;) {
    any = false;
    for (const int address : came) {
      auto& things = load[address];
      if (at[address] == things.size()) continue;
      any = true;
      purse[address] += quantum;
      while (at[address] < things.size() && things[at[address]].cost <= purse[address]) {
        purse[address] -= things[at[address]].cost;
        served.push_back(things[at[address]++]);
      }
    }
  }
  return served;
}

TEST_CASE("turns of made-up loads are those that one counts by hand") {
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    const std::uint64_t quantum = 1 + random() % 50;
    Turns<Thing> turns(quantum);
    std::map<int, std::vector<Thing>> load;
    std::vector<int> came;
    const int addresses = 1 + static_cast<int>(random() % 6);
    for (int i = static_cast<int>(random() % 60); i >= 0; --i) {
      const int address = static_cast<int>(random() % static_cast<unsigned>(addresses));
      const Thing thing{address, 1 + random() % 120, load[address].size()};
      if (load[address].empty()) came.push_back(address);
      load[address].push_back(thing);
      turns.Push(std::to_string(address), thing.cost, thing);
    }
    for (const Thing& expected : ByHand(load, came, quantum)) {
      const auto next = turns.Next(kAny);
      REQUIRE(next.has_value());
      REQUIRE(next->address == expected.address);
      REQUIRE(next->number == expected.number);
    }
    REQUIRE(turns.empty());
  }
}

TEST_CASE(
    "whatever comes when, each address keeps its order, nothing is lost, and nobody gets ahead of who "
    "waits") {
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  constexpr int kAddresses = 5;
  constexpr std::uint64_t kMost = 100;
  for (int round = 0; round < 30; ++round) {
    const std::uint64_t quantum = 1 + random() % 200;
    Turns<Thing> turns(quantum);
    std::vector<std::uint64_t> pushed(kAddresses), taken(kAddresses);
    // What each of two was served since both of them wait without a break.
    std::map<std::pair<int, int>, std::pair<std::uint64_t, std::uint64_t>> since;
    for (int step = 0; step < 2'000; ++step) {
      const int address = static_cast<int>(random() % kAddresses);
      const auto waits = [&](int one) {
        return pushed[static_cast<std::size_t>(one)] > taken[static_cast<std::size_t>(one)];
      };
      if (random() % 2 == 0) {
        const auto at = static_cast<std::size_t>(address);
        const Thing thing{address, 1 + random() % kMost, pushed[at]++};
        turns.Push(std::to_string(address), thing.cost, thing);
        continue;
      }
      const bool some =
          std::any_of(pushed.begin(), pushed.end(), [&, i = 0](auto) mutable { return waits(i++); });
      for (int a = 0; a < kAddresses; ++a) {
        for (int b = a + 1; b < kAddresses; ++b) {
          if (waits(a) && waits(b)) since.try_emplace({a, b});
        }
      }
      const auto next = turns.Next(kAny);
      REQUIRE(next.has_value() == some);
      if (!some) continue;
      REQUIRE(next->number == taken[static_cast<std::size_t>(next->address)]++);
      if (!waits(next->address))
        std::erase_if(since, [&](const auto& pair) {
          return pair.first.first == next->address || pair.first.second == next->address;
        });
      for (auto& [pair, served] : since) {
        if (pair.first == next->address) served.first += next->cost;
        if (pair.second == next->address) served.second += next->cost;
        const auto more = std::max(served.first, served.second) - std::min(served.first, served.second);
        REQUIRE(more <= quantum + 2 * kMost);  // the bound of deficit round robin
      }
    }
    std::uint64_t left = 0;
    for (std::size_t i = 0; i < kAddresses; ++i) left += pushed[i] - taken[i];
    REQUIRE(turns.size() == left);
  }
}

TEST_CASE("of what is shared one has at most twice what is left, and who has nothing finds room") {
  // One after another by ones, as often as they may.
  const auto fill = [](std::size_t addresses, std::size_t most) {
    std::vector<std::size_t> own(addresses);
    std::size_t taken = 0;
    for (bool any = true; any;) {
      any = false;
      for (auto& one : own) {
        if (!MayShare(one, taken, 1, most)) continue;
        ++one, ++taken;
        any = true;
      }
    }
    return own;
  };
  CHECK(fill(1, 20'000) == std::vector<std::size_t>{13'333});
  CHECK(fill(2, 20'000) == std::vector<std::size_t>{8'000, 8'000});
  CHECK(fill(4, 20'000)[3] == 4'444);
  CHECK(MayShare(0, 17'776, 1'000, 20'000));  // beside these four
  CHECK(MayShare(0, 0, 10, 10));              // whoever comes first may have all
  CHECK_FALSE(MayShare(0, 1, 10, 10));
  CHECK_FALSE(MayShare(1, 1, 9, 10));
  CHECK_FALSE(MayShare(0, 0, 11, 10));
  CHECK_FALSE(MayShare(0, 0, SIZE_MAX, 10));
  CHECK(fill(1, 1) == std::vector<std::size_t>{1});
}

}  // namespace
}  // namespace fundtrail::testing
