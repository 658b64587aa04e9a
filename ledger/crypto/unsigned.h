// Bytes as libsodium takes them.
#pragma once

#include <string>

#include "ledger/base/bytes.h"

namespace fundtrail::crypto {

inline unsigned char* Unsigned(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
inline const unsigned char* Unsigned(ByteView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace fundtrail::crypto
