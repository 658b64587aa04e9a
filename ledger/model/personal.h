// How the ledger binds what it must not know of a natural person: docs/formats.md, "Commitments to fields of a person".
#pragma once

#include <string>
#include <string_view>

#include "ledger/base/bytes.h"

namespace fundtrail::model {

inline constexpr std::size_t kPersonalSaltBytes = 32;

// SHA-256 over "fundtrail personal v1\n", the salt, the field's name, a zero byte and the value. The salt has 32 bytes,
// and is another one for each value: whoever has it not cannot try values out.
Hash PersonalCommitment(ByteView salt, std::string_view field, std::string_view value);

// Whether a text is a hash as commitments have it: 64 hex digits, in lower case.
bool IsLowerHexHash(std::string_view text);

}  // namespace fundtrail::model
