// Threads that answer questions: bounded, and fair between addresses.
#include "server/workers.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "server/retry.h"

namespace fundtrail::testing {
namespace {

using server::Workers;

// Holds a thread until it is told to go on; returns when the thread is held.
struct Held {
  Held(Workers* workers, const std::string& address) {
    std::promise<void> begun;
    REQUIRE(workers
                ->Run(address,
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
  for (int i = 0; i < 5; ++i) REQUIRE(workers.Run("a", [&] { order += 'a'; }).ok());
  for (int i = 0; i < 2; ++i) REQUIRE(workers.Run("b", [&] { order += 'b'; }).ok());
  REQUIRE(workers.Run("c", [&] { order += 'c'; }).ok());
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
    REQUIRE(workers.Run(address, work).ok());
  const Status full = workers.Run("e", work);
  CHECK(full.code() == absl::StatusCode::kResourceExhausted);
  CHECK(server::RetryDelay(full).has_value());
  CHECK(workers.Go("a", work).ok());
  held.go_on.set_value();
  workers.Stop();
  CHECK(done == 9);
  CHECK(workers.Run("a", work).code() == absl::StatusCode::kUnavailable);
  CHECK(workers.Go("a", work).code() == absl::StatusCode::kUnavailable);

  Workers others(1, 8);
  Held first(&others, "x");
  REQUIRE(others.Run("a", work).ok());
  REQUIRE(others.Run("a", work).ok());
  CHECK(others.Run("a", work).code() == absl::StatusCode::kResourceExhausted);
  CHECK(others.Run("b", work).ok());
  first.go_on.set_value();
}

TEST_CASE("one address never has all threads: a question of another is answered beside its long ones") {
  Workers workers(3, 40);
  std::vector<std::unique_ptr<Held>> held;
  held.push_back(std::make_unique<Held>(&workers, "a"));
  held.push_back(std::make_unique<Held>(&workers, "a"));
  std::promise<void> third;
  REQUIRE(workers.Run("a", [&] { third.set_value(); }).ok());
  auto of_a = third.get_future();
  std::promise<void> other;
  REQUIRE(workers.Run("b", [&] { other.set_value(); }).ok());
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
          if (!workers.Run(std::to_string((c + i) % 5), [&] { ++done; }).ok()) std::abort();
        }
      });
    }
    for (auto& client : clients) client.join();
  }
  CHECK(done == 4'000);
}

}  // namespace
}  // namespace fundtrail::testing
