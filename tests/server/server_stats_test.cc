// What is counted for monitoring.
#include <catch2/catch.hpp>

#include "ledger/crypto/sha256.h"
#include "ledger/pipeline/histogram.h"
#include "ledger/store/memory.h"
#include "ledger/store/memory_log.h"
#include "server/timed_log.h"
#include "server/timed_store.h"
#include "tests/support/faulty_store.h"

namespace fundtrail::testing {
namespace {

using Counts = std::vector<std::uint64_t>;

TEST_CASE("a histogram counts by upper bound, the bound included, and what is above all in the total") {
  pipeline::Histogram histogram({1, 10, 100});
  for (const double value : {0.5, 1.0, 1.5, 10.0, 11.0, 100.0, 101.0}) histogram.Add(value);
  CHECK(histogram.counts == Counts{2, 2, 2});
  CHECK(histogram.total == 7);
  CHECK(histogram.sum == 225);
}

TEST_CASE("writes are timed, their bytes counted, and those that fail apart; rows are the store's own") {
  double now = 100;
  server::WriteWatch watch;
  const auto store = server::WithWriteTimes(
      std::make_unique<FaultyStore>(store::MakeMemoryStore(), 2), [&] { return now += 0.004; }, &watch);
  REQUIRE(store->Write({{"key", "value"}, {"gone", std::nullopt}}).ok());
  CHECK_FALSE(store->Write({{"k", "v"}}).ok());
  const auto times = watch.times();
  CHECK(times.seconds.total == 2);
  CHECK(times.seconds.sum == Approx(0.008));
  CHECK(times.seconds.counts[4] == 2);  // up to 5 ms
  CHECK(times.bytes == 12);
  CHECK(times.failed == 1);
  CHECK(*store->Get("key") == "value");
  CHECK(store->Scan("a", "z")->key() == "key");
  CHECK(store->Last("a", "z")->has_value());
  CHECK(*store->Snapshot()->Get("key") == "value");
}

TEST_CASE("a group in doubt is counted once, however often it is sent again, and is not timed") {
  const auto database = std::make_shared<store::MemoryDatabase>("ledger.example/aid", Hash());
  double now = 100;
  server::LogWatch watch;
  const auto log = server::WithLogTimes(
      store::OpenMemoryLog(database), [&] { return now += 0.004; }, &watch);
  auto head = *log->Take("one", store::Taking::kAnew);
  const auto send = [&](const Bytes& record) {
    const Hash root = crypto::Sha256(record);
    const Status kept = log->Append(head, {record}, root, "");
    if (kept.ok()) {
      ++head.size;
      head.root = root;
    }
    return kept;
  };
  for (int i = 0; i < 3; ++i) {
    database->Inject(store::LogFault::kLost);
    CHECK(absl::IsUnknown(send("first")));
  }
  CHECK(watch.times().in_doubt == 1);
  CHECK(send("first").ok());
  CHECK(watch.times().seconds.total == 0);
  CHECK(send("second").ok());
  CHECK(watch.times().seconds.total == 1);
  database->Inject(store::LogFault::kNotice);
  CHECK(absl::IsUnknown(send("third")));
  CHECK(watch.times().in_doubt == 2);
  CHECK(watch.times().takeovers == 1);
}

}  // namespace
}  // namespace fundtrail::testing
