// Key files, without passphrase: the costly derivation is libsodium's.
#include "ledger/crypto/ed25519.h"
#include "ledger/crypto/key_text.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool ready = fundtrail::crypto::Init().ok();
  FUZZ_CHECK(ready);
  const auto key = fundtrail::crypto::ReadKeyText(AsText(data, size), std::nullopt);
  FUZZ_CHECK(key.ok() || !key.status().message().empty());
  return 0;
}
