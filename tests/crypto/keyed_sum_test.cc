// Sums of rows under a key: they follow from the rows alone, whatever their order, and any change of a row changes them.
#include "ledger/crypto/keyed_sum.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <utility>
#include <vector>

namespace fundtrail::testing {
namespace {

using crypto::KeyedSum;
using crypto::SumKey;
using KeyedRows = std::vector<std::pair<Bytes, Bytes>>;

SumKey KeyOfSeed(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  return SumKey::Draw([&](std::span<std::uint8_t> bytes) {
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  });
}

KeyedSum SumOf(const KeyedRows& rows, const SumKey& key) {
  KeyedSum sum(key);
  for (const auto& [name, value] : rows) sum.Add(name, value);
  return sum;
}

KeyedRows RandomRows(std::mt19937_64& random) {
  KeyedRows rows;
  for (std::uint64_t i = 0; i < 200; ++i) {
    Bytes name, value;
    AppendBigEndian64(&name, i);
    for (std::size_t n = random() % 80; n > 0; --n) value += static_cast<char>(random());
    rows.emplace_back(std::move(name), std::move(value));
  }
  return rows;
}

TEST_CASE("a text has one number under a key, and others have others") {
  const SumKey key = KeyOfSeed(1);
  CHECK(crypto::KeyedHash(key, "donor") == crypto::KeyedHash(key, "donor"));
  CHECK(crypto::KeyedHash(key, "donor") != crypto::KeyedHash(key, "donors"));
  CHECK(crypto::KeyedHash(key, "") != crypto::KeyedHash(key, ByteView("\0", 1)));
  CHECK(crypto::KeyedHash(key, "donor") != crypto::KeyedHash(KeyOfSeed(2), "donor"));
}

TEST_CASE("a keyed sum is the same in any order and in parts") {
  std::mt19937_64 random(19);
  const SumKey key = KeyOfSeed(1);
  KeyedRows rows = RandomRows(random);
  const KeyedSum all = SumOf(rows, key);
  CHECK(all.rows() == rows.size());
  std::shuffle(rows.begin(), rows.end(), random);
  KeyedSum parts(key);
  for (std::size_t at = 0; at < rows.size();) {
    const std::size_t end = std::min(rows.size(), at + 1 + random() % 50);
    parts.Add(SumOf(
        {rows.begin() + static_cast<std::ptrdiff_t>(at), rows.begin() + static_cast<std::ptrdiff_t>(end)},
        key));
    at = end;
  }
  CHECK(parts == all);
}

TEST_CASE("any other set of rows has another sum") {
  std::mt19937_64 random(20);
  const SumKey key = KeyOfSeed(2);
  const KeyedRows rows = RandomRows(random);
  const KeyedSum all = SumOf(rows, key);
  for (int turn = 0; turn < 300; ++turn) {
    KeyedRows other = rows;
    const std::size_t at = random() % other.size();
    auto& [name, value] = other[at];
    switch (random() % 4) {
      case 0:
        (value.empty() ? name : value)[0] ^= static_cast<char>(1 << (random() % 8));
        break;
      case 1:
        other.erase(other.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 2:
        other.push_back(other[at]);
        break;
      default:
        std::swap(value, other[(at + 1) % other.size()].second);
        if (other == rows) continue;
    }
    CHECK_FALSE(SumOf(other, key) == all);
  }
  // What stands at the end of a key is no beginning of a value.
  CHECK_FALSE(SumOf({{"ab", "c"}}, key) == SumOf({{"a", "bc"}}, key));
}

TEST_CASE("a keyed sum depends on its key, and drawn keys differ") {
  const KeyedRows rows{{"a", "1"}, {"b", "2"}};
  CHECK_FALSE(SumOf(rows, KeyOfSeed(1)) == SumOf(rows, KeyOfSeed(2)));
  CHECK(SumKey::Draw(crypto::SystemRandom()).bytes != SumKey::Draw(crypto::SystemRandom()).bytes);
}

}  // namespace
}  // namespace fundtrail::testing
