// See ed25519.h.
#include "ledger/crypto/ed25519.h"

#include <sodium.h>

#include <cassert>
#include <utility>

#include "ledger/crypto/unsigned.h"

namespace fundtrail::crypto {
namespace {}  // namespace

Status Init() {
  if (sodium_init() < 0) return absl::UnavailableError("libsodium cannot start on this machine");
  return absl::OkStatus();
}

RandomSource SystemRandom() {
  return [](std::span<std::uint8_t> out) { randombytes_buf(out.data(), out.size()); };
}

StatusOr<SigningKey> SigningKey::FromSeed(ByteView seed) {
  if (seed.size() != kSeedSize) return absl::InvalidArgumentError("an Ed25519 seed has 32 bytes");
  SigningKey key;
  crypto_sign_seed_keypair(key.public_key_.bytes.data(), key.secret_.data(), Unsigned(seed));
  return key;
}

SigningKey SigningKey::Generate(const RandomSource& random) {
  std::array<std::uint8_t, kSeedSize> seed{};
  random(seed);
  auto key = FromSeed({reinterpret_cast<const char*>(seed.data()), seed.size()});
  sodium_memzero(seed.data(), seed.size());
  assert(key.ok());
  return *std::move(key);
}

SigningKey::SigningKey(SigningKey&& other) noexcept { *this = std::move(other); }

SigningKey& SigningKey::operator=(SigningKey&& other) noexcept {
  if (this != &other) {
    secret_ = other.secret_;
    public_key_ = other.public_key_;
    sodium_memzero(other.secret_.data(), other.secret_.size());
  }
  return *this;
}

SigningKey::~SigningKey() { sodium_memzero(secret_.data(), secret_.size()); }

Signature SigningKey::Sign(ByteView message) const {
  Signature signature;
  crypto_sign_detached(signature.bytes.data(), nullptr, Unsigned(message), message.size(), secret_.data());
  return signature;
}

bool IsSound(const PublicKey& key) { return crypto_core_ed25519_is_valid_point(key.bytes.data()) == 1; }

bool Verify(const PublicKey& key, ByteView message, const Signature& signature) {
  return crypto_sign_verify_detached(signature.bytes.data(), Unsigned(message), message.size(),
                                     key.bytes.data()) == 0;
}

}  // namespace fundtrail::crypto
