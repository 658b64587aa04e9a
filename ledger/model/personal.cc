// See personal.h.
#include "ledger/model/personal.h"

#include <algorithm>
#include <cassert>

#include "ledger/crypto/sha256.h"

namespace fundtrail::model {

Hash PersonalCommitment(ByteView salt, std::string_view field, std::string_view value) {
  assert(salt.size() == kPersonalSaltBytes);
  return crypto::Sha256({"fundtrail personal v1\n", salt, field, ByteView("\0", 1), value});
}

bool IsLowerHexHash(std::string_view text) {
  return text.size() == 2 * Hash::kSize && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace fundtrail::model
