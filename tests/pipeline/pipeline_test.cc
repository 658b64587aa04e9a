// The pipeline without gRPC: what many threads send at once arrives once, in one order, or not at all.
#include "ledger/pipeline/pipeline.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <map>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>

#include "ledger/log/head.h"
#include "ledger/log/seal.h"
#include "ledger/pipeline/retry.h"
#include "ledger/store/forwarding_store.h"
#include "ledger/store/memory.h"
#include "ledger/store/row_cache.h"
#include "ledger/store/snapshot_cache.h"
#include "tests/support/faulty_store.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"

namespace fundtrail::testing {
namespace {

using pipeline::Job;
using pipeline::Pipeline;

std::unique_ptr<log::Ledger> Fresh(std::unique_ptr<store::Store> store = store::MakeMemoryStore()) {
  Need(crypto::Init());
  return Need(NewLedger(std::move(store), log::SystemClock()));
}

Status Submit(Pipeline* pipeline, std::vector<Job> jobs, const std::string& address = "a") {
  return pipeline->Submit(address, &jobs);
}

// One entry, and what became of it.
std::future<StatusOr<log::Receipt>> Send(Pipeline* pipeline, Bytes bytes,
                                         std::function<bool()> cancelled = {},
                                         const std::string& address = "a") {
  auto promise = std::make_shared<std::promise<StatusOr<log::Receipt>>>();
  std::vector<Job> jobs(1);
  jobs[0].signed_entry = std::move(bytes);
  jobs[0].cancelled = std::move(cancelled);
  jobs[0].done = [promise](StatusOr<log::Receipt> receipt) { promise->set_value(std::move(receipt)); };
  const Status taken = pipeline->Submit(address, &jobs);
  if (!taken.ok()) promise->set_value(taken);
  return promise->get_future();
}

// That the newest checkpoint and the records are of one moment, on snapshots that remember together.
bool IsOfOneMoment(const store::Reader& snapshot) {
  const auto checkpoint = log::ReadUnverifiedCheckpoint(snapshot);
  if (!checkpoint.ok()) return false;
  const auto next = log::FindRecord(snapshot, RecordIndex(checkpoint->size));
  return log::NeedRecord(snapshot, RecordIndex(checkpoint->size - 1)).ok() && next.ok() && !next->has_value();
}

TEST_CASE("many threads send good, bad and repeated entries: each good one is there once, for readers too") {
  const auto ledger = Fresh(store::WithSnapshotCache(store::MakeMemoryStore(), 100'000));
  std::map<Bytes, std::uint64_t> records;  // by entry
  {
    Pipeline pipeline(ledger.get(), log::SystemClock(), {});
    std::mutex mutex;
    std::vector<std::thread> clients;
    std::atomic<std::uint64_t> refused{0}, malformed{0}, wrong{0};
    std::atomic<bool> over{false};
    std::vector<std::thread> readers;
    for (int reader = 0; reader < 2; ++reader) {
      readers.emplace_back([&] {
        while (!over)
          if (!IsOfOneMoment(*ledger->store().Snapshot())) ++wrong;
      });
    }
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
    over = true;
    for (auto& reader : readers) reader.join();
    CHECK(wrong == 0);
    CHECK(refused > 0);
    CHECK(malformed > 0);
    pipeline.Stop();
    const auto counts = pipeline.counts();
    CHECK(counts.accepted == records.size());
    CHECK(counts.queued_entries == 0);
    CHECK(counts.queued_bytes == 0);
    CHECK(counts.accepted + counts.repeated + counts.refused == 8 * 60);
    CHECK(counts.refusals ==
          std::map<v1::RefusalCode, std::uint64_t>{{v1::REFUSAL_CODE_MALFORMED, malformed},
                                                   {v1::REFUSAL_CODE_INSUFFICIENT_FUNDS, refused}});
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
  REQUIRE(pipeline.Submit("a", &jobs).ok());
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
  pipeline::PipelineLimits limits;
  limits.entries = 3;
  Stopped stopped;
  std::atomic<int> done{0};
  Pipeline pipeline(ledger.get(), stopped.clock(), limits);
  REQUIRE(Submit(&pipeline, Jobs(2, [&](const auto&) { ++done; })).ok());
  std::atomic<int> wrong{0};
  const auto never = [&](const auto&) { ++wrong; };
  const Status full = Submit(&pipeline, Jobs(2, never));
  CHECK(full.code() == absl::StatusCode::kResourceExhausted);
  CHECK(pipeline::RetryDelay(full).has_value());
  CHECK(pipeline.counts().turned_away == 2);
  // What the queue could not hold when it is empty is told so, and not to come again.
  const Status large = Submit(&pipeline, Jobs(4, never));
  CHECK(large.code() == absl::StatusCode::kInvalidArgument);
  CHECK(std::string(large.message()).find("never holds more than 3 entries") != std::string::npos);
  CHECK_FALSE(pipeline::RetryDelay(large).has_value());
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
  pipeline::PipelineLimits limits;
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

// Until that holds, or for ten seconds. Whether it does.
bool Soon(const std::function<bool()>& holds) {
  for (int i = 0; i < 2000 && !holds(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return holds();
}

// Payments of one address, and which record each became; 0 for a refusal.
struct Sent {
  Sent(Pipeline* pipeline, std::string from, std::uint64_t first, std::size_t count)
      : records(count), address(std::move(from)) {
    std::vector<Job> jobs(count);
    for (std::size_t i = 0; i < count; ++i) {
      jobs[i].signed_entry = PaymentBytes(first + i);
      jobs[i].done = [this, i](const StatusOr<log::Receipt>& receipt) {
        records[i] = receipt.ok() ? receipt->record.value() : 0;
      };
    }
    taken = pipeline->Submit(address, &jobs);
  }
  std::vector<std::uint64_t> records;
  std::string address;
  Status taken;
};

TEST_CASE("who has little waiting is written soon, however much others have that came before") {
  const auto ledger = Fresh();
  Stopped stopped;
  Pipeline pipeline(ledger.get(), stopped.clock(), {});
  const Sent first(&pipeline, "x", 1, 1);
  REQUIRE(Soon([&] { return pipeline.counts().decoded_entries == 1; }));
  std::this_thread::sleep_for(
      std::chrono::milliseconds(100));  // the sequencer has it, and waits for the clock
  const Sent many(&pipeline, "a", 1'000, 300), few(&pipeline, "b", 2'000, 2),
      others(&pipeline, "c", 3'000, 100);
  CHECK(pipeline.counts().addresses == 4);
  REQUIRE(Soon([&] { return pipeline.counts().decoded_entries == 403; }));
  stopped.gate.set_value();
  pipeline.Stop();
  CHECK(first.records[0] == 1);
  CHECK(few.records[0] < 30);  // after one turn of each
  CHECK(few.records[1] == few.records[0] + 1);
  CHECK(others.records[99] < 250);  // in turns with the many
  CHECK(std::is_sorted(many.records.begin(), many.records.end()));
  CHECK(std::is_sorted(others.records.begin(), others.records.end()));
  CHECK(many.records[299] == 403);
  CHECK(pipeline.counts().addresses == 0);
}

TEST_CASE("of several addresses a group takes no more when its time is over; one alone has all of it") {
  const auto ledger = Fresh();
  // So that none is made while another is written: it would wait for that one, and take more meanwhile.
  ledger->GiveReceiptsAfter([](const std::string& note) -> StatusOr<std::string> { return note; });
  pipeline::PipelineLimits limits;
  limits.group_seconds = 0.010;
  Stopped stopped;
  std::atomic<int> calls{0};
  Pipeline pipeline(ledger.get(), stopped.clock(), limits, {}, [&] { return 0.001 * calls++; });
  const bool several = GENERATE(false, true);
  const Sent first(&pipeline, "a", 1, 1);
  REQUIRE(Soon([&] { return pipeline.counts().decoded_entries == 1; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const Sent more(&pipeline, "a", 1'000, 60), others(&pipeline, several ? "b" : "a", 2'000, 60);
  REQUIRE(Soon([&] { return pipeline.counts().decoded_entries == 121; }));
  stopped.gate.set_value();
  pipeline.Stop();
  const auto counts = pipeline.counts();
  CHECK(counts.accepted == 121);
  // The first of one. Then ten each, until one address alone is left. What comes while a group closes makes one more.
  CHECK((several ? counts.groups >= 9 : counts.groups <= 3));
}

TEST_CASE("addresses share the queue: one cannot fill it, and a new one finds room beside it") {
  const auto ledger = Fresh();
  pipeline::PipelineLimits limits;
  limits.entries = 90;
  limits.bytes = 90 * PaymentBytes(1).size();
  SECTION("by number") { limits.bytes *= 10; }
  SECTION("by bytes") { limits.entries *= 10; }
  Stopped stopped;
  Pipeline pipeline(ledger.get(), stopped.clock(), limits);
  std::vector<std::unique_ptr<Sent>> sent;
  std::map<std::string, std::size_t> taken;
  std::uint64_t id = 1;
  const auto fill = [&](const std::string& address) {
    for (int i = 0; i < 100; ++i) {
      sent.push_back(std::make_unique<Sent>(&pipeline, address, id++, 1));
      if (sent.back()->taken.ok()) ++taken[address];
    }
    CHECK(pipeline::RetryDelay(sent.back()->taken).has_value());
  };
  fill("a");
  CHECK(taken["a"] == 60);
  fill("b");
  CHECK(taken["b"] == 20);
  fill("c");
  CHECK(taken["c"] == 6);
  const Sent batch(&pipeline, "d", 10'000, 4);  // all that there is
  CHECK(batch.taken.ok());
  CHECK(pipeline.MayTake("e", 1).code() == absl::StatusCode::kResourceExhausted);
  stopped.gate.set_value();
  CHECK(Soon([&] { return pipeline.counts().queued_entries == 0; }));
  CHECK(pipeline.MayTake("e", 1).ok());
  pipeline.Stop();
  CHECK(pipeline.MayTake("e", 1).code() == absl::StatusCode::kUnavailable);
}

TEST_CASE("an address that has all decoded that it may leaves others room to be") {
  const auto ledger = Fresh();
  pipeline::PipelineLimits limits;
  limits.checkers = 1;
  limits.group_entries = 5;
  Stopped stopped;
  Pipeline pipeline(ledger.get(), stopped.clock(), limits);
  const Sent many(&pipeline, "a", 1, 50);
  REQUIRE(Soon([&] { return pipeline.counts().decoded_entries == 10; }));
  const Sent few(&pipeline, "b", 1'000, 3);
  CHECK(Soon([&] { return pipeline.counts().decoded_entries == 13; }));
  stopped.gate.set_value();
  pipeline.Stop();
  CHECK(few.records[2] < 30);
}

TEST_CASE("what is cancelled while it waits is not checked: it is asked before") {
  const auto ledger = Fresh();
  Stopped stopped;
  Pipeline pipeline(ledger.get(), stopped.clock(), {});
  const Sent first(&pipeline, "a", 1, 1);
  std::atomic<int> asked{0};
  auto gone = Send(&pipeline, PaymentBytes(2), [&] { return ++asked > 0; });
  CHECK(Soon([&] { return asked == 1; }));  // and the sequencer waits still
  stopped.gate.set_value();
  CHECK(gone.get().status().code() == absl::StatusCode::kCancelled);
  CHECK(asked == 1);
}

// A store in which one row cannot be looked for without a fault of the program.
class Faulty final : public store::ForwardingStore {
 public:
  Faulty() : ForwardingStore(store::MakeMemoryStore()) {}
  StatusOr<std::optional<Bytes>> Get(ByteView key) const override {
    if (key.find("boom") != ByteView::npos) throw std::out_of_range("boom");
    return ForwardingStore::Get(key);
  }
};

// A store whose writes wait, from the second on (the first is genesis), until the test lets them go; and may fail then.
class Held final : public store::ForwardingStore {
 public:
  explicit Held(std::shared_ptr<store::Store> inner) : ForwardingStore(std::move(inner)) {}
  Status Write(const store::Batch& batch) override {
    if (++writes > 1) go.wait_for(std::chrono::seconds(60));
    if (writes > 1 && throws) throw std::bad_alloc();
    return writes > 1 && fails ? absl::UnavailableError("the disk is on fire")
                               : ForwardingStore::Write(batch);
  }
  std::atomic<int> writes{0};
  std::atomic<bool> fails{false}, throws{false};
  std::promise<void> gate;
  std::shared_future<void> go = gate.get_future().share();
};

TEST_CASE("while a group is written the next one is made, of all that comes meanwhile") {
  std::shared_ptr<store::Store> disk = store::MakeMemoryStore();
  auto held = std::make_unique<Held>(disk);
  Held* const writes = held.get();
  // With what remembers rows, as in a server.
  const auto ledger =
      Fresh(store::WithSnapshotCache(store::WithRowCache(std::move(held), 1 << 20), std::size_t{1} << 20));
  // The first entry waits for the clock, and the others come behind it: so the first group is of one, and is handed over.
  Stopped stopped;
  std::atomic<int> asked{0};
  const auto clock = [&asked, inner = stopped.clock()] {
    ++asked;
    return inner();
  };
  std::atomic<int> told{0};
  Pipeline pipeline(ledger.get(), clock, {}, {[&](const Status&) { ++told; }, {}, {}});
  const Sent first(&pipeline, "a", 1, 1);
  REQUIRE(Soon([&] { return asked == 1; }));
  const Sent behind(&pipeline, "a", 100, 3);
  REQUIRE(Soon([&] { return pipeline.counts().decoded_entries == 4; }));
  stopped.gate.set_value();
  CHECK(Soon([&] { return writes->writes == 2 && asked == 4; }));
  const Sent later(&pipeline, "b", 200, 2);
  CHECK(Soon([&] { return asked == 6; }));
  CHECK(writes->writes == 2);
  CHECK(pipeline.counts().accepted == 0);  // nobody has a receipt yet

  const int end = GENERATE(0, 1, 2);
  writes->fails = end == 1;
  writes->throws = end == 2;
  writes->gate.set_value();
  pipeline.Stop();
  if (end == 0) {
    CHECK(first.records[0] == 1);
    CHECK(behind.records == std::vector<std::uint64_t>{2, 3, 4});
    CHECK(later.records == std::vector<std::uint64_t>{5, 6});
    CHECK(writes->writes == 3);
    CHECK(pipeline.counts().groups == 2);
    CHECK(WhatIsWrong(ledger->store(), ledger->vkey()) == "");
  } else {  // what was made on the lost rows is not written either
    CHECK(pipeline.counts().failed == 6);
    CHECK(writes->writes == 2);
    CHECK(told == 1);
    CHECK(ledger->size() == 1);
    // Whoever asks afterwards is answered from what is there.
    const auto now = ledger->store().Snapshot();
    for (int again = 0; again < 2; ++again) CHECK(!Need(now->Get(model::keys::Record(RecordIndex(1)))));
    const auto again = Need(log::Ledger::Open(std::make_unique<FaultyStore>(disk), Key(kLedgerKey)));
    CHECK(again->size() == 1);
    CHECK(WhatIsWrong(again->store(), again->vkey()) == "");
  }
}

TEST_CASE("an entry that throws ends INTERNAL, and stops nothing else") {
  const auto ledger = Fresh(std::make_unique<Faulty>());
  Stopped stopped;
  std::atomic<int> told{0};
  Pipeline pipeline(ledger.get(), stopped.clock(), {},
                    {{},
                     [&](const Status& fault) {
                       if (absl::IsInternal(fault)) ++told;
                     },
                     {}});
  const Sent first(&pipeline, "a", 1, 1);
  REQUIRE(Soon([&] { return pipeline.counts().decoded_entries == 1; }));
  const Sent before(&pipeline, "a", 100, 5);
  auto in_the_rules = Send(&pipeline, SignedBytes(Entry("root", 50, {Pay("donor", "boom", 1)}), {1}));
  auto at_the_look_up = Send(&pipeline, SignedBytes(Entry("boom", 51, {Pay("donor", "ministry", 1)}), {1}));
  const Sent after(&pipeline, "a", 200, 5);
  REQUIRE(Soon([&] { return pipeline.counts().decoded_entries == 13; }));
  stopped.gate.set_value();
  for (auto* end : {&in_the_rules, &at_the_look_up}) {
    const auto receipt = end->get();
    CHECK(receipt.status().code() == absl::StatusCode::kInternal);
    CHECK(std::string(receipt.status().message()).find("boom") != std::string::npos);
  }
  CHECK(Send(&pipeline, PaymentBytes(300)).get().ok());
  pipeline.Stop();
  CHECK(told == 2);
  CHECK(after.records[4] == 11);
  CHECK(ledger->size() == 13);
  CHECK(pipeline.counts().failed == 2);
}

TEST_CASE(
    "an entry that is there already has its receipt again, under the newest checkpoint, from any address") {
  const auto ledger = Fresh();
  Pipeline pipeline(ledger.get(), log::SystemClock(), {});
  const auto first = Need(Send(&pipeline, PaymentBytes(1)).get());
  const auto other = Need(Send(&pipeline, PaymentBytes(2)).get());
  const auto again = Need(Send(&pipeline, PaymentBytes(1), {}, "b").get());
  CHECK(again.repeated);
  CHECK(again.record == first.record);
  CHECK(again.leaf_hash == first.leaf_hash);
  CHECK(again.checkpoint == other.checkpoint);
  CHECK(Verdict(Send(&pipeline, PaymentBytes(1, 7)).get().status()).find("ID_REUSED") == 0);
  CHECK(pipeline.counts().repeated == 1);
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
    const auto broken = [&](const Status& why) {
      ++told;
      if (why.code() == absl::StatusCode::kUnavailable) ++unavailable;
    };
    Pipeline pipeline(ledger.get(), log::SystemClock(), {}, {broken, {}, {}});
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
