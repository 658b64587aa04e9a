// Snapshots that remember rows and notes together: each answers as the rows were when it was taken, whatever was written since, and
// whatever is being written at that moment.
#include "ledger/store/snapshot_cache.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ledger/store/forwarding_store.h"
#include "ledger/store/memory.h"
#include "ledger/store/notes.h"
#include "ledger/store/recent.h"
#include "tests/support/faulty_store.h"
#include "tests/support/rows.h"

namespace fundtrail::testing {
namespace {

// All rows that it was made of.
class RowsNote final : public store::Note {
 public:
  explicit RowsNote(Rows read) : rows(std::move(read)) {}
  std::size_t bytes() const override { return 100 + 50 * rows.size(); }
  const Rows rows;
};

// It keeps the note, which another thread may replace meanwhile.
std::shared_ptr<const Rows> FindRows(const store::Reader& snapshot, ByteView key) {
  const auto note = std::static_pointer_cast<const RowsNote>(store::NotesOf(snapshot)->Find(key));
  return note == nullptr ? nullptr : std::shared_ptr<const Rows>(note, &note->rows);
}

// Calls a test in the middle of each Write: before the rows are there, and behind.
class HookedStore final : public store::ForwardingStore {
 public:
  explicit HookedStore(std::function<void()>* hook)
      : ForwardingStore(store::MakeMemoryStore()), hook_(*hook) {}
  Status Write(const store::Batch& batch) override { return Hooked(batch); }
  Status WriteUnsynced(const store::Batch& batch) override {
    ++unsynced_;
    return Hooked(batch);
  }
  int unsynced() const { return unsynced_; }

 private:
  Status Hooked(const store::Batch& batch) {
    if (hook_) hook_();
    const Status written = ForwardingStore::Write(batch);
    if (hook_) hook_();
    return written;
  }

  int unsynced_ = 0;
  std::function<void()>& hook_;
};

Bytes RandomPrefix(std::mt19937_64* random) { return Bytes("p") + static_cast<char>('a' + (*random)() % 3); }
Bytes RandomKey(std::mt19937_64* random) {
  return RandomPrefix(random) + static_cast<char>('a' + (*random)() % 4);
}

struct Taken {
  std::unique_ptr<store::Reader> snapshot;
  Rows rows;  // all, as they were
};

// Rows and notes, found or not, are those of the snapshot; and are kept for the others.
void CheckAndKeep(const Taken& taken, std::mt19937_64* random) {
  const Bytes key = RandomKey(random), prefix = RandomPrefix(random);
  const auto row = taken.rows.find(key);
  const auto got = taken.snapshot->Get(key);
  REQUIRE(got.ok());
  REQUIRE(got->has_value() == (row != taken.rows.end()));
  if (got->has_value()) REQUIRE(**got == row->second);

  const Rows of_prefix = AllRows(*taken.snapshot, prefix, store::PrefixEnd(prefix));
  REQUIRE(of_prefix ==
          Rows(taken.rows.lower_bound(prefix), taken.rows.lower_bound(store::PrefixEnd(prefix))));
  const Rows of_row = row == taken.rows.end() ? Rows() : Rows{{row->first, row->second}};
  if (const auto found = FindRows(*taken.snapshot, prefix)) REQUIRE(*found == of_prefix);
  if (const auto found = FindRows(*taken.snapshot, key)) REQUIRE(*found == of_row);
  const store::Notes* const notes = store::NotesOf(*taken.snapshot);
  notes->KeepOfPrefix(prefix, std::make_shared<RowsNote>(of_prefix));
  notes->KeepOfRow(key, std::make_shared<RowsNote>(of_row));
}

TEST_CASE("snapshots that remember together answer each as of its own moment, in the middle of a write too") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const std::size_t bytes = GENERATE(std::size_t{1} << 20, std::size_t{2000});
  std::function<void()> hook;
  auto hooked = std::make_unique<HookedStore>(&hook);
  const HookedStore& inner = *hooked;
  const auto store = store::WithSnapshotCache(std::move(hooked), bytes);
  std::vector<Taken> taken;
  const auto take = [&] {
    taken.push_back({store->Snapshot(), {}});
    taken.back().rows = AllRows(*taken.back().snapshot, "", "\xff");
  };
  hook = [&] {
    if (random() % 3 == 0) take();
    // What the newest keep, the oldest must not find.
    for (int looks = 0; looks < 4; ++looks)
      for (const Taken& one : taken) CheckAndKeep(one, &random);
  };
  for (int step = 0; step < 500; ++step) {
    store::Batch batch;
    for (std::size_t n = random() % 4; n > 0; --n) {
      const Bytes key = RandomKey(&random);
      batch[key] =
          random() % 3 == 0 ? std::optional<Bytes>() : Bytes(random() % 9, 'v') + std::to_string(step);
    }
    REQUIRE((step % 3 == 0 ? store->WriteUnsynced(batch) : store->Write(batch)).ok());
    if (random() % 3 == 0) take();
    while (taken.size() > 4)
      taken.erase(taken.begin() + static_cast<std::ptrdiff_t>(random() % taken.size()));
    for (int looks = 0; looks < 4; ++looks)
      for (const Taken& one : taken) CheckAndKeep(one, &random);
    REQUIRE(AllRows(*store, "", "\xff") == AllRows(inner, "", "\xff"));
  }
  CHECK(inner.unsynced() == 167);  // it reaches the store as what it is
}

TEST_CASE("a note is found by later snapshots until one of its rows is written; a large one is not kept") {
  const auto store = store::WithSnapshotCache(store::MakeMemoryStore(), std::size_t{1} << 20);
  REQUIRE(store->Write({{"pa1", "x"}, {"pb1", "y"}}).ok());
  const auto keep = [&](ByteView prefix, Rows rows) {
    store::NotesOf(*store->Snapshot())->KeepOfPrefix(prefix, std::make_shared<RowsNote>(std::move(rows)));
  };
  const auto has = [&](ByteView prefix) { return FindRows(*store->Snapshot(), prefix) != nullptr; };
  keep("pa", {{"pa1", "x"}});
  keep("pc", {});
  CHECK((has("pa") && has("pc") && !has("pb")));
  REQUIRE(store->Write({{"pb1", "z"}}).ok());
  CHECK((has("pa") && has("pc")));
  const auto before = store->Snapshot();
  REQUIRE(store->Write({{"pa2", "new"}, {"pc1", "new"}}).ok());
  CHECK((!has("pa") && !has("pc")));
  // What an older snapshot works out is no later one's.
  store::NotesOf(*before)->KeepOfPrefix("pa", std::make_shared<RowsNote>(Rows{{"pa1", "x"}}));
  CHECK(!has("pa"));

  Rows many;
  for (int n = 0; n < 1000; ++n) many.emplace("pa" + std::to_string(n), "x");
  keep("pa", many);
  CHECK(!has("pa"));
  CHECK(store::NotesOf(*store) == nullptr);
  CHECK(store::NotesOf(*store::MakeMemoryStore()->Snapshot()) == nullptr);
}

TEST_CASE(
    "what an older snapshot reads is kept where none of its rows was written since, in the middle of a write "
    "too") {
  std::function<void()> hook;
  const auto store = store::WithSnapshotCache(std::make_unique<HookedStore>(&hook), std::size_t{1} << 20);
  const auto keep = [](const store::Reader& snapshot, ByteView prefix, Rows rows) {
    store::NotesOf(snapshot)->KeepOfPrefix(prefix, std::make_shared<RowsNote>(std::move(rows)));
  };
  const auto has = [&](ByteView prefix) { return FindRows(*store->Snapshot(), prefix) != nullptr; };
  REQUIRE(store->Write({{"pa1", "a"}, {"pb1", "b"}, {"pc1", "c"}, {"pd1", "d"}}).ok());
  // From the first note on, writes are told apart.
  keep(*store->Snapshot(), "pd", {{"pd1", "d"}});
  REQUIRE(has("pd"));

  const auto older = store->Snapshot();
  REQUIRE(store->Write({{"pb1", "new"}}).ok());
  keep(*older, "pa", {{"pa1", "a"}});
  keep(*older, "pb", {{"pb1", "b"}});
  CHECK((has("pa") && !has("pb")));

  std::unique_ptr<store::Reader> during;
  hook = [&] {
    during = store->Snapshot();  // the last one, when the rows are there and the write is not over
    keep(*during, "pc", {{"pc1", "c"}});
    keep(*during, "pd", {{"pd1", "d"}});
    CHECK(has("pc"));
    CHECK(!has("pd"));
  };
  REQUIRE(store->Write({{"pd1", "new"}}).ok());
  hook = nullptr;
  CHECK((has("pc") && !has("pd")));
  keep(*during, "pa", {{"pa1", "a"}});
  keep(*during, "pd", {{"pd1", "new"}});
  CHECK((has("pa") && !has("pd")));
  REQUIRE(store->Write({{"pa2", "new"}, {"pc1", std::nullopt}}).ok());
  CHECK((!has("pa") && !has("pc")));
}

TEST_CASE("what grows while it is remembered counts, so the memory stays bounded") {
  store::Recent<Bytes> recent(20'000);
  std::vector<Bytes> keys;
  for (int n = 0; n < 150; ++n) keys.push_back("k" + std::to_string(n));
  for (const Bytes& key : keys) (void)recent.Put(key, "", 0);
  for (int round = 0; round < 3; ++round)
    for (const Bytes& key : keys) recent.Update(key, 3000, [] { return Bytes(3000, 'x'); });
  std::size_t bytes = 0;
  for (const Bytes& key : keys)
    if (const Bytes* const found = recent.Find(key)) bytes += found->size();
  CHECK(bytes > 0);
  CHECK(bytes <= 20'000);
}

TEST_CASE("after a write that failed nothing is remembered of what was before it") {
  const auto fault = GENERATE(Fault::kNothingWritten, Fault::kAllWritten);
  const std::shared_ptr<store::Store> inner = store::MakeMemoryStore();
  const auto store =
      store::WithSnapshotCache(std::make_unique<FaultyStore>(inner, 2, fault), std::size_t{1} << 20);
  REQUIRE(store->Write({{"pa1", "old"}}).ok());
  const auto before = store->Snapshot();
  REQUIRE(before->Get("pa1").value() == Bytes("old"));
  store::NotesOf(*before)->KeepOfRow("pa1", std::make_shared<RowsNote>(Rows{{"pa1", "old"}}));
  REQUIRE(!store->Write({{"pa1", "new"}}).ok());
  const Bytes now = fault == Fault::kAllWritten ? "new" : "old";
  CHECK(store->Snapshot()->Get("pa1").value() == now);
  CHECK(FindRows(*store->Snapshot(), "pa1") == nullptr);
  CHECK(before->Get("pa1").value() == Bytes("old"));
}

TEST_CASE("two keys that share a mark are told apart, and at worst less is remembered of them") {
  // What marks the write of a row has 2^17 places (snapshot_cache.cc).
  std::map<std::size_t, Bytes> key_at;
  Bytes one, other;
  for (int n = 10'000; one.empty(); ++n) {  // of one length, so that none begins another
    const Bytes key = "p" + std::to_string(n);
    const auto [at, is_new] = key_at.emplace(store::Recent<Bytes>::HashOf(key) % (1U << 17), key);
    if (!is_new) one = at->second, other = key;
  }
  INFO(one << " and " << other);
  std::function<void()> hook;
  const auto store = store::WithSnapshotCache(std::make_unique<HookedStore>(&hook), std::size_t{1} << 20);
  const auto keep = [](const store::Reader& snapshot, const Bytes& key, const Bytes& value) {
    store::NotesOf(snapshot)->KeepOfRow(key, std::make_shared<RowsNote>(Rows{{key, value}}));
  };
  const auto has = [](const store::Reader& snapshot, const Bytes& key) {
    return FindRows(snapshot, key) != nullptr;
  };
  REQUIRE(store->Write({{one, "old"}, {other, "old"}}).ok());
  const auto older = store->Snapshot();
  for (const Bytes& key : {one, other}) {
    REQUIRE(older->Get(key).value() == Bytes("old"));
    keep(*older, key, "old");
    REQUIRE(has(*older, key));
  }
  std::unique_ptr<store::Reader> during;
  hook = [&] {
    during = store->Snapshot();
    CHECK((has(*during, one) && !has(*during, other)));
    CHECK(during->Get(one).value() == Bytes("old"));
  };
  REQUIRE(store->Write({{other, "new"}}).ok());
  hook = nullptr;
  CHECK(during->Get(other).value() == Bytes("new"));
  const auto newer = store->Snapshot();
  CHECK((has(*newer, one) && !has(*newer, other)));
  keep(*older, other, "old");
  CHECK(!has(*newer, other));
  for (const auto* const snapshot : {older.get(), newer.get()}) {
    CHECK(snapshot->Get(one).value() == Bytes("old"));
    CHECK(snapshot->Get(other).value() == Bytes(snapshot == newer.get() ? "new" : "old"));
  }
  REQUIRE(store->Write({{one, "new"}}).ok());
  keep(*newer, one, "old");
  CHECK(!has(*store->Snapshot(), one));
}

TEST_CASE("a prefix that is noted first in the middle of a write is kept of what is read behind that write") {
  const bool notes_before = GENERATE(false, true);  // on prefixes of another first byte
  std::function<void()> hook;
  const auto store = store::WithSnapshotCache(std::make_unique<HookedStore>(&hook), std::size_t{1} << 20);
  const auto keep = [](const store::Reader& snapshot, ByteView prefix) {
    store::NotesOf(snapshot)->KeepOfPrefix(
        prefix, std::make_shared<RowsNote>(AllRows(snapshot, prefix, store::PrefixEnd(prefix))));
  };
  const auto noted = [&](ByteView prefix) { return FindRows(*store->Snapshot(), prefix); };
  REQUIRE(store->Write({{"pa1", "x"}, {"qa1", "old"}}).ok());
  if (notes_before) keep(*store->Snapshot(), "pa");
  const auto older = store->Snapshot();
  std::vector<std::unique_ptr<store::Reader>> during;
  hook = [&] {
    during.push_back(store->Snapshot());
    keep(*during.back(), "qa");
    CHECK(noted("qa") == nullptr);
  };
  REQUIRE(store->Write({{"qa1", "new"}}).ok());
  hook = nullptr;
  REQUIRE(during.size() == 2);
  CHECK(noted("qa") == nullptr);
  for (const auto* const snapshot : {older.get(), during[0].get(), during[1].get()}) {
    keep(*snapshot, "qa");
    CHECK(noted("qa") == nullptr);
  }
  keep(*store->Snapshot(), "qa");
  REQUIRE(noted("qa") != nullptr);
  CHECK(*noted("qa") == Rows{{"qa1", "new"}});
  REQUIRE(store->Write({{"qa2", "more"}}).ok());
  CHECK(noted("qa") == nullptr);
}

// What writes one after another make of rows, each of two rows of one prefix.
class History {
 public:
  explicit History(std::uint64_t prefixes) : prefixes_(prefixes) {}
  // The next write, which says its number in a row of its own.
  store::Batch Next(std::mt19937_64* random) {
    ++writes_;
    const Bytes prefix = RandomPrefix(random), value = std::to_string(writes_);
    Rows& rows = of_prefix_[prefix][writes_];
    rows = {{prefix + '1', value}};
    if ((*random)() % 3 != 0) rows[prefix + '2'] = value;
    store::Batch batch = {{"number", value}, {prefix + '1', std::nullopt}, {prefix + '2', std::nullopt}};
    for (const auto& [key, row] : rows) batch[key] = row;
    return batch;
  }
  Rows At(int write, const Bytes& prefix) const {
    const auto writes = of_prefix_.find(prefix);
    if (writes == of_prefix_.end()) return {};
    const auto behind = writes->second.upper_bound(write);
    return behind == writes->second.begin() ? Rows() : std::prev(behind)->second;
  }
  Bytes RandomPrefix(std::mt19937_64* random) const {
    return Bytes("p") + static_cast<char>('a' + (*random)() % prefixes_);
  }

 private:
  const std::uint64_t prefixes_;
  int writes_ = 0;
  std::map<Bytes, std::map<int, Rows>> of_prefix_;  // by the writes that changed it
};

// The number of the last write that it has. A cursor reads the store.
int WriteOf(const store::Reader& snapshot) {
  return std::stoi(AllRows(snapshot, "number", "numbers").at("number"));
}

// Whether rows and notes of the prefix, if there are notes, are those of the snapshot; these are kept.
bool IsAsRecorded(const History& history, const store::Reader& snapshot, int write, const Bytes& prefix,
                  std::atomic<int>* found) {
  const Rows rows = history.At(write, prefix);
  for (const Bytes& key : {prefix + '1', prefix + '2'}) {
    const auto got = snapshot.Get(key);
    const auto row = rows.find(key);
    const Rows of_row = row == rows.end() ? Rows() : Rows{*row};
    if (!got.ok() || got->has_value() != (row != rows.end())) return false;
    if (got->has_value() && **got != row->second) return false;
    const auto noted = FindRows(snapshot, key);
    if (noted != nullptr && *noted != of_row) return false;
    store::NotesOf(snapshot)->KeepOfRow(key, std::make_shared<RowsNote>(of_row));
  }
  const auto noted = FindRows(snapshot, prefix);
  if (noted != nullptr) ++*found;
  if (noted != nullptr && *noted != rows) return false;
  store::NotesOf(snapshot)->KeepOfPrefix(prefix, std::make_shared<RowsNote>(rows));
  return true;
}

TEST_CASE(
    "threads that ask beside one that writes, and of some writes ago, see what was written until then") {
  constexpr int kWrites = 2000;
  const std::size_t bytes = GENERATE(std::size_t{1} << 20, std::size_t{20'000});
  constexpr std::size_t kSnapshots = 6;  // of one thread
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  History history(20);
  std::vector<store::Batch> batches;
  for (int n = 0; n < kWrites; ++n) batches.push_back(history.Next(&random));

  const auto store = store::WithSnapshotCache(store::MakeMemoryStore(), bytes);
  REQUIRE(store->Write(batches[0]).ok());
  std::atomic<bool> over{false};
  std::atomic<int> looks{0}, found{0}, wrong{0};
  std::vector<std::thread> readers;
  for (unsigned int i = 1; i <= 2; ++i) {
    readers.emplace_back([&, i] {
      std::mt19937_64 own(seed + i);
      std::deque<std::pair<std::unique_ptr<store::Reader>, int>> taken;
      while (!over) {
        auto newest = store->Snapshot();
        const int write = WriteOf(*newest);
        taken.emplace_back(std::move(newest), write);
        if (taken.size() > kSnapshots) taken.pop_front();
        for (int look = 0; look < 6; ++look) {
          const auto& [snapshot, of] = taken[own() % taken.size()];
          if (!IsAsRecorded(history, *snapshot, of, history.RandomPrefix(&own), &found)) ++wrong;
        }
        ++looks;
      }
    });
  }
  for (int n = 1; n < kWrites; ++n) {
    while (looks < n) std::this_thread::yield();
    if (!store->Write(batches[static_cast<std::size_t>(n)]).ok()) ++wrong;
  }
  over = true;
  for (auto& reader : readers) reader.join();
  CHECK(wrong == 0);
  CHECK(found > 0);
}

}  // namespace
}  // namespace fundtrail::testing
