// Threads that answer questions: bounded, and fair between addresses.
#include "ledger/pipeline/workers.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "ledger/pipeline/retry.h"

namespace fundtrail::testing {
namespace {

using pipeline::Workers;

// Holds a thread until it is told to go on; returns when the thread is held.
struct Held {
  Held(Workers* workers, const std::string& address) {
    std::promise<void> begun;
    REQUIRE(workers
                ->Start(address,
                        [&begun, may = go_on.get_future().share()] {
                          begun.set_value();
                          may.wait();
                        })
                .ok());
    begun.get_future().wait();
  }
  std::promise<void> go_on;
};

TEST_CASE("addresses take turns, however many questions one of them has") {
  Workers workers(1, 40);
  Held held(&workers, "x");
  std::string order;  // one thread alone writes it
  for (int i = 0; i < 5; ++i) REQUIRE(workers.Start("a", [&] { order += 'a'; }).ok());
  for (int i = 0; i < 2; ++i) REQUIRE(workers.Start("b", [&] { order += 'b'; }).ok());
  REQUIRE(workers.Start("c", [&] { order += 'c'; }).ok());
  held.go_on.set_value();
  workers.Stop();
  CHECK(order == "abcabaaa");
}

TEST_CASE("so many may wait, of one address a quarter of them, and the rest of what was begun always") {
  Workers workers(1, 8);
  Held held(&workers, "x");
  std::atomic<int> done{0};
  const auto work = [&] { ++done; };
  for (const char* address : {"a", "a", "b", "b", "c", "c", "d", "d"})
    REQUIRE(workers.Start(address, work).ok());
  const Status full = workers.Start("e", work);  // those that wait were not told what to do instead
  CHECK(full.code() == absl::StatusCode::kResourceExhausted);
  CHECK(pipeline::RetryDelay(full).has_value());
  CHECK(workers.Continue("a", work).ok());
  held.go_on.set_value();
  workers.Stop();
  CHECK(done == 9);
  CHECK(workers.Start("a", work).code() == absl::StatusCode::kUnavailable);
  CHECK(workers.Continue("a", work).code() == absl::StatusCode::kUnavailable);

  Workers others(1, 8);
  Held first(&others, "x");
  REQUIRE(others.Start("a", work).ok());
  REQUIRE(others.Start("a", work).ok());
  CHECK(others.Start("a", work).code() == absl::StatusCode::kResourceExhausted);
  CHECK(others.Start("b", work).ok());
  first.go_on.set_value();
}

TEST_CASE("when all places are taken, whoever has most makes way") {
  Workers workers(1, 8);
  Held held(&workers, "x");
  std::string done, instead;  // by one thread at a time
  const auto ask = [&](char address) {
    return workers
        .Start(
            std::string(1, address), [&done, address] { done += address; },
            [&instead, address](const Status& full) {
              if (pipeline::RetryDelay(full).has_value()) instead += address;
            })
        .ok();
  };
  for (const char address : {'a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'}) REQUIRE(ask(address));
  CHECK_FALSE(ask('a'));  // it has its quarter
  CHECK(instead.empty());
  CHECK(ask('e'));
  CHECK(ask('f'));
  CHECK(ask('g'));
  CHECK(ask('h'));
  std::sort(instead.begin(), instead.end());
  CHECK(instead == "abcd");
  CHECK_FALSE(ask('i'));  // each has one: nobody has more than it would have
  CHECK_FALSE(ask('a'));
  held.go_on.set_value();
  workers.Stop();
  std::sort(done.begin(), done.end());
  CHECK(done == "abcdefgh");
  CHECK(instead.size() == 4);
}

TEST_CASE("what was begun makes way for nobody") {
  Workers workers(1, 8);
  Held held(&workers, "x");
  std::atomic<int> done{0};
  for (int i = 0; i < 8; ++i) REQUIRE(workers.Continue("a", [&] { ++done; }).ok());
  CHECK(workers
            .Start(
                "b", [] {}, [](const Status&) {})
            .code() == absl::StatusCode::kResourceExhausted);
  held.go_on.set_value();
  workers.Stop();
  CHECK(done == 8);
}

TEST_CASE("work that throws is told of, and its thread does the next") {
  std::atomic<int> told{0}, done{0};
  Workers workers(1, 40, [&](const Status& fault) {
    if (absl::IsInternal(fault) && std::string(fault.message()).find("a bad row") != std::string::npos)
      ++told;
  });
  for (int i = 0; i < 3; ++i) {
    REQUIRE(workers.Start("a", [] { throw std::out_of_range("a bad row"); }).ok());
    REQUIRE(workers.Start("a", [&] { ++done; }).ok());
  }
  workers.Stop();
  CHECK(told == 3);
  CHECK(done == 3);
}

TEST_CASE("one address never has all threads: a question of another is answered beside its long ones") {
  Workers workers(3, 40);
  std::vector<std::unique_ptr<Held>> held;
  held.push_back(std::make_unique<Held>(&workers, "a"));
  held.push_back(std::make_unique<Held>(&workers, "a"));
  std::promise<void> third;
  REQUIRE(workers.Start("a", [&] { third.set_value(); }).ok());
  auto of_a = third.get_future();
  std::promise<void> other;
  REQUIRE(workers.Start("b", [&] { other.set_value(); }).ok());
  CHECK(other.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
  CHECK(of_a.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout);
  held[0]->go_on.set_value();
  CHECK(of_a.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
  held[1]->go_on.set_value();
}

TEST_CASE("what many threads ask of many addresses is all done, and stopping waits for it") {
  std::atomic<int> done{0};
  {
    Workers workers(4, 100'000);
    std::vector<std::thread> clients;
    for (int c = 0; c < 8; ++c) {
      clients.emplace_back([&, c] {
        for (int i = 0; i < 500; ++i) {
          if (!workers.Start(std::to_string((c + i) % 5), [&] { ++done; }).ok()) std::abort();
        }
      });
    }
    for (auto& client : clients) client.join();
  }
  CHECK(done == 4'000);
}

}  // namespace
}  // namespace fundtrail::testing
