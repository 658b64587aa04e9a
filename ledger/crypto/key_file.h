// Files that hold a secret key. Text, one field a line:
//
//   fundtrail key v1
//   public <64 hex digits>
//   seed <base64 of 32 bytes>
//
// or, sealed with a passphrase, in place of the seed:
//
//   argon2id <base64 of the salt, 16 bytes>
//   box <base64 of nonce (24 bytes) and sealed seed (48 bytes)>
//
// The box is libsodium's secretbox (XSalsa20-Poly1305) under an Argon2id key at its "moderate" cost (256 MiB,
// 3 passes: most of a second).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"

namespace fundtrail::crypto {

// Makes the file with mode 0600 and syncs it and its folder; nothing is left behind on failure. `random`
// gives salt and nonce. ALREADY_EXISTS when there is such a file: a key is never overwritten.
// INVALID_ARGUMENT when the passphrase is empty; UNAVAILABLE when the disk or the memory does not suffice.
Status WriteKeyFile(const std::string& path, const SigningKey& key,
                    std::optional<std::string_view> passphrase, const RandomSource& random);

// NOT_FOUND; PERMISSION_DENIED when group or others have any right to the file. INVALID_ARGUMENT when it is not a key
// file or is damaged, or the passphrase is missing or wrong. The seed must give the public key that is stated. A
// passphrase for a file that is not sealed is not used.
StatusOr<SigningKey> ReadKeyFile(const std::string& path, std::optional<std::string_view> passphrase);

// Whether a passphrase is needed to read it. False where it cannot be read: ReadKeyFile says why.
bool IsSealedKeyFile(const std::string& path);

}  // namespace fundtrail::crypto
