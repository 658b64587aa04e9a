// A store that remembers rows: what it answers while another thread reads the store, or writes. How it answers at all is in
// model_test.cc.
#include "ledger/store/row_cache.h"

#include <catch2/catch.hpp>
#include <functional>
#include <new>
#include <optional>
#include <utility>

#include "ledger/store/forwarding_store.h"
#include "ledger/store/memory.h"
#include "ledger/store/snapshot_cache.h"

namespace fundtrail::testing {
namespace {

// Calls a test when a row or rows were read, before the reader has them.
class SlowStore final : public store::ForwardingStore {
 public:
  explicit SlowStore(std::function<void()>* meanwhile)
      : ForwardingStore(store::MakeMemoryStore()), meanwhile_(*meanwhile) {}
  StatusOr<std::optional<Bytes>> Get(ByteView key) const override {
    auto row = ForwardingStore::Get(key);
    Meanwhile();
    return row;
  }
  std::unique_ptr<store::Cursor> Scan(ByteView begin, ByteView end) const override {
    auto rows = ForwardingStore::Scan(begin, end);
    Meanwhile();
    return rows;
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    auto row = ForwardingStore::Last(begin, end);
    Meanwhile();
    return row;
  }

 private:
  void Meanwhile() const {
    if (const auto once = std::exchange(meanwhile_, nullptr)) once();
  }
  std::function<void()>& meanwhile_;
};

TEST_CASE("a row that is remembered is answered while another row is read from the store") {
  std::function<void()> meanwhile;
  const auto store = store::WithRowCache(std::make_unique<SlowStore>(&meanwhile), 20'000);
  REQUIRE(store->Write({{"a1", "x"}, {"a2", "y"}}).ok());
  REQUIRE(store->Get("a1").value() == Bytes("x"));
  int answers = 0;
  meanwhile = [&] { answers += store->Get("a1").value() == Bytes("x") ? 1 : 0; };
  CHECK(store->Get("a2").value() == Bytes("y"));
  // So it is while it is looked up whether there are rows of a kind.
  meanwhile = [&] { answers += store->Get("a1").value() == Bytes("x") ? 1 : 0; };
  CHECK(!store->Scan("b", "c")->Valid());
  CHECK(answers == 2);
}

TEST_CASE("what was written while a row was read is not forgotten for what was read") {
  std::function<void()> meanwhile;
  const auto store = store::WithRowCache(std::make_unique<SlowStore>(&meanwhile), 20'000);
  REQUIRE(store->Write({{"a1", "old"}}).ok());
  REQUIRE(!store->Get("a0").value().has_value());  // which row is the last of the kind is known from here on
  meanwhile = [&] { REQUIRE(store->Write({{"a1", "new"}}).ok()); };
  CHECK(store->Get("a1").value() == Bytes("old"));
  CHECK(store->Get("a1").value() == Bytes("new"));

  // There were none of the kind, and now there is one.
  meanwhile = [&] { REQUIRE(store->Write({{"b1", "first"}}).ok()); };
  CHECK(!store->Scan("b", "c")->Valid());
  CHECK(store->Scan("b", "c")->Valid());
}

// A store that writes, and throws then.
class ThrowingStore final : public store::ForwardingStore {
 public:
  explicit ThrowingStore(const bool* throws) : ForwardingStore(store::MakeMemoryStore()), throws_(*throws) {}
  Status Write(const store::Batch& batch) override {
    Status written = ForwardingStore::Write(batch);
    if (throws_) throw std::bad_alloc();
    return written;
  }

 private:
  const bool& throws_;
};

TEST_CASE(
    "after a write that threw nothing is remembered of what was before it, nor of what was to be written") {
  bool throws = false;
  const auto store = store::WithSnapshotCache(
      store::WithRowCache(std::make_unique<ThrowingStore>(&throws), 20'000), std::size_t{1} << 20);
  REQUIRE(store->Write({{"a1", "old"}}).ok());
  REQUIRE(store->Get("a1").value() == Bytes("old"));
  REQUIRE(store->Last("a", "b").value()->second == "old");
  REQUIRE(store->Snapshot()->Get("a1").value() == Bytes("old"));
  throws = true;
  {
    const store::Batch gone = {{"a1", "new"}, {"a2", "more"}};
    CHECK_THROWS_AS(store->Write(gone), std::bad_alloc);
  }
  CHECK(store->Get("a1").value() == Bytes("new"));
  CHECK(store->Last("a", "b").value()->second == "more");
  CHECK(store->Snapshot()->Get("a1").value() == Bytes("new"));
  CHECK(store->Snapshot()->Get("a2").value() == Bytes("more"));
}

// Counts what is asked of it.
class CountingStore final : public store::ForwardingStore {
 public:
  explicit CountingStore(int* asked) : ForwardingStore(store::MakeMemoryStore()), asked_(*asked) {}
  StatusOr<std::optional<Bytes>> Get(ByteView key) const override {
    ++asked_;
    return ForwardingStore::Get(key);
  }

 private:
  int& asked_;
};

TEST_CASE(
    "a key that would stand after all rows of its kind is not looked for, and is found once it is there") {
  int asked = 0;
  const auto store = store::WithRowCache(std::make_unique<CountingStore>(&asked), 20'000);
  REQUIRE(store->Write({{"a3", "x"}, {"b9", "y"}}).ok());
  for (const char* key : {"a4", "a30", "b99", "c"}) CHECK(!store->Get(key).value().has_value());
  CHECK(asked == 0);
  CHECK(!store->Get("a2").value().has_value());
  CHECK(store->Get("a3").value() == Bytes("x"));
  CHECK(asked == 2);
  REQUIRE(store->Write({{"a4", "more"}, {"c", ""}}).ok());
  CHECK(store->Get("a4").value() == Bytes("more"));
  CHECK(store->Get("c").value() == Bytes(""));
  REQUIRE(store->Write({{"a4", std::nullopt}}).ok());
  CHECK(!store->Get("a4").value().has_value());
  CHECK(!store->Get("a5").value().has_value());
  REQUIRE(store->Write({{"a5", "again"}}).ok());
  CHECK(store->Get("a5").value() == Bytes("again"));
}

TEST_CASE("the last rows are remembered of prefixes of a few lengths, and answered of all") {
  const auto store = store::WithRowCache(store::MakeMemoryStore(), 20'000);
  const Bytes key = Bytes(200, 'a') + "1";
  REQUIRE(store->Write({{key, "old"}}).ok());
  const auto last = [&](std::size_t length) {
    const Bytes prefix(length, 'a');
    return store->Last(prefix, store::PrefixEnd(prefix)).value();
  };
  for (std::size_t length = 1; length <= 100; ++length) CHECK(last(length)->second == "old");
  REQUIRE(store->Write({{key, "new"}}).ok());
  for (std::size_t length = 1; length <= 100; ++length) CHECK(last(length)->second == "new");
  REQUIRE(store->Write({{Bytes(200, 'a') + "2", "newest"}}).ok());
  for (std::size_t length = 1; length <= 100; ++length) CHECK(last(length)->second == "newest");
  REQUIRE(store->Write({{Bytes(200, 'a') + "2", std::nullopt}}).ok());
  for (std::size_t length = 1; length <= 100; ++length) CHECK(last(length)->second == "new");
}

}  // namespace
}  // namespace fundtrail::testing
