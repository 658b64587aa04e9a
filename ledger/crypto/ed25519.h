// Ed25519 (RFC 8032), by libsodium. Verification is libsodium's, which is stricter than Go's or OpenSSL's. It refuses
// keys and points R of small order, and encodings that are not canonical, as dalek's verify_strict does. So one
// signature has one reading. Whatever it accepts they accept too (tests/crypto/ed25519_test.cc).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/base/bytes.h"
#include "ledger/base/status.h"

namespace fundtrail::crypto {

// Must be called once before anything else here; many calls do no harm.
Status Init();

// Fills the span with random bytes. Given as a parameter, so that tests can say what is drawn.
using RandomSource = std::function<void(std::span<std::uint8_t>)>;
// The operating system's generator.
RandomSource SystemRandom();

// N bytes that are public and compare as bytes. `Tag` keeps the types apart and names them in errors.
template <std::size_t N, typename Tag>
struct FixedBytes {
  std::array<std::uint8_t, N> bytes{};

  ByteView view() const { return {reinterpret_cast<const char*>(bytes.data()), N}; }
  std::string hex() const { return HexEncode(view()); }
  friend auto operator<=>(const FixedBytes&, const FixedBytes&) = default;

  static StatusOr<FixedBytes> FromBytes(ByteView from) {
    if (from.size() != N) {
      return absl::InvalidArgumentError(
          absl::StrCat(Tag::kName, " has ", N, " bytes, this one has ", from.size()));
    }
    FixedBytes made;
    for (std::size_t i = 0; i < N; ++i) made.bytes[i] = static_cast<std::uint8_t>(from[i]);
    return made;
  }
  // Upper or lower case.
  static StatusOr<FixedBytes> FromHex(std::string_view text) {
    FT_ASSIGN_OR_RETURN(const auto decoded, HexDecode(text));
    return FromBytes(decoded);
  }
};

struct PublicKeyTag {
  static constexpr char kName[] = "an Ed25519 public key";
};
struct SignatureTag {
  static constexpr char kName[] = "an Ed25519 signature";
};
// Any 32 bytes make a PublicKey; those that are not a sound key verify nothing.
using PublicKey = FixedBytes<32, PublicKeyTag>;
using Signature = FixedBytes<64, SignatureTag>;

// A secret key. Its memory is wiped when it goes; a key that was moved from is all zeros and of no use.
class SigningKey {
 public:
  static constexpr std::size_t kSeedSize = 32;

  // `seed` must have 32 bytes.
  static StatusOr<SigningKey> FromSeed(ByteView seed);
  static SigningKey Generate(const RandomSource& random);

  SigningKey(SigningKey&& other) noexcept;
  SigningKey& operator=(SigningKey&& other) noexcept;
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;
  ~SigningKey();

  const PublicKey& public_key() const { return public_key_; }
  Signature Sign(ByteView message) const;
  // The secret itself: for the key file, and nothing else.
  ByteView seed() const { return {reinterpret_cast<const char*>(secret_.data()), kSeedSize}; }

 private:
  SigningKey() = default;

  std::array<std::uint8_t, 64> secret_{};  // seed, public key: as libsodium has it
  PublicKey public_key_;
};

// Whether signatures by the key can verify: a canonical encoding of a point of the group's prime order. Every key that is
// made as RFC 8032 says has it.
bool IsSound(const PublicKey& key);

bool Verify(const PublicKey& key, ByteView message, const Signature& signature);

}  // namespace fundtrail::crypto
