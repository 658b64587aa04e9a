// What those that take a row's key apart have in common: read_row_keys.cc and row_key_words.cc.
#pragma once

#include <cstddef>

#include "ledger/base/bytes.h"
#include "ledger/model/register_table.h"

namespace fundtrail::model::keys {

inline constexpr std::size_t kPublicKeyBytes = 32;

// The register whose number stands there in the key; of most keys that is right behind the tag.
inline const Register* RegisterOf(ByteView key, std::size_t at = 1) {
  return key.size() <= at ? nullptr : FindRegisterNumbered(static_cast<unsigned char>(key[at]));
}

}  // namespace fundtrail::model::keys
