// The pipeline without gRPC: what many threads send at once arrives once, in one order, or not at all.
#include "server/pipeline.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "ledger/store/memory.h"
#include "server/retry.h"
#include "tests/support/faulty_store.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"

namespace fundtrail::testing {
namespace {

using server::Job;
using server::Pipeline;

std::unique_ptr<log::Ledger> Fresh(std::unique_ptr<store::Store> store = store::MakeMemoryStore()) {
  Need(crypto::Init());
  return Need(NewLedger(std::move(store), log::SystemClock()));
}

Status Submit(Pipeline* pipeline, std::vector<Job> jobs) { return pipeline->Submit(&jobs); }

// One entry, and what became of it.
std::future<StatusOr<log::Receipt>> Send(Pipeline* pipeline, Bytes bytes,
                                         std::function<bool()> cancelled = {}) {
  auto promise = std::make_shared<std::promise<StatusOr<log::Receipt>>>();
  std::vector<Job> jobs(1);
  jobs[0].signed_entry = std::move(bytes);
  jobs[0].cancelled = std::move(cancelled);
  jobs[0].done = [promise](StatusOr<log::Receipt> receipt) { promise->set_value(std::move(receipt)); };
  const Status taken = pipeline->Submit(&jobs);
  if (!taken.ok()) promise->set_value(taken);
  return promise->get_future();
}

TEST_CASE("many threads send good, bad and repeated entries: each good one is there once") {
  const auto ledger = Fresh();
  std::map<Bytes, std::uint64_t> records;  // by entry
  {
    Pipeline pipeline(ledger.get(), log::SystemClock(), {});
    std::mutex mutex;
    std::vector<std::thread> clients;
    std::atomic<std::uint64_t> refused{0}, malformed{0}, wrong{0};
    for (unsigned client = 0; client < 8; ++client) {
      clients.emplace_back([&, client] {
        std::mt19937 random(client);
        for (int i = 0; i < 60; ++i) {
          // From few ids, so that the same entry comes from several clients at once.
          const std::uint64_t id = 1 + random() % 100;
          const auto what = random() % 10;
          Bytes bytes = PaymentBytes(id, static_cast<std::int64_t>(id));
          if (what == 0)
            bytes = SignedBytes(Entry("root", 1000 + id, {Pay("ministry", "village", 1'000'000)}), {1});
          if (what == 1) bytes = "not an entry";
          const auto receipt = Send(&pipeline, bytes).get();
          if (what == 0) {
            if (Verdict(receipt.status()).find("INSUFFICIENT_FUNDS") == 0) ++refused;
          } else if (what == 1) {
            if (Verdict(receipt.status()).find("MALFORMED") == 0) ++malformed;
          } else {
            const std::lock_guard lock(mutex);
            if (!receipt.ok() ||
                records.emplace(bytes, receipt->record.value()).first->second != receipt->record.value())
              ++wrong;
          }
        }
      });
    }
    for (auto& client : clients) client.join();
    CHECK(wrong == 0);
    CHECK(refused > 0);
    CHECK(malformed > 0);
    pipeline.Stop();
    const auto counts = pipeline.counts();
    CHECK(counts.accepted == records.size());
    CHECK(counts.queued_entries == 0);
    CHECK(counts.queued_bytes == 0);
    CHECK(counts.accepted + counts.repeated + counts.refused == 8 * 60);
    CHECK(counts.refusals == std::map<v1::RefusalCode, std::uint64_t>{{v1::MALFORMED, malformed},
                                                                      {v1::INSUFFICIENT_FUNDS, refused}});
    CHECK(counts.group_entries.total == counts.groups);
    CHECK(counts.group_entries.sum == 8 * 60);
  }
  CHECK(ledger->size() == records.size() + 1);
  CHECK(WhatIsWrong(ledger->store(), ledger->vkey()) == "");
}

TEST_CASE("a batch is taken in its order") {
  const auto ledger = Fresh();
  Pipeline pipeline(ledger.get(), log::SystemClock(), {});
  std::vector<Job> jobs(50);
  std::vector<std::uint64_t> records(50);
  std::promise<void> all;
  std::atomic<int> left{50};
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].signed_entry = PaymentBytes(i + 1);
    jobs[i].done = [&, i](const StatusOr<log::Receipt>& receipt) {
      records[i] = receipt.ok() ? receipt->record.value() : 0;
      if (--left == 0) all.set_value();
    };
  }
  REQUIRE(pipeline.Submit(&jobs).ok());
  all.get_future().wait();
  for (std::size_t i = 0; i < records.size(); ++i) CHECK(records[i] == i + 1);
}

// A clock that stands still until it is let go, and with it the sequencer.
struct Stopped {
  log::Clock clock() {
    return [open = gate.get_future().share()] {
      open.wait_for(std::chrono::seconds(60));
      return log::SystemClock()();
    };
  }
  std::promise<void> gate;
};

std::vector<Job> Jobs(std::size_t count, const std::function<void(const StatusOr<log::Receipt>&)>& done) {
  std::vector<Job> jobs(count);
  for (std::size_t i = 0; i < count; ++i) {
    jobs[i].signed_entry = PaymentBytes(i + 1);
    jobs[i].done = done;
  }
  return jobs;
}

TEST_CASE(
    "a full queue turns away at once, none of what does not fit is taken, and it says when to come again") {
  const auto ledger = Fresh();
  server::PipelineLimits limits;
  limits.entries = 3;
  Stopped stopped;
  std::atomic<int> done{0};
  Pipeline pipeline(ledger.get(), stopped.clock(), limits);
  REQUIRE(Submit(&pipeline, Jobs(2, [&](const auto&) { ++done; })).ok());
  std::atomic<int> wrong{0};
  const auto never = [&](const auto&) { ++wrong; };
  const Status full = Submit(&pipeline, Jobs(2, never));
  CHECK(full.code() == absl::StatusCode::kResourceExhausted);
  CHECK(server::RetryDelay(full).has_value());
  CHECK(pipeline.counts().turned_away == 2);
  // What the queue could not hold when it is empty is told so, and not to come again.
  const Status large = Submit(&pipeline, Jobs(4, never));
  CHECK(large.code() == absl::StatusCode::kInvalidArgument);
  CHECK(std::string(large.message()).find("never holds more than 3 entries") != std::string::npos);
  CHECK_FALSE(server::RetryDelay(large).has_value());
  CHECK(Send(&pipeline, std::string(limits.bytes + 1, 'x')).get().status().code() ==
        absl::StatusCode::kInvalidArgument);
  stopped.gate.set_value();
  pipeline.Stop();
  CHECK(done == 2);
  CHECK(wrong == 0);
  CHECK(pipeline.counts().turned_away == 2);
}

TEST_CASE("entries are decoded at most a group ahead of the one that is written, however many wait") {
  const auto ledger = Fresh();
  server::PipelineLimits limits;
  limits.checkers = 2;
  SECTION("by number") { limits.group_entries = 5; }
  SECTION("by bytes") { limits.group_bytes = 5 * PaymentBytes(1).size(); }
  Stopped stopped;
  std::atomic<int> done{0};
  Pipeline pipeline(ledger.get(), stopped.clock(), limits);
  REQUIRE(Submit(&pipeline, Jobs(100, [&](const auto&) { ++done; })).ok());
  const auto decoded = [&] { return pipeline.counts().decoded_entries; };
  for (int i = 0; i < 1000 && decoded() < 10; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // in which all could be
  CHECK(decoded() >= 10);
  CHECK(decoded() <= 11);  // two may begin at once
  CHECK(pipeline.counts().queued_entries == 100);
  stopped.gate.set_value();
  pipeline.Stop();
  CHECK(done == 100);
  CHECK(decoded() == 0);
  CHECK(pipeline.counts().decoded_bytes == 0);
}

TEST_CASE("what is cancelled before its turn leaves nothing; after Stop nothing is taken") {
  const auto ledger = Fresh();
  Pipeline pipeline(ledger.get(), log::SystemClock(), {});
  CHECK(Send(&pipeline, PaymentBytes(1), [] { return true; }).get().status().code() ==
        absl::StatusCode::kCancelled);
  CHECK(ledger->size() == 1);
  auto last = Send(&pipeline, PaymentBytes(2));
  pipeline.Stop();
  CHECK(last.get().ok());  // it was taken: it is finished
  CHECK(Send(&pipeline, PaymentBytes(3)).get().status().code() == absl::StatusCode::kUnavailable);
}

TEST_CASE("when a write fails, whatever reached the disk, nobody gets a receipt that does not hold") {
  const Fault fault = GENERATE(Fault::kNothingWritten, Fault::kAllWritten);
  const int failing = GENERATE(2, 5);  // write 1 is genesis
  std::shared_ptr<store::Store> disk = store::MakeMemoryStore();
  std::map<std::uint64_t, log::Receipt> receipts;
  std::string vkey;
  {
    const auto ledger = Fresh(std::make_unique<FaultyStore>(disk, failing, fault));
    vkey = ledger->vkey();
    std::atomic<int> told{0}, unavailable{0};
    Pipeline pipeline(ledger.get(), log::SystemClock(), {}, [&](const Status& why) {
      ++told;
      if (why.code() == absl::StatusCode::kUnavailable) ++unavailable;
    });
    for (std::uint64_t id = 1; id <= 10; ++id) {
      const auto receipt = Send(&pipeline, PaymentBytes(id)).get();
      if (receipt.ok()) receipts.emplace(id, *receipt);
      if (!receipt.ok()) CHECK(receipt.status().code() == absl::StatusCode::kUnavailable);
    }
    CHECK(receipts.size() == static_cast<std::size_t>(failing) - 2);
    CHECK(told == 1);
    CHECK(unavailable == 1);
    CHECK(Need(ledger->store().Get(model::keys::Checkpoint())).has_value());  // questions are answered still
  }
  // A new process opens what is left; clients that have no receipt send again.
  const auto again = Need(log::Ledger::Open(std::make_unique<FaultyStore>(disk), Key(kLedgerKey)));
  {
    Pipeline pipeline(again.get(), log::SystemClock(), {});
    for (std::uint64_t id = 1; id <= 10; ++id) {
      const auto receipt = Need(Send(&pipeline, PaymentBytes(id)).get());
      if (receipts.count(id) > 0) {
        CHECK(receipt.repeated);
        CHECK(receipt.leaf_hash == receipts.at(id).leaf_hash);
      }
    }
  }
  CHECK(again->size() == 11);
  CHECK(WhatIsWrong(again->store(), vkey) == "");
}

// Eight clients at once, each of whom pays some entries that are its own and some that all pay. What each has a receipt
// for goes into `receipts`.
void PayAtOnce(Pipeline* pipeline, std::map<std::uint64_t, log::Receipt>* receipts) {
  std::mutex mutex;
  std::vector<std::thread> clients;
  for (std::uint64_t client = 0; client < 8; ++client) {
    clients.emplace_back([&, client] {
      for (std::uint64_t i = 0; i < 10; ++i) {
        const std::uint64_t id = i % 2 == 0 ? 1'000 + i : 100 * client + i;
        const auto receipt = Send(pipeline, PaymentBytes(id)).get();
        if (!receipt.ok()) continue;
        const std::lock_guard lock(mutex);
        receipts->emplace(id, *receipt);
      }
    });
  }
  for (auto& client : clients) client.join();
}

TEST_CASE(
    "whichever write of many clients' groups fails, lost or kept, every receipt holds and nothing is there "
    "twice") {
  const Fault fault = GENERATE(Fault::kNothingWritten, Fault::kAllWritten);
  for (int failing = 2;; ++failing) {  // write 1 is genesis
    INFO("write " << failing);
    std::shared_ptr<store::Store> disk = store::MakeMemoryStore();
    std::map<std::uint64_t, log::Receipt> before, after;
    std::string vkey;
    bool failed = false;
    {
      const auto ledger = Fresh(std::make_unique<FaultyStore>(disk, failing, fault));
      vkey = ledger->vkey();
      Pipeline pipeline(ledger.get(), log::SystemClock(), {});
      PayAtOnce(&pipeline, &before);
      failed = pipeline.counts().failed > 0;
    }
    const auto again = Need(log::Ledger::Open(std::make_unique<FaultyStore>(disk), Key(kLedgerKey)));
    {
      Pipeline pipeline(again.get(), log::SystemClock(), {});
      PayAtOnce(&pipeline, &after);
    }
    REQUIRE(after.size() == 45);  // 5 that all pay, and 5 of each
    REQUIRE(again->size() == 46);
    for (const auto& [id, receipt] : before) {
      REQUIRE(after.at(id).record == receipt.record);
      REQUIRE(after.at(id).leaf_hash == receipt.leaf_hash);
    }
    REQUIRE(WhatIsWrong(again->store(), vkey) == "");
    if (!failed) {
      CHECK(failing > 3);  // else nothing was tried
      break;
    }
  }
}

}  // namespace
}  // namespace fundtrail::testing
