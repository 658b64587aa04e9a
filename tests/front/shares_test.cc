// What one address may hold and do.
#include "server/front/shares.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <vector>

namespace fundtrail::testing {
namespace {

using server::Bucket;
using server::FrontLimits;
using server::Share;
using server::Shares;

TEST_CASE("a bucket fills with time, never above its burst, and gets no deeper into debt than that") {
  Bucket bucket(10, 20);
  CHECK(bucket.Full(0));
  bucket.Charge(20, 0);
  CHECK(bucket.Wait(0) == 0);  // empty, and in no debt
  bucket.Charge(5, 0);
  CHECK(bucket.Wait(0) == 0.5);
  CHECK(bucket.Wait(0.5) == 0);
  bucket.Charge(1'000, 0.5);
  CHECK(bucket.Wait(0.5) == 2);
  bucket.Charge(-1'000, 0.5);
  CHECK(bucket.Full(0.5));
  CHECK_FALSE((bucket.Charge(1, 0.5), bucket.Full(0.5)));
  CHECK(bucket.Full(100));
}

FrontLimits Few() {
  FrontLimits limits;
  limits.connections = 10;
  limits.connections_per_address = 4;
  limits.connections_per_second = 100;
  limits.calls = 20;
  limits.calls_per_address = 8;
  limits.resets_per_second = 2;
  limits.frames_per_second = 10;
  return limits;
}

struct Clocked {
  explicit Clocked(const FrontLimits& limits = Few()) : shares(limits, [this] { return now; }) {}
  double now = 0;
  Shares shares;
};

// As many as `take` gives, at most a hundred.
template <typename Take>
int Most(const Take& take) {
  int taken = 0;
  while (taken < 100 && take()) ++taken;
  return taken;
}

TEST_CASE("one address has so many connections, and at most twice what is left for others") {
  Clocked clocked;
  std::vector<std::shared_ptr<Share>> held;
  const auto take = [&](const char* address) {
    auto share = clocked.shares.Connect(address);
    if (share == nullptr) return false;
    held.push_back(std::move(share));
    return true;
  };
  CHECK(Most([&] { return take("a"); }) == 4);  // connections_per_address
  CHECK(Most([&] { return take("b"); }) == 4);  // then 2 are left
  CHECK(Most([&] { return take("c"); }) == 1);
  CHECK(Most([&] { return take("d"); }) == 1);  // who has nothing may take the last
  CHECK(Most([&] { return take("e"); }) == 0);
  CHECK(clocked.shares.connections() == 10);
  CHECK(clocked.shares.turned_away() == 5);
  held.clear();
  CHECK(clocked.shares.connections() == 0);
  CHECK(take("e"));
}

TEST_CASE("an address that connects again and again has to wait") {
  FrontLimits limits = Few();
  limits.connections_per_second = 8;  // four at once
  Clocked clocked(limits);
  const auto connect = [&](const char* address) {
    const auto share = clocked.shares.Connect(address);  // which goes again: that frees no time
    REQUIRE(share != nullptr);
    return share->BeginIn();
  };
  for (int i = 0; i < 4; ++i) CHECK(connect("a") == 0.0);
  for (int i = 1; i <= 24; ++i) CHECK(connect("a") == i * 0.125);  // one behind the other
  CHECK(connect("a") == std::nullopt);                             // three seconds are the longest
  CHECK(clocked.shares.turned_away() == 1);
  CHECK(connect("b") == 0.0);
  clocked.now += 1;
  CHECK(connect("a") == 2.125);
  clocked.now += 100;
  for (int i = 0; i < 4; ++i) CHECK(connect("a") == 0.0);
  CHECK(connect("a") == 0.125);
}

TEST_CASE("calls are counted over all connections of an address, and given back") {
  Clocked clocked;
  const auto one = clocked.shares.Connect("a"), two = clocked.shares.Connect("a"),
             other = clocked.shares.Connect("b");
  CHECK(Most([&] { return one->Begin(); }) == 8);
  CHECK_FALSE(two->Begin());
  CHECK(Most([&] { return other->Begin(); }) == 8);
  CHECK(clocked.shares.calls() == 16);
  const auto third = clocked.shares.Connect("c");
  CHECK(Most([&] { return third->Begin(); }) == 2);  // then two are left
  third->End(2);
  one->End(3);
  CHECK(Most([&] { return two->Begin(); }) == 3);
  CHECK(clocked.shares.calls() == 16);
  two->End(8);
  other->End(8);
  CHECK(clocked.shares.calls() == 0);
}

TEST_CASE("debts are the address's, and outlive its connections") {
  Clocked clocked;
  clocked.shares.Connect("a")->GiveUp(24);  // 20 may be given up at once
  clocked.shares.Connect("a")->Charge(25);
  auto again = clocked.shares.Connect("a");
  CHECK(again->WaitForCall() == 2);
  CHECK(again->WaitForFrame() == 0.5);
  CHECK(clocked.shares.Connect("b")->WaitForCall() == 0);
  CHECK(clocked.shares.Connect("b")->WaitForFrame() == 0);
  clocked.now = 1;
  CHECK(again->WaitForCall() == 1);
  CHECK(again->WaitForFrame() == 0);
}

TEST_CASE("thousands of addresses with debts are forgotten rather than kept without end") {
  Clocked clocked;
  for (int i = 0; i < 30'000; ++i) {
    const auto share = clocked.shares.Connect(std::to_string(i));
    REQUIRE(share != nullptr);
    share->GiveUp(100);
  }
  CHECK(clocked.shares.connections() == 0);
  const auto last = clocked.shares.Connect("29999");
  CHECK(last->WaitForCall() > 0);
  CHECK(clocked.shares.Connect("0")->WaitForCall() == 0);
}

// The rule of places against a naive count, over random comings and goings.
TEST_CASE("no address ever has more places than the rule gives it, and none is lost") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  FrontLimits limits = Few();
  limits.connections_per_second = 1e9;
  limits.frames_per_second = 1e9;
  limits.resets_per_second = 1e9;
  Clocked clocked(limits);
  std::multimap<std::string, std::shared_ptr<Share>> held;
  for (int step = 0; step < 20'000; ++step) {
    const std::string address(1, static_cast<char>('a' + random() % 6));
    if (random() % 2 == 0 && !held.empty()) {
      auto gone = held.begin();
      std::advance(gone, static_cast<long>(random() % held.size()));
      held.erase(gone);
    } else {
      const std::size_t own = held.count(address), taken = held.size();
      const bool expected = taken < 10 && own < 4 && (own == 0 || own + 1 <= 2 * (10 - taken - 1));
      auto share = clocked.shares.Connect(address);
      REQUIRE((share != nullptr) == expected);
      if (share != nullptr) held.emplace(address, std::move(share));
    }
    REQUIRE(clocked.shares.connections() == held.size());
  }
}

}  // namespace
}  // namespace fundtrail::testing
