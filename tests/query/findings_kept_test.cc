// What rules of findings count of what they keep: never less than containers take of an allocator, whatever their size.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "ledger/query/findings/rule.h"

namespace fundtrail::testing {
namespace {

struct Taken {
  std::size_t now = 0, most = 0;
};

// Adds up what a container takes, and for each block what an allocator adds.
template <typename T>
struct CountingAllocator {
  using value_type = T;
  static constexpr std::size_t kOfBlock = 16;
  Taken* taken;

  explicit CountingAllocator(Taken* to) : taken(to) {}
  template <typename Other>
  CountingAllocator(const CountingAllocator<Other>& other)
      : taken(other.taken) {}  // NOLINT: as the standard has it
  T* allocate(std::size_t n) {
    taken->now += n * sizeof(T) + kOfBlock;
    taken->most = std::max(taken->most, taken->now);
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* at, std::size_t n) {
    taken->now -= n * sizeof(T) + kOfBlock;
    std::allocator<T>().deallocate(at, n);
  }
  template <typename Other>
  bool operator==(const CountingAllocator<Other>& other) const {
    return taken == other.taken;
  }
};

struct KeptGroup {
  std::int64_t amount = 0;
  query::SeenTransfers seen;
};
using GroupKey = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;
using Groups =
    std::map<GroupKey, KeptGroup, std::less<>, CountingAllocator<std::pair<const GroupKey, KeptGroup>>>;

TransferRef RefOf(std::uint64_t record) { return {RecordIndex(record), 1}; }

TEST_CASE("what is counted of groups is never less than their nodes and their payments take") {
  Taken taken;
  Groups groups{std::less<>(), CountingAllocator<Groups::value_type>(&taken)};
  std::size_t counted = 0, payments = 0;
  for (std::uint32_t i = 0; i < 5'000; ++i) {
    KeptGroup& of = groups[{i % 1'000, 1, i % 3}];
    counted += query::SeeIn(groups, &of, RefOf(i), Date(20'000));
    ++payments;
    // The payments of groups are in vectors of their own: one block each at least.
    REQUIRE(counted >=
            taken.now + groups.size() * CountingAllocator<int>::kOfBlock + payments * sizeof(TransferRef));
  }
  CHECK(counted < 3 * (taken.now + payments * sizeof(TransferRef)));
}

TEST_CASE("what a group counts for its payments ends where it lists no more of them") {
  std::map<int, KeptGroup> groups;
  std::size_t counted = 0;
  for (std::uint64_t i = 0; i < 1'000; ++i)
    counted += query::SeeIn(groups, &groups[0], RefOf(i), Date(20'000));
  CHECK(counted >= query::kNodeBytes<decltype(groups)> + query::kMaxEvidence * sizeof(TransferRef));
  CHECK(counted < query::kNodeBytes<decltype(groups)> + 2 * query::kMaxEvidence * sizeof(TransferRef) + 100);
}

TEST_CASE("what is counted of a table is never less than it takes while it grows") {
  using Pair = std::pair<std::uint32_t, std::uint32_t>;
  using Entry = std::pair<const Pair, int>;
  using Table = absl::flat_hash_map<Pair, int, absl::flat_hash_map<Pair, int>::hasher,
                                    absl::flat_hash_map<Pair, int>::key_equal, CountingAllocator<Entry>>;
  Taken taken;
  Table table{CountingAllocator<Entry>(&taken)};
  constexpr std::size_t kSmallest = 256;  // of a table with hardly anything
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    table.emplace(Pair(i, i + 1), 1);
    REQUIRE(table.size() * query::kSlotBytes<Table> + kSmallest >= taken.most);
  }
}

TEST_CASE("what is counted of a deque is never less than its blocks and their list take") {
  using Deque = std::deque<GroupKey, CountingAllocator<GroupKey>>;
  Taken taken;
  Deque deque{CountingAllocator<GroupKey>(&taken)};
  constexpr std::size_t kSmallest = 1'024;  // of a deque with hardly anything
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    deque.emplace_back(i, i, i);
    REQUIRE(deque.size() * query::kDequeBytes<Deque> + kSmallest >= taken.most);
  }
  CHECK(deque.size() * query::kDequeBytes<Deque> < 5 * taken.most / 4);
}

TEST_CASE("a rule that would keep too much says what to do") {
  query::KeptBytes kept;
  CHECK(kept.Add(std::size_t{256} << 20).ok());
  const Status more = kept.Add(1);
  CHECK(more.code() == absl::StatusCode::kResourceExhausted);
  kept.Drop(1);
  CHECK(kept.Add(0).ok());
}

}  // namespace
}  // namespace fundtrail::testing
