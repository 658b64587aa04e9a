// See keyed_sum.h.
#include "ledger/crypto/keyed_sum.h"

#include <sodium.h>

#include <string_view>

#include "ledger/crypto/unsigned.h"

namespace fundtrail::crypto {

SumKey SumKey::Draw(const RandomSource& random) {
  SumKey key;
  random(key.bytes);
  return key;
}

std::array<std::uint8_t, 16> KeyedHash(const SumKey& key, ByteView text) {
  std::array<std::uint8_t, crypto_shorthash_siphashx24_BYTES> number;
  static_assert(number.size() == 16 && crypto_shorthash_siphashx24_KEYBYTES == 16);
  // It cannot fail.
  crypto_shorthash_siphashx24(number.data(), Unsigned(text), text.size(), key.bytes.data());
  return number;
}

void KeyedSum::Add(ByteView key, ByteView value) {
  // The length of the key tells it from the value.
  text_.clear();
  AppendBigEndian64(&text_, key.size());
  text_.append(key);
  text_.append(value);
  const auto number = KeyedHash(key_, text_);
  const ByteView halves(reinterpret_cast<const char*>(number.data()), number.size());
  AddNumber(ReadBigEndian64(halves), ReadBigEndian64(halves.substr(8)));
  ++rows_;
}

void KeyedSum::Add(const KeyedSum& other) {
  AddNumber(other.high_, other.low_);
  rows_ += other.rows_;
}

// Modulo 2^128.
void KeyedSum::AddNumber(std::uint64_t high, std::uint64_t low) {
  low_ += low;
  high_ += high + (low_ < low ? 1 : 0);
}

}  // namespace fundtrail::crypto
