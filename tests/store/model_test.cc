// One suite for everything that reads like a store: random operations against a plain std::map, on memory, on
// RocksDB, and on overlays over both.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "ledger/store/memory.h"
#include "ledger/store/overlay.h"
#include "ledger/store/passing.h"
#include "ledger/store/rocks.h"
#include "ledger/store/row_cache.h"
#include "ledger/store/snapshot_cache.h"
#include "tests/support/faulty_store.h"
#include "tests/support/rows.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

using Random = std::mt19937_64;

// Short keys of few signs, the first and last bytes among them, so that they meet and nest.
Bytes RandomKey(Random& random) {
  constexpr char kSigns[] = {'\0', 'a', 'b', '\x7f', '\x80', '\xff'};
  Bytes key(random() % 4, '\0');
  for (char& sign : key) sign = kSigns[random() % sizeof kSigns];
  return key;
}

store::Batch RandomBatch(Random& random) {
  store::Batch batch;
  for (std::size_t n = random() % 6; n > 0; --n) {
    const Bytes key = RandomKey(random);
    if (random() % 3 == 0) {
      batch[key] = std::nullopt;
    } else {
      batch[key] = Bytes(random() % 20, static_cast<char>(random()));
    }
  }
  return batch;
}

void ApplyTo(Rows* rows, const store::Batch& batch) {
  for (const auto& [key, value] : batch) {
    if (value.has_value()) {
      (*rows)[key] = *value;
    } else {
      rows->erase(key);
    }
  }
}

// Of keys and values.
std::size_t BytesOf(const store::Batch& batch) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : batch) bytes += key.size() + value.value_or("").size();
  return bytes;
}

// Whether std::map and the reader answer alike: one key, one range, the last of a range, and all.
void CheckReads(const store::Reader& reader, const Rows& rows, Random& random) {
  const Bytes key = RandomKey(random);
  const auto got = reader.Get(key);
  REQUIRE(got.ok());
  const auto expected = rows.find(key);
  REQUIRE(got->has_value() == (expected != rows.end()));
  if (got->has_value()) REQUIRE(**got == expected->second);

  const Bytes begin = RandomKey(random);
  const Bytes end = RandomKey(random);
  INFO("from " << HexEncode(begin) << " to " << HexEncode(end));
  const auto behind = end.empty() ? rows.end() : rows.lower_bound(end);
  const Rows within = !store::IsEmptyRange(begin, end) ? Rows(rows.lower_bound(begin), behind) : Rows();
  REQUIRE(AllRows(reader, begin, end) == within);
  std::vector<Bytes> order;  // a map would hide a wrong order
  for (auto cursor = reader.Scan(begin, end); cursor->Valid(); cursor->Next())
    order.emplace_back(cursor->key());
  REQUIRE(std::is_sorted(order.begin(), order.end()));
  REQUIRE(order.size() == within.size());
  if (const auto cursor = reader.Scan(begin, end); cursor->Valid()) {
    // Upwards, and now and then back to where it does not go.
    Bytes stands(cursor->key());
    for (int skips = 0; skips < 4 && cursor->Valid(); ++skips) {
      const Bytes to = RandomKey(random);
      INFO("skips to " << HexEncode(to));
      cursor->SkipTo(to);
      const auto there = within.lower_bound(std::max(stands, to));
      REQUIRE(cursor->Valid() == (there != within.end()));
      if (!cursor->Valid()) break;
      REQUIRE(cursor->key() == there->first);
      REQUIRE(cursor->value() == there->second);
      stands = there->first;
    }
    REQUIRE(cursor->status().ok());
  }
  // Down and up, from outside the range too, and on from there.
  const auto anywhere = reader.Scan(begin, end);
  for (int looks = 0; looks < 4; ++looks) {
    const Bytes before = RandomKey(random);
    INFO("the last before " << HexEncode(before));
    anywhere->SkipToLastBefore(before);
    auto there = within.lower_bound(before);
    REQUIRE(anywhere->Valid() == (there != within.begin()));
    REQUIRE(anywhere->status().ok());
    if (!anywhere->Valid()) continue;
    --there;
    REQUIRE(anywhere->key() == there->first);
    REQUIRE(anywhere->value() == there->second);
    const Bytes to = RandomKey(random);
    if (looks % 2 == 1) anywhere->SkipTo(to);
    if (looks % 2 == 1 && there->first < to) there = within.lower_bound(to);
    Rows seen, rest(there, within.cend());
    if (random() % 3 == 0) continue;  // looks again from where it stands
    for (; anywhere->Valid(); anywhere->Next()) seen.emplace(anywhere->key(), anywhere->value());
    REQUIRE(seen == rest);
  }
  if (begin < end) {
    const Bytes at = within.empty() || random() % 2 == 0 ? begin : within.rbegin()->first + "\x01";
    if (at < end) {
      auto from = within.upper_bound(at);
      if (from != within.begin()) --from;
      Rows seen;
      for (auto cursor = reader.ScanAt(begin, at, end); cursor->Valid(); cursor->Next())
        seen.emplace(cursor->key(), cursor->value());
      REQUIRE(seen == Rows(from, within.end()));
    }
  }
  Rows passed;
  for (auto cursor = store::ScanThrough(reader, begin, end); cursor->Valid(); cursor->Next())
    passed.emplace(cursor->key(), cursor->value());
  REQUIRE(passed == within);
  const auto last = reader.Last(begin, end);
  REQUIRE(last.ok());
  REQUIRE(last->has_value() == !within.empty());
  if (last->has_value()) REQUIRE((*last)->first == within.rbegin()->first);
  if (last->has_value()) REQUIRE((*last)->second == within.rbegin()->second);
  // Of all that begin alike, and a second time: some remember it.
  const Bytes prefix = RandomKey(random), beyond = store::PrefixEnd(prefix);
  const Rows alike(rows.lower_bound(prefix), beyond.empty() ? rows.end() : rows.lower_bound(beyond));
  for (int looks = 0; looks < 2; ++looks) {
    const auto newest = reader.Last(prefix, beyond);
    REQUIRE(newest.ok());
    REQUIRE(newest->has_value() == !alike.empty());
    if (newest->has_value()) REQUIRE(**newest == std::pair<Bytes, Bytes>(*alike.rbegin()));
  }
  REQUIRE(AllRows(reader, "", "\xff\xff\xff\xff") == rows);
}

struct Engine {
  std::string name;
  std::unique_ptr<TempDir> dir;
  std::unique_ptr<store::Store> store;
};

Engine MakeEngine(int which) {
  Engine engine;
  if (which == 0) {
    engine.name = "memory";
    engine.store = store::MakeMemoryStore();
    return engine;
  }
  engine.dir = std::make_unique<TempDir>();
  engine.name = which == 1 ? "RocksDB" : "RocksDB scratch";
  auto opened = which == 1 ? store::OpenRocks(*engine.dir / "store", store::Access::kCreate)
                           : store::OpenScratch(*engine.dir / "store");
  REQUIRE(opened.ok());
  engine.store = *std::move(opened);
  if (which == 3) {
    engine.name += " behind a cache of a few rows";
    engine.store = store::WithRowCache(std::move(engine.store), 2000);
  }
  if (which >= 4) {
    engine.name +=
        which == 4 ? ", its snapshots behind a cache" : ", its snapshots behind a cache of a few rows";
    engine.store = store::WithSnapshotCache(std::move(engine.store), which == 4 ? 1 << 20 : 2000);
  }
  return engine;
}

TEST_CASE("a store reads like a map, and its snapshots like the map they were taken of") {
  const int which = GENERATE(0, 1, 2, 3, 4, 5);
  Engine engine = MakeEngine(which);
  const auto seed = std::random_device{}();  // other steps each time
  INFO(engine.name << ", seed " << seed);
  Random random(seed);
  Rows rows;
  std::vector<std::pair<std::unique_ptr<store::Reader>, Rows>> snapshots;
  for (int step = 0; step < (which == 1 ? 200 : 500); ++step) {
    const store::Batch batch = RandomBatch(random);
    REQUIRE(engine.store->Write(batch).ok());
    ApplyTo(&rows, batch);
    CheckReads(*engine.store, rows, random);
    if (random() % 20 == 0) snapshots.emplace_back(engine.store->Snapshot(), rows);
    if (snapshots.size() > 5) snapshots.erase(snapshots.begin() + static_cast<std::ptrdiff_t>(random() % 5));
    if (snapshots.empty()) continue;
    const auto& [snapshot, then] = snapshots[random() % snapshots.size()];  // each has its turn, often
    CheckReads(*snapshot, then, random);
  }
  CHECK(rows.size() > 20);
}

TEST_CASE("a cursor goes on over the rows as they were when it was made") {
  const int which = GENERATE(0, 1);
  Engine engine = MakeEngine(which);
  INFO(engine.name);
  REQUIRE(engine.store->Write({{"a", "1"}, {"b", "2"}, {"c", "3"}}).ok());
  auto cursor = engine.store->Scan("a", "z");
  REQUIRE(engine.store->Write({{"b", std::nullopt}, {"d", "4"}}).ok());
  std::string seen;
  for (; cursor->Valid(); cursor->Next()) seen += Bytes(cursor->key());
  CHECK(seen == "abc");
}

TEST_CASE(
    "an overlay reads like the map with its pending rows; merged, discarded or written it does what it "
    "says") {
  const int which = GENERATE(0, 1);
  Engine engine = MakeEngine(which);
  const auto seed = std::random_device{}();
  INFO(engine.name << ", seed " << seed);
  Random random(seed);
  store::Overlay outer(static_cast<const store::Reader&>(*engine.store));
  store::Overlay inner(static_cast<const store::Reader&>(outer));
  Rows base;
  Rows with_outer;
  Rows with_inner;
  const auto put = [&random](store::Overlay* overlay, const store::Batch& batch) {
    if (random() % 4 == 0) return overlay->Add(batch);
    for (const auto& [key, value] : batch) {
      if (value.has_value()) {
        overlay->Put(key, *value);
      } else {
        overlay->Delete(key);
      }
    }
  };
  int merges = 0;
  int writes = 0;
  for (int step = 0; step < 600; ++step) {
    const store::Batch batch = RandomBatch(random);
    put(&inner, batch);
    ApplyTo(&with_inner, batch);
    CheckReads(inner, with_inner, random);
    CheckReads(outer, with_outer, random);
    switch (random() % 12) {
      case 0:
        inner.MergeInto(&outer);
        with_outer = with_inner;
        CHECK(inner.pending().empty());
        ++merges;
        break;
      case 1:
        inner.Discard();
        with_inner = with_outer;
        break;
      case 2:
        inner.Discard();
        outer.Discard();
        with_inner = with_outer = base;
        break;
      case 3:
        inner.MergeInto(&outer);
        REQUIRE(engine.store->Write(outer.TakePending()).ok());
        CHECK(outer.pending().empty());
        base = with_outer = with_inner;
        ++writes;
        break;
      default:
        break;
    }
    CheckReads(inner, with_inner, random);
    CheckReads(*engine.store, base, random);
    CHECK(inner.bytes() == BytesOf(inner.pending()));
    CHECK(outer.bytes() == BytesOf(outer.pending()));
  }
  CHECK((merges > 0 && writes > 0));
}

TEST_CASE("what is tried in an overlay is read there, and is kept or taken back") {
  const auto base = store::MakeMemoryStore();
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  Random random(seed);
  REQUIRE(base->Write(RandomBatch(random)).ok());
  store::Overlay overlay(static_cast<const store::Reader&>(*base));
  Rows rows = AllRows(*base);
  int taken_back = 0;
  for (int trial = 0; trial < 500; ++trial) {
    const Rows before = rows;
    const store::Batch pending = overlay.pending();
    overlay.Try();
    for (std::size_t n = random() % 8; n > 0; --n) {
      const store::Batch batch = RandomBatch(random);
      ApplyTo(&rows, batch);
      if (random() % 4 == 0) {
        overlay.Add(batch);
      } else {
        for (const auto& [key, value] : batch)
          value.has_value() ? overlay.Put(key, *value) : overlay.Delete(key);
      }
      CheckReads(overlay, rows, random);
    }
    if (random() % 2 == 0) {
      overlay.Keep();
    } else {
      overlay.TakeBack();
      rows = before;
      CHECK(overlay.pending() == pending);
      ++taken_back;
    }
    CHECK(overlay.bytes() == BytesOf(overlay.pending()));
    CheckReads(overlay, rows, random);
    if (random() % 50 == 0) {
      overlay.Discard();
      rows = AllRows(*base);
    }
  }
  CHECK(taken_back > 100);
}

TEST_CASE("an overlay lays rows of some kinds aside as they come, and says so to whoever reads them") {
  const auto base = store::MakeMemoryStore();
  REQUIRE(base->Write({{"a1", "base"}, {"b1", "base"}}).ok());
  store::Overlay overlay(static_cast<const store::Reader&>(*base));
  overlay.LayAside("bc");
  overlay.Put("a2", "new");
  overlay.Put("b2", "new");
  overlay.Put("b2", "newer");
  overlay.Delete("b1");
  overlay.Add({{"a3", "added"}, {"c1", "added"}});
  CHECK(overlay.aside() == 4);
  CHECK(overlay.pending().size() == 2);
  const Rows left{{"a1", "base"}, {"a2", "new"}, {"a3", "added"}};
  CHECK(AllRows(overlay, "a", "b") == left);

  // Of these kinds nothing is read, not even what the base has.
  CHECK(overlay.Get("b1").status().code() == absl::StatusCode::kInternal);
  CHECK(overlay.Scan("b", "c")->status().code() == absl::StatusCode::kInternal);
  CHECK(overlay.Scan("", "")->status().code() == absl::StatusCode::kInternal);
  CHECK(overlay.Last("c", "d").status().code() == absl::StatusCode::kInternal);

  const store::Overlay::Aside aside{{"b2", "new"}, {"b2", "newer"}, {"b1", std::nullopt}, {"c1", "added"}};
  CHECK(overlay.TakeAside() == aside);
  CHECK(overlay.aside() == 0);
  // What is read again is asked of whoever has it, by key alone.
  struct Given final : store::RowsAside {
    void Take(ByteView key, const std::optional<Bytes>& value) override {
      rows[Bytes(key)] = value.value_or("deleted");
    }
    StatusOr<std::optional<Bytes>> Get(ByteView key) const override {
      const auto found = rows.find(Bytes(key));
      return found == rows.end() ? std::optional<Bytes>() : found->second;
    }
    Rows rows;
  } given;
  overlay.LayAside("d", &given);
  overlay.Put("d1", "given");
  overlay.Delete("d2");
  CHECK(given.rows == Rows{{"d1", "given"}, {"d2", "deleted"}});
  CHECK(overlay.Get("d1").value() == "given");
  CHECK(!overlay.Get("d3").value().has_value());
  CHECK(overlay.Get("c1").status().code() == absl::StatusCode::kInternal);
  CHECK(overlay.Scan("d", "e")->status().code() == absl::StatusCode::kInternal);
  CHECK(overlay.TakeAside() == store::Overlay::Aside{{"d1", "given"}, {"d2", std::nullopt}});
  // What is merged into it is laid aside too.
  store::Overlay inner(static_cast<const store::Reader&>(overlay));
  inner.Put("b9", "inner");
  inner.Put("a9", "inner");
  overlay.Discard();
  inner.MergeInto(&overlay);
  CHECK(overlay.TakeAside() == store::Overlay::Aside{{"b9", "inner"}});
  CHECK(overlay.pending().size() == 1);
}

TEST_CASE("an overlay on nothing drops its deletes, and reads as before") {
  const auto base = store::MakeMemoryStore();
  store::Overlay overlay(static_cast<const store::Reader&>(*base));
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  Random random(seed);
  Rows rows;
  for (int step = 0; step < 200; ++step) {
    const store::Batch batch = RandomBatch(random);
    overlay.Add(batch);
    ApplyTo(&rows, batch);
    if (random() % 10 == 0) {
      overlay.DropDeletes();
      CHECK(overlay.pending().size() == rows.size());
    }
    CheckReads(overlay, rows, random);
  }
}

TEST_CASE("of a kind that there was none of, a cache that knows so finds the first row when it is written") {
  for (const Bytes& kind : {Bytes("a"), Bytes(1, '\0'), Bytes("\xff")}) {
    std::unique_ptr<store::Store> store = store::WithRowCache(store::MakeMemoryStore(), 2000);
    const Bytes key = kind + "x", low = kind + "a", high = kind + "z";
    CHECK_FALSE(store->Scan(low, high)->Valid());
    CHECK_FALSE(store->Last(low, high).value().has_value());
    REQUIRE(store->Write({{"b", "another kind"}, {kind + "b", std::nullopt}}).ok());
    CHECK_FALSE(store->ScanAt(low, low, high)->Valid());
    REQUIRE(store->Write({{key, "1"}}).ok());
    REQUIRE(store->Scan(low, high)->Valid());
    REQUIRE(store->ScanAt(low, low, high)->Valid());
    CHECK(store->Last(low, high).value()->first == key);
    REQUIRE(store->Write({{key, std::nullopt}}).ok());
    CHECK_FALSE(store->Scan(low, high)->Valid());
  }
}

TEST_CASE("after a write that failed, a cache knows of no kind that there is none of it") {
  const std::shared_ptr<store::Store> disk = store::MakeMemoryStore();
  const auto store = store::WithRowCache(std::make_unique<FaultyStore>(disk, 1, Fault::kAllWritten), 2000);
  CHECK_FALSE(store->Scan("a", "b")->Valid());
  CHECK_FALSE(store->Write({{"ax", "1"}}).ok());  // and is there all the same
  CHECK(store->Scan("a", "b")->Valid());
}

TEST_CASE("after a write that failed, a cache knows of no row that it is the last") {
  const std::shared_ptr<store::Store> disk = store::MakeMemoryStore();
  const auto store = store::WithRowCache(std::make_unique<FaultyStore>(disk, 2, Fault::kAllWritten), 2000);
  REQUIRE(store->Write({{"ax", "1"}}).ok());
  CHECK(store->Last("a", "b").value()->first == "ax");
  CHECK_FALSE(store->Write({{"ay", "2"}}).ok());  // and is there all the same
  CHECK(store->Last("a", "b").value()->first == "ay");
}

TEST_CASE("the end of a prefix is the first key behind all that begin with it") {
  CHECK(store::PrefixEnd("a") == "b");
  CHECK(store::PrefixEnd("a\xff\xff") == "b");
  CHECK(store::PrefixEnd(Bytes("a\0", 2)) == "a\x01");
  CHECK(store::PrefixEnd("\x7f") == "\x80");
  CHECK(store::PrefixEnd("\xff\xff").empty());  // there is none: a range without an end
  CHECK(store::PrefixEnd("").empty());
}

}  // namespace
}  // namespace fundtrail::testing
