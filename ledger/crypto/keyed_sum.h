// A short stand-in for a large set of rows: two sets that have the same sum are the same set. For whoever made both sums, with a
// key that nobody else knew when the rows were made.
//
// Each row has a number of 128 bits, by SipHash-2-4 under the key, and the sum is that of these numbers (a multiset hash: Clarke
// and others, 2003). Rows may come in any order and in parts. Without the key nobody can choose rows whose numbers add up to
// those of others: another set has the same sum with a probability of 2^-128.
#pragma once

#include <array>
#include <cstdint>

#include "ledger/base/bytes.h"
#include "ledger/crypto/ed25519.h"

namespace fundtrail::crypto {

// It stays in memory, and serves one comparison.
struct SumKey {
  std::array<std::uint8_t, 16> bytes{};

  static SumKey Draw(const RandomSource& random);
};

// A short stand-in for a text, in one process: whoever does not know the key finds no two texts that have the same, but by a chance of
// 2^-128 for each pair.
std::array<std::uint8_t, 16> KeyedHash(const SumKey& key, ByteView text);

// Not thread-safe: each thread adds to one of its own, and these are added up.
class KeyedSum {
 public:
  explicit KeyedSum(const SumKey& key) : key_(key) {}

  // A row that occurs twice counts twice.
  void Add(ByteView key, ByteView value);
  // Needs the same key.
  void Add(const KeyedSum& other);

  const SumKey& key() const { return key_; }
  std::uint64_t rows() const { return rows_; }
  // Of sums under one key.
  friend bool operator==(const KeyedSum& one, const KeyedSum& other) {
    return one.rows_ == other.rows_ && one.high_ == other.high_ && one.low_ == other.low_;
  }

 private:
  void AddNumber(std::uint64_t high, std::uint64_t low);

  SumKey key_;
  std::uint64_t high_ = 0, low_ = 0;
  std::uint64_t rows_ = 0;
  Bytes text_;  // of the row that is added: its memory is used again
};

}  // namespace fundtrail::crypto
